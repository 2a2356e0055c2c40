//! `check`: checks playbooks, settings and every row offline, and test files without running them.

use std::convert::Infallible;
use std::path::PathBuf;

use super::repair::{RepairedFile, repair_rows};
use crate::diagnostic::Diagnostics;
use crate::io::Clock;
use crate::operate::interface::{Context, GivenRows, PlaybookFrom, Refusal, RunInput};
use crate::operate::load::{Prepared, prepare};
use crate::operate::test::{Suite, is_test};
use crate::runner::{Intake, IntakeTally, Selection, take_rows};

/// The check of playbooks and of test files.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The playbooks, and test files (`*.test.yaml`).
    pub playbooks: Vec<PathBuf>,
    /// What they would be run with.
    pub input: RunInput,
    /// The new row file, or the folder of several, for the rows with what can be safely repaired; the repaired rows are then
    /// checked. `None` repairs nothing.
    pub fix: Option<PathBuf>,
}

impl CheckRequest {
    /// The check of one playbook with its own rows.
    #[must_use]
    pub fn new(playbook: impl Into<PathBuf>) -> Self {
        Self { playbooks: vec![playbook.into()], input: RunInput::default(), fix: None }
    }
}

/// The result of a check.
#[derive(Debug)]
pub struct CheckReport {
    /// The files, in the order of the request.
    pub files: Vec<CheckedFile>,
    /// The messages about all of them.
    pub diagnostics: Diagnostics,
    /// Why the next file of the request and those after it were not checked; `None` where all were.
    pub refused: Option<Refusal>,
}

/// A file that was checked.
#[derive(Debug)]
pub struct CheckedFile {
    /// The file.
    pub path: PathBuf,
    /// What it contains; `None` where it is wrong.
    pub content: Option<FileContent>,
    /// The repair of its row files; `None` where none was asked for.
    pub fix: Option<FixReport>,
    /// Whether it or its rows have errors.
    pub has_errors: bool,
}

/// What a file without errors contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// A number of tests.
    Tests(usize),
    /// A playbook.
    Playbook {
        /// The number of its rows.
        rows: u64,
        /// The number of calls by operation, as far as it is known ahead.
        calls: std::collections::BTreeMap<String, u64>,
    },
}

/// The repair of the row files of one playbook.
#[derive(Debug)]
pub enum FixReport {
    /// New files were written.
    Written {
        /// The files.
        files: Vec<RepairedFile>,
        /// The rows to run instead: the new files.
        rows: Vec<GivenRows>,
        /// The messages about the new rows.
        diagnostics: Diagnostics,
    },
    /// Nothing was written: the playbook is wrong, or it has no rows.
    Nothing,
}

/// Checks playbooks with their rows, and test files. Mistakes in files are part of the report. So is a refusal after the first
/// file, because repaired rows may have been written by then.
///
/// # Examples
/// ```
/// use runsheet::operate::{CheckRequest, Context, FileContent, check};
///
/// let report = check(&CheckRequest::new("playbooks/extend-deadlines.yaml"), &Context::new())?;
/// assert!(!report.diagnostics.has_errors());
/// assert!(matches!(report.files[0].content, Some(FileContent::Playbook { rows: 40, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the first file is refused: [`Refusal::Usage`] where the request names something that does not exist;
/// [`Refusal::Invalid`] for wrong provider files; [`Refusal::Broken`] where a file cannot be read or written.
pub fn check(request: &CheckRequest, context: &Context) -> Result<CheckReport, Refusal> {
    let mut report = CheckReport { files: Vec::new(), diagnostics: Diagnostics::new(), refused: None };
    match each_file(request, context, &mut report) {
        Err(refusal) if report.files.is_empty() => Err(refusal),
        checked => Ok(CheckReport { refused: checked.err(), ..report }),
    }
}

fn each_file(request: &CheckRequest, context: &Context, report: &mut CheckReport) -> Result<(), Refusal> {
    let clock = Clock::start();
    for path in &request.playbooks {
        let mut own = Diagnostics::new();
        if is_test(path) {
            let suite = Suite::load(path, context, &mut own)?.filter(|_| !own.has_errors());
            let content = suite.map(|suite| FileContent::Tests(suite.file.tests.len()));
            report.files.push(CheckedFile { path: path.clone(), content, fix: None, has_errors: own.has_errors() });
            // The mistakes of the playbook may be in the report already.
            let all = &mut report.diagnostics;
            let new: Vec<_> = own.into_iter().filter(|one| !all.iter().any(|known| known == one)).collect();
            all.extend(new);
            continue;
        }
        let fixed = match &request.fix {
            Some(out) => repair_rows(path, out, &request.input, request.playbooks.len() == 1, context)?,
            None => None,
        };
        let input = fixed.as_ref().map_or(&request.input, |fixed| &fixed.input);
        let tally = match prepare(&PlaybookFrom::File(path.clone()), input, context, &clock, &mut own)? {
            Some(prepared) => tally(prepared, &clock, &mut own),
            None => None,
        };
        request.input.judge_empty(&mut own);
        let tally = tally.filter(|_| !own.has_errors());
        let fix = match (fixed, &request.fix) {
            (Some(fixed), _) => {
                Some(FixReport::Written { files: fixed.files, rows: fixed.input.rows, diagnostics: own.clone() })
            }
            (None, Some(_)) => Some(FixReport::Nothing),
            (None, None) => None,
        };
        let content = tally.map(|tally| FileContent::Playbook { rows: tally.rows, calls: tally.calls });
        report.files.push(CheckedFile { path: path.clone(), content, fix, has_errors: own.has_errors() });
        report.diagnostics.append(own);
    }
    Ok(())
}

/// Reads every row and counts its calls; mistakes go to `diagnostics`.
fn tally(prepared: Prepared, clock: &Clock, diagnostics: &mut Diagnostics) -> Option<IntakeTally> {
    let mut source = prepared.source;
    let intake = Intake {
        plan: &prepared.plan,
        source: &mut source,
        selection: &Selection::default(),
        skip_invalid: false,
        now: clock.now(),
        samples: 0,
        history: None,
        list: None,
    };
    let taken: Result<IntakeTally, Infallible> = take_rows(intake, diagnostics, &mut |_| Ok(()));
    taken.ok()
}
