//! Renders messages as text with miette, from the lines in their places.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::cause_group::CauseGroup;
use super::message::{Diagnostic, Severity};
use crate::diagnostic::location::Place;
use crate::diagnostic::text::{display_width, one_line, shown_line};

/// The most causes that are shown; the others are counted.
const MOST: usize = 50;
/// The smallest width, in columns; a narrower terminal gets this one.
const NARROWEST: usize = 40;
/// The indentation of the lines of a help, in columns.
const HELP_INDENT: usize = 8;
/// Replaces spaces inside text to paste, so that no line is broken there; not a character of any text.
const UNBROKEN: char = '\u{fdd0}';
/// Forbids a line break after any other character there, such as the slash of a path. Doubled, because no text has it
/// twice.
const NO_BREAK: &str = "\u{2060}\u{2060}";

/// Renders the groups in the given order, at most [`MOST`] of them. `total` is the number of all messages.
pub(super) fn render(all: &[CauseGroup<'_>], total: usize, color: bool, width: usize) -> String {
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_context_lines(0)
        .without_syntax_highlighting()
        .with_width(width.max(NARROWEST));
    let mut out = String::new();
    let mut told = 0;
    for block in all.iter().take(MOST) {
        told += block.count();
        if block.severity() == Severity::Note {
            out.push_str(&note(block));
            continue;
        }
        let shown = Shown::new(block, width.max(NARROWEST) - HELP_INDENT);
        // Writing to a string cannot fail, and a span always lies in its line.
        let mut text = String::new();
        let _ = handler.render_report(&mut text, &shown);
        out.push_str(&text.replace(UNBROKEN, " ").replace(NO_BREAK, ""));
        out.push('\n');
    }
    if total > told {
        out.push_str(&format!("… and {} more\n", total - told));
    }
    out.push_str(&more_about(all));
    out
}

/// Renders a note on one line.
fn note(block: &CauseGroup<'_>) -> String {
    let help = block.first().help.as_deref().map(|help| format!(" ({})", one_line(help))).unwrap_or_default();
    format!("note: {}{help}\n", one_line(&block.message()))
}

/// The hint how to read more about the codes.
fn more_about(all: &[CauseGroup<'_>]) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for diagnostic in all.iter().take(MOST).map(CauseGroup::first) {
        if diagnostic.severity != Severity::Note && !codes.contains(&diagnostic.code) {
            codes.push(diagnostic.code);
        }
    }
    match codes.as_slice() {
        [] => String::new(),
        [one] => format!("More about it: runsheet explain {one}\n"),
        [first, ..] => format!("More about a code: runsheet explain CODE, such as {first}\n"),
    }
}

/// A message in the form that miette renders.
#[derive(Debug)]
struct Shown<'d> {
    diagnostic: &'d Diagnostic,
    message: String,
    help: Option<String>,
    lines: Lines,
    labels: Vec<LabeledSpan>,
}

impl<'d> Shown<'d> {
    /// `room` is the width of the help, in columns.
    fn new(block: &CauseGroup<'d>, room: usize) -> Self {
        let diagnostic = block.first();
        let mut lines = Lines::default();
        let mut labels = Vec::new();
        for (index, (place, label)) in block.places().iter().enumerate() {
            let span = lines.add(place);
            let label = Some(one_line(label).into_owned()).filter(|label| !label.is_empty());
            let make = if index == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
            labels.push(make(label, span));
        }
        let message = one_line(&block.message()).into_owned();
        let help = diagnostic.help.iter().chain(&diagnostic.lines).map(|line| unbroken(&one_line(line), room));
        let help = diagnostic.help.as_ref().map(|_| help.collect::<Vec<_>>().join("\n"));
        Self { diagnostic, message, help, lines, labels }
    }
}

