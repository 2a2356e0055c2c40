//! The page on templates: its table has every helper; and the opener of templates can be written as text.

use std::fmt::Write;

use runsheet::internals::template::helpers::HELPERS;

use crate::program::{TestFolder, root};

#[test]
fn the_page_on_templates_lists_every_helper_as_the_program_has_it() {
    let page = root().join("docs/reference/templates.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let mut table = String::from("| helper | what it gives | example | which is |\n|---|---|---|---|\n");
    for helper in HELPERS {
        let example = &helper.examples[0];
        let cell = |text: &str| text.replace('|', "\\|");
        let (usage, about) = (cell(helper.usage), cell(helper.about));
        let _ = writeln!(table, "| `{usage}` | {about} | `{}` | `{}` |", cell(example.template), cell(example.result));
    }
    let (before, _) = text.split_once("| helper |").unwrap();
    let wanted = format!("{before}{table}");
    if std::env::var_os("UPDATE_HELPERS").is_some() {
        std::fs::write(&page, &wanted).unwrap();
    } else {
        assert!(text == wanted, "UPDATE_HELPERS=1 writes this table at the end of {}:\n\n{table}", page.display());
    }
}

#[test]
fn an_opener_is_written_with_a_backslash_wherever_templates_stand() {
    let desk = TestFolder::new();
    desk.write("rows.csv", "id\nA-1\n");
    desk.write(
        "playbook.yaml",
        "version: 1\nname: Braces\nrows: { from: rows.csv, key: id }\nvars:\n  open: { default: v }\nsteps:\n  - id: \
         one\n    uses: http.request\n    when: '{{ eq row.id \"A-1\" }}'\n    with: { method: POST, path: /x, body: { a: \
         '\\{{ row.id }}', b: '{{ row.id }} \\{{' } }\nresults:\n  c: 'r \\{{x}} {{ row.id }}'\n",
    );
    let plan = desk.run("plan playbook.yaml").exits(0);
    for part in [r#""a": "{{ row.id }}""#, r#""b": "A-1 {{""#] {
        assert!(plan.out.contains(part), "{}", plan.out);
    }
    desk.run("run playbook.yaml --out out").exits(0);
    let results = desk.read("out/results.csv");
    assert!(results.contains("r {{x}} A-1"), "{results}");
}
