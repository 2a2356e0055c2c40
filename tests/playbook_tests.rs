//! The verb `test` as a user runs it: what shipped playbooks show, what a failing test says, and that nothing is sent,
//! waited for or kept.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::playbooks::copy_playbooks;
use crate::program::{TestFolder, root};

/// A playbook with one step that may not be repeated, and one that may.
const PLAYBOOK: &str = "name: n
rows: { from: rows.csv, key: id }
steps:
  - { id: tell, uses: http.request, with: { method: POST, path: /tell, body: { id: '{{ row.id }}' } } }
  - id: look
    uses: http.request
    with: { method: GET, path: '/things/{{ row.id }}' }
    retry: { attempts: 3, delay: 30d, max_delay: 30d }
";

fn desk(tests: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("a.yaml", PLAYBOOK);
    desk.write("a.test.yaml", tests);
    desk
}

#[test]
fn every_shipped_playbook_is_tested_and_passes() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let came = desk.run("test . --format json").exits(0).json();
    assert_eq!((&came["outcome"], &came["failed"]), (&"passed".into(), &0.into()));
    let tests = came["tests"].as_array().unwrap();
    let mut playbooks = 0;
    for entry in fs::read_dir(root().join("playbooks")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".yaml").filter(|stem| !stem.ends_with(".test")) else { continue };
        let own: Vec<&Value> = tests.iter().filter(|test| test["file"] == format!("{stem}.test.yaml")).collect();
        assert!(own.len() >= 4, "{name}: {} tests", own.len());
        let outcomes: Vec<&Value> = own.iter().map(|test| &test["run"]["rows"]).collect();
        for outcome in ["succeeded", "failed", "unknown"] {
            assert!(outcomes.iter().any(|rows| rows[outcome].as_u64() > Some(0)), "{name}: none ends {outcome}");
        }
        playbooks += 1;
    }
    assert!(playbooks >= 8);
    assert_eq!(came["not_reached"], serde_json::json!({}), "steps, conditions and rollbacks that no test reaches");
    assert!(!desk.path().join("state").exists(), "a run was kept");
    assert_eq!(desk.run("test . --format json").exits(0).json(), came, "twice the same");
}

#[test]
fn months_of_waiting_end_at_once() {
    let desk = desk(
        "now: 2030-01-01T00:00:00Z
tests:
  - name: It waits a month between two reads
    rows: [{ id: A }]
    answers:
      - { to: tell, body: {} }
      - { to: look, lost: true, times: 2 }
      - { to: look, body: {}, takes: 10s }
    expect:
      requests: [tell, look, look, look]
      rows: { A: { outcome: succeeded, attempts: 4 } }
  - name: It times out
    rows: [{ id: A }]
    answers:
      - { to: tell, body: {}, takes: 31s }
    expect:
      requests: [tell]
      rows: { A: { outcome: unknown, step: tell } }
",
    );
    let began = Instant::now();
    let came = desk.run("test a.yaml --format json").exits(0).json();
    assert!(began.elapsed() < Duration::from_secs(60));
    let waited = came["tests"][0]["run"]["duration_ms"].as_u64().unwrap();
    assert!(waited > 10_000, "{came}");
    assert_eq!(came["tests"][1]["run"]["duration_ms"].as_u64().unwrap() / 1_000, 30, "{came}");
}

#[test]
fn a_window_is_waited_for_and_a_gate_stops() {
    let desk = TestFolder::new();
    let bounded = PLAYBOOK.replace(
        "steps:",
        "window: { days: Mon-Fri, hours: '09:00-18:00', timezone: UTC }\nwaves: { sizes: [1] }\nsteps:",
    );
    desk.write("a.yaml", &bounded);
    // The fifth of January 2030 is a Saturday.
    desk.write(
        "a.test.yaml",
        "now: 2030-01-05T12:00:00Z
tests:
  - name: It waits for Monday
    rows: [{ id: A }]
    answers: [{ to: tell, body: {} }, { to: look, body: {} }]
    expect: { counts: { succeeded: 1 } }
  - name: The first wave fails, and nothing follows it
    rows: [{ id: A }, { id: B }]
    answers: [{ to: tell, status: 404, body: {} }]
    expect:
      requests: [{ step: tell, row: A }]
      rows: { A: failed, B: not_started }
      outcome: stopped
      stopped: wave 1
",
    );
    let came = desk.run("test a.yaml --format json").exits(0).json();
    let waited = came["tests"][0]["run"]["duration_ms"].as_u64().unwrap();
    assert_eq!(waited / 3_600_000, 45, "{came}");
}

