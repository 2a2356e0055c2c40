//! A run under way: the page follows it, steers it, survives its end, and shows the newest state to slow readers.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::served::{Answer, Served};
use crate::playbooks::copy_playbooks;
use crate::program::{TestFolder, ended};

/// The longest wait for anything.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A stream of states, as it comes.
pub(super) struct States {
    stream: BufReader<TcpStream>,
    last: Option<Value>,
}

impl States {
    pub(super) fn follow(served: &Served, run: &str, session: &str) -> Self {
        let mut stream = served.connect();
        let host = served.host();
        let head =
            format!("GET /api/runs/{run}/events HTTP/1.1\r\nHost: {host}\r\nRunsheet-Session: {session}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        Self { stream: BufReader::new(stream), last: None }
    }

    /// The first state that fits, from the last one that was read on: after it there may be none any more.
    pub(super) fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let limit = Instant::now() + PATIENCE;
        while Instant::now() < limit {
            if let Some(state) = self.last.as_ref().filter(|state| fits(state)) {
                return state.clone();
            }
            self.next(what);
        }
        panic!("it was never {what}: {:?}", self.last);
    }

    /// Reads one line. The lengths of chunks and empty objects stand between the states.
    fn next(&mut self, what: &str) {
        let mut line = String::new();
        let length = self.stream.read_line(&mut line).unwrap();
        assert_ne!(length, 0, "the stream ended before it was {what}: {:?}", self.last);
        let state = line.strip_prefix('{').and_then(|_| serde_json::from_str::<Value>(&line).ok());
        self.last = state.filter(|state| state["alive"].is_null()).or(self.last.take());
    }
}

/// A run of 40 calls at five a second, and its id.
pub(super) fn start_run(desk: &TestFolder) -> (Child, String) {
    start_run_with(desk, &["--rate", "5/s"])
}

/// The same with options of its own.
pub(super) fn start_run_with(desk: &TestFolder, options: &[&str]) -> (Child, String) {
    copy_playbooks(desk);
    let mut command = desk.command("runsheet");
    command.args(["run", "extend-deadlines.yaml", "--format", "json"]).args(options);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let limit = Instant::now() + PATIENCE;
    loop {
        let listed = desk.run("runs list --format json");
        if listed.code == 0 && listed.json()[0]["state"] == "running" {
            return (child, listed.json()[0]["run_id"].as_str().unwrap().to_owned());
        }
        assert!(Instant::now() < limit && child.try_wait().unwrap().is_none(), "the run did not begin");
        std::thread::yield_now();
    }
}

pub(super) fn steer(served: &Served, run: &str, session: &str, body: &str) -> Answer {
    served.post(&format!("/api/runs/{run}/steer"), &format!("Runsheet-Session: {session}\r\n"), body)
}

