//! The rows of a run as a page shows them: all of them, or those that changed since it last asked. They are read in steps, so
//! that who takes them can leave time between two steps while the run goes on.

use std::ops::{ControlFlow, Range};

use super::row_viewer::{RowViewer, ViewedRow};
use super::run_source::RunSource;
use crate::io::journal::JournalError;
use crate::model::RunId;
use crate::operate::interface::{Context, Refusal};
use crate::runner::{RecordedRow, RowReader};

/// A request for rows of a run.
#[derive(Debug, Clone)]
pub(crate) struct RowsAfterRequest {
    /// The run's whole id.
    pub run: RunId,
    /// Gives only the rows that changed after this entry of the journal. All rows come for 0, and for an entry that the
    /// journal does not have.
    pub after: u64,
}

/// Which rows come, told before the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowsAfterHead {
    /// The last entry of the journal that all rows show. The next request asks for what comes after it.
    pub entry: u64,
    /// Whether all rows come.
    pub all: bool,
    /// The number of all rows of the run.
    pub total: u64,
    /// Whether a process drives the run.
    pub driven: bool,
}

/// A part of the answer.
#[derive(Debug)]
pub(crate) enum RowsAfterPart<'r> {
    /// Which rows come. The first part.
    Head(RowsAfterHead),
    /// A row, in the order of the list.
    Row(&'r ViewedRow),
    /// Comes between two steps. The journal is not held: who takes the rows may take its time.
    Pause,
}

/// What was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowsAfterReport {
    /// Which rows these were.
    pub head: RowsAfterHead,
    /// Whether all of them were given; false if the receiver broke off.
    pub complete: bool,
}

/// The rows that are read at one moment, where all come: about ten milliseconds of work.
const STEP: usize = 500;

/// The same where those that changed come, which are looked up one by one.
const STEP_OF_CHANGED: usize = 250;

/// Gives the rows of a run one by one, as a page shows them, also while the run is under way. A row may then show more than the
/// entry of the head; it comes again with what changed after that entry. The work grows with the rows that are given, not with
/// those of the run.
///
/// Sensitive values are masked, unless the context asks to show them.
///
/// # Errors
/// [`Refusal::Usage`] where the run never began; [`Refusal::Conflict`] where something of it is lost; [`Refusal::Broken`]
/// where its journal cannot be read.
pub(crate) fn rows_after(
    request: &RowsAfterRequest,
    context: &Context,
    each: &mut dyn FnMut(RowsAfterPart<'_>) -> ControlFlow<()>,
) -> Result<RowsAfterReport, Refusal> {
    let source = RunSource::open_whole(&request.run, context)?;
    let driven = source.is_driven();
    let reader = &source.known.reader;
    let entry = reader.last_entry()?;
    let all = request.after == 0 || request.after > entry;
    let head = RowsAfterHead { entry, all, total: reader.row_count()?, driven };
    match give(&source, head, request.after, each) {
        Ok(()) => Ok(RowsAfterReport { head, complete: true }),
        Err(NotGiven::BrokenOff) => Ok(RowsAfterReport { head, complete: false }),
        Err(NotGiven::Unreadable(error)) => Err(error.into()),
    }
}

/// Why not all rows were given.
enum NotGiven {
    /// The receiver wants no more.
    BrokenOff,
    /// The journal cannot be read.
    Unreadable(JournalError),
}

impl From<JournalError> for NotGiven {
    fn from(error: JournalError) -> Self {
        Self::Unreadable(error)
    }
}

fn give(
    source: &RunSource,
    head: RowsAfterHead,
    after: u64,
    each: &mut dyn FnMut(RowsAfterPart<'_>) -> ControlFlow<()>,
) -> Result<(), NotGiven> {
    let mut hand = |part: RowsAfterPart<'_>| match each(part) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(NotGiven::BrokenOff),
    };
    hand(RowsAfterPart::Head(head))?;
    let reader = &source.known.reader;
    let changed = if head.all { Vec::new() } else { reader.rows_changed_after(after)? };
    if !head.all && changed.is_empty() {
        return Ok(());
    }
    let rows = RowReader::new(reader, &source.known.frozen, &source.plan, head.driven)?;
    let viewer = RowViewer::new(source);
    let steps: Vec<RowsOfStep<'_>> = if head.all {
        let starts = (0..head.total).step_by(STEP);
        starts.map(|from| RowsOfStep::Between(from..from.saturating_add(STEP as u64))).collect()
    } else {
        changed.chunks(STEP_OF_CHANGED).map(RowsOfStep::At).collect()
    };
    for (at, step) in steps.into_iter().enumerate() {
        if at > 0 {
            hand(RowsAfterPart::Pause)?;
        }
        let mut view = |row: RecordedRow<'_>| hand(RowsAfterPart::Row(&viewer.view(&row)?));
        reader.at_one_moment(|| match step {
            RowsOfStep::Between(positions) => rows.between(positions, &mut view),
            RowsOfStep::At(positions) => rows.at(positions, &mut view),
        })?;
    }
    Ok(())
}

/// The positions of the rows that are read at one moment.
enum RowsOfStep<'p> {
    Between(Range<u64>),
    At(&'p [u64]),
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::operate::{RunRequest, run};

    const PLAYBOOK: &str = "version: 1\nname: Steps\nrows: { from: rows.csv, key: id, columns: { go: { type: boolean } } }\n\
        steps:\n  - { id: ask, uses: http.request, when: '{{ row.go }}', with: { method: GET, path: / } }\n";

    #[test]
    fn rows_come_in_steps_each_once_and_in_order_until_the_reader_breaks_off() {
        let folder = tempfile::tempdir().unwrap();
        let count = 2 * STEP as u64 + 1;
        let rows = (0..count).fold("id,go\n".to_owned(), |mut text, row| {
            writeln!(text, "{row:015},false").unwrap();
            text
        });
        std::fs::write(folder.path().join("rows.csv"), rows).unwrap();
        let playbook = folder.path().join("playbook.yaml");
        std::fs::write(&playbook, PLAYBOOK).unwrap();
        let context = Context::new().state_folder(folder.path().join("state"));
        let run = run(&RunRequest::new(playbook), &context).unwrap().summary.run_id;

        let given = |after: u64, most: usize| {
            let (mut positions, mut pauses) = (Vec::new(), Vec::new());
            let request = RowsAfterRequest { run: run.clone(), after };
            let report = rows_after(&request, &context, &mut |part| {
                match part {
                    RowsAfterPart::Head(head) => assert_eq!((head.total, head.driven), (count, false)),
                    RowsAfterPart::Row(row) => positions.push(row.position),
                    RowsAfterPart::Pause => pauses.push(positions.len()),
                }
                if positions.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            (positions, pauses, report.unwrap())
        };
        let (positions, pauses, report) = given(0, usize::MAX);
        assert_eq!(positions, (0..count).collect::<Vec<_>>());
        assert_eq!((pauses, report.complete), (vec![STEP, 2 * STEP], true));
        // Each row has an entry of its own, so the last ones are those that changed last.
        let (positions, pauses, _) = given(1, usize::MAX);
        assert!(positions.is_sorted() && positions.len() > STEP, "{}", positions.len());
        assert_eq!(pauses.first(), Some(&STEP_OF_CHANGED));
        let (positions, _, report) = given(0, STEP + 3);
        assert_eq!((positions.len(), report.complete), (STEP + 3, false));
    }
}
