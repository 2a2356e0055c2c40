//! The rows of the page that is a file: which of them it holds, and which of them have stories in it.

use std::io;

use super::kind_key::{KindKey, KindKeys};
use super::row_viewer::RowViewer;
use super::run_source::RunSource;
use crate::model::RowOutcome;
use crate::report::RunRecord;
use crate::report::page::{RowTable, TableHead};
use crate::runner::{CloseError, RecordedRow};

/// The most rows that the page holds whole. Of a longer list it holds all rows that did not succeed, and a sample of
/// the others.
const WHOLE: u64 = 200_000;
/// The rows of that sample.
const SAMPLE: u64 = 20_000;
/// The most rows that succeeded and have a story in the page.
const STORIES_OF_SUCCESS: u64 = 1_000;

/// A row whose story the page holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoryPlace {
    /// The row's position in the list.
    pub(super) position: u64,
    /// Its place in the table.
    pub(super) place: u64,
    /// The group of its story.
    pub(super) group: u64,
}

/// The rows while they are read.
pub(super) struct PageRows {
    viewer: RowViewer,
    table: RowTable,
    /// Of the rows that succeeded, those at every so many positions are held, and have stories.
    kept_every: u64,
    story_every: u64,
    /// For each row of the table: what its kind of failure is found by.
    kinds: Vec<Option<KindKey>>,
    keys: KindKeys,
    stories: Vec<StoryPlace>,
}

impl PageRows {
    pub(super) fn new(source: &RunSource) -> io::Result<Self> {
        let rows = source.known.reader.row_count().map_err(io::Error::other)?;
        let viewer = RowViewer::new(source);
        Ok(Self {
            table: RowTable::new(viewer.heads())?,
            viewer,
            kept_every: kept_every(rows),
            story_every: story_every(rows),
            kinds: Vec::new(),
            keys: KindKeys::default(),
            stories: Vec::new(),
        })
    }

    /// Adds a row, if the page holds it.
    pub(super) fn add(&mut self, row: &RecordedRow<'_>) -> Result<(), CloseError> {
        let (position, succeeded) = (row.record.position, row.record.outcome == RowOutcome::Succeeded);
        if succeeded && !position.is_multiple_of(self.kept_every) {
            return Ok(());
        }
        let viewed = self.viewer.view(row)?;
        let has_story = !succeeded || position.is_multiple_of(self.story_every);
        let failed = |error| CloseError::Files { folder: "the report".to_owned(), error };
        let (place, group) = self.table.add(&viewed.shown, has_story).map_err(failed)?;
        if row.under_way {
            self.table.mark_under_way(place);
        }
        self.kinds.push(if row.under_way { None } else { self.keys.add(&row.record) });
        self.stories.extend(group.map(|group| StoryPlace { position, place, group }));
        Ok(())
    }

    /// The head and the parts of the table, and the rows whose stories the page holds.
    pub(super) fn finish(self, record: &RunRecord) -> io::Result<PageTable> {
        let numbers = self.keys.numbers(&record.failures);
        let kinds = self.kinds.iter().map(|kind| kind.map_or(0, |kind| numbers.of(kind)));
        let (head, parts) = self.table.finish(&record.rows_at_rest(), kinds)?;
        Ok(PageTable { head, parts, stories: self.stories })
    }
}

/// The finished table.
pub(super) struct PageTable {
    pub(super) head: TableHead,
    pub(super) parts: Vec<(String, Vec<u8>)>,
    pub(super) stories: Vec<StoryPlace>,
}

/// Of a list with this many rows, every so many-th row that succeeded is held.
fn kept_every(rows: u64) -> u64 {
    if rows <= WHOLE { 1 } else { rows.div_ceil(SAMPLE) }
}

/// Of a list with this many rows, every so many-th row that is held and succeeded has a story.
fn story_every(rows: u64) -> u64 {
    // A multiple of the distance between held rows, so that each of them can have one.
    let held = kept_every(rows);
    rows.div_ceil(STORIES_OF_SUCCESS).div_ceil(held).max(1) * held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_held_as_a_sample() {
        assert_eq!([0, 1, WHOLE, WHOLE + 1, 1_000_000].map(kept_every), [1, 1, 1, 11, 50]);
        assert!((WHOLE + 1) / kept_every(WHOLE + 1) <= SAMPLE);
        for rows in [0, 1, STORIES_OF_SUCCESS, STORIES_OF_SUCCESS + 1, WHOLE, WHOLE + 1, 1_000_000] {
            let every = story_every(rows);
            assert!(rows.div_ceil(every) <= STORIES_OF_SUCCESS && every.is_multiple_of(kept_every(rows)), "{rows}");
        }
        assert_eq!([STORIES_OF_SUCCESS, STORIES_OF_SUCCESS + 1].map(story_every), [1, 2]);
    }
}
