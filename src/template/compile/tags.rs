//! Scans the tags of a text: refuses what the language does not have, checks that tags are closed and not nested too
//! deeply, and records where words are.
//!
//! This runs before Handlebars' parser, whose messages say less and which can exhaust the stack on deep nesting.

use super::error::{TemplateError, error};
use crate::diagnostic::Span;

/// The longest text with tags, in bytes.
const LONGEST: usize = 256 * 1024;
/// The deepest nesting of blocks, and of brackets inside one tag.
const DEEPEST: usize = 24;

/// The result of the scan.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// The words inside tags, in order: names, helpers, block parameters.
    pub(super) words: Vec<Span>,
    /// The span of each tag, in order.
    pub(super) spans: Vec<Span>,
}

/// Scans the tags of a text.
///
/// # Errors
/// The text is too long or nested too deeply, a tag, quote or block is not closed, or it uses partials, decorators or
/// raw blocks.
pub(super) fn scan(text: &str) -> Result<Tags, TemplateError> {
    let mut scanner = Scanner { text, at: 0, blocks: Vec::new(), tags: Tags::default() };
    while let Some(opener) = scanner.next_opener() {
        if text.len() > LONGEST {
            return Err(error(Span::new(opener, opener + 2), "A text with templates in it may be 256 KiB long", None));
        }
        scanner.tag(opener)?;
    }
    match scanner.blocks.first() {
        Some(open) => Err(error(*open, "This block is not closed", Some("Close it with `{{/…}}`, such as `{{/if}}`."))),
        None => Ok(scanner.tags),
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    blocks: Vec<Span>,
    tags: Tags,
}

impl Scanner<'_> {
    /// Finds the next `{{` that is not escaped by a backslash.
    fn next_opener(&mut self) -> Option<usize> {
        loop {
            let opener = self.at + self.text[self.at..].find("{{")?;
            let backslashes = self.text[self.at..opener].bytes().rev().take_while(|byte| *byte == b'\\').count();
            if backslashes != 1 {
                return Some(opener);
            }
            let four = self.text[opener..].starts_with("{{{{");
            self.at = opener + if four { 4 } else { 2 };
        }
    }

    fn tag(&mut self, opener: usize) -> Result<(), TemplateError> {
        let rest = &self.text[opener..];
        let braces = rest.len() - rest.trim_start_matches('{').len();
        let sigil = rest[braces..].trim_start_matches('~');
        let inner = if sigil.starts_with('!') { sigil } else { rest[braces..].trim_start_matches(blank_or_tilde) };
        let start = opener + (rest.len() - inner.len());
        let here = Span::new(opener, start);
        if braces >= 4 {
            return Err(error(
                here,
                "Raw blocks `{{{{…}}}}` are not part of the language",
                Some("Write `\\{{` for braces as text."),
            ));
        }
        match inner.chars().next() {
            Some('!') => return self.comment(opener, start),
            Some('>') => return Err(error(here, "Partials `{{> …}}` are not part of the language", None)),
            Some('*') => return Err(error(here, "Decorators `{{* …}}` are not part of the language", None)),
            Some('#') if inner[1..].trim_start().starts_with(['>', '*']) => {
                return Err(error(here, "Partials and decorators are not part of the language", None));
            }
            Some('#') => self.open_block(Span::new(opener, start + 1))?,
            Some('/') => drop(self.blocks.pop()),
            _ => {}
        }
        let end = self.inside(opener, start)?;
        self.tags.spans.push(Span::new(opener, end));
        self.at = end;
        Ok(())
    }

    fn open_block(&mut self, span: Span) -> Result<(), TemplateError> {
        self.blocks.push(span);
        if self.blocks.len() > DEEPEST {
            return Err(error(span, format!("Blocks are nested deeper than {DEEPEST}"), None));
        }
        Ok(())
    }

    fn comment(&mut self, opener: usize, start: usize) -> Result<(), TemplateError> {
        let closer = if self.text[start..].starts_with("!--") { "--}}" } else { "}}" };
        match self.text[start..].find(closer) {
            Some(at) => self.at = start + at + closer.len(),
            None => return Err(unclosed(opener)),
        }
        self.tags.spans.push(Span::new(opener, self.at));
        Ok(())
    }

    /// Reads a tag from the byte after its opener; returns the byte after its closer.
    fn inside(&mut self, opener: usize, start: usize) -> Result<usize, TemplateError> {
        let text = self.text;
        let (mut at, mut depth, mut word) = (start, 0_usize, None::<usize>);
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            if rest.starts_with("}}") && depth_allows_end(depth, rest) {
                self.word(word.take(), at);
                let extra = rest.bytes().take_while(|byte| *byte == b'}').count().min(3);
                return Ok(at + extra.max(2));
            }
            let next = at + c.len_utf8();
            match c {
                '"' | '\'' => {
                    self.word(word.take(), at);
                    at = skip_quoted(text, at, c).ok_or_else(|| {
                        error(
                            Span::new(at, next),
                            "This quote is not closed",
                            Some("Close the text with the same quote."),
                        )
                    })?;
                    continue;
                }
                '[' if text[..at].ends_with(['.', '/']) || bracketed_name(rest) => {
                    word = word.or(Some(at));
                    at += rest.find(']').map_or(1, |close| close + 1);
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Err(error(Span::new(at, next), format!("Brackets are nested deeper than {DEEPEST}"), None));
            }
            if is_word(c) {
                word = word.or(Some(at));
            } else {
                self.word(word.take(), at);
            }
            at = next;
        }
        Err(unclosed(opener))
    }

    fn word(&mut self, start: Option<usize>, end: usize) {
        if let Some(start) = start {
            self.tags.words.push(Span::new(start, end));
        }
    }
}

fn unclosed(opener: usize) -> TemplateError {
    let help = "Close it with `}}`, or write `\\{{` where the braces are text.";
    error(Span::new(opener, opener + 2), "This template is not closed", Some(help))
}

/// Whether `}}` ends the tag here rather than an object inside it.
fn depth_allows_end(depth: usize, rest: &str) -> bool {
    depth == 0 || !rest.starts_with("}}}}")
}

/// Whether `[` begins a name in brackets rather than a list.
fn bracketed_name(rest: &str) -> bool {
    rest.find(']').is_some_and(|close| !rest[1..close].contains(['"', '\'', '[', '{', ',']))
}

fn blank_or_tilde(c: char) -> bool {
    c.is_whitespace() || c == '~'
}

fn is_word(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '(' | ')' | '|' | '=' | '~' | '{' | '}' | '#' | '&' | '^' | ',' | '[' | ']')
}

/// The byte after a quoted text; `None` if the quote is not closed.
fn skip_quoted(text: &str, start: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text[start + 1..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(start + 1 + at + 1),
            _ => {}
        }
    }
    None
}

/// Finds the spans of words in the order of the text.
pub(super) struct Words<'t> {
    text: &'t str,
    spans: &'t [Span],
    next: usize,
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str, spans: &'t [Span]) -> Self {
        Self { text, spans, next: 0 }
    }

    /// The span of the next word with this spelling; the whole text if there is none.
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
