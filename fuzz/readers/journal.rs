//! Journals: entries of any kind are folded or refused, and a damaged file never proves what did not happen.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::str;
use std::sync::OnceLock;

use bytes::Bytes;
use runsheet::internals::io::journal::{Proven, Reader, Salvage, Store};
use runsheet::internals::journal::{
    AttemptEnd, Attempted, Audit, CallRef, EffectState, Fact, FrozenRow, Intent, JournalEntry, RowEnded, RowState,
    ScopeShape, StepEnded, StepShape, derive_outcome, indexes_are_in_bounds,
};
use runsheet::internals::model::{Disposition, Map, RowOutcome, RunId, StepOutcome, StepScope, Time, Value};

/// How an input begins that is damage to a journal's file; any other is entries, one a line.
const DAMAGE: u8 = b'!';
/// Rows of the journal that is damaged.
const ROWS: u64 = 24;

pub(crate) fn holds(data: &[u8]) {
    match data.split_first() {
        Some((&DAMAGE, damage)) => damaged(damage),
        _ => str::from_utf8(data).into_iter().for_each(entries),
    }
}

fn entries(text: &str) {
    let mut scopes: BTreeMap<StepScope, Vec<(Time, Fact)>> = BTreeMap::new();
    for entry in text.lines().filter_map(|line| serde_json::from_str::<JournalEntry>(line).ok()) {
        let written = serde_json::to_string(&entry).expect("an entry");
        assert_eq!(serde_json::from_str::<JournalEntry>(&written).expect("as it was written"), entry);
        scopes.entry(entry.scope).or_default().extend(entry.facts.into_iter().map(|fact| (entry.at, fact)));
    }
    let (shape, mut books) = (shape(), Audit::default());
    for (scope, facts) in scopes.iter().filter(|(_, facts)| indexes_are_in_bounds(facts)) {
        let state = books.fold("row", facts, &shape);
        assert_eq!(state, RowState::fold(facts.iter().map(|(at, fact)| (*at, fact))));
        let _ = derive_outcome(&state, &shape);
        for (_, fact) in facts {
            if let Fact::Attempted(Attempted { call, .. }) | Fact::Reopened(call) = fact {
                let effect = EffectState::of(&state, *call);
                let left = effect.and_then(|effect| effect.after_undo(&state, *call, &RunId::from_text("r")));
                assert!(effect.is_some() || left.is_none());
            }
        }
        if let StepScope::Row(_) = scope {
            let outcome = books.close_row("row", &state, &shape);
            assert!(state.ended.is_none_or(|ended| ended.outcome == outcome));
        }
    }
    books.close_budget(&BTreeMap::from([("contract".to_owned(), 2)]));
    books.close(books.counts.total);
    assert!(books.problems.len() as u64 <= books.problems_in_all);
}

fn shape() -> ScopeShape {
    let step = |id: &str| StepShape {
        id: id.to_owned(),
        operation: format!("acme.{id}"),
        lookup: Some("acme.read".to_owned()),
        rollback: Some("acme.undo".to_owned()),
        rollback_lookup: None,
        write: id != "look",
        taken_back_with: Vec::new(),
    };
    ScopeShape { steps: vec![step("make"), step("look"), step("fill")], undoing: None }
}

/// A journal as it was written, and what is in it.
struct Sound {
    file: Vec<u8>,
    mark: Vec<u8>,
    rows: Vec<FrozenRow>,
    entries: Vec<JournalEntry>,
}

