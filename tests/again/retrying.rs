//! `retry`, the unhappy half first.

use super::log::{count, effects, last, log, runs, task_num};
use crate::program::TestFolder;

const PLAYBOOK: &str = "
version: 1
name: Onboard
rows:
  from: rows.csv
  key: number
  columns:
    number: { type: string }
    branch: { type: string }
    start: { optional: true }
  lists:
    staff:
      from: staff.csv
      match: number
      columns: { task: { optional: true } }
steps:
  - id: task
    uses: arctos.create_task
    with:
      business_id: 15
      out_task_num: '{{ row.number }}'
      task_type: normal
      task_notify: false
      task_time: '2040-01-31T09:00:00+08:00'
      task_remark: '{{ row.start }}'
      branch_code: '{{ row.branch }}'
      room_type: normal
      video: true
  - id: staff
    uses: arctos.add_moderator
    for_each: '{{ row.staff }}'
    with: { task_num: '{{ coalesce item.task steps.task.outputs.task_num }}', emp_id: '{{ item.emp }}' }
  - id: customers
    uses: arctos.add_publishers
    with:
      task_num: '{{ steps.task.outputs.task_num }}'
      customer: [{ customer_name: Wang, customer_id_num: '{{ concat \"id-\" row.number }}' }]
";

const ROWS: &str = "number,branch,start\nA-1,943,\nA-2,943,\nA-3,943,\n";

/// The second member of staff of A-2 is sent to an appointment that does not exist.
const STAFF: &str = "number,emp,task\nA-1,a,\nA-1,b,\nA-2,a,\nA-2,b,111\nA-2,c,\nA-3,a,\n";

/// The same, put right and in another order.
const STAFF_PUT_RIGHT: &str = "number,emp,task\nA-2,c,\nA-2,b,\nA-2,a,\nA-3,a,\n";

/// A desk with a run of which one row is partial.
fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", ROWS);
    desk.write("staff.csv", STAFF);
    let came = desk.run("run playbook.yaml --out out").exits(4);
    assert!(came.out.contains(&format!("runsheet retry {}", last(&desk))), "{}", came.out);
    assert!(desk.read("out/partial.csv").contains("A-2,943,"), "{}", desk.read("out/partial.csv"));
    desk
}

#[test]
fn mistakes_are_reported_before_anything_is_sent_and_leave_no_run_behind() {
    let desk = desk();
    let sent = log(&desk, &last(&desk)).len();
    desk.write("strange.csv", "number,branch,start\nA-2,943,\nB-9,943,\n");
    desk.write("bad.csv", "number,branch,start\nA-2\n");
    desk.write("broken.yaml", &PLAYBOOK.replace("out_task_num:", "out_task_nmu:"));
    for (line, code, says) in [
        ("retry 2035", 2, "no run"),
        ("retry latest --only succeeded", 2, "succeeded"),
        ("retry latest --rows nowhere.csv", 2, "nowhere.csv"),
        ("retry latest --rows people=staff.csv", 2, "no list `people`"),
        ("retry latest --rows strange.csv", 3, "strange.csv:3:1"),
        ("retry latest --rows bad.csv", 3, "bad.csv:2"),
        ("retry latest --playbook nowhere.yaml", 2, "nowhere.yaml"),
        ("retry latest --playbook broken.yaml", 3, "`out_task_num`"),
    ] {
        desk.run(line).exits(code).says(&[says]);
        assert_eq!(runs(&desk).len(), 1, "{line}");
    }
    assert_eq!(log(&desk, &last(&desk)).len(), sent);
}

#[test]
fn a_done_call_that_would_be_another_is_a_conflict() {
    let desk = desk();
    desk.write("moved.csv", "number,branch,start\nA-2,944,\n");
    desk.write("renamed.yaml", &PLAYBOOK.replace("id: task\n", "id: make\n").replace("steps.task", "steps.make"));
    desk.write("remark.yaml", &PLAYBOOK.replace("task_remark: '{{ row.start }}'", "task_remark: window"));
    desk.write("without.csv", "number,emp,task\nA-2,b,\nA-2,c,\n");
    for (line, says) in [
        ("retry latest --rows moved.csv", "A-2: step `task`: it is done, but its request would be different now"),
        ("retry latest --playbook renamed.yaml", "A-2: step `task`: it is done, but the playbook no longer has it"),
        ("retry latest --playbook remark.yaml", "A-2: step `task`"),
        ("retry latest --rows staff=without.csv", "A-2: step `staff`: an element of it is done"),
    ] {
        desk.run(line).exits(8).says(&[says, "nothing was sent", "runsheet undo"]);
        assert_eq!(runs(&desk).len(), 1, "{line}");
    }
}

