//! The verb `retry`.

use super::context::context;
use super::end_reports::EndReports;
use crate::cli::args::{Common, RetryArgs};
use crate::cli::output::{Exit, Screen, VerbResult, show_run};
use crate::operate::{self, RetryReport, RetryRequest};

/// Runs `retry RUN`.
pub(crate) fn retry(args: &RetryArgs, common: &Common, screen: Screen) -> VerbResult {
    let request = RetryRequest {
        run: args.run.clone(),
        only: args.only.iter().map(|only| (*only).into()).collect(),
        rows: args.rows.clone(),
        playbook: args.playbook.clone(),
        pace: args.pace.pace(),
        confirmed: args.pace.confirmed(),
    };
    let (reports, context) = (EndReports::begin(&args.pace.reports)?, context(common, screen));
    match operate::retry(&request, &context).map_err(|refusal| reports.refused(refusal))? {
        RetryReport::Ran(report) => {
            let exit = show_run(&report, screen)?;
            reports.finish(report.summary.run_id.as_str(), &context, screen);
            Ok(exit)
        }
        RetryReport::Nothing { run, unknown } => {
            let (exit, said) = (
                if unknown { Exit::Unknown } else { Exit::Done },
                format!("Nothing of the run {run} is to be done again"),
            );
            screen.say(&said);
            reports.nothing_ran(exit, &said)?;
            Ok(exit)
        }
    }
}