/// Protects the parts in backticks of a line from line breaks, if there is room, so that they can be pasted.
fn unbroken(line: &str, room: usize) -> String {
    let whole = |part: &str| -> String {
        let blank = |c| if c == ' ' { UNBROKEN } else { c };
        part.chars().flat_map(|c| std::iter::once(blank(c)).chain(NO_BREAK.chars())).collect()
    };
    let parts = line.split('`').enumerate();
    let kept = parts.map(|(at, part)| match at % 2 == 1 && display_width(part) + 3 <= room {
        true => whole(part),
        false => part.to_owned(),
    });
    kept.collect::<Vec<_>>().join("`")
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.diagnostic.severity.as_str(), self.diagnostic.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.labels.is_empty()).then_some(&self.lines)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as _)
    }
}

/// The lines of a message's places, joined to one text.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    lines: Vec<Line>,
}

/// A line with its place in the joined text and in its file.
#[derive(Debug)]
struct Line {
    file: String,
    number: usize,
    raw: String,
    start: usize,
    end: usize,
    /// The offset of each byte of the raw line in the shown one, counted from `start`.
    places: Vec<usize>,
    column: Vec<(usize, usize)>,
}

impl Lines {
    /// Adds the line of a place, unless it is there already; returns the span in the joined text.
    fn add(&mut self, place: &Place) -> SourceSpan {
        let known = |line: &Line| line.file == place.file && line.number == place.line && line.raw == place.text;
        let index = self.lines.iter().position(known).unwrap_or_else(|| self.add_line(place));
        let line = &mut self.lines[index];
        let [from, to] =
            [place.start, place.end].map(|at| line.places.get(at).copied().unwrap_or(line.end - line.start));
        let offset = line.start + from;
        line.column.push((offset, place.column - 1));
        SourceSpan::from((offset, to - from))
    }

    fn add_line(&mut self, place: &Place) -> usize {
        let start = self.text.len();
        let (shown, places) = shown_line(&place.text);
        self.text.push_str(&shown);
        // A label after the last character needs a character to point at.
        if place.start == place.text.len() && !place.text.is_empty() {
            self.text.push(' ');
        }
        let end = self.text.len();
        self.text.push('\n');
        let (file, raw) = (place.file.clone(), place.text.clone());
        self.lines.push(Line { file, number: place.line, raw, start, end, places, column: Vec::new() });
        self.lines.len() - 1
    }
}

