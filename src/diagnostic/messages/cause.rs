//! Decides whether two messages have one cause, from what they say.

use super::message::{Diagnostic, Severity};

/// What messages with one cause share.
///
/// Messages about rows share their code, the part of the row (a column, an input), the file, the place in the playbook,
/// and their text without quoted parts and numbers. Other messages share the whole text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Cause {
    code: &'static str,
    severity: Severity,
    about: Option<String>,
    file: Option<String>,
    message: String,
    help: Option<String>,
    /// The places outside the row's file: file, line, column.
    places: Vec<(String, usize, usize)>,
}

impl Cause {
    /// The cause of a message.
    pub(super) fn of(diagnostic: &Diagnostic) -> Self {
        let Diagnostic { code, severity, message, places, row, about, .. } = diagnostic;
        let help = diagnostic.whole_help();
        let file = row.as_ref().map(|row| row.file.clone());
        let file = file.or_else(|| places.first().map(|(place, _)| place.file.clone()));
        let (message, help, places) = match row {
            None => (message.clone(), help, Vec::new()),
            Some(row) => {
                let others = places.iter().filter(|(place, _)| place.file != row.file);
                let others = others.map(|(place, _)| (place.file.clone(), place.line, place.column));
                (shape(message), help.map(|help| shape(&help)), others.collect())
            }
        };
        Self { code, severity: *severity, about: about.clone(), file, message, help, places }
    }
}

/// A text without its quoted parts and numbers.
fn shape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut in_number) = (false, false);
    for c in text.chars() {
        if c == '`' {
            quoted = !quoted;
            out.push(c);
        } else if !quoted && c.is_ascii_digit() {
            if !in_number {
                out.push('#');
            }
            in_number = true;
            continue;
        } else if !quoted {
            out.push(c);
        }
        in_number = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{AboutRow, Place, Span};

    fn in_row(number: u64, message: &str) -> Diagnostic {
        let place = |file: &str, line| Place::in_line(file, line, "text", Span::new(0, 1));
        Diagnostic::error("cell-type", message)
            .about("day")
            .of_row(AboutRow { number, key: Some(format!("K-{number}")), file: "rows.csv".to_owned() })
            .at(place("rows.csv", usize::try_from(number).unwrap()), "")
            .at(place("playbook.yaml", 7), "used here")
    }

    fn same(one: &Diagnostic, other: &Diagnostic) -> bool {
        Cause::of(one) == Cause::of(other)
    }

    #[test]
    fn rows_that_differ_in_their_values_alone_have_one_cause() {
        let first = in_row(2, "Column `day`, row 2: `soon` is not a date");
        assert!(same(&first, &in_row(1_003, "Column `day`, row 1003: `2035/1/3` is not a date")));
        let help = |text: &str| in_row(2, "m").help(text);
        assert!(same(&help("Write `a`, or 31"), &help("Write `b`, or 7")));
    }

    #[test]
    fn another_code_column_file_place_or_sentence_is_another_cause() {
        let first = in_row(2, "Column `day`, row 2: `soon` is not a date");
        let other_place = Place::in_line("playbook.yaml", 9, "text", Span::new(0, 1));
        for other in [
            Diagnostic { code: "bad-value", ..first.clone() },
            first.clone().about("month"),
            first.clone().of_row(AboutRow { number: 2, key: None, file: "list.csv".to_owned() }),
            first.clone().at(other_place, "used here"),
            first.clone().help("Write a date"),
            in_row(2, "Column `day`, row 2: `soon` lies behind us"),
            Diagnostic { severity: Severity::Warning, ..first.clone() },
        ] {
            assert!(!same(&first, &other), "{other:?}");
        }
    }

    #[test]
    fn messages_that_are_not_about_rows_are_one_only_word_for_word() {
        let at = |line, message: &str| {
            Diagnostic::error("unknown-name", message).at(Place::in_line("p.yaml", line, "t", Span::new(0, 1)), "")
        };
        assert!(same(&at(3, "There is no column `flow`"), &at(9, "There is no column `flow`")));
        assert!(!same(&at(3, "There is no column `flow`"), &at(9, "There is no column `flew`")));
        assert!(!same(&at(3, "at most 3"), &at(3, "at most 4")));
    }
}
