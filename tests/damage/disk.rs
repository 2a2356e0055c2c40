//! The disk itself: full, read-only, taken away.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use runsheet::internals::sandbox::{ServeOptions, SimulatorSettings, credentials, serve_on_thread};

use super::bench::Bench;
use crate::crashes::near;

const BROKE_OFF: &[&str] = &["broke off", "journal.sqlite", "Nothing more was sent", "Go on: runsheet resume"];

/// The program with the rights of the files alone: the superuser would pass over them.
fn bound_by_rights(bench: &Bench, line: &str) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_runsheet");
    let dropped = ["--bounding-set=-dac_override,-dac_read_search", program];
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|came| came.stdout == b"0\n");
    let mut command = bench.desk.command(if is_root { "setpriv" } else { "runsheet" });
    if is_root {
        command.args(dropped);
    }
    let came = command.args(line.split(' ')).output().unwrap();
    (came.status.code().unwrap_or(-1), String::from_utf8(came.stderr).unwrap())
}

#[test]
fn a_file_that_cannot_grow_stops_the_run_and_it_goes_on_when_it_can() {
    let bench = Bench::new(300);
    // In blocks of 1,024 bytes, enough for what a run begins with and not for all its rows.
    let script = "ulimit -f 260; exec runsheet run playbook.yaml";
    bench.desk.bash(script).exits(1).says(BROKE_OFF).says(&["the disk"]);
    let sent = bench.log().calls();
    assert!(sent > 0 && sent < 300, "{sent} calls");
    assert_eq!(bench.resume(&[]).code, 0, "no call was in doubt");
    assert_eq!(bench.log().calls(), 300);
}

