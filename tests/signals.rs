//! A process that is killed, interrupted or run twice: what the sandbox's own log says about every effect.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::playbooks::{Server, copy_playbooks, near};
use crate::program::TestFolder;

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk
}

/// The folder of the only run.
fn run_folder(desk: &TestFolder) -> Option<PathBuf> {
    fs::read_dir(desk.path().join("state/runs")).ok()?.flatten().map(|entry| entry.path()).next()
}

fn log(desk: &TestFolder) -> Vec<Value> {
    let text = run_folder(desk).and_then(|folder| fs::read_to_string(folder.join("sandbox.jsonl")).ok());
    // The last line may be half written where the process was killed.
    text.unwrap_or_default().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Every effect that was made, and how often.
fn effects(desk: &TestFolder) -> BTreeMap<String, usize> {
    let mut made = BTreeMap::new();
    for entry in log(desk) {
        if let Some(effect) = entry["effect_id"].as_str() {
            *made.entry(effect.to_owned()).or_default() += 1;
        }
    }
    made
}

/// Waits until the run's sandbox has answered so many calls.
fn wait_for_calls(desk: &TestFolder, child: &mut Child, calls: usize) {
    let limit = Instant::now() + Duration::from_secs(30);
    while log(desk).len() < calls {
        assert!(Instant::now() < limit, "no {calls} calls within half a minute");
        assert!(child.try_wait().unwrap().is_none(), "the run ended before {calls} calls");
        std::thread::yield_now();
    }
}

/// Starts the program, with no signal ignored.
fn start(desk: &TestFolder, line: &str) -> Child {
    start_ignoring(desk, "", line)
}

/// Starts the program with some signals ignored, such as `HUP,INT`.
fn start_ignoring(desk: &TestFolder, signals: &str, line: &str) -> Child {
    let mut command = desk.ignoring(signals);
    command.args(line.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// A run with calls in flight that each take a second.
fn start_slow(desk: &TestFolder) -> Child {
    let mut child = start(desk, "run release-contracts.yaml --faults slow=100%:1s --in-flight 4 --format json");
    wait_for_calls(desk, &mut child, 4);
    child
}

/// Checks that a run was terminated after a clean drain, and that nothing of it is in doubt.
#[track_caller]
fn drained(desk: &TestFolder, child: Child, name: &str) {
    let ended = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(143), "{name}: {told}");
    assert!(told.contains("Stopping: nothing new is started"), "{name}: {told}");
    let rows = desk.run("runs show latest --format json").exits(0).json()["rows"].clone();
    assert_eq!((&rows["unknown"], &rows["succeeded"]), (&0.into(), &4.into()), "{name}: {rows}");
    assert_eq!(desk.run("runs list --format json").exits(0).json()[0]["state"], "interrupted", "{name}");
    assert!(effects(desk).values().all(|times| *times == 1), "{name}");
}

#[test]
fn ctrl_c_drains_and_resume_goes_on() {
    let desk = desk();
    let mut child = start(&desk, "run extend-deadlines.yaml --rate 10/s --format json");
    wait_for_calls(&desk, &mut child, 3);
    signal(&child, "-INT");
    let ended = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(130), "{told}");
    let summary: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&summary["outcome"], &summary["rows"]["unknown"]), (&"interrupted".into(), &0.into()), "{summary}");
    assert!(summary["rows"]["not_started"].as_u64().unwrap() > 0);
    assert!(told.contains("runsheet resume"), "{told}");
    let resumed = desk.run("resume latest --rate 100/s --format json").exits(0).json();
    assert_eq!(resumed["rows"]["succeeded"], 40);
    assert_eq!(resumed["run_id"], summary["run_id"]);
    assert!(effects(&desk).values().all(|times| *times == 1));
}

/// Every answer is lost; what may be repeated waits half a minute at most before it is sent again.
const WAITS: &str = "name: Extend
rows: { from: rows.csv, key: flow }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
    retry: { attempts: 8, delay: 30s, max_delay: 30s }
";

