//! The reports that a run writes when it ends. Until then their files hold a report that says so, so that nobody takes the
//! report of an earlier run for this one's.

use std::path::Path;
use std::time::Duration;

use crate::cli::args::EndReportArgs;
use crate::cli::output::{Exit, Failure, Screen};
use crate::diagnostic::{one_line, shell_path};
use crate::operate::{Context, Refusal, ReportFormat, ReportRequest, report, write_report_text};
use crate::report::page::notice_page;
use crate::report::{JunitCase, JunitProblem, JunitResult, JunitSuite, RUN_SUITE, junit};

/// The reports of a run that is about to start.
pub(super) struct EndReports<'a> {
    junit: Option<&'a Path>,
    html: Option<&'a Path>,
}

impl<'a> EndReports<'a> {
    /// Writes reports that say that the run has not ended.
    ///
    /// # Errors
    /// [`Failure::Usage`] where a file cannot be written; nothing was sent.
    pub(super) fn begin(args: &'a EndReportArgs) -> Result<Self, Failure> {
        let this = Self { junit: args.report_junit.as_deref(), html: args.report_html.as_deref() };
        let message = "the run has not ended, or its process was killed: `runsheet runs list` shows where it stands";
        this.write_notice("run", broken("no_end", message, message), message)?;
        Ok(this)
    }

    /// Writes the reports of a run that has ended. Where that fails, prints a warning: what the run did stands, and the verb
    /// keeps its exit code.
    pub(super) fn finish(&self, run: &str, context: &Context, screen: Screen) {
        let reports = [(ReportFormat::Junit, self.junit), (ReportFormat::Html, self.html)];
        for (format, path) in reports.into_iter().filter_map(|(format, path)| Some((format, path?))) {
            let request = ReportRequest { run: run.to_owned(), format, out: Some(path.to_owned()), language: None };
            if let Err(refusal) = report(&request, context) {
                let again = format!("runsheet report {run} --format {} --out {}", format.as_str(), shell_path(path));
                let reason = refusal.to_string();
                screen.say_always(&format!("warning: {}; write the report again: {again}", one_line(&reason)));
            }
        }
    }

    /// Writes reports for a verb that found nothing to run; `said` tells why.
    ///
    /// # Errors
    /// [`Failure::Usage`] where a file cannot be written.
    pub(super) fn nothing_ran(&self, exit: Exit, said: &str) -> Result<(), Failure> {
        let result = match exit == Exit::Done {
            true => JunitResult::Passed,
            false => broken("nothing_ran", said, said),
        };
        self.write_notice(said, result, said)
    }

    /// Writes reports of the reason why a run did not start or broke off, and passes the reason on.
    pub(super) fn refused(&self, refusal: Refusal) -> Failure {
        let failure = Failure::from(refusal);
        let (code, message, _) = failure.parts();
        let story = match &failure {
            Failure::Invalid(diagnostics) => diagnostics.render(false, 100),
            Failure::Usage(_) | Failure::Conflict(_) | Failure::Broken(_) => message.clone(),
        };
        // The reason is printed in any case.
        let _ = self.write_notice("run", broken(code, &message, &story), &story);
        failure
    }

    /// Writes a test case called `name`, and a page that says `told`.
    fn write_notice(&self, name: &str, result: JunitResult, told: &str) -> Result<(), Failure> {
        if let Some(path) = self.junit {
            let case = JunitCase { name: name.to_owned(), place: None, took: Duration::ZERO, result };
            let suite = JunitSuite { name: RUN_SUITE.to_owned(), cases: vec![case] };
            write_text("--report-junit", path, &junit(&[suite]))?;
        }
        self.html.map_or(Ok(()), |path| write_text("--report-html", path, &notice_page(told)))
    }
}

fn write_text(option: &str, path: &Path, text: &str) -> Result<(), Failure> {
    write_report_text(path, text).map_err(|refusal| match refusal {
        Refusal::Usage(message) => Failure::Usage(format!("`{option}`: {message}; nothing was sent")),
        other @ (Refusal::Invalid(_) | Refusal::Conflict(_) | Refusal::Broken(_)) => other.into(),
    })
}

fn broken(code: &str, message: &str, story: &str) -> JunitResult {
    let (code, message, story) = (code.to_owned(), message.to_owned(), story.to_owned());
    JunitResult::Broken(JunitProblem { code, message, story })
}
