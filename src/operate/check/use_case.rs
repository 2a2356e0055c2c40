//! `check`: playbooks, settings and every row, offline; test files without running them.

use std::convert::Infallible;
use std::path::PathBuf;

use super::repair::{FixedFile, fix};
use crate::diagnostic::Diagnostics;
use crate::io::Clock;
use crate::operate::interface::{Context, GivenRows, Input, PlaybookFrom, Refusal};
use crate::operate::load::{Prepared, prepare};
use crate::operate::test::{Suite, is_test};
use crate::runner::{Intake, IntakeTally, Selection, take_rows};

/// The check of playbooks and of test files.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The playbooks, and test files (`*.test.yaml`).
    pub playbooks: Vec<PathBuf>,
    /// What they would be run with.
    pub input: Input,
    /// A new row file, or a folder of several, that what can be safely repaired is written to; the repaired rows are
    /// checked then.
    pub fix: Option<PathBuf>,
}

impl CheckRequest {
    /// The check of one playbook with its own rows.
    #[must_use]
    pub fn new(playbook: impl Into<PathBuf>) -> Self {
        Self { playbooks: vec![playbook.into()], input: Input::default(), fix: None }
    }
}

/// What a check found.
#[derive(Debug)]
pub struct CheckReport {
    /// The files, in the order of the request.
    pub files: Vec<CheckedFile>,
    /// Everything that was found in all of them.
    pub diagnostics: Diagnostics,
    /// Why the next file of the request and those after it were not checked; `None` where all were.
    pub refused: Option<Refusal>,
}

/// A file that was checked.
#[derive(Debug)]
pub struct CheckedFile {
    /// The file.
    pub path: PathBuf,
    /// What it holds; `None` where it is wrong.
    pub holds: Option<Holds>,
    /// The repaired row files; `None` where no repair was asked for.
    pub fix: Option<FixReport>,
    /// Whether errors were found in it or in its rows.
    pub wrong: bool,
}

/// What a sound file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// Tests.
    Tests(usize),
    /// A playbook.
    Playbook {
        /// How many rows it has.
        rows: u64,
        /// The calls that they make by operation, as far as they can be counted ahead.
        calls: std::collections::BTreeMap<String, u64>,
    },
}

/// What a repair did for one playbook.
#[derive(Debug)]
pub enum FixReport {
    /// New files were written.
    Written {
        /// The files.
        files: Vec<FixedFile>,
        /// The rows to run instead: the new files.
        rows: Vec<GivenRows>,
        /// What was found in the new rows.
        diagnostics: Diagnostics,
    },
    /// Nothing was written: the playbook is wrong, or it has no rows.
    Nothing,
}

/// Checks playbooks with their rows, and test files. Mistakes in files are part of the report, and so is a refusal once
/// a file was checked: repaired rows may have been written by then.
///
/// # Examples
/// ```
/// use runsheet::operate::{CheckRequest, Context, Holds, check};
///
/// let report = check(&CheckRequest::new("playbooks/extend-deadlines.yaml"), &Context::new())?;
/// assert!(!report.diagnostics.has_errors());
/// assert!(matches!(report.files[0].holds, Some(Holds::Playbook { rows: 40, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the first file is refused: [`Refusal::Usage`] where the request names what is not there; [`Refusal::Invalid`]
/// for broken provider files; [`Refusal::Broken`] where a file cannot be read or written.
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
            let holds = suite.map(|suite| Holds::Tests(suite.file.tests.len()));
            report.files.push(CheckedFile { path: path.clone(), holds, fix: None, wrong: own.has_errors() });
            // What is wrong with the playbook may have been told of it already.
            let all = &mut report.diagnostics;
            let new: Vec<_> = own.into_iter().filter(|one| !all.iter().any(|known| known == one)).collect();
            all.extend(new);
            continue;
        }
        let fixed = match &request.fix {
            Some(out) => fix(path, out, &request.input, request.playbooks.len() == 1, context)?,
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
        let holds = tally.map(|tally| Holds::Playbook { rows: tally.rows, calls: tally.calls });
        report.files.push(CheckedFile { path: path.clone(), holds, fix, wrong: own.has_errors() });
        report.diagnostics.append(own);
    }
    Ok(())
}

/// Reads every row and counts what it would do; rows that an earlier run has done are an error of the data.
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
