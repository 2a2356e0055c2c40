//! Names that a playbook writes without braces: a warning with a cure that passes once it is pasted in.

use crate::program::{CommandResult, TestFolder};

const HEAD: &str = "name: Braces
vars: { branch: tp-01 }
rows: { from: rows.csv, key: id, columns: { people: { type: list, optional: true } } }
";

fn check(desk: &TestFolder, steps: &str) -> CommandResult {
    desk.write("rows.csv", "id,staff,Agent/Id,people\na1,e7,x1,a;b\n");
    desk.write("playbook.yaml", &format!("{HEAD}{steps}"));
    desk.run("check playbook.yaml").exits(0)
}

fn with_body(value: &str) -> String {
    format!(
        "steps:
  - {{ id: ask, uses: http.request, repeat: safe, with: {{ method: GET, path: /n }} }}
  - id: send
    uses: http.request
    for_each: \"{{{{ row.people }}}}\"
    with:
      method: POST
      path: /n
      body:
        emp_id: {value}
"
    )
}

/// The text that a warning says to write.
fn cure(came: &CommandResult) -> String {
    let said = came.err.split_whitespace().collect::<Vec<_>>().join(" ");
    let behind = said.split_once("Write `").unwrap_or_else(|| panic!("no cure: {}", came.err)).1;
    behind.split_once("`.").unwrap().0.replace("│ ", "")
}

#[test]
fn a_known_name_without_braces_is_a_warning_whose_cure_passes() {
    let desk = TestFolder::new();
    for (written, cured) in [
        ("row.staff", "\"{{ row.staff }}\""),
        ("\"row.staff\"", "\"{{ row.staff }}\""),
        ("row.[Agent/Id]", "\"{{ row.[Agent/Id] }}\""),
        ("vars.branch", "\"{{ vars.branch }}\""),
        ("steps.ask.outputs.status", "\"{{ steps.ask.outputs.status }}\""),
        ("steps.ask.body.id", "\"{{ steps.ask.body.id }}\""),
        ("item", "\"{{ item }}\""),
        ("run.id", "\"{{ run.id }}\""),
        ("row.staff is away.", "\"{{ row.staff }} is away.\""),
        ("\"{row.staff}\"", "\"{{ row.staff }}\""),
        ("\"${row.staff}\"", "\"{{ row.staff }}\""),
        ("\"${{ row.staff }}\"", "\"{{ row.staff }}\""),
        ("<row.staff>", "\"{{ row.staff }}\""),
        ("\"Dear {row.staff}, hello\"", "\"Dear {{ row.staff }}, hello\""),
        ("$row.staff", "\"{{ row.staff }}\""),
        ("'{\"id\": \"row.staff\"}'", "'{\"id\": \"{{ row.staff }}\"}'"),
    ] {
        let came = check(&desk, &with_body(written));
        let came = came.says(&["warning[forgotten-braces]", "playbook.yaml:13:"]);
        assert_eq!(cure(&came), cured, "{written}");
        check(&desk, &with_body(cured)).never_says(&["forgotten-braces"]);
    }
}

#[test]
fn a_name_is_found_wherever_a_text_is_sent() {
    let desk = TestFolder::new();
    let step = |with: &str| format!("steps: [{{ id: a, uses: http.request, {with} }}]\n");
    for with in [
        "with: { method: POST, path: /n, body: { a: { b: [x, { c: row.staff }] } } }",
        "with: { method: POST, path: /n, body: [row.staff] }",
        "with: { method: POST, path: /n, body: row.staff }",
        "with: { method: POST, path: /n, headers: { X-A: row.staff } }",
        "with: { method: GET, path: /n, query: { a: row.staff } }",
        "with: { method: GET, path: /n, query: { row.staff: a } }",
        "with: { method: GET, path: /things/row.staff }",
        "with: { method: GET, path: '/things?id=row.staff' }",
        "with: { method: POST, path: /n, body: [{ $each: '{{ row.people }}', a: item.name }] }",
        "with: { method: POST, path: /n, body: [{ $each: '{{ row.people }}', a: row.staff }] }",
        "with: { method: POST, path: /n }, rollback: { uses: http.request, with: { method: POST, path: /u, body: row.staff } }",
    ] {
        check(&desk, &step(with)).says(&["warning[forgotten-braces]"]);
    }
    let results = "steps: [{ id: a, uses: http.request, with: { method: POST, path: /n } }]\nresults: { told: steps.a.outputs.status }\n";
    check(&desk, results).says(&["warning[forgotten-braces]"]);
}

#[test]
fn similar_words_are_no_warning() {
    let desk = TestFolder::new();
    for written in [
        "row.stff",
        "rows.staff",
        "arrow.staff",
        "the row.staff column",
        "vars.other",
        "steps.nobody.outputs.x",
        "steps.ask.status",
        "run.away",
        "row",
        "row.staff@example.com",
        "items",
        "an item",
        "\"\\\\{{ row.staff }}\"",
        "\"{{ row.staff }}\"",
        "\"$5\"",
        "\"a {row.stff} b\"",
        "https://run.id.example.com/x",
    ] {
        check(&desk, &with_body(written)).never_says(&["forgotten-braces"]);
    }
    let once = "before: [{ id: a, uses: http.request, with: { method: POST, path: /n, body: row.staff } }]\nsteps: [{ id: b, uses: http.request, with: { method: POST, path: /n, body: item.x } }]\n";
    check(&desk, once).never_says(&["forgotten-braces"]);
}
