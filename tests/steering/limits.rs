//! A run under way to be steered, and how soon what is set binds, by the sandbox's own log.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::TestFolder;

const WITHIN: Duration = Duration::from_secs(30);

const PLAIN: &str = "name: Extend
rows: { from: rows.csv, key: flow }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
";

/// A run of 40 rows under way.
pub(super) struct Steered {
    pub(super) desk: TestFolder,
    pub(super) child: Child,
    state: PathBuf,
}

/// A run under way with these options, of which some calls were answered.
pub(super) fn steered(options: &str) -> Steered {
    Steered::start(options, PLAIN)
}

impl Steered {
    pub(super) fn start(options: &str, playbook: &str) -> Self {
        Self::start_in("state", options, playbook)
    }

    /// The same with the state in a folder of this name.
    pub(super) fn start_in(state: &str, options: &str, playbook: &str) -> Self {
        let desk = TestFolder::new();
        let rows: String = (0..40).map(|row| format!("yDCNtUUckpvrcvf4UELZnZDvMS{row:06}\n")).collect();
        desk.write("playbook.yaml", if playbook.is_empty() { PLAIN } else { playbook });
        desk.write("rows.csv", &format!("flow\n{rows}"));
        let state = desk.path().join(state);
        let mut command = desk.ignoring("");
        command.env("RUNSHEET_STATE_DIR", &state);
        command.args(["run", "playbook.yaml", "--format", "json"]).args(options.split_whitespace());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let mut run = Self { desk, child, state };
        run.until_calls(1);
        run
    }

    /// The environment that names the state folder.
    pub(super) fn state(&self) -> [(&str, &str); 1] {
        [("RUNSHEET_STATE_DIR", self.state.to_str().unwrap())]
    }

    /// When each call was answered, in microseconds, by the sandbox's log.
    pub(super) fn times(&self) -> Vec<Value> {
        let folder = fs::read_dir(self.state.join("runs")).ok().and_then(|runs| runs.flatten().next());
        let text = folder.and_then(|folder| fs::read_to_string(folder.path().join("sandbox.jsonl")).ok());
        text.unwrap_or_default().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    pub(super) fn calls(&self) -> usize {
        self.times().len()
    }

    pub(super) fn until_calls(&mut self, calls: usize) {
        let limit = Instant::now() + WITHIN;
        while self.calls() < calls {
            assert!(Instant::now() < limit, "no {calls} calls in time");
            assert!(self.child.try_wait().unwrap().is_none(), "the run ended before {calls} calls");
            std::thread::yield_now();
        }
    }

    /// Waits until no row is half done: every call that was sent is recorded.
    pub(super) fn until_idle(&self) {
        let limit = Instant::now() + WITHIN;
        loop {
            let shown = self.desk.run_with("runs show latest --format json", &self.state()).exits(0).json();
            if shown["rows"]["succeeded"].as_u64() == Some(self.calls() as u64) {
                return;
            }
            assert!(Instant::now() < limit, "calls stay under way: {shown}");
        }
    }
}

#[test]
fn a_lower_rate_binds_within_a_second() {
    let mut run = steered("--rate 20/s");
    run.until_calls(5);
    run.desk.run("ctl latest rate 1/s").exits(0);
    let before = run.calls();
    run.until_calls(before + 4);
    let times: Vec<jiff::Timestamp> =
        run.times().iter().map(|entry| entry["time"].as_str().unwrap().parse().unwrap()).collect();
    // The first may have been under way. From then on, one a second.
    for pair in times[before + 1..before + 4].windows(2) {
        let apart = pair[1].duration_since(pair[0]).as_secs_f64();
        assert!(apart > 0.9, "{apart} s: {times:?}");
    }
    run.desk.run("ctl latest drain").exits(0);
    crate::program::ended(run.child).exits(6);
}