#[test]
fn a_full_disk_stops_the_run_and_it_goes_on_when_there_is_room() {
    let bench = Bench::new(300);
    let script = "mkdir small && mount -t tmpfs -o size=408k none small || exit 77
        runsheet --state-dir small run playbook.yaml; first=$?
        before=$(wc -l < small/runs/*/sandbox.jsonl)
        runsheet --state-dir small resume latest; second=$?
        after=$(wc -l < small/runs/*/sandbox.jsonl)
        mount -o remount,size=20m none small
        runsheet --state-dir small resume latest --format json; third=$?
        echo \"codes $first $second $third, calls $before $after\"
        cp small/runs/*/sandbox.jsonl .";
    let inside = format!("unshare --map-root-user --mount bash -c '{}'", script.replace('\'', "'\\''"));
    let came = bench.desk.bash(&inside);
    if came.code != 0 {
        // Machines that let nobody mount anything: the test above stands for this one.
        println!("skipped: {}", came.err);
        return;
    }
    let came = came.says(BROKE_OFF).says(&["the disk is full", "Make room on that disk"]);
    assert!(came.out.contains("codes 1 1 0"), "{}{}", came.out, came.err);
    let log = crate::crashes::Log::read(&bench.desk.read("sandbox.jsonl"));
    assert!(log.doubled().is_empty(), "{:?}", log.doubled());
}

#[test]
fn a_state_folder_that_may_not_be_written_to_stops_a_run_before_it_sends() {
    let bench = Bench::died_at(60);
    let readable = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let runs = bench.desk.path().join("state/runs");
    readable(&runs, 0o500);
    let (code, said) = bound_by_rights(&bench, "run playbook.yaml");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("Permission denied") && said.contains("state/runs"), "{said}");
    let folder = bench.folder();
    let before = bench.log().calls();
    for entry in fs::read_dir(&folder).unwrap() {
        readable(&entry.unwrap().path(), 0o400);
    }
    readable(&folder, 0o500);
    let (code, said) = bound_by_rights(&bench, "resume latest");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("Permission denied") && said.contains("lock"), "{said}");
    assert_eq!(bench.log().calls(), before);
    readable(&folder, 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        readable(&entry.unwrap().path(), 0o600);
    }
    readable(&runs, 0o700);
    assert_eq!(bench.resume(&[]).code, 5);
}

#[test]
fn a_state_folder_that_vanishes_stops_the_run_and_it_goes_on_when_it_is_back() {
    let bench = Bench::new(400);
    let log = bench.desk.path().join("server.jsonl");
    let options =
        ServeOptions { settings: SimulatorSettings::unlimited(), log: Some(log.clone()), ..ServeOptions::default() };
    let server = serve_on_thread(options).unwrap();
    bench.desk.write("runsheet.yaml", &near(server.url(), &credentials(), "100/s"));
    let mut command = bench.desk.command("runsheet");
    let command = command.args("run playbook.yaml --env near".split(' ')).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let limit = Instant::now() + Duration::from_secs(30);
    while server.entries().unwrap().len() < 20 {
        assert!(Instant::now() < limit, "the run did not begin");
        std::thread::yield_now();
    }
    let (state, away) = (bench.desk.path().join("state"), bench.desk.path().join("away"));
    fs::rename(&state, &away).unwrap();
    let then = server.entries().unwrap().len();
    let came = child.wait_with_output().unwrap();
    let said = String::from_utf8(came.stderr).unwrap();
    assert_eq!(came.status.code(), Some(1), "{said}");
    for words in ["was moved, removed or replaced", "Nothing more was sent", "Where the folder was moved, move it back"]
    {
        assert!(said.contains(words), "{said}");
    }
    let sent = server.entries().unwrap().len();
    assert!(sent < then + 10, "{} calls after the folder was gone", sent - then);
    fs::rename(&away, &state).unwrap();
    let came = bench.desk.run("resume latest");
    assert_eq!(came.code, 0, "what was under way was waited for: {}", came.err);
    let log = crate::crashes::Log::read(&fs::read_to_string(&log).unwrap());
    assert!(log.doubled().is_empty(), "{:?}", log.doubled());
    assert!(log.calls() <= 400);
}

#[test]
fn row_files_that_cannot_be_written_are_reported_before_anything_is_sent() {
    let bench = Bench::new(2);
    bench.desk.write("file", "not a folder");
    bench.desk.run("run playbook.yaml --out file/out").exits(2).says(&["`--out file/out`", "nothing was sent"]);
    bench.desk.run("runs list").exits(0).says(&["No runs yet"]);
}

#[test]
fn the_check_of_an_out_folder_follows_no_link_and_removes_no_file() {
    let bench = Bench::new(2);
    bench.desk.write("kept", "theirs");
    // The shell's number is the program's.
    let script = "mkdir out; ln -s ../victim out/.runsheet-$$; ln -s ../kept out/.runsheet-0
        exec runsheet run playbook.yaml --out out";
    bench.desk.bash(script).exits(0);
    assert!(!bench.desk.path().join("victim").exists(), "a link was followed");
    assert_eq!(bench.desk.read("kept"), "theirs");
    let left = fs::read_dir(bench.desk.path().join("out")).unwrap().flatten();
    let hidden = left.filter(|entry| entry.file_name().to_string_lossy().starts_with(".runsheet-")).count();
    assert_eq!(hidden, 2, "the two links, and nothing of ours");
}

/// The names in the folder `out`.
fn names(bench: &Bench) -> Vec<String> {
    let out = fs::read_dir(bench.desk.path().join("out")).unwrap().flatten();
    let mut names: Vec<String> = out.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_out_folder_holds_the_files_of_the_last_run_alone() {
    let bench = Bench::new(4);
    bench.desk.run("run playbook.yaml --out out --faults refuse=100%").exits(4);
    assert_eq!(names(&bench), ["failed.csv", "results.csv"]);
    let yesterday = bench.desk.read("out/failed.csv");
    bench.desk.write("out/failed_yesterday.csv", &yesterday);
    bench.desk.write("out/note.txt", "theirs");
    bench.desk.run("run playbook.yaml --out out").exits(0);
    assert_eq!(names(&bench), ["failed_yesterday.csv", "note.txt", "results.csv", "succeeded.csv"]);
    // What a run leaves is food for the next one, in the same place.
    bench.desk.run("run playbook.yaml --out out --rows out/failed_yesterday.csv --faults refuse=100%").exits(4);
    bench.desk.run("run playbook.yaml --out out --rows out/failed.csv").exits(0);
    assert_eq!(names(&bench), ["failed_yesterday.csv", "note.txt", "results.csv", "succeeded.csv"]);
}

#[test]
fn a_file_that_no_run_wrote_is_named_before_anything_is_sent_and_never_touched() {
    let bench = Bench::new(4);
    bench.desk.write("out/failed.csv", "a person's own list\n");
    let refusal = ["`--out out`", "`failed.csv`", "Move them away", "nothing was sent"];
    bench.desk.run("run playbook.yaml --out out").exits(2).says(&refusal);
    bench.desk.run("runs list").exits(0).says(&["No runs yet"]);
    bench.desk.run("run playbook.yaml").exits(0);
    for line in ["resume latest --out out", "runs export latest --out out"] {
        bench.desk.run(line).exits(2).says(&refusal);
    }
    assert_eq!(
        (names(&bench), bench.desk.read("out/failed.csv")),
        (vec!["failed.csv".into()], "a person's own list\n".into())
    );
    fs::remove_file(bench.desk.path().join("out/failed.csv")).unwrap();
    bench.desk.run("resume latest --out out").exits(0);
    assert_eq!(names(&bench), ["results.csv", "succeeded.csv"]);
}