#[test]
fn ctrl_c_during_the_back_off_of_a_repeatable_call_leaves_it_to_resume() {
    let desk = TestFolder::new();
    let rows: String = (0..6).map(|row| format!("yDCNtUUckpvrcvf4UELZnZDvMS{row:06}\n")).collect();
    desk.write("playbook.yaml", WAITS);
    desk.write("rows.csv", &format!("flow\n{rows}"));
    let mut child = start(&desk, "run playbook.yaml --faults lose=100% --out out --format json");
    wait_for_calls(&desk, &mut child, 6);
    signal(&child, "-INT");
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{}", String::from_utf8_lossy(&ended.stderr));
    let summary: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&summary["rows"]["unknown"], &summary["rows"]["partial"]), (&0.into(), &6.into()), "{summary}");
    let partial = desk.read("out/partial.csv");
    assert_eq!(partial.matches("`runsheet resume` sends it again").count(), 6, "{partial}");
    // Only the run itself may send them again: it knows that they were sent.
    desk.run("retry latest").exits(0).says(&["6 rows left out, sent and not answered: runsheet resume"]);
    desk.run("resolve latest").exits(0).says(&["Nothing is unknown", "6 rows can go on: runsheet resume"]);
    let told = desk.run("run playbook.yaml --rows out/partial.csv").exits(8).err;
    assert!(told.contains("6 partial"), "{told}");
}

#[test]
fn a_termination_drains_too_and_a_running_run_cannot_be_resumed_beside_it() {
    let desk = desk();
    let mut child = start(&desk, "run extend-deadlines.yaml --rate 10/s");
    wait_for_calls(&desk, &mut child, 3);
    assert_eq!(desk.run("runs list --format json").exits(0).json()[0]["state"], "running");
    desk.run("resume latest").exits(8).says(&["under way"]);
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(desk.run("runs list --format json").exits(0).json()[0]["state"], "interrupted");
}

#[test]
fn faults_double_nothing_and_are_reported() {
    let desk = desk();
    let line = "run release-contracts.yaml --faults lose=15%,close=10%,throttle=10%,500after=5%,seed=3 --max-fail 100% --format json";
    let playbook = desk.read("release-contracts.yaml").replace("stop_when: { unknown: 1, failed_ratio: 20% }\n", "");
    desk.write("release-contracts.yaml", &playbook);
    let came = desk.run(line).exits(5);
    let summary = came.json();
    let count = |outcome: &str| summary["rows"][outcome].as_u64().unwrap();
    assert!(count("unknown") > 0 && count("succeeded") > 0, "{summary}");
    assert_eq!(count("unknown") + count("succeeded") + count("failed"), 24, "{summary}");
    let made = effects(&desk);
    assert!(made.values().all(|times| *times == 1), "{made:?}");
    assert!(made.len() as u64 >= count("succeeded"));
    // The books name every row once.
    let folder = run_folder(&desk).unwrap();
    let unknown = fs::read_to_string(folder.join("unknown.csv")).unwrap();
    assert_eq!(unknown.lines().count() as u64, count("unknown") + 1);
}

#[test]
fn a_run_goes_on_although_every_file_of_it_is_gone() {
    let desk = desk();
    let mut child = start(&desk, "run extend-deadlines.yaml --rate 10/s");
    wait_for_calls(&desk, &mut child, 3);
    signal(&child, "-INT");
    child.wait().unwrap();
    desk.write("runsheet.yaml", "environments: [");
    fs::remove_file(desk.path().join("extend-deadlines.yaml")).unwrap();
    desk.write("extend-deadlines.csv", "flow_id\nother\n");
    let resumed = desk.run("resume latest --rate 100/s --format json").exits(0).json();
    assert_eq!(resumed["rows"]["succeeded"], 40);
}

#[test]
fn literal_credentials_come_from_the_settings_again() {
    let desk = desk();
    let server = Server::start(&desk, "");
    desk.write("runsheet.yaml", &near(&server));
    let mut child = start(&desk, "run extend-deadlines.yaml --env near --rate 10/s");
    let limit = Instant::now() + Duration::from_secs(30);
    let ended = |desk: &TestFolder| desk.run("runs show latest --format json").json()["rows"]["succeeded"].as_u64();
    while run_folder(&desk).is_none_or(|folder| !folder.join("journal.sqlite").exists()) || ended(&desk) < Some(3) {
        assert!(Instant::now() < limit && child.try_wait().unwrap().is_none());
    }
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let folder = run_folder(&desk).unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let secret = server.credentials["secret_key"].as_str().unwrap().as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "a credential in the run's folder");
    }
    let settings = desk.path().join("runsheet.yaml");
    fs::rename(&settings, desk.path().join("away.yaml")).unwrap();
    desk.run("resume latest").exits(1).says(&["runsheet.yaml"]);
    fs::rename(desk.path().join("away.yaml"), &settings).unwrap();
    let resumed = desk.run("resume latest --rate 100/s --format json").exits(0).json();
    assert_eq!(resumed["rows"]["succeeded"], 40);
}

