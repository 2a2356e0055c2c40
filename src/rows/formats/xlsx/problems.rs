//! The messages about workbooks that cannot be read.

use std::fmt::Display;

use crate::diagnostic::{Span, shortened};
use crate::rows::record::{ReadError, RecordProblem};

/// The most bytes of a reason that are shown; names in a workbook may be of any length.
const SHOWN: usize = 200;
/// The most sheets that a message names.
const SHEETS_NAMED: usize = 20;

pub(super) fn damaged(what: impl Display) -> ReadError {
    let what = what.to_string();
    let what = shortened(&what, SHOWN);
    let help = "Open the workbook in a spreadsheet and save it again as `.xlsx`, or save the sheet as \"CSV UTF-8\"";
    ReadError::new("unreadable-file", &format!("The workbook cannot be read: {what}"), help)
}

pub(super) fn too_large(what: &str) -> ReadError {
    let help = "Save the sheet as \"CSV UTF-8\", which is read whatever its length";
    ReadError::new("unreadable-file", &format!("The workbook is refused: {what}"), help)
}

pub(super) fn encrypted() -> ReadError {
    let help = "Save it as `.xlsx` without a password, or save the sheet as \"CSV UTF-8\"";
    ReadError::new("bad-encoding", "The workbook is locked with a password", help)
}

pub(super) fn no_sheet(wanted: &str, names: &[String], near: Option<&str>) -> ReadError {
    let help = match near {
        Some(near) => format!("Did you mean `{near}`?"),
        None => with_rows(names),
    };
    ReadError::new("bad-header", &format!("The workbook has no sheet `{wanted}`"), &help)
}

/// A declared sheet that has no rows, such as a chart.
pub(super) fn sheet_without_rows(name: &str, kind: &str, names: &[String]) -> ReadError {
    let message = format!("The sheet `{name}` of the workbook is a {kind}, which has no rows");
    ReadError::new("bad-header", &message, &with_rows(names))
}

/// No sheet can be chosen: those with rows are hidden, or there are none.
pub(super) fn none_visible(names: &[String]) -> ReadError {
    let (message, help) = match names {
        [] => ("The workbook has no sheet with rows", with_rows(names)),
        _ => (
            "Every sheet with rows of the workbook is hidden",
            format!("Name the one that you want with `sheet:`: {}", listed(names)),
        ),
    };
    ReadError::new("bad-header", message, &help)
}

pub(super) fn empty_sheet(name: &str, others: &[String]) -> ReadError {
    let help = match others {
        [] => "The first row names the columns, each further row is a row".to_owned(),
        others => format!("Its other sheets are {}: name the one that you want with `sheet:`", listed(others)),
    };
    ReadError::new("bad-header", &format!("The sheet `{name}` is empty"), &help)
}

/// A help that lists the sheets with rows.
fn with_rows(names: &[String]) -> String {
    match names {
        [] => "None of its sheets has rows: charts, dialogs and macros are passed over".to_owned(),
        names => format!("Its sheets with rows are {}: name the one that you want with `sheet:`", listed(names)),
    }
}

fn listed(names: &[String]) -> String {
    let shown = names[..names.len().min(SHEETS_NAMED)].join("`, `");
    let more = if names.len() > SHEETS_NAMED { " …" } else { "" };
    format!("`{shown}`{more}")
}

/// The problem of one cell; the caller sets its place in the record.
pub(super) fn cell(message: String, help: &str) -> RecordProblem {
    RecordProblem { message, help: help.to_owned(), span: Span::new(0, 0) }
}
