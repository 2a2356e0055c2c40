//! `undo`, the unhappy half first.

use super::log::{count, effects, last, log, runs};
use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk
}

/// A visit with a member of staff; a row may name an appointment that does not exist.
const VISITS: &str = "name: Visits
rows: { from: rows.csv, key: number, columns: { task: { optional: true } } }
steps:
  - id: task
    uses: arctos.create_task
    with: { business_id: 15, out_task_num: '{{ row.number }}', task_type: normal, task_notify: false, task_time: '2040-01-31T09:00:00+08:00', branch_code: '943', room_type: normal, video: true }
  - id: staff
    uses: arctos.add_moderator
    with: { task_num: '{{ coalesce row.task steps.task.outputs.task_num }}', emp_id: a }
";

#[test]
fn effects_that_nothing_undoes_are_reported_and_nothing_is_sent() {
    let desk = desk();
    desk.run("undo latest").exits(2).says(&["no run"]);
    desk.run("run extend-deadlines.yaml --limit 3").exits(0);
    let sent = log(&desk, &last(&desk)).len();
    let came = desk.run("undo latest").exits(4);
    assert!(came.out.contains("3 × tencent_essbasic.extend_deadline (step `extend`): no operation"), "{}", came.out);
    assert_eq!((runs(&desk).len(), log(&desk, &last(&desk)).len()), (1, sent));
}

#[test]
fn a_plan_of_an_undo_sends_nothing() {
    let desk = desk();
    desk.run("run onboard-appointments.yaml --limit 4").exits(0);
    let run = last(&desk);
    let sent = log(&desk, &run).len();
    let plan = desk.run("undo latest --dry-run --format json").exits(0).json();
    assert_eq!((&plan["undo_of"], &plan["rows"]), (&run.as_str().into(), &4.into()));
    assert_eq!(plan["calls"][0]["operation"], "arctos.update_status");
    assert_eq!(
        (&plan["calls"][0]["takes_back"], &plan["calls"][0]["calls"]),
        (&"arctos.create_task".into(), &4.into())
    );
    assert_eq!(plan["with"].as_array().unwrap().len(), 2);
    assert_eq!((runs(&desk).len(), log(&desk, &run).len()), (1, sent));
}

#[test]
fn what_a_run_changed_is_taken_back_once() {
    let desk = desk();
    desk.run("run onboard-appointments.yaml").exits(0);
    let first = last(&desk);
    let came = desk.run(&format!("undo {first} --out out --format json")).exits(0).json();
    assert_eq!((&came["undo_of"], &came["rows"]["succeeded"]), (&first.as_str().into(), &24.into()));
    let undo = last(&desk);
    let made = effects(&log(&desk, &undo));
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    assert_eq!((count(&made, "create_task:"), count(&made, "update_status:")), (24, 24));
    assert_eq!(desk.read("out/succeeded.csv").lines().count(), 25);
    desk.run(&format!("undo {first}")).exits(0).says(&["is left to take back"]);
    desk.run(&format!("undo {undo}")).exits(2).says(&["cannot be taken back itself"]);
    desk.run(&format!("retry {undo}")).exits(2).says(&["undo"]);
    desk.run(&format!("retry {first}")).exits(0).says(&["Nothing of the run"]);
    assert_eq!(runs(&desk).len(), 2);
}

#[test]
fn the_last_step_is_taken_back_first() {
    let desk = desk();
    let playbook = "
version: 1
name: Release twice
rows: { from: rows.csv, key: flow }
steps:
  - { id: one, uses: tencent_ess.create_release_flow, with: { NeedRelievedFlowId: '{{ row.flow }}', ReliveInfo: { Reason: first } } }
  - { id: two, uses: tencent_ess.create_release_flow, with: { NeedRelievedFlowId: '{{ row.other }}', ReliveInfo: { Reason: second } } }
";
    desk.write("playbook.yaml", playbook);
    desk.write("rows.csv", "flow,other\nyDCNtUUckpvrcvf4UELZnZDvMS000001,yDCNtUUckpvrcvf4UELZnZDvMS000002\n");
    desk.run("run playbook.yaml").exits(0);
    let releases: Vec<String> = flows(&desk, "CreateReleaseFlow");
    desk.run("undo latest").exits(0);
    let mut canceled = flows(&desk, "CancelFlow");
    canceled.reverse();
    assert_eq!((canceled.len(), canceled), (2, releases));
}

/// The contracts that calls of an operation made or ended, in order.
fn flows(desk: &TestFolder, operation: &str) -> Vec<String> {
    let log = log(desk, &last(desk));
    let of = log.iter().filter(|entry| entry["operation"] == operation && entry["effect"] == true);
    of.map(|entry| match entry["request"]["FlowId"].as_str() {
        Some(id) => id.to_owned(),
        None => {
            let puts = entry["puts"].as_array().unwrap();
            let mut ids = puts.iter().filter_map(|put| put["flow"]["id"].as_str());
            ids.next_back().unwrap().to_owned()
        }
    })
    .collect()
}

