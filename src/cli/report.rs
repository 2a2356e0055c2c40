//! The verb `report`.

use super::context::context;
use crate::cli::args::{Common, ReportArgs};
use crate::cli::output::{Exit, Failure, Screen, VerbResult};
use crate::operate::{self, ReportContent, ReportRequest};

/// Runs `report RUN --format FORMAT`.
pub(crate) fn report(args: &ReportArgs, common: &Common, screen: Screen) -> VerbResult {
    let Some(format) = args.form() else {
        return Err(Failure::Usage(
            "a report is `html`, `junit`, `json`, `markdown` or `csv`: add --format FORMAT".to_owned(),
        ));
    };
    let request = ReportRequest { run: args.run.clone(), format, out: args.out.clone(), language: args.language() };
    let made = operate::report(&request, &context(common, screen))?;
    match made.content {
        ReportContent::Written(path) => {
            screen.say(&format!("The report of run {} is in {}", made.record.run_id, path.display()));
        }
        ReportContent::Kept(mut file) => screen.copy(&mut file)?,
    }
    Ok(Exit::Done)
}
