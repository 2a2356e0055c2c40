//! One message: code, severity, sentence, places, help.

use crate::diagnostic::codes;
use crate::diagnostic::location::Place;
use crate::model::{Value, words};

words! {
    /// The severity.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Severity {
        /// An error: nothing is sent.
        Error = "error",
        /// A warning: worth a look; the run continues.
        Warning = "warning",
        /// A note: good to know; nothing has to be done.
        Note = "note",
    }
}

/// A message about a user's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A short, stable word in kebab case that `explain` knows.
    pub code: &'static str,
    /// The severity.
    pub severity: Severity,
    /// One sentence that says what is wrong.
    pub message: String,
    /// The places with their labels, which may be empty; the first is the main one.
    pub places: Vec<(Place, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// Further lines of the help, which are never joined.
    pub lines: Vec<String>,
    /// The row that the message is about; `None` if it is not about a row.
    pub row: Option<AboutRow>,
    /// The part of the row that the message is about: a column, an input, the key. Messages about the same part may
    /// have one cause.
    pub about: Option<String>,
}

/// The row of a file that a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutRow {
    /// The number as a spreadsheet shows it; the header is 1.
    pub number: u64,
    /// The key as it may be shown; for a row of a list, the key of the row that it belongs to. `None` if it has none.
    pub key: Option<String>,
    /// The file's name as shown.
    pub file: String,
}

impl Diagnostic {
    /// Makes an error.
    #[must_use]
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        debug_assert!(codes::code(code).is_some(), "`{code}` is not in the table of codes");
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            places: Vec::new(),
            help: None,
            lines: Vec::new(),
            row: None,
            about: None,
        }
    }

    /// Makes a warning.
    #[must_use]
    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Makes a note, which is shown on one line.
    #[must_use]
    pub(crate) fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, message) }
    }

    /// Adds a place with its label.
    #[must_use]
    pub(crate) fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.places.push((place, label.into()));
        self
    }

    /// Sets the row that it is about.
    #[must_use]
    pub(crate) fn of_row(self, row: AboutRow) -> Self {
        Self { row: Some(row), ..self }
    }

    /// Sets the part of the row that it is about.
    #[must_use]
    pub(crate) fn about(self, part: impl Into<String>) -> Self {
        Self { about: Some(part.into()), ..self }
    }

    /// Sets the help.
    #[must_use]
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Sets a help of several lines.
    #[must_use]
    pub(crate) fn help_in_lines(mut self, text: &str) -> Self {
        let mut lines = text.trim_end().split('\n').map(str::to_owned);
        self.help = lines.next();
        self.lines = lines.collect();
        self
    }

    /// The help with all its lines; `None` if there is none.
    #[must_use]
    pub(crate) fn whole_help(&self) -> Option<String> {
        let lines = self.help.iter().chain(&self.lines).map(String::as_str);
        self.help.as_ref().map(|_| lines.collect::<Vec<_>>().join("\n"))
    }

    /// Sets the help, if there is one.
    #[must_use]
    pub(crate) fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }

    /// The message as `{code, severity, message, file, line, column, end: {line, column}, help, row, key, places:
    /// […]}`. File, line, column and end are those of the first place, null without one. Each of `places` has the same
    /// four keys, `label` and `text`. Lines and columns count from 1, columns in characters; the column of `end` is the
    /// one after the span.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let places: Vec<Value> = self.places.iter().map(|(place, label)| place_json(place, label)).collect();
        let first = |key: &str| places.first().map_or(Value::Null, |place| place[key].clone());
        serde_json::json!({
            "code": self.code,
            "severity": self.severity.as_str(),
            "message": self.message,
            "file": first("file"),
            "line": first("line"),
            "column": first("column"),
            "end": first("end"),
            "help": self.whole_help(),
            "row": self.row.as_ref().map(|row| row.number),
            "key": self.row.as_ref().and_then(|row| row.key.clone()),
            "places": places,
        })
    }
}

pub(super) fn place_json(place: &Place, label: &str) -> Value {
    serde_json::json!({
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end": {"line": place.line, "column": place.end_column()},
        "label": label,
        "text": place.text,
    })
}
