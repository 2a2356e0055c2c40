//! A pruned run guards exactly what its journal guarded.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::filter::filter;
use crate::io::journal::{EffectHistory, LostRun, PriorEffect, Reader, Store};
use crate::io::marks::{Mark, MarkFiles, PrunedRun};
use crate::journal::sample::{answer, intent};
use crate::journal::{AttemptEnd, CallRef, EffectState, Fact, Intent, JournalEntry};
use crate::model::{Disposition, EffectKey, Phase, RunId, StepOutcome, StepScope, Time};
use crate::report::RowCounts;

const DO: CallRef = CallRef { step: 0, item: 0, phase: Phase::Do };
const UNDO: CallRef = CallRef { step: 0, item: 0, phase: Phase::Rollback };

/// What became of a call.
#[derive(Debug, Clone, Copy)]
enum Came {
    Nothing,
    Lost,
    Unsent,
    Refused,
    Done,
}

fn came() -> impl Strategy<Value = Came> {
    prop_oneof![Just(Came::Nothing), Just(Came::Lost), Just(Came::Unsent), Just(Came::Refused), Just(Came::Done)]
}

fn facts_of(call: CallRef, came: Came) -> Option<Fact> {
    let answered = AttemptEnd::Answered;
    Some(match came {
        Came::Nothing => return None,
        Came::Lost => answer(call, AttemptEnd::Lost, Some(StepOutcome::Unknown)),
        Came::Unsent => answer(call, AttemptEnd::Unsent, Some(StepOutcome::Failed)),
        Came::Refused => answer(call, answered(Disposition::Rejected), Some(StepOutcome::Failed)),
        Came::Done => answer(call, answered(Disposition::Succeeded), Some(StepOutcome::Succeeded)),
    })
}

fn effect(row: usize) -> EffectKey {
    // Two rows in three make an effect that another row makes, too.
    EffectKey::of_natural_key("a.make", &(row / 3).to_string())
}

fn run() -> RunId {
    RunId::from_text("20260101-000000-aaaaaa")
}

/// Writes the journal and the mark of a run, with a call and perhaps its rollback for each row.
fn write(journal: &Path, rows: &[(Came, Option<Came>)]) {
    fs::create_dir_all(journal.parent().unwrap()).unwrap();
    let mut store = Store::create(journal).unwrap();
    let mut mark = Mark::new(run(), Time::from_secs(1));
    mark.environment = Some("near".to_owned());
    mark.write(&MarkFiles::of_journal(journal).unwrap()).unwrap();
    store.set_marked(&run()).unwrap();
    store.set_environment("near").unwrap();
    for (row, (came, undo)) in rows.iter().enumerate() {
        let Fact::Intent(sent) = intent(DO) else { return };
        let mut facts = vec![Fact::Intent(Intent { effect: Some(effect(row)), ..sent })];
        facts.extend(facts_of(DO, *came));
        if let Some(undo) = undo.filter(|_| matches!(came, Came::Done)) {
            facts.push(intent(UNDO));
            facts.extend(facts_of(UNDO, undo));
        }
        let (seq, scope) = (row as u64 + 1, StepScope::Row(row as u64));
        store.append([JournalEntry { seq, at: Time::from_secs(2), scope, facts }]).unwrap();
    }
    store.close().unwrap();
}

/// What another run finds of each effect.
fn found(runs: &Path, rows: usize) -> Vec<Option<PriorEffect>> {
    let mut history = EffectHistory::open(runs, filter()).unwrap();
    assert!(history.lost().is_empty());
    (0..rows).map(|row| history.find(&effect(row))).collect()
}

/// Prunes the run as `runs prune` does.
fn prune(journal: &Path, runs: &Path) {
    let files = MarkFiles::of_journal(journal).unwrap();
    let guard = Reader::open(journal).unwrap().standing_effects(&run(), runs).unwrap();
    let digest = guard.write(&files.guard()).unwrap();
    let pruned = PrunedRun {
        at: Time::from_secs(9),
        who: "mei".to_owned(),
        state: "succeeded".to_owned(),
        rows: RowCounts::default(),
        open_rows: 0,
        last_at: Time::from_secs(2),
        retry_of: None,
        undo_of: None,
        guard: digest,
        effects: guard.count() as u64,
        removed: false,
    };
    Mark::read(&files).unwrap().unwrap().into_pruned(pruned).write(&files).unwrap();
}

/// Of several calls with one effect, any may be named before the prune; what matters is whether one stands and is done.
fn guards(found: &[Option<PriorEffect>]) -> Vec<bool> {
    found.iter().map(Option::is_some).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_pruned_run_guards_what_its_journal_guarded_and_nothing_else(
        rows in proptest::collection::vec((came(), proptest::option::of(came())), 1..12)
    ) {
        let state = tempfile::tempdir().unwrap();
        let runs = state.path().join("runs");
        let journal = runs.join(run().as_str()).join("journal.sqlite");
        write(&journal, &rows);
        let before = found(&runs, rows.len());
        prune(&journal, &runs);
        // The folder is still there: the mark alone decides.
        let marked = found(&runs, rows.len());
        fs::remove_dir_all(runs.join(run().as_str())).unwrap();
        let after = found(&runs, rows.len());
        prop_assert_eq!(guards(&before), guards(&after));
        prop_assert_eq!(&marked, &after);
        for (was, is) in before.iter().zip(&after) {
            let Some(is) = is else { continue };
            prop_assert!(is.pruned && is.run == run());
            prop_assert!(matches!(is.state, EffectState::Made | EffectState::Unknown));
            // An effect that is known to be made is never called unknown.
            if was.as_ref().is_some_and(|was| was.state == EffectState::Made) {
                prop_assert_eq!(is.state, EffectState::Made);
            }
        }
        prop_assert!(LostRun::find(&run(), &journal).is_none(), "it is pruned, not lost");
    }
}
