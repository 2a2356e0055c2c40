//! A list of rows, a vendor whose own log says what really happened, and a run of them that died on the way.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use runsheet::internals::sandbox::{Background, ServeOptions, SimulatorSettings, credentials, serve_on_thread};

use crate::crashes::{Job, Log};
use crate::program::{CommandResult, TestFolder};

/// Where the vendor is, and its account.
fn settings(url: &str) -> String {
    let credentials = credentials();
    let secret = |name: &str| credentials[name].as_str().unwrap().to_owned();
    let account = format!(
        "base_url: {url}, credentials: {{ secret_id: {}, secret_key: {} }}, limits: {{ rate: 20000/s, in_flight: 64 }}",
        secret("secret_id"),
        secret("secret_key"),
    );
    let agent = "{ Agent: { AppId: yDwhxUUckp3gl8j5UuFX33LSNozpRsbi, ProxyOrganizationOpenId: org_dianziqian, \
                 ProxyOperator: { OpenId: n9527 } } }";
    let connections = format!(
        "connections:
      tencent_ess: {{ {account}, defaults: {{ Operator: {{ UserId: yDxOUUgydkz9yEWA0 }} }} }}
      tencent_essbasic: {{ {account}, defaults: {agent} }}
      arctos:
        base_url: {url}
        credentials: {{ token: {} }}
        operations: {{ update_status: {{ path: /api/task/update_status }} }}
        limits: {{ rate: 20000/s, in_flight: 64 }}",
        secret("token"),
    );
    format!("environments:\n  near:\n    {connections}\n  far:\n    {connections}\n")
}

/// A desk with a job laid out, and the vendor's server.
pub(super) struct Shop {
    pub(super) desk: TestFolder,
    pub(super) job: &'static Job,
    pub(super) rows: u64,
    pub(super) url: String,
    log: PathBuf,
    _kept: tempfile::TempDir,
    _server: Background,
}

impl Shop {
    pub(super) fn new(job: &'static Job, rows: u64) -> Self {
        let desk = TestFolder::new();
        let kept = tempfile::tempdir().unwrap();
        let log = kept.path().join("log.jsonl");
        let options = ServeOptions {
            settings: SimulatorSettings::unlimited(),
            log: Some(log.clone()),
            ..ServeOptions::default()
        };
        let server = serve_on_thread(options).unwrap();
        job.lay_out(&desk, rows, &settings(server.url()));
        let url = server.url().to_owned();
        Self { desk, job, rows, url, log, _kept: kept, _server: server }
    }

    /// A run whose process died at that place; gives its id.
    pub(super) fn died_at(&self, place: u64) -> String {
        let before = self.runs();
        self.dies("run playbook.yaml --env near", place);
        self.runs().difference(&before).next().expect("a run").clone()
    }

    /// Has a verb's process die at that place.
    pub(super) fn dies(&self, line: &str, place: u64) {
        let came = self.desk.run_with(line, &[("RUNSHEET_CRASH_AT", &place.to_string())]);
        assert_eq!(came.code, -1, "{}", came.err);
        self.wait_for_the_last();
    }

    /// Waits until the vendor has taken in what a process that died had handed to the network.
    fn wait_for_the_last(&self) {
        let mut seen = usize::MAX;
        while std::mem::replace(&mut seen, self.log().calls()) != seen {
            std::thread::park_timeout(Duration::from_millis(100));
        }
    }

    pub(super) fn runs(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.desk.path().join("state/runs")).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }

    pub(super) fn folder(&self, run: &str) -> PathBuf {
        self.desk.path().join("state/runs").join(run)
    }

    /// What the vendor saw.
    pub(super) fn log(&self) -> Log {
        Log::read(&fs::read_to_string(&self.log).unwrap_or_default())
    }

    /// What was asked of it, in order.
    pub(super) fn requests(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["request"].clone()).collect()
    }

    /// The keys of rows for which the vendor did something.
    pub(super) fn done(&self) -> BTreeSet<String> {
        self.log().by_row().into_keys().collect()
    }

    /// Writes a list of the rows whose keys are wanted; gives its name and how many rows it has.
    pub(super) fn list(&self, name: &str, wanted: impl Fn(&str) -> bool) -> u64 {
        let text = self.desk.read("rows.csv");
        let mut lines = text.lines();
        let head = lines.next().unwrap().to_owned();
        let chosen: Vec<&str> = lines.filter(|line| wanted(line.split(',').next().unwrap())).collect();
        self.desk.write(name, &format!("{head}\n{}\n", chosen.join("\n")));
        chosen.len() as u64
    }

    /// Runs a line that must send nothing.
    #[track_caller]
    pub(super) fn sends_nothing(&self, line: &str) -> CommandResult {
        let before = self.log().calls();
        let came = self.desk.run(line);
        assert_eq!(self.log().calls(), before, "`{line}` sent something: {}", came.err);
        came
    }

    /// Nothing was made twice.
    #[track_caller]
    pub(super) fn nothing_doubled(&self) {
        let doubled = self.log().doubled();
        assert!(doubled.is_empty(), "{doubled:?}");
    }

    /// Every row's effects were made, each once.
    #[track_caller]
    pub(super) fn everything_once(&self) {
        self.nothing_doubled();
        let made = self.log().by_row();
        for row in 0..self.rows {
            let key = (self.job.key)(row);
            let effects: Vec<&str> = made.get(&key).into_iter().flatten().map(String::as_str).collect();
            assert_eq!(effects, (self.job.effects)(row), "row {key}");
        }
    }
}

/// Copies the files of a folder; the socket that a killed run leaves is none.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let entries = fs::read_dir(from).unwrap().flatten();
    for entry in entries.filter(|entry| entry.file_type().unwrap().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Puts a copy of a folder in its place.
pub(super) fn put_back(copy_of: &Path, folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).unwrap();
    if copy_of.exists() {
        copy(copy_of, folder);
    }
}