#[test]
fn no_credential_is_read_and_none_is_shown() {
    let desk = TestFolder::new();
    desk.write(
        "runsheet.yaml",
        "environments:
  staging:
    connections:
      fxiaoke:
        base_url: https://open.fxiaoke.com
        credentials: { app_id: { env: NOT_SET }, app_secret: { file: /nowhere/secret }, permanent_code: { command: [false] } }
        settings: { user_id: '1000' }
      http:
        base_url: https://api.example.com
        auth: { scheme: header, header: X-Key, value: { env: NOT_SET } }
        headers: { X-Team: ops }
",
    );
    desk.write(
        "a.yaml",
        "name: n
steps:
  - { id: look, uses: fxiaoke.get_task, with: { objectDataId: 6183b1b622794e6865bca8ce } }
  - { id: tell, uses: http.request, with: { method: POST, path: /tell, body: { a: 1 } } }
",
    );
    desk.write(
        "a.test.yaml",
        "environment: staging
tests:
  - name: Goes through, and the run's one row is called once
    answers:
      - { to: look, body: { errorCode: 20016 } }
      - { to: look, body: { errorCode: 0, data: { state: pass } } }
      - { to: tell, body: {} }
    expect:
      requests: [look, look, { step: tell, headers: { x-team: ops, X-Key: ~ } }]
      rows: { once: succeeded }
  - name: An answer that echoes everything
    answers:
      - { to: look, body: { errorCode: 5, errorMessage: 'secret test-app_secret token' } }
    expect: { rows: { once: { outcome: failed, code: other } } }
",
    );
    let came = desk.run("test a.yaml").exits(4);
    came.says(&["1 passed, 1 failed", "got"]).never_says(&["test-app_secret", "test-value"]);
}

#[test]
fn what_is_sensitive_is_masked_until_it_is_asked_for() {
    let desk = desk(
        "tests:
  - name: A name that differs
    rows: [{ id: A, person: 王小明先生 }]
    answers: [{ to: tell, body: {} }, { to: look, body: {} }]
    expect: { requests: [{ step: tell, body: { person: x } }, look] }
",
    );
    let sensitive = PLAYBOOK
        .replace("key: id }", "key: id, columns: { person: { sensitive: true } } }")
        .replace("{ id: '{{ row.id }}' }", "{ person: '{{ row.person }}' }");
    desk.write("a.yaml", &sensitive);
    desk.run("test a.yaml").exits(4).says(&["got \"***\"", "--unmask"]).never_says(&["王小明先生"]);
    desk.run("test a.yaml --unmask").exits(4).says(&["got \"王小明先生\""]);
}

