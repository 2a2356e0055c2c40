//! The cases of `tests/cases` and a few runs more, told as events: all of it fits the schemas, and no kind is missing.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use runsheet::internals::io::{EventLog, Patience};
use runsheet::internals::model::Time;
use runsheet::internals::report::EventKind;
use serde_json::Value;

use super::{kinds, of_desk, of_kind, schema, small, validator};
use crate::playbooks::copy_playbooks;
use crate::program::{TestFolder, root};
use crate::secrets::parrot;

/// Every kind that the schema has.
pub(super) fn all_kinds() -> BTreeSet<String> {
    let schema = schema("events");
    let kinds = schema["oneOf"].as_array().unwrap().iter().map(|kind| &kind["properties"]["event"]["const"]);
    kinds.map(|kind| kind.as_str().unwrap().to_owned()).collect()
}

/// Copies a case but for what is expected of it.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = (entry.as_ref().unwrap().path(), entry.unwrap().file_name());
        match path.is_dir() {
            true if name == "expected" => {}
            true => copy(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
}

/// The events of a case; what else it says as JSON on standard output fits the schema of summaries where it is one.
fn of_case(name: &str) -> Vec<Value> {
    let desk = TestFolder::new();
    copy(&root().join("tests/cases").join(name), desk.path());
    let came = desk.bash(&format!("export RUNSHEET_EVENTS=$PWD/events.jsonl\n{}", desk.read("cmd")));
    let summaries = validator("summary");
    for told in came.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if told.get("rows").is_some_and(|rows| rows["total"].is_u64()) && told.get("run_id").is_some() {
            let wrong: Vec<String> = summaries.iter_errors(&told).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{name}: {wrong:?}: {told}");
        }
    }
    if desk.path().join("events.jsonl").exists() { of_desk(&desk, "events.jsonl") } else { Vec::new() }
}

/// Appointments with lost answers, throttled calls and rollbacks; what is unknown is settled by a person.
fn of_appointments() -> Vec<Value> {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let events = "--events events.jsonl";
    desk.run(&format!(
        "run onboard-appointments.yaml --faults lose=6%,close=4%,throttle=5%,seed=3 --waves 2,50% {events}"
    ));
    let unknown = desk.run("resolve latest --format json").json()["unknown"].clone();
    let case = &unknown.as_array().unwrap()[0];
    let (key, step) = (case["key"].as_str().unwrap(), case["step"].as_str().unwrap());
    desk.run(&format!("resolve latest --key {key} --step {step} --as failed --note asked {events}"));
    desk.run(&format!("resume latest {events}"));
    of_desk(&desk, "events.jsonl")
}

