//! Real processes that die: at every journal write and every send, and at random moments over thousands of
//! rows; gone on with until they are through, then compared with the sandbox's own log.

mod job;
mod log;
mod random;
mod seeded_rng;
mod truth;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;

use crate::program::TestFolder;
pub(crate) use job::{APPOINTMENTS, BOOK, CANCELED, EXTEND, Job, RELEASE, UNLIMITED, near};
pub(crate) use log::Log;
pub(crate) use seeded_rng::SeededRng;
pub(crate) use truth::{Told, count, problems};

/// Rows of the jobs whose process ends at every place.
const ROWS: u64 = 4;

/// Calls that are under way at once, and so may be in doubt after each death.
const IN_FLIGHT: u64 = 4;

/// Processes at once.
const THREADS: usize = 6;

/// The folder of the newest run.
pub(crate) fn run_folder(desk: &TestFolder) -> Option<PathBuf> {
    fs::read_dir(desk.path().join("state/runs")).ok()?.flatten().map(|entry| entry.path()).max()
}

/// What a run came to, from its folder and its last process.
pub(crate) fn told(desk: &TestFolder, code: Option<i32>, folder: &std::path::Path) -> Told {
    let summary = desk.run("runs show latest --format json").exits(0).json()["summary"].clone();
    let results = fs::read_to_string(folder.join("results.csv")).unwrap();
    Told { code, summary, results }
}

/// Runs a job whose processes end at the given places, and goes on until it is through. Tells what is wrong, or
/// nothing where the first process came to its end unharmed.
fn die_at(job: &Job, places: &[u64]) -> Option<Vec<String>> {
    let desk = TestFolder::new();
    job.lay_out(&desk, ROWS, UNLIMITED);
    let mut deaths = 0;
    let mut line = "run playbook.yaml";
    for place in places {
        let came = desk.run_with(line, &[("RUNSHEET_CRASH_AT", &place.to_string())]);
        if came.code != -1 {
            break;
        }
        deaths += 1;
        line = "resume latest";
    }
    let code = desk.run("resume latest").code;
    let folder = run_folder(&desk).unwrap();
    let log = Log::read(&fs::read_to_string(folder.join("sandbox.jsonl")).unwrap());
    let most_unknown = if job.never { deaths * IN_FLIGHT } else { 0 };
    let problems = problems(job, ROWS, &told(&desk, Some(code), &folder), &log, most_unknown, false);
    (deaths > 0 || !problems.is_empty()).then_some(problems)
}

/// Ends a job's process at the first place, the second, and so on, until one comes to its end unharmed.
fn die_everywhere(job: &Job, fewest_places: u64) {
    let next = AtomicU64::new(1);
    let unharmed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !unharmed.load(Ordering::SeqCst) {
                    let place = next.fetch_add(1, Ordering::SeqCst);
                    // The process that goes on dies too, somewhere else.
                    match die_at(job, &[place, 1 + place * 5 % 11]) {
                        None => {
                            assert!(place > fewest_places, "{}: only {place} places", job.name);
                            unharmed.store(true, Ordering::SeqCst);
                        }
                        Some(found) => assert!(found.is_empty(), "{} ended at {place}: {found:#?}", job.name),
                    }
                }
            });
        }
    });
}

#[test]
fn a_death_at_any_place_repeats_no_call_that_must_not_be() {
    die_everywhere(&RELEASE, 2 * ROWS);
}

#[test]
fn a_death_at_any_place_loses_no_call_that_may_be_repeated() {
    die_everywhere(&EXTEND, 2 * ROWS);
}

#[test]
fn a_death_at_any_place_of_a_chain_leaves_every_row_accounted_for() {
    die_everywhere(&BOOK, 8 * ROWS);
}

#[test]
fn a_second_run_of_a_finished_one_sends_nothing() {
    let desk = TestFolder::new();
    BOOK.lay_out(&desk, ROWS, UNLIMITED);
    desk.run("run playbook.yaml").exits(4);
    let folder = run_folder(&desk).unwrap();
    let before = fs::read_to_string(folder.join("sandbox.jsonl")).unwrap();
    let again: Value = desk.run("resume latest --format json").exits(4).json();
    assert_eq!(again["rows"]["total"], ROWS);
    assert_eq!(fs::read_to_string(folder.join("sandbox.jsonl")).unwrap(), before);
}
