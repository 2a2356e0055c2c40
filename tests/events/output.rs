//! The file and the pipe that events are written to, and what happens if they cannot be written.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use serde_json::json;

use super::kinds::{all_kinds, copy};
use super::{events_in, kinds, of_desk, of_kind, small, validator};
use crate::program::{TestFolder, root};

#[test]
fn a_file_that_cannot_be_opened_stops_the_run_before_anything_is_sent() {
    let desk = small();
    for verb in ["run playbook.yaml", "resume latest", "retry latest", "undo latest", "resolve latest"] {
        desk.run(&format!("{verb} --events none/events.jsonl"))
            .exits(2)
            .says(&["`--events none/events.jsonl`", "nothing was sent"]);
    }
    assert!(!desk.path().join("state/runs").exists(), "nothing was begun");
}

#[test]
fn verbs_that_drive_nothing_leave_the_file_alone() {
    let desk = small();
    for verb in [
        "check playbook.yaml",
        "plan playbook.yaml",
        "run playbook.yaml --dry-run",
        "runs list",
        "schema",
        "explain unknown",
    ] {
        desk.run_with(verb, &[("RUNSHEET_EVENTS", "none/events.jsonl")]).exits(0);
    }
}

#[test]
fn a_resumed_run_goes_on_in_the_same_file() {
    let desk = TestFolder::new();
    copy(&root().join("tests/cases/stopped_by_failures"), desk.path());
    let variables = [("RUNSHEET_EVENTS", "events.jsonl")];
    desk.run_with("run playbook.yaml --max-fail 2 --in-flight 1", &variables).exits(6);
    desk.run_with("resume latest", &variables);
    let events = of_desk(&desk, "events.jsonl");
    let begun = of_kind(&events, "run_started");
    let verbs: Vec<&str> = begun.iter().map(|event| event["verb"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["run", "resume"]);
    assert_eq!(begun[1]["run_id"], begun[0]["run_id"]);
    assert!(begun[1]["ended"].as_u64() >= Some(2), "{:?}", begun[1]);
    let stopping = of_kind(&events, "stopping");
    assert_eq!(stopping[0]["reason"]["kind"], "threshold");
    let rows: Vec<u64> = of_kind(&events, "row_ended").iter().map(|event| event["row"].as_u64().unwrap()).collect();
    assert_eq!(rows.len(), BTreeSet::from_iter(&rows).len(), "no row ends twice: {rows:?}");
    let torn = format!("{}{{\"v\":1,\"seq\":9,\"at", desk.read("events.jsonl"));
    desk.write("events.jsonl", &torn);
    desk.run_with("run playbook.yaml", &variables);
    assert!(of_desk(&desk, "events.jsonl").len() > events.len());
}

#[test]
fn standard_output_holds_events_alone_and_the_rest_goes_to_standard_error() {
    let desk = small();
    for format in ["", " --format json"] {
        let came = desk.run(&format!("run playbook.yaml --events -{format}")).exits(0);
        let events = events_in(&came.out);
        let last = events.last().unwrap();
        assert_eq!((&last["event"], &last["summary"]["outcome"]), (&"run_ended".into(), &"succeeded".into()));
        assert!(came.err.contains(if format.is_empty() { "3 rows: 3 succeeded" } else { "\"outcome\":\"succeeded\"" }));
    }
    let came = desk.run("run nothing.yaml --events - --format json").exits(2);
    let events = events_in(&came.out);
    assert_eq!((&events[0]["event"], &events[0]["outcome"]), (&"run_failed".into(), &"usage".into()));
    assert_eq!(events.len(), 1);
}

#[test]
fn a_reader_that_leaves_is_reported_once_and_stops_nothing() {
    let desk = small();
    let came = desk.bash("runsheet run playbook.yaml --events - 2> err | head -n 2 > out; echo ${PIPESTATUS[0]}");
    assert_eq!(came.out.trim(), "0", "{}", desk.read("err"));
    assert_eq!(desk.read("out").lines().count(), 2);
    assert!(desk.read("err").contains("3 rows: 3 succeeded"), "{}", desk.read("err"));
}

#[test]
fn a_full_disk_is_reported_once_and_the_run_goes_on() {
    let desk = small();
    let came = desk.run("run playbook.yaml --events /dev/full").exits(0);
    assert_eq!(came.err.matches("events cannot be written to /dev/full").count(), 1, "{}", came.err);
    assert!(came.err.contains("events are missing in /dev/full; the run's journal has them all"), "{}", came.err);
}

#[test]
fn an_interrupted_run_reports_why_and_how_it_ended() {
    let desk = TestFolder::new();
    desk.write(
        "playbook.yaml",
        "name: Extend\nrows: { from: rows.csv, key: flow_id }\nlimits: { rate: 1/s }\nsteps:\n  - id: extend\n    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow_id }}', Deadline: '2035-06-30T23:59:59+08:00' }\n",
    );
    let rows: String = (100..200).map(|number| format!("yDCNtUUckpvrcvf4UELZnZDvMStFg{number}\n")).collect();
    desk.write("rows.csv", &format!("flow_id\n{rows}"));
    let mut command = desk.ignoring("");
    command.args(["run", "playbook.yaml", "--events", "-", "-q"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("\"row_ended\"") {
        assert!(out.read_line(&mut text).unwrap() > 0, "it ended early: {text}");
    }
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    out.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let events = events_in(&text);
    let stopping = of_kind(&events, "stopping");
    assert_eq!(stopping.len(), 1);
    assert_eq!(stopping[0]["reason"]["kind"], "interrupted");
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["summary"]["outcome"]), (&"run_ended".into(), &"interrupted".into()));
    let begun = of_kind(&events, "run_started")[0]["rows"].as_u64();
    assert_eq!(begun, Some(100));
    assert!(kinds(&events).contains("counters"));
}

#[test]
fn the_summary_that_is_kept_fits_its_schema() {
    let (summary, desk) = (validator("summary"), small());
    let told = desk.run("run playbook.yaml --format json").exits(0).json();
    let run = told["run_id"].as_str().unwrap();
    let kept = desk.read(&format!("state/runs/{run}/summary.json"));
    assert!(summary.is_valid(&serde_json::from_str(&kept).unwrap()) && summary.is_valid(&told));
    for (key, value) in
        [("outcome", json!("fine")), ("rows", json!({})), ("duration_ms", json!("1")), ("files", json!(1))]
    {
        let mut wrong = told.clone();
        wrong[key] = value;
        assert!(!summary.is_valid(&wrong), "{wrong}");
    }
}

/// The section `## Events` of the page on events.
fn section_on_events() -> String {
    let page = std::fs::read_to_string(root().join("docs/reference/events-and-summary.md")).unwrap();
    page.split("\n## Events\n").nth(1).unwrap().split("\n## ").next().unwrap().to_owned()
}

#[test]
fn the_commands_of_the_page_do_what_they_say() {
    let section = section_on_events();
    let script = section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let desk = TestFolder::new();
    copy(&root().join("playbooks"), &desk.path().join("onboard-appointments"));
    let came = desk.bash(&format!("set -euo pipefail\n{script}")).exits(0);
    let failed: Vec<&str> = came.out.lines().filter(|line| line.starts_with('[')).collect();
    let outcomes = of_desk(&desk, "events.jsonl");
    let wanted = of_kind(&outcomes, "row_ended").iter().filter(|event| event["outcome"] != "succeeded").count();
    assert!(wanted > 0 && failed.len() == wanted, "{}", came.out);
    assert!(came.out.contains("\"slowest_ms\""), "{}\n{}", came.out, came.err);
    let counted = came.out.lines().last().unwrap();
    assert!(counted.contains("Z ") && counted.contains('/'), "{}", came.out);
    assert!(!came.err.contains("jq: error"), "{}", came.err);
}

#[test]
fn the_page_names_every_kind() {
    let section = section_on_events();
    for kind in all_kinds() {
        assert!(section.contains(&format!("`{kind}`")), "the page on events lacks `{kind}`");
    }
}