#[test]
fn what_is_done_stays_done_and_the_rest_is_done_once() {
    let desk = desk();
    let first = last(&desk);
    // Without a correction the same call fails again, and nothing else is sent.
    let again = desk.run(&format!("retry {first} --format json")).exits(4).json();
    assert_eq!((&again["retry_of"], &again["rows"]["partial"]), (&first.as_str().into(), &1.into()));
    assert_eq!(
        again["operations"],
        serde_json::json!({"arctos.add_moderator": {"calls": 1, "attempts": 1, "throttled": 0}})
    );
    desk.write("fixed.csv", STAFF_PUT_RIGHT);
    let second = last(&desk);
    let came = desk.run(&format!("retry {second} --rows staff=fixed.csv --out out2 --format json")).exits(0).json();
    let calls = |name: &str| came["operations"][name]["calls"].as_u64().unwrap_or(0);
    // `a` is done; the others are matched by what they are, not by where they stand.
    assert_eq!((calls("arctos.create_task"), calls("arctos.add_moderator"), calls("arctos.add_publishers")), (0, 2, 1));
    let log = log(&desk, &last(&desk));
    let made = effects(&log);
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    let number = task_num(&log, "A-2").unwrap();
    assert_eq!(count(&made, "create_task:"), 3);
    assert_eq!(count(&made, &format!("add_moderator:{number}:")), 3);
    assert_eq!(count(&made, &format!("add_publishers:{number}:")), 1);
    assert!(desk.read("out2/results.csv").starts_with("number,branch,start,_run"));
    assert!(desk.read("out/partial.csv").contains(&first), "the first run's evidence was overwritten");
}

#[test]
fn a_row_goes_on_in_one_run_only() {
    let desk = desk();
    let first = last(&desk);
    desk.run(&format!("retry {first}")).exits(4);
    let second = last(&desk);
    let came = desk.run(&format!("retry {first}")).exits(0);
    came.says(&[&format!("1 row left out, gone on in the run {second}"), "Nothing of the run"]);
    desk.run(&format!("resume {first}")).exits(8).says(&[&second]);
    assert_eq!(runs(&desk).len(), 2);
    let shown = desk.run(&format!("runs show {first}")).exits(0).out;
    assert!(shown.contains(&format!("went on in the run {second}")) && !shown.contains("runsheet retry"), "{shown}");
    assert!(desk.run(&format!("runs show {second}")).out.contains(&format!("Retries the run {first}")));
}

#[test]
fn rows_that_were_not_started_and_stopped_runs_are_taken_over() {
    let desk = desk();
    desk.write("playbook.yaml", &format!("{PLAYBOOK}stop_when: {{ failed: 1 }}\n"));
    desk.write("staff.csv", "number,emp,task\nA-1,a,111\nA-2,a,\nA-3,a,\n");
    desk.run("run playbook.yaml --in-flight 1 --max-fail 1 --rows rows.csv").exits(6);
    let first = last(&desk);
    desk.write("fixed.csv", "number,emp,task\nA-1,a,\nA-2,a,\nA-3,a,\n");
    desk.run(&format!("retry {first} --rows staff=fixed.csv --max-fail 3")).exits(0);
    let made = effects(&log(&desk, &last(&desk)));
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    assert_eq!((count(&made, "create_task:"), count(&made, "add_publishers:")), (3, 3));
    desk.run(&format!("resume {first}")).exits(8);
}

#[test]
fn only_the_outcomes_asked_for_are_taken() {
    let desk = desk();
    let first = last(&desk);
    desk.run(&format!("retry {first} --only failed,not_started")).exits(0).says(&["Nothing of the run"]);
    desk.run(&format!("retry {first} --only unknown")).exits(0).says(&["Nothing of the run"]);
    assert_eq!(runs(&desk).len(), 1);
}

