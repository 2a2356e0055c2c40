//! `report`: the request, and the report that is written to a file or kept in a temporary one.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use super::format::ReportFormat;
use super::out_file::OutFile;
use super::run_source::RunSource;
use super::write_csv::write_csv;
use super::write_html::write_html;
use super::write_junit::write_junit;
use crate::diagnostic::harmless_json;
use crate::operate::interface::{Context, OrRefuse, Refusal};
use crate::report::RunRecord;
use crate::report::page::PageLanguage;
use crate::runner::CloseError;

/// A request for a report of a run.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// The form of the report.
    pub format: ReportFormat,
    /// The file to write, which is replaced as a whole; `None` to get the text from the report.
    pub out: Option<PathBuf>,
    /// The language in which a page begins; `None` for that of the reader's browser. Only pages have one.
    pub language: Option<PageLanguage>,
}

/// A report that was made.
#[derive(Debug)]
pub struct RunReportFile {
    /// The record of the run, as the report shows it.
    pub record: RunRecord,
    /// The text of the report.
    pub content: ReportContent,
}

/// Where the text of a report is.
#[derive(Debug)]
pub enum ReportContent {
    /// In the file that was asked for.
    Written(PathBuf),
    /// In a temporary file without a name, to be read from its beginning. The text may be in the encoding of the row file.
    Kept(File),
}

impl ReportContent {
    /// Reads the whole text.
    ///
    /// # Errors
    /// The [`io::Error`] of a file that cannot be read.
    pub fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Self::Written(path) => File::open(path)?.read_to_end(&mut bytes)?,
            Self::Kept(file) => {
                file.rewind()?;
                file.read_to_end(&mut bytes)?
            }
        };
        Ok(bytes)
    }
}

/// Makes a report of a run from its journal, also while the run is under way.
///
/// Sensitive values are masked, unless the context asks to show them.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, ReportFormat, ReportRequest, RunRequest, report, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// let ran = run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let request = ReportRequest { run: "latest".to_owned(), format: ReportFormat::Junit, out: None, language: None };
/// let mut made = report(&request, &context)?;
/// assert_eq!(made.record.rows, ran.summary.rows);
/// assert!(made.content.read()?.starts_with(b"<?xml"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several, or the file cannot be written; [`Refusal::Conflict`] where
/// something of the run is lost; [`Refusal::Broken`] where the journal cannot be read.
pub fn report(request: &ReportRequest, context: &Context) -> Result<RunReportFile, Refusal> {
    let source = RunSource::open(&request.run, context)?;
    let mut out = OutFile::create(request.out.as_deref(), source.known.folder.path())?;
    let record = write_report(&source, request, out.file())?;
    Ok(RunReportFile { record, content: out.finish()? })
}

/// Writes the report to `out`.
fn write_report(source: &RunSource, request: &ReportRequest, out: &mut dyn Write) -> Result<RunRecord, Refusal> {
    let record_only = || source.read(&mut |_| Ok::<(), CloseError>(()));
    match request.format {
        ReportFormat::Html => write_html(source, out, request.language),
        ReportFormat::Junit => write_junit(source, out, source.known.folder.path()),
        ReportFormat::Csv => write_csv(source, out, request.out.is_none()),
        ReportFormat::Json => {
            let record = record_only()?;
            let text = serde_json::to_string_pretty(&record).or_refuse("the record as JSON")?;
            writeln!(out, "{}", harmless_json(&text)).or_refuse("the report")?;
            Ok(record)
        }
        ReportFormat::Markdown => {
            let record = record_only()?;
            out.write_all(record.render_markdown().as_bytes()).or_refuse("the report")?;
            Ok(record)
        }
    }
}
