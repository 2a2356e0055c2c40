//! The report as CSV: all rows with their results. Without sensitive values it equals the file of all rows byte for byte.

use std::io::Write;

use super::run_source::RunSource;
use super::shown_cells::ShownCells;
use crate::operate::interface::{OrRefuse, Refusal};
use crate::report::{RowLines, RunRecord};
use crate::runner::{CloseError, RecordedRow};

/// Writes all rows. Rows of JSON files become CSV. `for_screen` also changes what a terminal or a CI system would act upon,
/// because the report may be printed into a log.
pub(super) fn write_csv(source: &RunSource, out: &mut dyn Write, for_screen: bool) -> Result<RunRecord, Refusal> {
    let cells = ShownCells::of(source, for_screen);
    let names: Vec<String> = source.plan.results.iter().map(|(name, _)| name.clone()).collect();
    let mut lines = RowLines::new(cells.dialect(), &names, &source.known.frozen.run_id);
    out.write_all(&lines.header()).or_refuse("the report")?;
    source.read(&mut |RecordedRow { record: mut row, masks, .. }| {
        cells.show(&mut row, &masks()?);
        out.write_all(lines.line(&row)).map_err(|error| CloseError::Files { folder: "the report".to_owned(), error })
    })
}