#[test]
fn an_undo_meets_trouble_and_is_tried_again() {
    let desk = desk();
    // Every third answer comes to nothing; what may be repeated is, and the rest is said to stand.
    desk.run("run release-contracts.yaml --limit 12 --faults 500=10%,throttle=10%,seed=5 --in-flight 1 --max-fail 100");
    let first = last(&desk);
    for _ in 0..10 {
        let came = desk.run(&format!("undo {first}"));
        assert!([0, 4, 5, 6].contains(&came.code), "{came:?}");
        if came.code == 0 {
            break;
        }
        desk.run(&format!("resume {}", last(&desk)));
        desk.run(&format!("resolve {}", last(&desk)));
    }
    let mut made = effects(&log(&desk, &last(&desk)));
    made.retain(|id, _| !id.is_empty());
    assert!(made.values().all(|count| *count == 1), "{made:?}");
}

#[test]
fn refused_rows_are_retried_until_they_are_done() {
    let desk = desk();
    // The playbook's own rule may stop the run early.
    let came = desk.run("run extend-deadlines.yaml --limit 20 --faults refuse=25%,seed=5 --format json");
    assert!([4, 6].contains(&came.code) && came.json()["rows"]["failed"].as_u64() > Some(2), "{came:?}");
    let done = (0..10).any(|_| desk.run("retry latest").code == 0);
    assert!(done, "every retry was refused");
    let made = effects(&log(&desk, &last(&desk)));
    assert!(made.len() == 20 && made.values().all(|count| *count == 1), "{made:?}");
}

#[test]
fn a_run_with_refusals_is_taken_back_however_often_that_is_refused() {
    // Each undo meets the trouble that the first one met, as all go on in the world of the run. Where that hits the last
    // call that is left, it does so for ever; then another seed is taken.
    let taken_back = (5..15).any(|seed| {
        let desk = desk();
        let faults = format!("refuse=20%,seed={seed}");
        let line =
            format!("run onboard-appointments.yaml --faults {faults} --in-flight 1 --max-fail 100 --format json");
        let came = desk.run(&line).exits(4).json();
        assert!(came["rows"]["failed"].as_u64() > Some(0) && came["rows"]["succeeded"].as_u64() > Some(0), "{came}");
        let first = last(&desk);
        let undo = format!("undo {first} --in-flight 1 --max-fail 100");
        let tries: Vec<i32> = (0..10).map(|_| desk.run(&undo).code).take_while(|code| *code != 0).collect();
        assert!(tries.iter().all(|code| *code == 4), "{tries:?}");
        let begun = log(&desk, &first);
        let mut made = effects(&begun);
        for undo in &runs(&desk)[1..] {
            for (effect, times) in effects(&log(&desk, undo)[begun.len()..]) {
                *made.entry(effect).or_default() += times;
            }
        }
        assert!(made.values().all(|count| *count == 1), "{made:?}");
        let is_back = (1..10).contains(&tries.len());
        assert!(!is_back || count(&made, "create_task:") == count(&made, "update_status:"), "{made:?}");
        is_back
    });
    assert!(taken_back);
}

#[test]
fn rows_that_went_on_in_a_retry_are_taken_back_with_what_the_first_run_made() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", VISITS);
    desk.write("rows.csv", "number,task\nA-1,\nA-2,111\n");
    desk.run("run playbook.yaml").exits(4);
    let first = last(&desk);
    desk.write("fixed.csv", "number,task\nA-2,\n");
    desk.run(&format!("retry {first} --rows fixed.csv")).exits(0);
    let second = last(&desk);
    let plan = desk.run(&format!("undo {first} --dry-run")).exits(0).out;
    let told = [
        "2 rows, 2 calls".to_owned(),
        format!("1 row went on in the run {second}. What {first} made for them is included here"),
        format!("what {second} made is not"),
        format!("runsheet undo {second} --dry-run"),
    ];
    told.iter().for_each(|told| assert!(plan.contains(told), "{told}: {plan}"));
    desk.run(&format!("undo {first}")).exits(0);
    let made = effects(&log(&desk, &last(&desk)));
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    assert_eq!((count(&made, "create_task:"), count(&made, "update_status:")), (2, 2), "{made:?}");
}

#[test]
fn only_what_the_run_itself_changed_is_taken_back() {
    let desk = desk();
    let run = desk.run("run onboard-appointments.yaml --limit 3 --faults close=20%,seed=2 --in-flight 1").exits(5);
    assert!(run.out.contains("unknown"));
    let came = desk.run("undo latest --dry-run").exits(0);
    assert!(came.out.contains("left out, unknown: settle them first"), "{}", came.out);
}