/// Each five bytes and what follows them are a place, a length and what stands there instead.
fn damaged(mut damage: &[u8]) {
    static SOUND: OnceLock<Sound> = OnceLock::new();
    let sound = SOUND.get_or_init(Sound::write);
    let mut file = sound.file.clone();
    while let Some(([kind, a, b, c, length], rest)) = damage.split_first_chunk::<5>() {
        let place = (usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c)) % file.len().max(1);
        let (bytes, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        match kind {
            b't' => file.truncate(place),
            b'z' => file.iter_mut().skip(place).take(usize::from(*length) * 16).for_each(|byte| *byte = 0),
            b'i' => drop(file.splice(place..place, bytes.iter().copied())),
            _ => file.iter_mut().skip(place).zip(bytes).for_each(|(byte, new)| *byte = *new),
        }
        damage = rest;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.sqlite");
    fs::write(&path, file).expect("room");
    fs::write(path.with_extension("synced"), &sound.mark).expect("room");
    proves_nothing_false(&path, sound);
    reads_the_truth(&path, sound);
}

fn proves_nothing_false(path: &Path, sound: &Sound) {
    let Ok(salvage) = Salvage::open(path, true) else { return };
    let rows: Result<u64, ()> = salvage.each_row(|row, proven| {
        let facts = sound.facts(row.position);
        assert_eq!(Some(&row), sound.rows.iter().find(|known| known.position == row.position));
        match proven {
            Proven::Ended(ended) => assert_eq!(facts.last(), Some(&&Fact::RowEnded(ended))),
            Proven::WentOn(_) => panic!("no row went on"),
            Proven::Untouched => assert!(facts.is_empty()),
            Proven::Nothing => {}
        }
        Ok(())
    });
    assert!(rows.is_ok());
    assert!(salvage.meta("run").is_none_or(|about| about == "about it"));
}

fn reads_the_truth(path: &Path, sound: &Sound) {
    let Ok(reader) = Reader::open(path) else { return };
    let _ = reader.verify_to_go_on(path);
    let whole = reader.verify(path).is_ok();
    let mut read = 0;
    let rows = reader.each_row(|row, facts| -> Result<(), runsheet::internals::io::journal::JournalError> {
        if whole {
            let known: Vec<&Fact> = facts.iter().map(|(_, fact)| fact).collect();
            assert_eq!(known, sound.facts(row.position));
        }
        assert!(sound.rows.contains(&row));
        read += 1;
        Ok(())
    });
    for position in 0..ROWS {
        if let Ok(Some(row)) = reader.row(position) {
            assert!(sound.rows.contains(&row));
        }
        let _ = (reader.facts(StepScope::Row(position)), reader.positions_of(&format!("key {position}")));
    }
    // What SQLite counts by itself may take for ever on pages that point back at one another.
    if whole {
        let _ = (reader.row_count(), reader.ended_counts(), reader.first_unfinished(), reader.unfinished_rows(0, 100));
    }
    assert!(!whole || rows.is_err() || read <= ROWS);
}

impl Sound {
    fn write() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.sqlite");
        let mut store = Store::create(&path).expect("a journal");
        let rows: Vec<FrozenRow> = (0..ROWS).map(frozen).collect();
        store.set_meta("run", &Value::from("about it")).expect("room");
        store.insert_rows(&rows).expect("room");
        store.set_row_count(ROWS).expect("room");
        let facts = (0..ROWS).flat_map(|row| facts_of(row).into_iter().map(move |facts| (row, facts)));
        let entries: Vec<JournalEntry> = (1..)
            .zip(facts)
            .map(|(seq, (row, facts))| JournalEntry { seq, at: Time::from_secs(1), scope: StepScope::Row(row), facts })
            .collect();
        entries.chunks(5).for_each(|some| store.append(some).expect("room"));
        store.close().expect("a journal in one file");
        let file = fs::read(&path).expect("the file");
        let mark = fs::read(path.with_extension("synced")).expect("its mark");
        Self { file, mark, rows, entries }
    }

    fn facts(&self, row: u64) -> Vec<&Fact> {
        self.entries.iter().filter(|entry| entry.scope == StepScope::Row(row)).flat_map(|entry| &entry.facts).collect()
    }
}

fn frozen(position: u64) -> FrozenRow {
    let mut cells = Map::new();
    cells.insert("id".to_owned(), format!("key {position}").into());
    cells.insert("note".to_owned(), "n".repeat(40 * usize::try_from(position).unwrap_or(0)).into());
    let raw = Bytes::from(format!("key {position},約"));
    FrozenRow { position, number: position + 2, key: format!("key {position}"), raw, cells, invalid: None }
}

/// The entries of a row: ended, under way, in doubt, or none.
fn facts_of(row: u64) -> Vec<Vec<Fact>> {
    let call = CallRef::default();
    let (hash, element, natural_key) = ("0123456789abcdef".to_owned(), None, None);
    let intent = Fact::Intent(Intent { call, attempt: 1, hash, element, natural_key, counts: vec![], effect: None });
    let outcome = if row % 3 == 1 { StepOutcome::Failed } else { StepOutcome::Succeeded };
    let disposition = if row % 3 == 1 { Disposition::Rejected } else { Disposition::Succeeded };
    let answer: Fact = Fact::Attempted(Attempted {
        call,
        end: AttemptEnd::Answered(disposition),
        outcome: Some(outcome),
        look_up: false,
        read: false,
        joined: false,
        token_known_expired: false,
        code: Some("0".to_owned()),
        message: None,
        request_id: Some(format!("request {row}")),
        outputs: Default::default(),
        body: Default::default(),
        http_status: None,
        took_ms: None,
        waited: Default::default(),
    });
    let step = Fact::StepEnded(StepEnded { step: 0, outcome, code: None, message: None });
    let outcome = if row % 3 == 1 { RowOutcome::Failed } else { RowOutcome::Succeeded };
    let (step_id, results) = (Some("make".to_owned()), Map::new());
    let ended = RowEnded { outcome, step: step_id, code: None, message: None, request_id: None, results };
    match row % 4 {
        0 | 1 => vec![vec![intent], vec![answer, step, Fact::RowEnded(ended)]],
        2 => vec![vec![intent]],
        _ => vec![],
    }
}
