//! Where the names of a text stand: the words inside its tags, in order.

use crate::diagnostic::Span;

/// Hands out the spans of words in the order in which they stand.
pub(super) struct Words<'t> {
    text: &'t str,
    spans: &'t [Span],
    next: usize,
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str, spans: &'t [Span]) -> Self {
        Self { text, spans, next: 0 }
    }

    /// The span of the next word that is spelled so; the whole text where there is none.
    pub(super) fn find(&mut self, word: &str) -> Span {
        let rest = &self.spans[self.next..];
        match rest.iter().position(|span| &self.text[span.start..span.end] == word) {
            Some(at) => {
                self.next += at + 1;
                rest[at]
            }
            None => Span::new(0, self.text.len()),
        }
    }
}
