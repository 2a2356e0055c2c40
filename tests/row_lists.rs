//! Row files that hold too little, or that nobody could tell apart by looking, through the program.

use std::fs;

use crate::program::TestFolder;

fn desk(rows: &[u8]) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("p.yaml", &playbook(""));
    fs::write(desk.path().join("rows.csv"), rows).unwrap();
    desk
}

fn playbook(more: &str) -> String {
    format!(
        "version: 1\nname: Lists\nrows:\n  from: rows.csv\n  key: id\n{more}steps:\n  - id: s\n    uses: http.request\n    \
         with: {{ method: POST, path: /x, body: {{ id: \"{{{{ row.id }}}}\", name: \"{{{{ row.name }}}}\" }} }}\n"
    )
}

#[test]
fn an_unclear_encoding_is_asked_about_and_the_line_that_is_shown_fixes_it() {
    let desk = desk(b"id,name\nA01,\xb3\xaf\n");
    for verb in ["check", "plan", "run"] {
        desk.run(&format!("{verb} p.yaml")).exits(3).says(&["error[unsure-encoding]", "陳", "날"]);
    }
    desk.run("check p.yaml --fix fixed.csv").exits(3).says(&["error[unsure-encoding]"]);
    let said = desk.run("check p.yaml").err;
    let line = said.lines().find(|line| line.contains('陳')).unwrap();
    desk.write("p.yaml", &playbook(&format!("  {}\n", line.trim())));
    let came = desk.run("plan p.yaml").exits(0);
    assert!(came.out.contains('陳'), "{}", came.out);
    // Row files of a run keep the encoding, and are read back in it.
    desk.run("run p.yaml --out out").exits(0);
    assert_eq!(fs::read(desk.path().join("out/succeeded.csv")).unwrap()[..15].to_vec(), b"id,name,_run,_o".to_vec());
    let western = self::desk(b"id;name\nK-1;M\xfcller\n");
    western.run("check p.yaml").exits(3).says(&["encoding: windows-1252  # Müller"]).never_says(&["big5", "gb18030"]);
}

#[test]
fn standard_input_and_lists_are_asked_about_too() {
    let desk = desk(b"id,name\nA01,x\n");
    fs::write(desk.path().join("thin.csv"), b"id,name\nA01,\xb3\xaf\n").unwrap();
    desk.bash("runsheet check p.yaml --rows - < thin.csv").exits(3).says(&["error[unsure-encoding]", "standard input"]);
    desk.write("p.yaml", &playbook("  lists: { l: { match: id } }\n"));
    desk.run("check p.yaml --rows l=thin.csv").exits(3).says(&["error[unsure-encoding]", "thin.csv"]);
}

#[test]
fn a_list_without_rows_is_a_warning_and_on_demand_an_error() {
    let desk = desk(b"id,name\n");
    for verb in ["check", "plan", "run"] {
        desk.run(&format!("{verb} p.yaml")).exits(0).says(&["warning[no-rows]"]);
        desk.run(&format!("{verb} p.yaml --fail-empty")).exits(3).says(&["error[no-rows]"]);
        desk.run_with(&format!("{verb} p.yaml"), &[("RUNSHEET_FAIL_EMPTY", "1")]).exits(3);
    }
    assert_eq!(fs::read_dir(desk.path().join("state/runs")).unwrap().count(), 1, "a refused run leaves nothing behind");
    desk.write("rows.csv", "id,name\nA01,x\n");
    desk.run("run p.yaml --fail-empty").exits(0).never_says(&["no-rows"]);
    desk.run("plan p.yaml --from-row 9").exits(0).says(&["warning[no-rows]"]);
    desk.run("plan p.yaml --from-row 9 --fail-empty").exits(3);
    desk.write("list.csv", "id,x\n");
    desk.write("p.yaml", &playbook("  lists: { l: { match: id } }\n"));
    desk.run("check p.yaml --rows l=list.csv").exits(0).says(&["`list.csv` holds no rows"]);
    desk.run("check p.yaml --rows l=list.csv --fail-empty").exits(3);
}

#[test]
fn names_that_look_the_same_are_answered_with_their_code_points() {
    let desk = desk("id,name\nCafe\u{301},x\n".as_bytes());
    let only = desk.command("runsheet").args(["plan", "p.yaml", "--only", "Café"]).output().unwrap();
    let said = String::from_utf8(only.stderr).unwrap();
    assert!(said.contains("U+0065 U+0301 there, U+00E9 here"), "{said}");
    let text = playbook("").replace("row.name", "row.プラン");
    desk.write("p.yaml", &text);
    desk.write("rows.csv", "id,フ\u{309a}ラン\nA,x\n");
    desk.run("check p.yaml")
        .exits(3)
        .says_wrapped(&["they differ in Unicode composition: U+30D5 U+309A there, U+30D7 here"]);
    desk.write("runsheet.yaml", "environments: { prod\u{200b}: {} }\n");
    desk.run("check p.yaml --env prod")
        .exits(2)
        .says_wrapped(&["which looks the same; they differ in invisible characters"]);
}