#[test]
fn what_a_person_settled_as_not_done_is_sent_again() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", ROWS);
    desk.write("staff.csv", &STAFF.replace("111", ""));
    desk.run("run playbook.yaml --faults close=25%,seed=2 --in-flight 1").exits(5);
    let first = last(&desk);
    // A connection that closes has had no effect; no read tells of it, so a person does.
    let cases = desk.run(&format!("resolve {first} --format json")).exits(5).json()["unknown"].clone();
    let keys: Vec<String> = cases.as_array().unwrap().iter().map(|case| case["key"].as_str().unwrap().into()).collect();
    desk.run(&format!("retry {first} --only unknown")).exits(5).says(&["unknown", "runsheet resolve"]);
    for key in &keys {
        desk.run(&format!("resolve {first} --key {key} --as failed"));
    }
    for _ in 0..10 {
        let came = desk.run(&format!("retry {} --only unknown --format json", last(&desk)));
        if came.code == 0 {
            break;
        }
        let cases = desk.run("resolve latest --format json").json()["unknown"].clone();
        for case in cases.as_array().unwrap() {
            desk.run(&format!("resolve latest --key {} --as failed", case["key"].as_str().unwrap()));
        }
    }
    let made = effects(&log(&desk, &last(&desk)));
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    assert_eq!(["create_task:", "add_moderator:", "add_publishers:"].map(|id| count(&made, id)), [3, 6, 3], "{made:?}");
}

const ONCE: &str = "
version: 1
name: Once
rows: { from: rows.csv, key: number }
before:
  - id: first
    uses: tencent_ess.create_release_flow
    with: { NeedRelievedFlowId: yDCNtUUckpvrcvf4UELZnZDvMS000001, ReliveInfo: { Reason: first } }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
after:
  - id: last
    uses: tencent_ess.create_release_flow
    with: { NeedRelievedFlowId: yDCNtUUckpvrcvf4UELZnZDvMS000002, ReliveInfo: { Reason: '{{ run.id }}' } }
results: { release: '{{ steps.first.outputs.FlowId }}' }
";

#[test]
fn steps_that_run_once_are_done_once() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", ONCE);
    desk.write("rows.csv", "number,flow\n1,yDCNtUUckpvrcvf4UELZnZDvMS000003\n2,not-a-flow-of-the-vendor-000000004\n");
    let came = desk.run("run playbook.yaml").exits(3);
    came.says(&["`FlowId`"]);
    // This contract has ended already: the vendor refuses.
    desk.write("rows.csv", "number,flow\n1,yDCNtUUckpvrcvf4UELZnZDvMS000003\n2,yDCNtUUckpvrcvf4UELZnZDvMS000004\n");
    desk.write("cancel.yaml", &ONCE.replace("id: extend\n    uses: tencent_essbasic.extend_deadline\n    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }", "id: extend\n    uses: tencent_essbasic.extend_deadline\n    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }\n    expect: ['{{ eq row.number \"1\" }}']"));
    desk.run("run cancel.yaml --out out").exits(4);
    let first = last(&desk);
    let made = effects(&log(&desk, &first));
    assert_eq!(count(&made, "CreateReleaseFlow") + count(&made, "create_release"), 2, "{made:?}");
    // An expectation that did not hold makes nothing sendable again; a corrected one is judged anew.
    desk.run(&format!("retry {first}")).exits(4);
    desk.run(&format!("retry {} --playbook playbook.yaml --out out2", last(&desk))).exits(0);
    let later = log(&desk, &last(&desk));
    assert_eq!(effects(&later), made, "something was made again");
    let release = |file: &str| desk.read(file).lines().nth(1).unwrap().rsplit(',').next().unwrap().to_owned();
    assert_eq!(release("out/results.csv"), release("out2/results.csv"));
}

#[test]
fn a_step_ahead_of_the_rows_is_settled_by_its_id() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", ONCE);
    desk.write("rows.csv", "number,flow\n1,yDCNtUUckpvrcvf4UELZnZDvMS000003\n");
    desk.run("run playbook.yaml --faults close=40%,seed=1");
    let mut tries = 0;
    while desk.run("resolve latest --format json").json()["unknown"].as_array().is_some_and(|all| !all.is_empty()) {
        let case = desk.run("resolve latest --format json").json()["unknown"][0].clone();
        let step = case["step"].as_str().unwrap().to_owned();
        desk.run(&format!("resolve latest --step {step} --as failed"));
        desk.run("retry latest");
        desk.run("resume latest");
        tries += 1;
        assert!(tries < 20, "it never ends");
    }
    assert!(tries > 0, "nothing was unknown");
}
