//! A file's text with the starts of its lines; finds the place of a span.

use std::sync::Arc;

use super::place::{Place, Span};

/// A file as the user knows it: its name as shown, and its text.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    lines: Vec<usize>,
}

impl Source {
    /// A text with the name that messages show for it.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Arc<Self> {
        let text = text.into();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Arc::new(Self { name: name.into(), text, lines })
    }

    /// The name as shown.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of a span: the line of its start, with the part of the span on that line.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let start = self.boundary(span.start);
        let index = self.lines.partition_point(|&line| line <= start).saturating_sub(1);
        let from = self.lines[index];
        let to = self.lines.get(index + 1).map_or(self.text.len(), |&next| next - 1);
        let line = self.text[from..to].trim_end_matches('\r');
        // A byte order mark is not visible in the first line.
        let mark = if from == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let inside = |at: usize| at.saturating_sub(from + mark).min(line.len() - mark);
        Place::in_line(&self.name, index + 1, &line[mark..], Span::new(inside(start), inside(self.boundary(span.end))))
    }

    /// The lines in which a span lies, each without its line end.
    #[must_use]
    pub fn lines_of(&self, span: Span) -> Vec<&str> {
        let line_of = |at: usize| self.lines.partition_point(|&line| line <= at).saturating_sub(1);
        let start = self.boundary(span.start);
        let (first, last) = (line_of(start), line_of(self.boundary(span.end.saturating_sub(1)).max(start)));
        let line = |index: usize| {
            let to = self.lines.get(index + 1).map_or(self.text.len(), |&next| next - 1);
            self.text[self.lines[index]..to].trim_start_matches('\u{feff}').trim_end_matches('\r')
        };
        (first..=last).map(line).collect()
    }

    /// The line before the one in which a span starts; empty for the first line.
    #[must_use]
    pub fn line_above(&self, span: Span) -> &str {
        let start = self.boundary(span.start);
        let index = self.lines.partition_point(|&line| line <= start).saturating_sub(1);
        index.checked_sub(1).map_or("", |above| self.text[self.lines[above]..self.lines[index]].trim_end())
    }

    /// The nearest character boundary at or before a byte.
    fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, start: usize, end: usize) -> (usize, usize, String, usize, usize) {
        let place = Source::new("f.yaml", text).place(Span::new(start, end));
        (place.line, place.column, place.text, place.start, place.end)
    }

    #[test]
    fn a_span_outside_the_text_stands_at_its_end() {
        assert_eq!(at("ab\ncd", 99, 120), (2, 3, "cd".into(), 2, 2));
        assert_eq!(at("", 0, 0), (1, 1, String::new(), 0, 0));
        assert_eq!(at("ab\n", 3, 3), (2, 1, String::new(), 0, 0));
    }

    #[test]
    fn a_span_inside_a_character_moves_to_its_start() {
        assert_eq!(at("é", 1, 2), (1, 1, "é".into(), 0, 2));
    }

    #[test]
    fn a_span_over_lines_keeps_its_first_line() {
        assert_eq!(at("abc\ndef", 1, 6), (1, 2, "abc".into(), 1, 3));
    }

    #[test]
    fn line_ends_and_byte_order_marks_are_left_out() {
        assert_eq!(at("ab\r\ncd\r\n", 4, 6), (2, 1, "cd".into(), 0, 2));
        assert_eq!(at("\u{feff}ab", 3, 4), (1, 1, "ab".into(), 0, 1));
    }

    #[test]
    fn the_lines_of_a_span_are_whole() {
        let lines = |start, end| {
            let source = Source::new("f.yaml", "\u{feff}a: 1\r\n- b: é\n  c: 3\n");
            source.lines_of(Span::new(start, end)).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(lines(3, 5), ["a: 1"]);
        assert_eq!(lines(11, 23), ["- b: é", "  c: 3"]);
        assert_eq!(lines(13, 15), ["- b: é"]);
        assert_eq!(lines(99, 120), [""]);
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(at("預約: x", 8, 9), (1, 5, "預約: x".into(), 8, 9));
    }
}
