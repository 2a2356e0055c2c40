//! The report as JUnit XML. The counts stand before the cases, so the cases are collected in a temporary file first.

use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use super::run_source::RunSource;
use crate::model::{Masks, StepScope};
use crate::operate::interface::{OrRefuse, Refusal};
use crate::report::{
    JUNIT_END, JUNIT_SUITE_END, JunitCounts, RUN_SUITE, RowCases, RowCommands, RunRecord, junit_begin, junit_case,
    junit_suite_begin,
};
use crate::runner::{CloseError, RecordedRow};

/// Writes a suite for the run as a whole, and one with all rows; `scratch` is a folder for temporary files.
pub(super) fn write_junit(source: &RunSource, out: &mut dyn Write, scratch: &Path) -> Result<RunRecord, Refusal> {
    // The state folder may be read-only.
    let cases = tempfile::tempfile_in(scratch).or_else(|_| tempfile::tempfile());
    let mut cases = BufWriter::new(cases.or_refuse("a temporary file")?);
    let (suite, about) = (source.plan.name.clone(), about_rows(source)?);
    let mut counts = JunitCounts::default();
    let record = source.read(&mut |RecordedRow { record: row, masks, under_way, .. }| {
        let masks = if row.outcome.is_trouble() && !under_way { masks()? } else { Masks::default() };
        let case = about.case(&row, under_way, &masks);
        counts.add(&case);
        let failed = |error| CloseError::Files { folder: "the report".to_owned(), error };
        cases.write_all(junit_case(&suite, &case).as_bytes()).map_err(failed)
    })?;
    let mut cases = cases.into_inner().map_err(io::IntoInnerError::into_error).or_refuse("a temporary file")?;
    cases.rewind().or_refuse("a temporary file")?;

    let run_case = record.junit_case();
    let mut run_counts = JunitCounts::default();
    run_counts.add(&run_case);
    let at = Some(record.started_at.as_str());
    let mut head = junit_begin(counts.with(run_counts));
    head.push_str(&junit_suite_begin(RUN_SUITE, run_counts, at, &record.junit_properties()));
    head.push_str(&junit_case(RUN_SUITE, &run_case));
    head.push_str(JUNIT_SUITE_END);
    head.push_str(&junit_suite_begin(&suite, counts, at, &[]));
    out.write_all(head.as_bytes()).or_refuse("the report")?;
    io::copy(&mut cases, out).or_refuse("the report")?;
    out.write_all(format!("{JUNIT_SUITE_END}{JUNIT_END}").as_bytes()).or_refuse("the report")?;
    Ok(record)
}

/// What the cases of all rows need.
fn about_rows(source: &RunSource) -> Result<RowCases, Refusal> {
    let plan = &source.plan;
    let place = |span| {
        let place = plan.source.place(span);
        (place.file, place.line)
    };
    let of_run = source.known.reader.facts(StepScope::Run).or_refuse("the journal")?;
    Ok(RowCases {
        rows_file: source.known.frozen.rows_name.clone(),
        steps: plan.steps.iter().map(|step| (step.id.clone(), place(step.span))).collect(),
        masks_keys: plan.masks_keys(),
        commands: RowCommands::of_run(&source.known.frozen.run_id, plan.undoing.as_ref(), &of_run),
    })
}
