//! Somebody else holds the run or its journal.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::bench::Bench;

#[test]
fn a_second_process_learns_which_one_drives_the_run() {
    let bench = Bench::new(40);
    let mut first = bench.desk.command("runsheet");
    let mut first = first.args("run playbook.yaml --rate 2/s".split(' ')).stderr(Stdio::null()).spawn().unwrap();
    let limit = Instant::now() + Duration::from_secs(30);
    while !bench.desk.path().join("state/runs").exists() || bench.log_so_far() == 0 {
        assert!(Instant::now() < limit && first.try_wait().unwrap().is_none(), "the run did not begin");
        std::thread::yield_now();
    }
    let process = format!("process {}", first.id());
    bench.desk.run("resume latest").exits(8).says(&["is under way", &process]);
    assert_eq!(bench.desk.run("runs list --format json").exits(0).json()[0]["state"], "running");
    first.kill().unwrap();
    first.wait().unwrap();
    // What a dead process wrote into the lock holds nobody up.
    assert_eq!(bench.desk.run("runs list --format json").exits(0).json()[0]["state"], "broken off");
    assert!(matches!(bench.resume(&[]).code, 0 | 5));
}

#[test]
fn a_journal_that_another_program_keeps_locked_stops_the_run_and_says_so() {
    let bench = Bench::died_at(60);
    let other = rusqlite::Connection::open(bench.file("journal.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let came = bench.resume(&["another program keeps the journal locked", "Close the program", "runsheet resume"]);
    assert_eq!(came.code, 1, "{}", came.err);
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    assert_eq!(bench.resume(&[]).code, 5);
}
