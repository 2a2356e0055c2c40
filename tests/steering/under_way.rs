//! Each command on a run under way.

use std::fs;
use std::process::Child;

use serde_json::Value;

use super::limits::{Steered, steered};
use crate::program::ended;

#[test]
fn a_paused_run_sends_nothing_until_it_is_told_to_go_on() {
    let run = steered("--rate 10/s");
    let said = run.desk.run("ctl latest pause").exits(0);
    assert!(said.out.contains("is paused: nothing new is sent"), "{}", said.out);
    // What was under way has ended.
    run.until_idle();
    let calls = run.calls();
    assert!(run.desk.run("ctl latest pause").exits(0).out.contains("was paused already"));
    let shown = run.desk.run("runs show latest").exits(0).out;
    assert!(shown.contains("paused by") && shown.contains("(`ctl`)") && shown.contains("It is paused."), "{shown}");
    run.desk.run("ctl latest rate 50/s").exits(0);
    assert_eq!(run.calls(), calls, "something was sent during the pause");
    assert!(run.desk.run("ctl latest resume").exits(0).out.contains("goes on"));
    let came = ended(run.child).exits(0).says(&["Paused by", "The pause was ended by", "Rate set by"]);
    let summary: Value = serde_json::from_str(&came.out).unwrap();
    assert_eq!(summary["rows"]["succeeded"], 40);
    let steered: Vec<&str> =
        summary["steered"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(steered, ["pause", "rate", "resume"]);
}

#[test]
fn a_drained_run_exits_with_6_and_goes_on_later() {
    let run = steered("--rate 10/s");
    let told = run.desk.run("ctl latest drain --format json").exits(0).json();
    assert_eq!(
        (&told["command"], &told["already"], &told["under_way"]),
        (&"drain".into(), &false.into(), &true.into())
    );
    let desk = run.desk;
    let came = ended(run.child).exits(6).says(&["Drained by", "Stopped: drained by", "runsheet resume"]);
    let summary: Value = serde_json::from_str(&came.out).unwrap();
    assert_eq!((&summary["outcome"], &summary["stopped"]["kind"]), (&"stopped".into(), &"drained".into()));
    assert_eq!(summary["rows"]["unknown"], 0);
    assert!(!control(&desk).exists(), "the socket is removed");
    let resumed = desk.run("resume latest --rate 100/s --format json").exits(0);
    assert_eq!(resumed.json()["rows"]["succeeded"], 40);
    resumed.says(&["drained by"]);
}

#[test]
fn a_cancelled_run_is_closed_and_only_a_retry_does_what_is_missing() {
    let run = steered("--rate 10/s");
    run.desk.run("cancel latest").exits(0);
    let desk = run.desk;
    let came =
        ended(run.child).exits(6).says(&["Cancelled by", "Stopped: cancelled by"]).never_says(&["runsheet resume"]);
    let summary: Value = serde_json::from_str(&came.out).unwrap();
    assert!(summary["rows"]["not_started"].as_u64().unwrap() > 0);
    let id = summary["run_id"].as_str().unwrap();
    desk.run("resume latest").exits(8).says(&["was cancelled by", &format!("runsheet retry {id}")]);
    for word in ["pause", "resume", "drain", "cancel", "rate 5/s", "in-flight 2"] {
        desk.run(&format!("ctl latest {word}")).exits(8).says(&["was cancelled by", "runsheet retry"]);
    }
    let shown = desk.run("runs show latest").exits(0).out;
    assert!(shown.contains("was cancelled") && !shown.contains("runsheet resume"), "{shown}");
    let retried = desk.run("retry latest --rate 100/s --format json").exits(0).json();
    assert_eq!(retried["rows"]["succeeded"], summary["rows"]["not_started"]);
}

#[test]
fn two_that_steer_at_once_are_both_answered() {
    let run = steered("--rate 10/s");
    let start = |line: &str| -> Child {
        let mut command = run.desk.command("runsheet");
        command.args(line.split(' ')).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let lines = ["ctl latest in-flight 1", "ctl latest in-flight 2", "ctl latest rate 40/s", "ctl latest rate 30/s"];
    let asked: Vec<Child> = lines.iter().map(|line| start(line)).collect();
    for (child, line) in asked.into_iter().zip(lines) {
        let said = ended(child).exits(0).out;
        assert!(said.contains("at most"), "{line}: {said}");
    }
    run.desk.run("ctl latest drain").exits(0);
    let summary: Value = serde_json::from_str(&ended(run.child).exits(6).out).unwrap();
    let steered = summary["steered"].as_array().unwrap();
    assert_eq!(steered.len(), 5, "{steered:?}");
}

#[test]
fn a_run_that_waits_obeys_at_once() {
    // Every answer is throttled with a wait of minutes, or the window is closed: the run waits.
    let run = Steered::start("--faults lose=100% --in-flight 1", WAITS);
    run.desk.run("ctl latest pause").exits(0);
    run.desk.run("ctl latest drain").exits(0);
    ended(run.child).exits(6).says(&["Stopped: drained by"]);
}

/// Every answer is lost, and the call is sent again after half a minute.
const WAITS: &str = "name: Extend
rows: { from: rows.csv, key: flow }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
    retry: { attempts: 8, delay: 30s, max_delay: 30s }
";

#[test]
fn the_socket_lies_below_a_very_long_state_folder_too() {
    let run = Steered::start_in(&format!("{}/{}", "d".repeat(100), "e".repeat(100)), "--rate 10/s", "");
    run.desk.run_with("ctl latest drain", &run.state()).exits(0);
    ended(run.child).exits(6);
}

#[test]
fn limits_may_be_lowered_and_raised_again_and_never_exceed_those_of_the_playbook() {
    let run = Steered::start("--in-flight 1", LIMITED);
    run.desk.run("ctl latest rate 11/s").exits(8).says(&["may send at most 10/s"]);
    run.desk.run("ctl latest in-flight 5").exits(8).says(&["at most 4 calls"]);
    for word in ["rate 2/s", "rate 10/s", "in-flight 4", "in-flight 2"] {
        run.desk.run(&format!("ctl latest {word}")).exits(0);
    }
    run.desk.run("ctl latest drain").exits(0);
    let desk = run.desk;
    ended(run.child).exits(6);
    // The next process keeps them, unless they are given anew.
    desk.run("ctl latest rate 1/s").exits(8).says(&["--rate 1/s"]);
    desk.run("resume latest").exits(0).says(&["rate set to 10/s by", "calls under way at once set to 2 by"]);
}

const LIMITED: &str = "name: Extend
rows: { from: rows.csv, key: flow }
limits: { in_flight: 4, rate: 10/s }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
";

#[test]
fn steering_is_an_event_once_it_is_on_disk() {
    let run = steered("--rate 10/s --events events.jsonl");
    run.desk.run("ctl latest rate 5/s").exits(0);
    run.desk.run("ctl latest drain").exits(0);
    let desk = run.desk;
    ended(run.child).exits(6);
    let events: Vec<Value> = desk
        .read("events.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["event"] == "steered")
        .collect();
    assert_eq!(events.len(), 2, "{events:?}");
    assert_eq!(
        (&events[0]["what"], &events[0]["rate"], &events[0]["from"]),
        (&"rate".into(), &"5/s".into(), &"ctl".into())
    );
}

/// The socket of the only run.
fn control(desk: &crate::program::TestFolder) -> std::path::PathBuf {
    let runs = fs::read_dir(desk.path().join("state/runs")).unwrap();
    runs.flatten().next().unwrap().path().join("control")
}