/// A run that a person slows down while it is under way.
fn of_steered() -> Vec<Value> {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.bash(
        "runsheet run extend-deadlines.yaml --rate 10/s --events events.jsonl > out 2>&1 &
        until test -S state/runs/*/control || ! kill -0 $!; do sleep 0.05; done
        runsheet ctl latest rate 5/s && runsheet ctl latest rate 10/s
        wait $!",
    )
    .exits(0);
    of_desk(&desk, "events.jsonl")
}

/// A login that is refused.
fn of_login() -> Vec<Value> {
    let desk = small();
    let url = parrot(|_| (200, "{\"errorCode\": 20005, \"errorMessage\": \"no\"}".to_owned()));
    desk.write(
        "playbook.yaml",
        "name: Read\nsteps: [{ id: read, uses: fxiaoke.get_task, with: { objectDataId: 6183e12f7a1b2c3d4e5f6a7b } }]\n",
    );
    desk.write(
        "runsheet.yaml",
        &format!("environments: {{ near: {{ connections: {{ fxiaoke: {{ base_url: \"{url}\", settings: {{ user_id: \"1000\" }}, credentials: {{ app_id: a, app_secret: b, permanent_code: c }} }} }} }} }}\n"),
    );
    desk.run("run playbook.yaml --env near --events events.jsonl");
    of_desk(&desk, "events.jsonl")
}

/// What is not worth stopping for, and what is.
fn of_files() -> Vec<Value> {
    let desk = small();
    desk.write(
        "playbook.yaml",
        "name: Extend\nrows: { from: rows.csv, key: flow_id }\nsteps:\n  - id: extend\n    uses: tencent_essbasic.extend_deadline
    when: '{{ row.wanted }}'
    with: { FlowId: '{{ row.flow_id }}', Deadline: '2035-06-30T23:59:59+08:00' }\n",
    );
    desk.write("rows.csv", "flow_id,wanted\nyDCNtUUckpvrcvf4UELZnZDvMStFgT7K,no\n");
    desk.run("run playbook.yaml --events events.jsonl").exits(0).says(&["asks only whether"]);
    desk.write("rows.csv", "flow_id\nyDCNtUUckpvrcvf4UELZnZDvMStFgT7K\n");
    desk.run("run playbook.yaml --events events.jsonl").exits(3);
    of_desk(&desk, "events.jsonl")
}

/// A target that takes nothing before it is told to.
struct Gated(Receiver<()>, Arc<Mutex<Vec<u8>>>);

impl Write for Gated {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Once the other end is gone everything is taken.
        let _ = self.0.recv();
        self.1.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// More than the queue holds.
fn of_too_many() -> Vec<Value> {
    let (open, gate) = channel();
    let held = Arc::new(Mutex::new(Vec::new()));
    let log = EventLog::start(Box::new(Gated(gate, Arc::clone(&held))), Patience::default(), |_| {});
    (0..20_000).for_each(|_| log.tell(None, Time::from_secs(1), EventKind::Warning { message: "w".to_owned() }));
    drop(open);
    assert_eq!(log.close(), 0);
    let text = String::from_utf8(held.lock().unwrap().clone()).unwrap();
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let left_out = of_kind(&events, "left_out");
    assert_eq!(left_out.len(), 1);
    let missing = left_out[0]["events"].as_u64().unwrap();
    assert_eq!(missing + events.len() as u64, 20_001);
    assert!(validator("events").is_valid(left_out[0]));
    left_out.into_iter().cloned().collect()
}

#[test]
fn every_kind_occurs_in_some_run_and_fits_the_schema() {
    let mut told = Vec::new();
    for case in ["missed_gate", "rolled_back", "lost_answers", "stopped_by_failures", "used_up_budget", "refused_rows"]
    {
        let events = of_case(case);
        assert!(!events.is_empty(), "{case}");
        told.extend(events);
    }
    for events in [of_appointments(), of_login(), of_steered(), of_files(), of_too_many()] {
        told.extend(events);
    }
    assert_eq!(all_kinds(), kinds(&told), "the schema (left) and what was told (right)");
    let ends = of_kind(&told, "run_ended");
    let outcomes: BTreeSet<&str> = ends.iter().filter_map(|event| event["summary"]["outcome"].as_str()).collect();
    for outcome in ["succeeded", "failed", "unknown", "stopped", "refused"] {
        assert!(outcomes.contains(outcome), "{outcome}: {outcomes:?}");
    }
}

#[test]
fn every_send_has_its_end_and_every_row_its_outcome() {
    let events = of_case("lost_answers");
    let ended = of_kind(&events, "row_ended");
    let summary = &of_kind(&events, "run_ended")[0]["summary"];
    assert_eq!(summary["rows"]["total"].as_u64().unwrap() as usize, ended.len());
    for outcome in ["succeeded", "failed", "unknown", "partial"] {
        let told = ended.iter().filter(|event| event["outcome"] == outcome).count() as u64;
        assert_eq!(summary["rows"][outcome], told, "{outcome}");
    }
    let place =
        |event: &&Value| format!("{} {} {} {}", event["row"], event["step"], event["element"], event["rollback"]);
    let (sent, ends) = (of_kind(&events, "sent"), of_kind(&events, "attempt_ended"));
    for event in &sent {
        let after = ends.iter().filter(|end| end["seq"].as_u64() > event["seq"].as_u64());
        assert!(after.map(place).any(|at| at == place(event)), "{event}");
    }
    let of_wire = ends.iter().filter(|end| end["duration_ms"].is_u64()).count();
    assert_eq!(sent.len(), of_wire, "every send has its time");
}
