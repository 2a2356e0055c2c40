//! One message: code, severity, sentence, places, help.

use crate::diagnostic::codes;
use crate::diagnostic::location::Place;
use crate::model::{Value, words};

words! {
    /// How bad it is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Severity {
        /// Nothing is sent.
        Error = "error",
        /// Worth a look; the run goes on.
        Warning = "warning",
        /// Good to know; nothing is to be done.
        Note = "note",
    }
}

/// A message about a user's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A short, stable word in kebab case that `explain` knows.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence that says what is wrong.
    pub message: String,
    /// Where, each with a label (which may be empty); the first is the main one.
    pub places: Vec<(Place, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// What belongs to the help and has lines: each of them stays one.
    pub lines: Vec<String>,
    /// The row that it is about, where it is about one.
    pub row: Option<AboutRow>,
    /// What of a row it is about: a column, an input, the key. Messages about the same part may have one cause.
    pub about: Option<String>,
}

/// A row of a file, as a message names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutRow {
    /// Its number as a spreadsheet shows it; the header is 1.
    pub number: u64,
    /// Its key as it may be shown; of a list's row, that of the row it belongs to. `None` where it has none.
    pub key: Option<String>,
    /// The file's name as shown.
    pub file: String,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
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

    /// A warning.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// A note: one line, without a place.
    #[must_use]
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, message) }
    }

    /// Points at one more place.
    #[must_use]
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.places.push((place, label.into()));
        self
    }

    /// Says which row it is about.
    #[must_use]
    pub fn of_row(self, row: AboutRow) -> Self {
        Self { row: Some(row), ..self }
    }

    /// Says what of a row it is about.
    #[must_use]
    pub fn about(self, part: impl Into<String>) -> Self {
        Self { about: Some(part.into()), ..self }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says what to do in several lines: the first is the help, the others stand below it.
    #[must_use]
    pub fn help_in_lines(mut self, text: &str) -> Self {
        let mut lines = text.trim_end().split('\n').map(str::to_owned);
        self.help = lines.next();
        self.lines = lines.collect();
        self
    }

    /// The help with all its lines.
    #[must_use]
    pub fn whole_help(&self) -> Option<String> {
        let lines = self.help.iter().chain(&self.lines).map(String::as_str);
        self.help.as_ref().map(|_| lines.collect::<Vec<_>>().join("\n"))
    }

    /// Says what to do, where there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }

    /// `{code, severity, message, file, line, column, end: {line, column}, help, row, key, places: […]}`: the first place
    /// ahead, nulls where there is none; each of `places` has the same four keys, `label` and `text`. Lines and columns count
    /// from 1, columns in characters; the end's column is that of the character behind.
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
