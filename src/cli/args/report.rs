//! The arguments about reports: those of the verb `report`, and the reports that a run writes when it ends.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::every_verb::Format;
use crate::operate::{PageLanguage, ReportFormat};

/// `report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Run to report on: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Form of the report: `html`, `junit`, `json`, `markdown` or `csv`
    ///
    /// `html` is a page for a browser, in one file. `junit` is JUnit XML with a test case for each row. `json` and `markdown` tell about the run as a whole. `csv` holds
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
    /// Language of a page: `en` or `zh` [default: the browser's]
    #[arg(long, value_name = "LANG", value_parser = language(), env = "RUNSHEET_LANG", hide_env_values = true, hide_possible_values = true)]
    pub(crate) lang: Option<PageLanguage>,
}

impl ReportArgs {
    /// The language in which a page begins. Other reports have none.
    pub(crate) fn language(&self) -> Option<PageLanguage> {
        self.lang.filter(|_| self.format == Format::Html)
    }

    /// The form of the report; `None` for `text`, which only other verbs have.
    pub(crate) fn form(&self) -> Option<ReportFormat> {
        match self.format {
            Format::Text => None,
            Format::Html => Some(ReportFormat::Html),
            Format::Json => Some(ReportFormat::Json),
            Format::Junit => Some(ReportFormat::Junit),
            Format::Markdown => Some(ReportFormat::Markdown),
            Format::Csv => Some(ReportFormat::Csv),
        }
    }
}

/// The languages of a page.
fn language() -> impl TypedValueParser<Value = PageLanguage> {
    let words = PageLanguage::ALL.map(|language| PossibleValue::new(language.as_str()));
    PossibleValuesParser::new(words).map(|word| PageLanguage::named(&word).unwrap_or(PageLanguage::English))
}

/// The forms of a report.
fn of_report() -> impl TypedValueParser<Value = Format> {
    let words = [
        PossibleValue::new("html").help("A page for a browser, in one file"),
        PossibleValue::new("junit").help("JUnit XML, for CI servers"),
        PossibleValue::new("json").help("The run as a whole, for programs"),
        PossibleValue::new("markdown").help("The run as a whole, as GitHub renders it"),
        PossibleValue::new("csv").help("All rows with their results"),
    ];
    PossibleValuesParser::new(words).map(|word| {
        ReportFormat::named(&word).map_or(Format::Text, |form| match form {
            ReportFormat::Html => Format::Html,
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
    /// Also write a page for a browser when the run ends
    ///
    /// It is one file: the rows by outcome, the failures by kind, the pace, and every row. A file that is there is
    /// replaced, also if the run cannot start: the page then holds the reason.
    #[arg(long, value_name = "FILE", env = "RUNSHEET_REPORT_HTML", hide_env_values = true)]
    pub(crate) report_html: Option<PathBuf>,
}
