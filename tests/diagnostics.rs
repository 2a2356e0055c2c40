//! The table of diagnostics' codes against the sources, the golden cases and the tests: none unknown, none unused, none
//! that nobody has seen.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use runsheet::internals::diagnostic::{code, codes};

use crate::program::{TestFolder, root};

/// Codes that no golden case can bring about, with the file of the test that does.
const ELSEWHERE: [(&str, &str); 7] = [
    ("bad-encoding", "src/rows/tests/encodings.rs"),
    ("encoding-told", "src/rows/tests/encodings.rs"),
    ("format-told", "src/rows/tests/json.rs"),
    ("hidden-row", "src/rows/tests/xlsx.rs"),
    ("more-mistakes", "src/diagnostic/messages/list.rs"),
    ("no-scratch", "tests/diagnostics.rs"),
    ("unreadable-file", "src/rows/tests/form.rs"),
];

fn texts(folder: &Path, wanted: fn(&Path) -> bool) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if wanted(&path) {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

fn sources() -> Vec<(PathBuf, String)> {
    texts(&root().join("src"), |path| path.extension().is_some_and(|extension| extension == "rs"))
}

#[test]
fn no_code_is_used_outside_of_the_table() {
    let call = Regex::new(r#"(?:\b(?:error|warning|note|refuse|fail|problem|wrong)\(|code:)\s*(?:(?:span|at|diagnostics), )?"([a-z]+(?:-[a-z]+)+)""#).unwrap();
    let mut used = 0;
    for (path, text) in sources() {
        for found in call.captures_iter(&text) {
            used += 1;
            assert!(code(&found[1]).is_some(), "{}: `{}` is not in codes.md", path.display(), &found[1]);
        }
    }
    assert!(used > 80, "only {used} uses of codes were found: does the pattern still fit?");
}

#[test]
fn no_code_of_the_table_is_unused() {
    let all: String = sources().into_iter().map(|(_, text)| text).collect();
    for entry in codes() {
        assert!(all.contains(&format!("\"{}\"", entry.name)), "nothing in src/ uses `{}`", entry.name);
    }
}

#[test]
fn every_code_has_a_golden_case_or_a_test() {
    let expected = |path: &Path| path.parent().is_some_and(|folder| folder.ends_with("expected"));
    let shown: String = texts(&root().join("tests/cases"), expected).into_iter().map(|(_, text)| text).collect();
    let mut missing = BTreeSet::new();
    for entry in codes() {
        let seen = ["error", "warning"].iter().any(|word| shown.contains(&format!("{word}[{}]", entry.name)));
        let elsewhere = ELSEWHERE.iter().any(|(code, file)| {
            *code == entry.name && fs::read_to_string(root().join(file)).unwrap().contains(&format!("{code} "))
        });
        if !seen && !elsewhere {
            missing.insert(entry.name);
        }
    }
    assert!(missing.is_empty(), "no golden case shows {missing:?}: add one below tests/cases");
}

/// Asserts `no-scratch `: more keys than are held in memory, and nowhere to put them.
#[test]
fn keys_that_find_no_room_are_a_message_of_their_own() {
    let desk = TestFolder::new();
    desk.write(
        "playbook.yaml",
        "name: n\nrows: { from: rows.csv, key: id }\nsteps:\n  - { id: a, uses: http.request, with: { method: POST, path: /, body: \"{{ row.id }}\" } }\n",
    );
    let rows: String = (0..150_000).map(|number| format!("R{number}\n")).collect();
    desk.write("rows.csv", &format!("id\n{rows}"));
    // There is room for the first table of keys, and none for one of twice its size.
    let came = desk.bash("trap '' XFSZ; ulimit -f 2100; runsheet check playbook.yaml").exits(3);
    came.says(&["error[no-scratch]", "TMPDIR", "runsheet explain no-scratch"]);
}

#[test]
fn a_github_job_gets_annotations_within_its_bounds_and_a_summary() {
    let desk = TestFolder::new();
    let rows: String = (0..30).map(|number| format!("R{number},soon%\n")).collect();
    desk.write("jobs/rows.csv", &format!("id,day\n{rows}"));
    desk.write(
        "jobs/playbook.yaml",
        "name: n\nrows: { from: rows.csv, key: id, columns: { day: { type: date } } }\nsteps:\n  - { id: a, uses: http.request, with: { method: POST, path: /, body: \"{{ row.day }}\" } }\n",
    );
    let (workspace, summary) = (desk.path().display().to_string(), desk.path().join("summary.md"));
    let summary = summary.to_str().unwrap();
    let job = [("GITHUB_ACTIONS", "true"), ("GITHUB_WORKSPACE", &*workspace), ("GITHUB_STEP_SUMMARY", summary)];
    let came = desk.run_with("check jobs/playbook.yaml", &job).exits(3);
    let annotations: Vec<&str> = came.err.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(annotations.len(), 1, "{annotations:?}");
    assert!(
        annotations[0].starts_with(
            "::error file=jobs/rows.csv,line=2,col=4,endColumn=9,title=runsheet cell-type::Column `day`, row 2: `soon%25` is not a \
             date (key `R0`); 30 rows in all have this cause"
        ),
        "{}",
        annotations[0]
    );
    let summary = desk.read("summary.md");
    let wanted = "### runsheet: 1 error in 30 places\n\n- error `cell-type` jobs/rows.csv:2:4 Column";
    assert!(summary.contains(wanted), "{summary}");
    let plain = desk.run("check jobs/playbook.yaml").exits(3);
    assert!(!plain.err.contains("::error"));
}

#[test]
fn a_github_job_gets_the_counts_of_a_run() {
    let desk = TestFolder::new();
    let playbook = root().join("playbooks/extend-deadlines.yaml");
    let job = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", "summary.md")];
    desk.run_with(&format!("run {} --limit 2", playbook.display()), &job).exits(0);
    let summary = desk.read("summary.md");
    assert!(summary.starts_with("### runsheet: succeeded\n\nAll 2 rows succeeded.\n"), "{summary}");
    assert!(summary.contains("| succeeded | 2 |\n| total | 2 |\n"), "{summary}");
    assert!(summary.contains("| `tencent_essbasic.extend_deadline` | 2 | 2 | 0 |\n"), "{summary}");
    let nowhere = [("GITHUB_STEP_SUMMARY", "/nowhere/summary.md")];
    desk.run_with(&format!("run {} --limit 2", playbook.display()), &nowhere)
        .exits(0)
        .says(&["could not be written to /nowhere"]);
}

#[test]
fn a_failed_call_points_at_its_step_and_its_row() {
    let desk = TestFolder::new();
    desk.write("jobs/rows.csv", "id,fine\n6183b1b622794e6865bca8ce,yes\n6183b1b622794e6865bca8cf,no\n");
    desk.write(
        "jobs/playbook.yaml",
        "name: n\nrows: { from: rows.csv, key: id }\nsteps:\n  - id: tell\n    uses: fxiaoke.get_task\n    with: { objectDataId: \"{{ row.id }}\" }\n    expect: ['{{ eq row.fine \"yes\" }}']\n",
    );
    let came = desk.run_with("run jobs/playbook.yaml --format json", &[("GITHUB_ACTIONS", "true")]).exits(4);
    let kind = &came.json()["failures"][0];
    let at = serde_json::json!({"file": "jobs/playbook.yaml", "line": 4, "column": 5});
    assert_eq!(
        (&kind["row"], &kind["rows_file"], &kind["step_at"]),
        (&3.into(), &"jobs/rows.csv".into(), &at),
        "{kind}"
    );
    came.says(&["::error file=jobs/playbook.yaml,line=4,col=5,title=runsheet failed at tell::1 row, the first is row 3 of jobs/rows.csv: expectation"]);
    let shown = desk.run("runs show latest").exits(0).out;
    assert!(shown.contains("(row 3 of jobs/rows.csv, `6183b1b622794e6865bca8cf`)"), "{shown}");
    assert!(shown.contains("the step is at jobs/playbook.yaml:4:5"), "{shown}");
}

#[test]
fn json_tells_editors_where() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", "name: n\nsteps:\n  - { id: a, uses: http.reqest, with: { method: GET, path: / } }\n");
    for line in ["check playbook.yaml", "run playbook.yaml", "plan playbook.yaml"] {
        let came = desk.run(&format!("{line} --format json")).exits(3);
        let all = came.json();
        let found = &all["diagnostics"][0];
        assert_eq!(found["code"], "unknown-operation", "{line}");
        assert_eq!((&found["severity"], &found["file"]), (&"error".into(), &"playbook.yaml".into()));
        assert_eq!((&found["line"], &found["column"]), (&3.into(), &20.into()));
        assert_eq!(found["end"], serde_json::json!({"line": 3, "column": 31}));
        assert_eq!(found["help"], "Did you mean `http.request`?");
    }
}

#[test]
fn a_run_that_goes_ahead_has_its_warnings_in_the_summary_of_every_process_that_drives_it() {
    let desk = TestFolder::new();
    desk.write(
        "playbook.yaml",
        "name: n\nrows: { from: rows.csv, key: id, columns: { phone: { sensitive: true } } }\nsteps:\n  - { id: a, uses: http.request, repeat: safe, with: { method: GET, path: /, query: { id: \"{{ row.id }}\" } } }\n",
    );
    desk.write(
        "rows.csv",
        "id,phone\nA-1,0936039473\nA-2,902627557\nA-3,0912000111\nA-4,0912000112\nA-5,912000113\nA-6,0912000114\n",
    );
    let phones = |summary: &serde_json::Value| {
        let warnings = summary["warnings"].as_array().cloned().unwrap_or_default();
        assert_eq!(warnings.len(), 1, "{summary}");
        assert_eq!((&warnings[0]["code"], &warnings[0]["severity"]), (&"lost-zeros".into(), &"warning".into()));
        assert_eq!((&warnings[0]["file"], &warnings[0]["line"]), (&"rows.csv".into(), &3.into()));
        warnings[0].to_string().contains("902627557")
    };
    assert_eq!(desk.run_with("run playbook.yaml", &[("RUNSHEET_CRASH_AT", "4")]).code, -1);
    assert!(!phones(&desk.run("resume latest --format json").exits(0).json()));
    assert!(!phones(&desk.run("runs show latest --format json").exits(0).json()["summary"]));
    // What is unmasked is for the screen alone.
    assert!(phones(&desk.run("run playbook.yaml --format json --unmask").exits(0).json()));
    let shown = desk.run("runs show latest --format json").exits(0).never_says(&["902627557"]);
    assert!(shown.json()["summary"].get("warnings").is_none(), "{}", shown.out);
    desk.run("resume latest --format json").exits(0).never_says(&["902627557"]);
}

/// What many rows say at once: the playbook's `rows` and step, and the words of the one message.
const ONE_CAUSE: [(&str, &str, &str, &str); 9] = [
    (
        "columns: { at: { type: datetime, timezone: Asia/Taipei }, note: { optional: true } }",
        "'{{ row.at }}'",
        "cell-type",
        "`format: \"YYYY/M/D H:mm\"`",
    ),
    ("columns: { at: {} }", "{ a: '{{ row.note }}', b: '{{ row.note }}' }", "blank-cell", "cell `note` is blank"),
    ("columns: { n: { type: integer }, note: { optional: true } }", "'{{ row.n }}'", "cell-type", "is not an integer"),
    ("columns: { n: { length: 9 } }", "'{{ row.n }}'", "bad-value", "The column takes exactly 9 characters"),
    ("columns: { n: { one_of: [a, b] } }", "'{{ row.n }}'", "bad-value", "(key `K-2`)"),
    ("columns: { n: { pattern: '^y' } }", "'{{ row.n }}'", "bad-value", "`^y`"),
    ("columns: { n: { type: integre } }", "'{{ row.n }}'", "bad-value", "Did you mean `integer`?"),
    (
        "columns: { nn: {}, mm: {} }",
        "'{{ row.nn }}'",
        "missing-column",
        "2 declared columns are not in the header: `nn`, `mm`",
    ),
    ("columns: { at: {} }", "'{{ add row.n \"3d\" }}'", "template", "row 2, key `K-2`"),
];

#[test]
fn one_cause_in_300_rows_is_one_message_with_three_places() {
    let desk = TestFolder::new();
    let rows: String = (2..302).map(|row| format!("K-{row},2035/3/{} 9:30,,x{row}\n", row % 28 + 1)).collect();
    desk.write("rows.csv", &format!("id,at,note,n\n{rows}"));
    for (columns, body, code, words) in ONE_CAUSE {
        let rows = format!("rows: {{ from: rows.csv, key: id, {columns} }}");
        let step = format!("{{ id: a, uses: http.request, with: {{ method: POST, path: /x, body: {body} }} }}");
        desk.write("playbook.yaml", &format!("name: n\n{rows}\nsteps:\n  - {step}\n"));
        let came = desk.run("check playbook.yaml").exits(3);
        assert_eq!(came.err.matches("error[").count(), 1, "{columns}:\n{}", came.err);
        let shown = came.err.matches("rows.csv:").count();
        let came = came.says(&[&format!("error[{code}]")]).says_wrapped(&[words]);
        let told = desk.run("check playbook.yaml --format json").exits(3).json();
        let all = told["diagnostics"].as_array().unwrap();
        assert_eq!((all.len(), &all[0]["code"]), (1, &code.into()), "{told}");
        let per_row = !matches!(code, "missing-column") && !columns.contains("integre");
        if per_row {
            assert_eq!(
                (&all[0]["count"], &all[0]["row"], &all[0]["key"]),
                (&300.into(), &2.into(), &"K-2".into()),
                "{told}"
            );
            let each = all[0]["occurrences"].as_array().unwrap();
            assert_eq!((each.len(), &each[299]["row"], &each[299]["key"]), (300, &301.into(), &"K-301".into()));
            assert_eq!((&each[299]["file"], &each[299]["line"]), (&"rows.csv".into(), &301.into()));
            assert_eq!(shown, 3, "{}", came.err);
            came.says_wrapped(&[
                "300 rows in all have this cause, the first 3 are shown",
                "key `K-4`",
                "1 error in 300 places",
            ])
            .never_says(&["K-5"]);
        }
    }
}

#[test]
fn a_misspelt_name_in_five_templates_is_one_message() {
    let desk = TestFolder::new();
    let rows: String = (0..1_000).map(|row| format!("K-{row}\n")).collect();
    desk.write("rows.csv", &format!("id\n{rows}"));
    let step = |at| {
        format!(
            "  - {{ id: a{at}, uses: http.request, with: {{ method: POST, path: /x, body: '{{{{ row.idd }}}}' }} }}\n"
        )
    };
    let steps: String = (0..5).map(step).collect();
    desk.write("playbook.yaml", &format!("name: n\nrows: {{ from: rows.csv, key: id }}\nsteps:\n{steps}"));
    let came = desk.run("check playbook.yaml").exits(3).says(&["There is no column `idd`", "1 error in 5 places"]);
    assert_eq!(came.err.matches("error[").count(), 1, "{}", came.err);
}

#[test]
fn a_message_about_a_row_or_an_element_names_row_key_and_file() {
    let desk = TestFolder::new();
    desk.write("appointments.csv", "out,at\nT-1,x\nT-2,y\n");
    let publish = "name: n
rows:
  from: appointments.csv
  key: out
  lists: { customers: { from: customers.csv, match: out, columns: { email: { optional: true } } } }
steps:
  - id: publish
    uses: arctos.add_publishers
    with:
      task_num: '{{ row.out }}'
      customer:
        - $each: '{{ row.customers }}'
          customer_name: '{{ item.name }}'
          customer_id_num: '{{ item.id_num }}'
          customer_phone: '{{ item.phone }}'
";
    desk.write("playbook.yaml", publish);
    let customers = |rows: &str| desk.write("customers.csv", &format!("out,name,id_num,phone,email\n{rows}"));
    customers("T-1,Ann,A100000047,0911,\n");
    let came = desk.run("check playbook.yaml").exits(3);
    came.says_wrapped(&["Row 3: `customer` must have at least 1 element", "(key `T-2`)", "appointments.csv:3:1"]);
    customers("T-1,Ann,A100000047,0911,\nT-2,Bob,A100000047,0912,\nT-2,Cid,A100000047,,\n");
    let came = desk.run("check playbook.yaml").exits(3);
    let words = "Row 4 of customers.csv, element 2 of `customers` of row 3: cell `phone` is blank";
    came.says_wrapped(&[words, "(key `T-2`)", "customers.csv:4:"]);
    let told = desk.run("check playbook.yaml --format json").json();
    let found = &told["diagnostics"][0];
    assert_eq!(
        (&found["row"], &found["key"], &found["file"]),
        (&4.into(), &"T-2".into(), &"customers.csv".into()),
        "{told}"
    );
}

#[test]
fn a_list_whose_match_fits_nothing_is_one_message() {
    let desk = TestFolder::new();
    let rows: String = (0..300).map(|row| format!("K-{row},x{row}\n")).collect();
    desk.write("rows.csv", &format!("id,n\n{rows}"));
    desk.write("parts.csv", &format!("id,part\n{rows}"));
    desk.write(
        "playbook.yaml",
        "name: n\nrows: { from: rows.csv, key: id, lists: { parts: { from: parts.csv, match: { row: n, list: id }, min: 1 } } }\nsteps:\n  - { id: a, uses: http.request, with: { method: POST, path: /x, body: '{{ row.parts }}' } }\n",
    );
    let came = desk.run("check playbook.yaml").exits(3);
    assert_eq!(came.err.matches("error[").count(), 1, "{}", came.err);
    came.says_wrapped(&["None of the 300 rows of the list `parts` matches a row", "perhaps `match: id`"]);
    let book = desk.read("playbook.yaml").replace("match: { row: n, list: id }", "match: id");
    desk.write("playbook.yaml", &book);
    desk.run("check playbook.yaml").exits(0);
}
