//! `kill -9` at random moments over thousands of rows, inside and against a server.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use runsheet::internals::sandbox::{ServeOptions, SimulatorSettings, credentials, serve_on_thread};

use super::job::{BOOK, Job, RELEASE, UNLIMITED, near};
use super::log::Log;
use super::seeded_rng::SeededRng;
use super::truth::{count, problems};
use super::{IN_FLIGHT, run_folder, told};
use crate::program::TestFolder;

/// A job that is killed again and again.
struct Killed<'a> {
    job: &'a Job,
    rows: u64,
    kills: u64,
    settings: String,
    flags: &'a str,
    seed: u64,
}

impl Killed<'_> {
    /// Runs it to its end through all its deaths; gives the desk, the last exit code and how often it died.
    fn run(&self) -> (TestFolder, Option<i32>, u64) {
        let desk = TestFolder::new();
        self.job.lay_out(&desk, self.rows, &self.settings);
        let mut rng = SeededRng(self.seed);
        let mut deaths = 0;
        let mut fresh = true;
        for _ in 0..self.kills {
            let line = if fresh { format!("run playbook.yaml {}", self.flags) } else { "resume latest".to_owned() };
            let mut child = start(&desk, &line);
            let alive = wait(&mut child, Duration::from_millis(30 + rng.below(700)));
            child.kill().unwrap();
            child.wait().unwrap();
            deaths += u64::from(alive);
            // Killed while the rows were still being read, it has not begun and has sent nothing.
            fresh = desk.run("runs show latest").code != 0;
        }
        let line = if fresh { format!("run playbook.yaml {}", self.flags) } else { "resume latest".to_owned() };
        let code = start(&desk, &line).wait().unwrap().code();
        (desk, code, deaths)
    }
}

fn start(desk: &TestFolder, line: &str) -> Child {
    let mut command = desk.command("runsheet");
    command.args(line.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits so long; false where the process ended by itself.
fn wait(child: &mut Child, span: Duration) -> bool {
    let limit = Instant::now() + span;
    while Instant::now() < limit {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(2));
    }
    true
}

fn check(killed: &Killed<'_>, log: impl Fn(&Path) -> String) {
    let (desk, code, deaths) = killed.run();
    let folder = run_folder(&desk).unwrap();
    let told = told(&desk, code, &folder);
    let log = Log::read(&log(&folder));
    let problems = problems(killed.job, killed.rows, &told, &log, deaths * IN_FLIGHT, false);
    println!(
        "{}: {} rows, {deaths} deaths, {} calls, {} unknown",
        killed.job.name,
        killed.rows,
        log.calls(),
        count(&told.summary, "unknown")
    );
    assert!(problems.is_empty(), "seed {}: {problems:#?}", killed.seed);
    assert!(deaths > killed.kills / 2, "it was through after {deaths} deaths: too few rows");
}

#[test]
fn thousands_of_rows_survive_kill_9_at_random_moments() {
    let seeds = [(&RELEASE, 2_000, 11), (&BOOK, 600, 12)];
    std::thread::scope(|scope| {
        for (job, rows, seed) in seeds {
            scope.spawn(move || {
                let settings = UNLIMITED.to_owned();
                let killed = Killed { job, rows, kills: 8, settings, flags: "", seed };
                check(&killed, |folder| fs::read_to_string(folder.join("sandbox.jsonl")).unwrap());
            });
        }
    });
}

#[test]
fn a_server_on_loopback_sees_no_call_twice_either() {
    let kept = tempfile::tempdir().unwrap();
    let log = kept.path().join("log.jsonl");
    let options =
        ServeOptions { settings: SimulatorSettings::unlimited(), log: Some(log.clone()), ..ServeOptions::default() };
    let server = serve_on_thread(options).unwrap();
    let settings = near(server.url(), &credentials(), "20000/s");
    let killed = Killed { job: &RELEASE, rows: 2_000, kills: 6, settings, flags: "--env near", seed: 13 };
    check(&killed, |_| fs::read_to_string(&log).unwrap());
}
