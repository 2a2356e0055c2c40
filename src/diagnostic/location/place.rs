//! A byte range, and a place in a file with the text of its line, so that showing it does not need the file.

/// How many bytes of a long line are kept on each side of the span.
const MARGIN: usize = 160;
/// Replaces each letter that must not be shown.
const MASK: &str = "x";
/// How many bytes of a long span are kept.
const WIDEST: usize = 240;

/// A range of bytes inside a text; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// A span from `start` to `end`; empty if the end is before the start.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }
}

/// A place in a file: file, line, column, and the text of the line around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the file as shown.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The text of the line; of a long line the part around the span.
    pub text: String,
    /// First byte of the span inside `text`.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Place {
    /// Makes a place in a line; `span` is a byte range in `text`. Of a long line, only the part around the span is
    /// kept.
    #[must_use]
    pub(crate) fn in_line(file: &str, line: usize, text: &str, span: Span) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end.max(start));
        let column = text[..start].chars().count() + 1;
        let from = if start > MARGIN * 2 { floor(text, start - MARGIN) } else { 0 };
        let end = floor(text, end.min(start + WIDEST));
        let to = if text.len() > end + MARGIN * 2 { floor(text, end + MARGIN) } else { text.len() };
        let head = if from > 0 { "…" } else { "" };
        let tail = if to < text.len() { "…" } else { "" };
        let shift = |at: usize| at - from + head.len();
        let (start, end) = (shift(start), shift(end));
        Self { file: file.to_owned(), line, column, text: format!("{head}{}{tail}", &text[from..to]), start, end }
    }

    /// The column after the span, in characters, counted from 1.
    #[must_use]
    pub fn end_column(&self) -> usize {
        self.column + self.text.get(self.start..self.end).map_or(0, |piece| piece.chars().count())
    }
}

impl Place {
    /// The same place with `change` applied to its text before, in and after the span. Line and column stay.
    #[must_use]
    pub(crate) fn changed(&self, change: impl Fn(&str) -> String) -> Self {
        let [ahead, inside, behind] =
            [&self.text[..self.start], &self.text[self.start..self.end], &self.text[self.end..]].map(change);
        let (start, end) = (ahead.len(), ahead.len() + inside.len());
        Self { text: format!("{ahead}{inside}{behind}"), start, end, file: self.file.clone(), ..*self }
    }

    /// The same place with its whole line masked.
    #[must_use]
    pub(crate) fn redacted(&self) -> Self {
        let letters = |text: &str| text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { 'x' }).collect();
        self.changed(letters)
    }

    /// The same place with these texts masked.
    #[must_use]
    pub(crate) fn without<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Self {
        let long = texts.into_iter().filter(|text| !text.trim().is_empty());
        long.fold(self.clone(), |place, text| {
            place.changed(|shown| shown.replace(text, &MASK.repeat(text.chars().count())))
        })
    }
}

/// The nearest character boundary at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_line_is_cut_to_a_window() {
        let line = format!("{}X{}", "é".repeat(500_000), "ü".repeat(500_000));
        let place = Place::in_line("rows.csv", 900_000, &line, Span::new(1_000_000, 1_000_001));
        assert!(place.text.len() < 800, "{}", place.text.len());
        assert_eq!(&place.text[place.start..place.end], "X");
        assert_eq!(place.column, 500_001);
        assert!(place.text.starts_with('…') && place.text.ends_with('…'));
    }

    #[test]
    fn a_huge_span_is_cut_too() {
        let line = "x".repeat(1_000_000);
        let place = Place::in_line("rows.csv", 2, &line, Span::new(0, line.len()));
        assert!(place.text.len() < 800);
        assert_eq!((place.start, place.end), (0, WIDEST));
    }

    #[test]
    fn a_span_beyond_the_line_points_at_its_end() {
        let place = Place::in_line("rows.csv", 2, "a,b", Span::new(10, 20));
        assert_eq!((place.start, place.end, place.column), (3, 3, 4));
    }
}
