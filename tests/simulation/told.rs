//! Simulated runs and their reports: page, row files, summary, every form of the report and every row's story say what the
//! journal says, count for count and row for row, whatever the runs went through.

mod differences;
mod expected;
mod family;
mod history;
mod page;
mod reports;
mod rows;
mod stories;

use std::collections::BTreeMap;

use differences::Differences;
use family::Family;
use history::History;

/// Histories in the ordinary test run; `RUNSHEET_SEEDS=N` tells of more.
const HISTORIES: u64 = 18;

/// Compares every report of a run and of its retries and undos with their journals.
fn differences(family: &Family, unmask: bool) -> Vec<String> {
    let mut all = Vec::new();
    let stored = family.store();
    let context = stored.context().unmask(unmask);
    for (run, end) in family.runs.iter().zip(&stored.ends) {
        let mut found = Differences::of(run.id());
        let expected = expected::rows(run);
        let record = reports::check(run, &expected, end.as_ref(), &context, &mut found);
        rows::check(run, &expected, stored.folder(run), &context, &mut found);
        let stories = stories::check(run, &expected, &context, &mut found);
        page::check(run, &expected, &record, &stories, &context, &mut found);
        all.append(&mut found.found);
    }
    all
}

#[test]
fn everything_that_is_told_of_a_run_says_what_its_journal_says() {
    let (mut met, mut wrong): (BTreeMap<String, u64>, Vec<String>) = Default::default();
    for seed in super::seeds(HISTORIES) {
        let mut history = History::begin(seed);
        loop {
            let found = differences(history.family(), seed.is_multiple_of(3));
            if !found.is_empty() {
                wrong.push(format!("{history} (replay with RUNSHEET_SEED={seed}):\n{}", found.join("\n")));
                break;
            }
            for word in expected::words(history.family()) {
                *met.entry(word).or_default() += 1;
            }
            if !history.goes_on() {
                break;
            }
        }
    }
    println!("met: {met:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // One seed alone need not meet all of them.
    let alone = std::env::var_os("RUNSHEET_SEED").is_some();
    let wanted =
        ["run", "retry", "undo", "finished", "stopped", "broken_off", "steered", "settled", "unknown", "partial"];
    let missing: Vec<_> = wanted.into_iter().filter(|word| !met.contains_key(*word)).collect();
    assert!(alone || missing.is_empty(), "never met: {missing:?}");
}
