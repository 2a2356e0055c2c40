//! The verb `resume`.

use super::context::context;
use super::end_reports::EndReports;
use crate::cli::args::{Common, ResumeArgs};
use crate::cli::output::{Screen, VerbResult, show_run};
use crate::operate::{self, ResumeRequest};

/// Runs `resume RUN`.
pub(crate) fn resume(args: &ResumeArgs, common: &Common, screen: Screen) -> VerbResult {
    let (pace, confirmed) = (args.pace.pace(), args.pace.confirmed());
    let request = ResumeRequest { run: args.run.clone(), pace, confirmed, from_copy: args.from_copy };
    let (reports, context) = (EndReports::begin(&args.pace.reports)?, context(common, screen));
    let report = operate::resume(&request, &context).map_err(|refusal| reports.refused(refusal))?;
    let exit = show_run(&report, screen)?;
    reports.finish(report.summary.run_id.as_str(), &context, screen);
    Ok(exit)
}