#[test]
fn tests_are_chosen_by_path_and_by_name() {
    let desk = desk(
        "tests:
  - { name: The First, sandbox: true, rows: [{ id: A }], expect: { outcome: succeeded } }
  - { name: the second, sandbox: true, rows: [{ id: A }], expect: { outcome: failed } }
",
    );
    desk.write("deep/er/b.test.yaml", "playbook: ../../a.yaml\ntests:\n  - { name: Third, sandbox: true, rows: [{ id: A }], expect: { outcome: succeeded } }\n");
    desk.write(".hidden/c.test.yaml", "tests: no\n");
    let names = |line: &str, code: i32| -> Vec<String> {
        let came = desk.run(&format!("{line} --format json")).exits(code).json();
        let tests = came["tests"].as_array().unwrap().iter();
        tests.map(|test| test["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("test . --confine .", 4), ["The First", "the second", "Third"]);
    assert_eq!(names("test a.yaml a.test.yaml deep --confine .", 4), ["The First", "the second", "Third"]);
    assert_eq!(names("test a.test.yaml --only FIRST", 0), ["The First"]);
    assert_eq!(names("test deep --confine .", 0), ["Third"]);
    desk.run("test a.yaml --only fourth").exits(2).says(&["no test has `fourth` in its name"]);
    desk.run("test nowhere").exits(2).says(&["`nowhere` is not there"]);
    desk.run("test a.yaml b.csv").exits(2);
    desk.write("empty/b.yaml", "name: b\n");
    desk.run("test empty").exits(2).says(&["no test file (`*.test.yaml`) in `empty`"]);
    desk.run("test empty/b.yaml").exits(2).says(&["write `empty/b.test.yaml`"]);
    let quiet = desk.run("test a.yaml -q").exits(4);
    assert_eq!(quiet.out, "FAILED  a.test.yaml:3  the second\n");
    assert_eq!(desk.run("test a.yaml -q --only first").exits(0).err, "");
}

#[test]
fn check_reads_test_files_without_running_them() {
    let desk = desk("tests:\n  - { name: Would fail, rows: [{ id: A }], expect: { outcome: failed } }\n");
    desk.write("rows.csv", "id\nA\n");
    let came = desk.run("check a.yaml a.test.yaml").exits(0);
    assert_eq!(came.out, "a.yaml: 1 row, 2 calls\na.test.yaml: 1 test\n");
    desk.write("a.test.yaml", "tests:\n  - { name: n, expct: { outcome: failed } }\n");
    let came = desk.run("check a.yaml a.test.yaml --format json").exits(3).json();
    assert_eq!(came["diagnostics"].as_array().unwrap().len(), 2, "{came}");
}

#[test]
fn ci_gets_junit_annotations_and_a_summary() {
    let desk = desk(
        "tests:
  - { name: 'It <passes>', sandbox: true, rows: [{ id: A }], expect: { outcome: succeeded } }
  - { name: It fails, sandbox: true, rows: [{ id: A }], expect: { outcome: failed } }
",
    );
    let job = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", "summary.md"), ("RUNSHEET_REPORT_JUNIT", "t.xml")];
    let came = desk.run_with("test a.yaml", &job).exits(4);
    came.says(&["::error file=a.test.yaml,line=3,col=76,endColumn=82,title=runsheet test-outcome::The run's outcome"]);
    assert!(desk.read("summary.md").contains("- error `test-outcome` a.test.yaml:3:76"), "{}", desk.read("summary.md"));
    let report = desk.read("t.xml");
    for part in [
        "<testsuites name=\"runsheet\" tests=\"2\" failures=\"1\" errors=\"0\"",
        "<testcase name=\"It &lt;passes&gt;\" classname=\"a.test.yaml\" file=\"a.test.yaml\" line=\"2\" time=\"",
        "<failure type=\"test-outcome\" message=\"The run's outcome is `succeeded`, but `failed` was expected\">",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    desk.write("a.test.yaml", "tests: []\n");
    desk.run("test a.yaml --report-junit t.xml").exits(3);
    assert!(desk.read("t.xml").contains("<error type=\"bad-value\""), "{}", desk.read("t.xml"));
    desk.run("test a.yaml --report-junit nowhere/t.xml").exits(2).says(&["cannot be written"]);
}

#[test]
fn an_endless_run_is_reported() {
    let desk = desk(
        "tests:
  - name: Throttled for ever
    rows: [{ id: A }]
    answers: [{ to: tell, like: throttled, times: any }]
    expect: { outcome: succeeded }
",
    );
    desk.write(
        "a.yaml",
        &PLAYBOOK.replace(
            "uses: http.request, with: { method: POST, path: /tell, body: { id: '{{ row.id }}' } }",
            "uses: arctos.update_status, with: { task_num: '202406060000001', task_status: canceled }",
        ),
    );
    desk.write("a.test.yaml", &desk.read("a.test.yaml").replace("like: throttled", "status: 429, body: {}"));
    let began = Instant::now();
    let came = desk.run("test a.yaml").exits(4);
    assert!(came.err.contains("requests were sent") || came.err.contains("outcome is"), "{}", came.err);
    assert!(began.elapsed() < Duration::from_secs(120));
}

#[test]
fn a_hundred_tests_take_a_few_seconds() {
    let desk = TestFolder::new();
    let one = |number: usize| {
        format!(
            "  - {{ name: T{number}, rows: [{{ id: A }}, {{ id: B }}], answers: [{{ to: tell, body: {{}}, times: 2 }}, {{ to: look, body: {{}}, times: 2 }}], expect: {{ counts: {{ succeeded: 2 }} }} }}\n"
        )
    };
    desk.write("a.yaml", PLAYBOOK);
    desk.write("a.test.yaml", &format!("tests:\n{}", (0..100).map(one).collect::<String>()));
    let began = Instant::now();
    let came = desk.run("test a.yaml --format json").exits(0).json();
    assert_eq!(came["passed"], 100);
    println!("100 tests: {:?}", began.elapsed());
    // A machine that does much else may take ten times as long.
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}
