//! The verb `run`.

use super::context::context;
use super::end_reports::EndReports;
use crate::cli::args::{Common, RunArgs};
use crate::cli::output::{Screen, VerbResult, show_run};
use crate::cli::plan::plan_of;
use crate::operate::{self, PlaybookFrom, RunRequest};

/// Runs `run PLAYBOOK`; with `--dry-run`, plans it.
pub(crate) fn run(args: &RunArgs, common: &Common, screen: Screen) -> VerbResult {
    let RunArgs { work, pace, dry_run, faults } = args;
    if *dry_run {
        return plan_of(work, &pace.limits, common, screen);
    }
    let request = RunRequest {
        playbook: PlaybookFrom::File(work.playbook.clone()),
        input: work.input.input(),
        selection: work.selection(),
        skip_invalid: work.skip_invalid,
        pace: pace.pace(),
        confirmed: pace.confirmed(),
        again: work.again,
        faults: faults.clone(),
    };
    let (reports, context) = (EndReports::begin(&pace.reports)?, context(common, screen));
    let report = operate::run(&request, &context).map_err(|refusal| reports.refused(refusal))?;
    let exit = show_run(&report, screen)?;
    reports.finish(report.summary.run_id.as_str(), &context, screen);
    Ok(exit)
}