impl SourceCode for Lines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let line = self.lines.iter().find(|line| line.start <= from && to <= line.end);
        let line = line.ok_or(MietteError::OutOfBounds)?;
        let column = line.column.iter().find(|(offset, _)| *offset == from).map_or(0, |(_, column)| *column);
        let data = self.text.as_bytes().get(line.start..line.end).unwrap_or_default();
        let whole = SourceSpan::from((line.start, line.end - line.start));
        Ok(Box::new(MietteSpanContents::new_named(
            one_line(&line.file).into_owned(),
            data,
            whole,
            line.number - 1,
            column,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostics, Source, Span};

    fn shown(diagnostic: Diagnostic) -> String {
        let mut all = Diagnostics::new();
        all.push(diagnostic);
        all.render(false, 80)
    }

    #[test]
    fn a_wide_part_to_paste_is_kept_whole_only_if_its_columns_have_room() {
        let plain = |room| unbroken("Write `名称 名称`.", room) == "Write `名称 名称`.";
        // Nine columns, two backticks and a full stop.
        assert!(plain(11) && !plain(12));
    }

    #[test]
    fn a_message_shows_file_line_caret_and_help() {
        let source = Source::new("play/book.yaml", "version: 1\nnme: x\n");
        let text = shown(
            Diagnostic::error("unknown-key", "`nme` is no key of a playbook")
                .at(source.place(Span::new(11, 14)), "did you mean `name`?")
                .help("Write `name: x`."),
        );
        let expected = "\
error[unknown-key]

  × `nme` is no key of a playbook
   ╭─[play/book.yaml:2:1]
 2 │ nme: x
   · ─┬─
   ·  ╰── did you mean `name`?
   ╰────
  help: Write `name: x`.

More about it: runsheet explain unknown-key
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_can_be_pasted_is_never_broken() {
        let (yaml, command) =
            ("`columns: { a b: { type: date } }`", "`runsheet retry RUN --rows 'my results/failed.csv'`");
        for width in 70..120 {
            let mut all = Diagnostics::new();
            let help = format!("Say how the column is written: {yaml}, and then do what is missing: {command}.");
            all.push(Diagnostic::error("missing-rows", "m").help(help));
            let text = all.render(false, width);
            assert!(text.contains(yaml) && text.contains(command), "{width}:\n{text}");
            assert!(!text.contains([UNBROKEN, '\u{2060}']));
        }
    }

    #[test]
    fn places_in_several_lines_each_show_their_own() {
        let source = Source::new("b.yaml", "a: 1\n# far\n\n預約: 2\ta: 3\n");
        let text = shown(
            Diagnostic::warning("duplicate-key", "`a` stands twice")
                .at(source.place(Span::new(22, 23)), "again")
                .at(source.place(Span::new(0, 1)), "first"),
        );
        let expected = "\
warning[duplicate-key]

  ⚠ `a` stands twice
   ╭─[b.yaml:4:7]
 4 │ 預約: 2 a: 3
   ·         ┬
   ·         ╰── again
   ╰────
   ╭─[b.yaml:1:1]
 1 │ a: 1
   · ┬
   · ╰── first
   ╰────

More about it: runsheet explain duplicate-key
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_message_without_a_place_is_its_sentence() {
        assert_eq!(
            shown(Diagnostic::error("missing-rows", "There is no row").help("Add one.")),
            "error[missing-rows]\n\n  × There is no row\n  help: Add one.\n\nMore about it: runsheet explain missing-rows\n"
        );
    }

    #[test]
    fn control_characters_of_a_cell_never_reach_the_terminal() {
        let source = Source::new("ro\x1bws.csv", "a\x1b[2Jb\tc\r,\u{202e}d\n");
        let text = shown(
            Diagnostic::error("cell-type", "`a\x1b[2J\n\terror` is bad")
                .at(source.place(Span::new(12, 13)), "\x07\t")
                .help("\u{9b}\n\terror"),
        );
        assert!(!text.contains(['\x1b', '\r', '\u{202e}', '\x07', '\t', '\u{9b}']), "{text:?}");
        assert!(!text.lines().any(|line| line.trim().starts_with("error`")), "{text}");
    }

    #[test]
    fn a_caret_is_in_the_right_column_after_invisible_characters() {
        let source = Source::new("b.yaml", "a\u{202e}: '##[x]', bad\n");
        let at = source.text().find("bad").unwrap();
        let text = shown(Diagnostic::error("bad-value", "m").at(source.place(Span::new(at, at + 3)), "here"));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[4], " 1 │ a[U+202E]: '# #[x]', bad", "{text}");
        assert_eq!(lines[5], "   ·                      ─┬─", "{text}");
    }

    #[test]
    fn no_more_than_the_bound_are_shown() {
        let mut all = Diagnostics::new();
        all.extend((0..MOST + 7).map(|n| Diagnostic::error("bad-row", format!("number {n}."))));
        let text = all.render(false, 80);
        assert!(text.contains("number 49.") && !text.contains("number 50."), "{text}");
        assert!(text.contains("… and 7 more\n"));
    }

    #[test]
    fn json_has_the_same_content() {
        let source = Source::new("b.yaml", "a: 1\n");
        let json = Diagnostic::error("bad-value", "m").at(source.place(Span::new(3, 4)), "l").help("h").to_json();
        assert_eq!(
            json,
            serde_json::json!({"code": "bad-value", "severity": "error", "message": "m",
                "file": "b.yaml", "line": 1, "column": 4, "end": {"line": 1, "column": 5}, "help": "h",
                "row": null, "key": null, "places": [
                {"file": "b.yaml", "line": 1, "column": 4, "end": {"line": 1, "column": 5}, "label": "l", "text": "a: 1"}
            ]})
        );
    }
}
