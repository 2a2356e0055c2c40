//! Runs that no process drives, and callers that are not allowed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::Command;

use serde_json::Value;

use super::limits::steered;
use crate::program::{TestFolder, ended};

/// Kills a run with SIGKILL.
fn kill(mut child: std::process::Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_run_that_is_killed_while_it_is_paused_sends_nothing_until_the_pause_is_ended() {
    let run = steered("--rate 10/s");
    run.desk.run("ctl latest pause").exits(0);
    run.until_idle();
    let calls = run.calls();
    let super::limits::Steered { desk, child, .. } = run;
    kill(child);
    let count = || {
        let runs = fs::read_dir(desk.path().join("state/runs")).unwrap();
        let log = runs.flatten().next().unwrap().path().join("sandbox.jsonl");
        fs::read_to_string(log).unwrap().lines().count()
    };
    let shown = desk.run("runs show latest").exits(0).out;
    assert!(shown.contains("broken off") && shown.contains("ctl") && shown.contains("It is paused."), "{shown}");
    for _ in 0..2 {
        let paused = desk.run("resume latest --format json").exits(6).says(&["Stopped: paused by", "since", "ctl"]);
        let summary: Value = serde_json::from_str(&paused.out).unwrap();
        assert_eq!((&summary["stopped"]["kind"], &summary["rows"]["unknown"]), (&"paused".into(), &0.into()));
    }
    assert_eq!(count(), calls, "something was sent during the pause");
    for word in ["pause", "drain", "rate 5/s", "in-flight 2"] {
        desk.run(&format!("ctl latest {word}")).exits(8).says(&["is not under way", "was paused by", "resume"]);
    }
    let told = desk.run("ctl latest resume").exits(0).out;
    assert!(told.contains("The pause of the run") && told.contains("runsheet resume"), "{told}");
    desk.run("ctl latest resume").exits(8).says(&["is not paused"]);
    let resumed = desk.run("resume latest --rate 100/s --format json").exits(0).json();
    assert_eq!(resumed["rows"]["succeeded"], 40);
    let what: Vec<&str> =
        resumed["steered"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["pause", "resume"]);
    assert_eq!(count(), 40, "each row was sent once");
}

#[test]
fn a_run_that_was_killed_can_be_cancelled_and_its_stale_socket_holds_nobody_up() {
    let run = steered("--rate 10/s");
    let super::limits::Steered { desk, child, .. } = run;
    kill(child);
    desk.run("ctl latest pause").exits(8).says(&["is not under way", "runsheet resume"]);
    let told = desk.run("cancel latest --format json").exits(0).json();
    assert_eq!((&told["command"], &told["under_way"]), (&"cancel".into(), &false.into()));
    desk.run("resume latest").exits(8).says(&["was cancelled by"]);
    let listed = desk.run("runs list --format json").exits(0).json();
    // A call that was under way at the kill leaves its row unknown, because nobody looks it up any more.
    let state = listed[0]["state"].as_str().unwrap();
    assert!(["stopped", "unknown"].contains(&state), "{listed}");
    let retried = desk.run("retry latest --rate 100/s");
    assert!([0, 5].contains(&retried.code), "{}", retried.err);
}

#[test]
fn a_drained_run_can_be_cancelled_later() {
    let run = steered("--rate 10/s");
    run.desk.run("ctl latest drain").exits(0);
    let desk = run.desk;
    ended(run.child).exits(6);
    desk.run("cancel latest").exits(0);
    let shown = desk.run("runs show latest").exits(0).out;
    assert!(shown.contains("was cancelled") && shown.contains("Stopped: cancelled by"), "{shown}");
}

#[test]
fn a_run_that_has_finished_or_is_not_there_takes_nothing() {
    let desk = TestFolder::new();
    desk.run("ctl latest pause").exits(2).says(&["there is no run yet"]);
    desk.run("new --example close-appointments .").exits(0);
    desk.run("run close-appointments.yaml").exits(0);
    desk.run("ctl 1999 pause").exits(2).says(&["there is no run `1999`"]);
    for word in ["pause", "resume", "drain", "cancel", "rate 5/s", "in-flight 2"] {
        desk.run(&format!("ctl latest {word}")).exits(8).says(&["has finished"]);
    }
    desk.run("cancel latest --yes").exits(8).says(&["has finished"]);
    for (line, says) in [
        ("ctl latest", "COMMAND"),
        ("ctl latest dance", "dance"),
        ("ctl latest rate", "a rate is missing"),
        ("ctl latest rate fast", "not a rate"),
        ("ctl latest in-flight 0", "whole number from 1"),
        ("ctl latest pause 5/s", "takes no value"),
        ("ctl latest pause --yes", "asks nothing"),
        ("cancel", "RUN"),
    ] {
        desk.run(line).exits(2).says_wrapped(&[says]);
    }
}

#[test]
fn a_paused_run_is_retried_and_its_unknown_rows_are_not_looked_up() {
    let run = steered("--rate 10/s");
    run.desk.run("ctl latest pause").exits(0);
    run.desk.run("ctl latest drain").exits(0);
    let desk = run.desk;
    ended(run.child).exits(6).says(&["End the pause, then go on"]);
    desk.run("resume latest").exits(6).says(&["paused by"]);
    desk.run("retry latest --rate 100/s").exits(0);
}

#[test]
fn another_user_may_not_steer() {
    if !rustix::process::geteuid().is_root() {
        println!("left out: only root can be another user");
        return;
    }
    // The state belongs to another user, who drives the run.
    const OTHER: u32 = 65_534;
    let desk = TestFolder::new();
    fs::set_permissions(desk.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let rows: String = (0..40).map(|row| format!("yDCNtUUckpvrcvf4UELZnZDvMS{row:06}\n")).collect();
    desk.write("rows.csv", &format!("flow\n{rows}"));
    desk.write(
        "playbook.yaml",
        "name: Extend\nrows: { from: rows.csv, key: flow }\nsteps:\n  - id: extend\n    uses: tencent_essbasic.extend_deadline\n    \
         with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }\n",
    );
    let state = desk.path().join("state");
    fs::create_dir(&state).unwrap();
    chown(&state, Some(OTHER), Some(OTHER)).unwrap();
    let program = state.join("runsheet");
    fs::copy(env!("CARGO_BIN_EXE_runsheet"), &program).unwrap();
    let as_other = |line: &str| -> Command {
        let mut command = desk.command("setpriv");
        command.args([&format!("--reuid={OTHER}"), &format!("--regid={OTHER}"), "--clear-groups"]);
        command.arg(&program).args(line.split(' '));
        command
    };
    let mut child = as_other("run playbook.yaml --rate 4/s").stderr(std::process::Stdio::piped()).spawn().unwrap();
    let socket = || fs::read_dir(state.join("runs")).ok()?.flatten().next().map(|run| run.path().join("control"));
    let limit = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !socket().is_some_and(|socket| socket.exists()) {
        assert!(std::time::Instant::now() < limit && child.try_wait().unwrap().is_none());
    }
    // Root finds the folder of another user, and does not use it.
    desk.run("ctl latest pause").exits(8).says(&["belongs to"]);
    // At the socket itself root is refused too.
    use std::io::{Read, Write};
    let mut stream = std::os::unix::net::UnixStream::connect(socket().unwrap()).unwrap();
    let _ = stream.write_all(b"{\"v\":1,\"from\":\"ctl\",\"ask\":{\"steer\":{\"do\":\"pause\"}}}\n");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.contains("may not steer a run of user 65534"), "{answer}");
    let own = as_other("ctl latest drain").output().unwrap();
    assert_eq!(own.status.code(), Some(0), "{}", String::from_utf8_lossy(&own.stderr));
    assert_eq!(child.wait().unwrap().code(), Some(6));
}
