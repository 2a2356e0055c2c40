//! A run's rows taken by another run, with what the first one brought as columns of theirs.

use std::fs;

use crate::program::TestFolder;

/// Creates appointments; the second of three is refused.
const FIRST: &str = "name: First
rows: { from: rows.csv, key: no, columns: { phone: { sensitive: true, optional: true } } }
steps:
  - id: task
    uses: arctos.create_task
    with:
      business_id: 15
      out_task_num: \"{{ row.no }}\"
      task_type: normal
      task_notify: true
      task_time: 2035-01-08T09:30:00+08:00
      branch_code: \"943\"
      room_type: \"{{ row.room }}\"
      video: true
results:
  task_num: \"{{ steps.task.outputs.task_num }}\"
  told: \"=1+1 {{ row.no }}\"
  call: \"{{ row.phone }}\"
";

/// Finishes them, by what the first run brought.
const SECOND: &str = "name: Second
rows: { from: run:latest, outcomes: [succeeded], key: no }
steps:
  - { id: note, uses: http.request, repeat: safe, with: { method: POST, path: /n, body: { num: \"{{ row.task_num }}\", told: \"{{ row.told }}\", call: \"{{ row.call }}\" } } }
results: { done: \"{{ row.task_num }}\" }
";

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("first.yaml", FIRST);
    desk.write("second.yaml", SECOND);
    desk.write("rows.csv", "no,room,phone\nA-1,normal,0912345678\nA-2,nonsense,\nA-3,normal,0987654321\n");
    desk
}

/// Runs the first playbook with two good rows and one that is refused.
fn first(desk: &TestFolder) {
    let came = desk.run("run first.yaml --skip-invalid --out first").exits(4);
    assert!(came.out.contains("2 succeeded, 1 failed"), "{}{}", came.out, came.err);
}

#[test]
fn a_result_that_no_row_has_is_blank_and_never_guessed() {
    let desk = desk();
    first(&desk);
    desk.write("failed.yaml", &SECOND.replace("[succeeded]", "[failed]"));
    let came = desk.run("run failed.yaml").exits(3);
    came.says(&["error[blank-cell]", "task_num", "[run "]);
    let optional = SECOND.replace("[succeeded]", "[failed]").replace(
        "key: no",
        "key: no, columns: { task_num: { optional: true }, told: { optional: true }, call: { optional: true } }",
    );
    desk.write("failed.yaml", &optional);
    desk.run("run failed.yaml --out failed").exits(0);
    let lines = desk.read("failed/results.csv");
    assert!(lines.lines().nth(1).unwrap().starts_with("A-2,nonsense,,,,,"), "{lines}");
    desk.write("wrong.yaml", &SECOND.replace("row.task_num", "row.tasknum"));
    desk.run("check wrong.yaml").exits(3).says(&["no column `tasknum`", "Did you mean `task_num`?"]);
}

#[test]
fn results_are_columns_of_the_rows_and_go_on_through_crash_retry_and_the_next_run() {
    let desk = desk();
    first(&desk);
    let numbers: Vec<String> = desk
        .read("first/succeeded.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(10).unwrap().to_owned())
        .collect();
    assert!(numbers.iter().all(|number| !number.is_empty()), "{numbers:?}");
    assert_eq!(desk.run_with("run second.yaml --in-flight 1 --out second", &[("RUNSHEET_CRASH_AT", "3")]).code, -1);
    desk.run("resume latest").exits(0);
    let lines = desk.read("second/results.csv");
    assert!(lines.starts_with("no,room,phone,task_num,told,call,_run,"), "{lines}");
    for (line, number) in lines.lines().skip(1).zip(&numbers) {
        // What a vendor or a playbook said is no formula of the spreadsheet's.
        assert!(line.contains(&format!(",{number},'=1+1 A-")) && line.ends_with(&format!(",{number}")), "{line}");
    }
    // What is sent is the value itself.
    let (state, mut sent) = (desk.path().join("state/runs"), String::new());
    for run in fs::read_dir(state).unwrap() {
        sent.push_str(&fs::read_to_string(run.unwrap().path().join("sandbox.jsonl")).unwrap_or_default());
    }
    assert!(sent.contains("=1+1 A-1") && !sent.contains("'=1+1"), "{sent}");
    desk.write("third.yaml", &SECOND.replace("name: Second", "name: Third").replace("row.told", "row.done"));
    desk.run("run third.yaml --out third").exits(0);
    assert!(desk.read("third/results.csv").starts_with("no,room,phone,task_num,told,call,done,_run,"));
}

#[test]
fn what_the_first_run_marked_stays_masked_in_the_second() {
    let desk = desk();
    first(&desk);
    let secret = ["0912345678", "0987654321"];
    desk.run("plan second.yaml").exits(0).never_says(&secret);
    desk.run("check second.yaml").exits(0).never_says(&secret);
    let came = desk.run("plan second.yaml --unmask").exits(0);
    assert!(came.out.contains("0912345678"), "{}", came.out);
    desk.write("strict.yaml", &SECOND.replace("key: no", "key: no, columns: { call: { pattern: \"^x\" } }"));
    desk.run("check strict.yaml").exits(3).says(&["error[bad-value]"]).never_says(&secret);
    let broken = SECOND.replace("path: /n", "path: \"/_nowhere/{{ row.call }}\"");
    desk.write("broken.yaml", &broken);
    desk.run("run broken.yaml --faults refuse=100%").never_says(&secret);
    desk.run("runs show latest").never_says(&secret);
}

#[test]
fn a_column_takes_precedence_over_a_result_of_its_name() {
    let desk = desk();
    desk.write("first.yaml", &FIRST.replace("  told:", "  room:"));
    first(&desk);
    let came =
        desk.run("run second.yaml").exits(3).says(&["warning[clashing-result]", "`room`", "There is no column `told`"]);
    drop(came);
    desk.write("second.yaml", &SECOND.replace("row.told", "row.room"));
    desk.run("run second.yaml --out second").exits(0).says(&["warning[clashing-result]"]);
    assert!(desk.read("second/results.csv").starts_with("no,room,phone,task_num,call,_run,"));
}

#[test]
fn a_list_cannot_come_from_a_run_and_corrections_can() {
    let desk = desk();
    first(&desk);
    // A run that holds the corrected row: its key, and a room that there is.
    desk.write("corrected.csv", "no,room,phone\nA-2,normal,0912000000\n");
    desk.write("nothing.yaml", "name: Corrected\nrows: { from: corrected.csv, key: no }\nsteps:\n  - { id: a, uses: http.request, repeat: safe, with: { method: GET, path: / } }\n");
    let failed = desk.run("runs list --format json").json()[0]["run_id"].as_str().unwrap().to_owned();
    desk.run("run nothing.yaml").exits(0);
    let corrected = desk.run("runs list --format json").json()[0]["run_id"].as_str().unwrap().to_owned();
    desk.run(&format!("retry {failed} --rows run:nope")).exits(2).says(&["no run `nope`"]);
    let came = desk.run(&format!("retry {failed} --rows run:{corrected} --out again")).exits(0);
    assert!(came.out.contains("1 row: 1 succeeded"), "{}", came.out);
    assert!(desk.read("again/results.csv").contains("A-2,normal,0912000000,"));
    let lists = "name: l\nrows: { from: rows.csv, key: no, lists: { people: { from: rows.csv, match: no } } }\nsteps:\n  - { id: a, uses: http.request, repeat: safe, with: { method: GET, path: / } }\n";
    desk.write("lists.yaml", lists);
    desk.run("check lists.yaml --rows people=run:latest").exits(2).says(&["a list's rows come from a file"]);
}
