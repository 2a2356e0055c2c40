//! What can be wrong with a workbook, in words.

use std::fmt::Display;

use crate::diagnostic::Span;
use crate::rows::flaws::other_format;
use crate::rows::record::{Flaw, ReadError};

pub(super) fn damaged(what: impl Display) -> ReadError {
    let help = "Open the workbook in a spreadsheet and save it again as `.xlsx`, or save the sheet as \"CSV UTF-8\"";
    ReadError { code: "unreadable-file", ..other_format(&format!("The workbook cannot be read: {what}"), help) }
}

pub(super) fn too_large(what: &str) -> ReadError {
    let help = "Save the sheet as \"CSV UTF-8\", which is read whatever its length";
    ReadError { code: "unreadable-file", ..other_format(&format!("The workbook is refused: {what}"), help) }
}

pub(super) fn encrypted() -> ReadError {
    let help = "Save it as `.xlsx` without a password, or save the sheet as \"CSV UTF-8\"";
    other_format("The workbook is locked with a password", help)
}

pub(super) fn no_sheet(wanted: &str, names: &[String], near: Option<&str>) -> ReadError {
    let help = match near {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("Its sheets are `{}`", names.join("`, `")),
    };
    ReadError { code: "bad-header", ..other_format(&format!("The workbook has no sheet `{wanted}`"), &help) }
}

pub(super) fn empty_sheet(name: &str, others: &[String]) -> ReadError {
    let help = match others {
        [] => "The first row names the columns, each further row is a row".to_owned(),
        others => format!("Its other sheets are `{}`: name the one that is meant with `sheet:`", others.join("`, `")),
    };
    ReadError { code: "bad-header", ..other_format(&format!("The sheet `{name}` is empty"), &help) }
}

/// What is wrong with one cell; its place in the record is set once that is known.
pub(super) fn cell(message: String, help: &str) -> Flaw {
    Flaw { message, help: help.to_owned(), span: Span::new(0, 0) }
}
