//! The verb `retry`.

use super::context::context;
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
    match operate::retry(&request, &context(common, screen))? {
        RetryReport::Ran(report) => show_run(&report, screen),
        RetryReport::Nothing { run, unknown } => {
            screen.say(&format!("Nothing of the run {run} is to be done again"));
            Ok(if unknown { Exit::Unknown } else { Exit::Done })
        }
    }
}