#[test]
fn a_run_is_followed_paused_slowed_and_drained_and_the_page_outlives_it() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let (child, run) = start_run(&desk);
    let mut states = States::follow(&served, &run, &session);
    let driven = states.until("driven", |state| state["driven"] == true && state["progress"]["operations"].is_object());
    assert_eq!(driven["overview"], 0, "nobody asked for one: {driven}");
    let waits = &driven["progress"]["waits"];
    let is_told = driven["progress"].as_object().is_some_and(|progress| progress.contains_key("waits"));
    assert!(is_told && (waits.is_null() || waits["what"].is_string()), "{driven}");
    let more = |state: &Value| state["entry"].as_u64() > driven["entry"].as_u64();
    states.until("further", more);

    let paused = steer(&served, &run, &session, r#"{"what":"pause"}"#);
    assert_eq!((paused.status, paused.json()), (200, json!({"what": "pause", "already": false, "under_way": true})));
    let state = states.until("paused", |state| state["progress"]["paused"].is_object());
    assert_eq!(state["progress"]["paused"]["from"], "page", "{state}");
    assert_eq!(steer(&served, &run, &session, r#"{"what":"pause"}"#).json()["already"], true);
    for (what, status) in [
        (r#"{"what":{"rate":"2/s"}}"#, 200),
        (r#"{"what":{"in_flight":100000}}"#, 409),
        (r#"{"what":{"in_flight":2}}"#, 200),
        (r#"{"what":{"in_flight":0}}"#, 400),
        (r#"{"what":{"rate":"fast"}}"#, 400),
        (r#"{"what":"explode"}"#, 400),
        (r#"{"what":"pause","run":"other"}"#, 400),
    ] {
        let came = steer(&served, &run, &session, what);
        assert_eq!(came.status, status, "{what}: {came:?}");
    }
    assert_eq!(steer(&served, &run, &session, r#"{"what":"resume"}"#).status, 200);
    states.until("on its way again", |state| state["progress"]["paused"].is_null() && state["driven"] == true);
    assert_eq!(steer(&served, &run, &session, r#"{"what":"drain"}"#).status, 200);

    let end = states.until("at its end", |state| state["driven"] == false);
    ended(child).exits(6);
    assert_eq!((&end["state"], &end["progress"]), (&json!("stopped"), &Value::Null), "{end}");
    let summary = desk.run("runs show latest --format json").exits(0).json();
    let steered = summary["summary"]["steered"].as_array().unwrap();
    assert!(steered.iter().all(|entry| entry["from"] == "page"), "{summary}");
    let told: Vec<&str> = steered.iter().map(|entry| entry["what"].as_str().unwrap()).collect();
    assert_eq!(told, ["pause", "rate", "in_flight", "resume", "drain"], "{summary}");

    let late = steer(&served, &run, &session, r#"{"what":"pause"}"#);
    assert_eq!(late.status, 409);
    assert!(late.text().contains("not under way"), "{late:?}");
    // The stream goes on: the same run is followed again when it is resumed.
    desk.run("resume latest --rate 1000/s --in-flight 20 -q").exits(0);
    let done = states.until("finished", |state| state["state"] == "succeeded");
    assert_eq!((&done["rows"]["succeeded"], &done["rows"]["total"]), (&json!(40), &json!(40)), "{done}");
}

#[test]
fn steering_needs_the_session_and_a_whole_id() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 2 -q").exits(0);
    let (served, session, run) = Served::with_newest_run(&desk);
    let path = format!("/api/runs/{run}/steer");
    assert_eq!(served.post(&path, "", r#"{"what":"cancel"}"#).status, 401);
    assert_eq!(served.get(&path, &session).status, 405);
    for id in [&run[..10], "latest", "20200101-000000-000000"] {
        let came = steer(&served, id, &session, r#"{"what":"cancel"}"#);
        assert_eq!(came.status, 404, "{id}: {came:?}");
        for what in ["report/csv", "files/results.csv"] {
            assert_eq!(served.get(&format!("/api/runs/{id}/{what}"), &session).status, 404, "{id} {what}");
        }
    }
    let came = steer(&served, &run, &session, r#"{"what":"cancel"}"#);
    assert_eq!(came.status, 409, "a finished run is not cancelled: {came:?}");
}

#[test]
fn who_reads_slowly_gets_the_newest_state_and_who_leaves_costs_nothing() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let (child, run) = start_run(&desk);
    let before = served.memory();
    // Readers that never read, and some that leave at once.
    let idle: Vec<States> = (0..30).map(|_| States::follow(&served, &run, &session)).collect();
    (0..30).for_each(|_| drop(States::follow(&served, &run, &session)));
    ended(child).exits(0);
    let mut late = States::follow(&served, &run, &session);
    let state = late.until("told", |state| state["state"] == "succeeded");
    assert_eq!(state["rows"]["succeeded"], 40, "{state}");
    let more = served.memory().saturating_sub(before);
    assert!(more < 48 * 1024, "{more} KiB more for {} readers", idle.len());
}

#[test]
fn a_run_that_vanishes_or_is_damaged_is_told_and_the_stream_goes_on() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 2 -q").exits(0);
    let (served, session, run) = Served::with_newest_run(&desk);
    let mut states = States::follow(&served, &run, &session);
    states.until("told", |state| state["state"] == "succeeded");
    let folder = desk.path().join(format!("state/runs/{run}"));
    let aside = desk.path().join("aside");
    std::fs::rename(&folder, &aside).unwrap();
    let gone = states.until("gone", |state| state["error"].is_string());
    assert_eq!(gone["state"], Value::Null);
    std::fs::rename(&aside, &folder).unwrap();
    states.until("back", |state| state["state"] == "succeeded");
}
