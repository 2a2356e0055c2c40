//! The arguments about reports: those of the verb `report`, and the reports that a run writes when it ends.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::every_verb::Format;
use crate::operate::ReportFormat;

/// `report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Run to report on: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Form of the report: `junit`, `json`, `markdown` or `csv`
    ///
    /// `junit` is JUnit XML with a test case for each row. `json` and `markdown` tell about the run as a whole. `csv` holds
    /// all rows with their results.
    #[arg(
        long,
        value_name = "FORMAT",
        required = true,
        value_parser = of_report(),
        env = "RUNSHEET_FORMAT",
        hide_env_values = true,
        hide_possible_values = true
    )]
    pub(crate) format: Format,
    /// File to write [default: standard output]
    ///
    /// FILE is replaced as a whole once the report is complete. Only you can read it.
    #[arg(long, value_name = "FILE", env = "RUNSHEET_REPORT_OUT", hide_env_values = true)]
    pub(crate) out: Option<PathBuf>,
}

impl ReportArgs {
    /// The form of the report; `None` for `text`, which only other verbs have.
    pub(crate) fn form(&self) -> Option<ReportFormat> {
        match self.format {
            Format::Text => None,
            Format::Json => Some(ReportFormat::Json),
            Format::Junit => Some(ReportFormat::Junit),
            Format::Markdown => Some(ReportFormat::Markdown),
            Format::Csv => Some(ReportFormat::Csv),
        }
    }
}

/// The forms of a report.
fn of_report() -> impl TypedValueParser<Value = Format> {
    let words = [
        PossibleValue::new("junit").help("JUnit XML, for CI servers"),
        PossibleValue::new("json").help("The run as a whole, for programs"),
        PossibleValue::new("markdown").help("The run as a whole, as GitHub renders it"),
        PossibleValue::new("csv").help("All rows with their results"),
    ];
    PossibleValuesParser::new(words).map(|word| {
        ReportFormat::named(&word).map_or(Format::Text, |form| match form {
            ReportFormat::Junit => Format::Junit,
            ReportFormat::Json => Format::Json,
            ReportFormat::Markdown => Format::Markdown,
            ReportFormat::Csv => Format::Csv,
        })
    })
}

/// The reports that a run writes when it ends.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct EndReportArgs {
    /// Also write a JUnit report when the run ends
    ///
    /// It has a test case for each row, and one for the run. A file that is there is replaced, also if the run cannot
    /// start: the report then holds the reason.
    #[arg(long, value_name = "FILE", env = "RUNSHEET_REPORT_JUNIT", hide_env_values = true)]
    pub(crate) report_junit: Option<PathBuf>,
}