#[test]
fn a_second_ctrl_c_stops_at_once_and_writes_in_flight_are_unknown() {
    let desk = desk();
    let mut child = start(&desk, "run release-contracts.yaml --faults slow=100%:120s --in-flight 2 --format json");
    wait_for_calls(&desk, &mut child, 2);
    signal(&child, "-USR1");
    signal(&child, "-INT");
    // The first one is taken in before the second is sent.
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().contains("of 24 rows")), "no answer to SIGUSR1");
    // One that follows within a moment counts as the same one.
    while child.try_wait().unwrap().is_none() {
        signal(&child, "-INT");
    }
    let ended = child.wait_with_output().unwrap();
    let summary: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(5), "{summary}");
    assert_eq!(summary["rows"]["unknown"], 2, "{summary}");
    assert_eq!(summary["rows"]["not_started"], 22, "{summary}");
}

#[test]
fn every_signal_that_would_end_the_process_drains_and_exits_with_143() {
    let under_way = ["-HUP", "-QUIT", "-ALRM", "-USR2", "-XCPU"].map(|name| {
        let desk = desk();
        let child = start_slow(&desk);
        signal(&child, name);
        (name, desk, child)
    });
    for (name, desk, child) in under_way {
        drained(&desk, child, name);
    }
}

#[test]
fn a_signal_that_is_sent_twice_by_a_closed_terminal_or_a_wrapper_only_drains() {
    let under_way = [["HUP", "HUP"], ["TERM", "TERM"], ["TERM", "HUP"]].map(|pair| {
        let desk = desk();
        let child = start_slow(&desk);
        let [first, second] = pair;
        let process = child.id();
        desk.bash(&format!("kill -{first} {process}; kill -{second} {process}")).exits(0);
        (pair, desk, child)
    });
    for (pair, desk, child) in under_way {
        drained(&desk, child, &pair.join(" and "));
    }
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let desk = desk();
    let line = "run extend-deadlines.yaml --rate 20/s --format json";
    let mut child = start_ignoring(&desk, "HUP,INT,QUIT,USR1,USR2", line);
    wait_for_calls(&desk, &mut child, 3);
    for name in ["-HUP", "-INT", "-QUIT", "-USR1", "-USR2"] {
        signal(&child, name);
    }
    let ended = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{told}");
    assert!(!told.contains("Stopping"), "{told}");
    let summary: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(summary["rows"]["succeeded"], 40, "{summary}");
}

#[test]
fn nohup_keeps_a_run_alive_and_ctrl_c_still_drains_it() {
    let desk = desk();
    let mut child = start_ignoring(&desk, "HUP", "run extend-deadlines.yaml --rate 10/s");
    wait_for_calls(&desk, &mut child, 3);
    signal(&child, "-HUP");
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_terminal_that_is_gone_drains_the_run_and_fails_nothing() {
    let desk = desk();
    let terminal = nix::pty::openpty(None, None).unwrap();
    // Copies are closed in the program that is started, which would else hold its own terminal open.
    let (master, slave) = (terminal.master.try_clone().unwrap(), terminal.slave.try_clone().unwrap());
    drop(terminal);
    let end = || Stdio::from(slave.try_clone().unwrap());
    let mut command = desk.command("setsid");
    command.args(["--ctty", "runsheet", "-vv", "run", "release-contracts.yaml"]);
    command.args(["--faults", "slow=100%:1s", "--in-flight", "4"]);
    let mut child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
    drop(slave);
    wait_for_calls(&desk, &mut child, 4);
    drop(master);
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let rows = desk.run("runs show latest --format json").exits(0).json()["rows"].clone();
    assert_eq!((&rows["unknown"], &rows["succeeded"]), (&0.into(), &4.into()), "{rows}");
    desk.run("resume latest").exits(0);
    assert!(effects(&desk).values().all(|times| *times == 1));
}

#[test]
fn the_sandbox_ends_on_a_signal_unless_it_was_started_to_ignore_it() {
    for name in ["HUP", "INT", "QUIT", "TERM"] {
        let desk = TestFolder::new();
        let mut child = start_ignoring(&desk, "ALRM", "sandbox --port 0 --format json");
        let mut banner = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut banner).unwrap();
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let mask = |word: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(word)).unwrap();
            u64::from_str_radix(line.trim(), 16).unwrap() >> 13 & 1
        };
        assert_eq!((mask("SigIgn:"), mask("SigCgt:")), (1, 0), "SIGALRM is caught: {status}");
        signal(&child, &format!("-{name}"));
        assert_eq!(child.wait().unwrap().code(), Some(0), "{name}");
    }
}
