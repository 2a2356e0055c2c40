//! Splits a text into layout events, from the parser's tokens: atoms in their order, and where blocks begin and end.
//! Each byte that is not blank belongs to an atom.

#![expect(clippy::wildcard_enum_match_arm, reason = "the tokens and events are those of another crate")]

use serde_yaml::granit_parser::{ScalarStyle, Scanner, StrInput, Token, TokenType};

/// A piece of text that is kept unchanged, with its original position.
#[derive(Debug, Clone)]
pub(super) struct Atom<'t> {
    pub(super) kind: AtomKind,
    pub(super) text: &'t str,
    /// The byte range in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The number of characters before it on its line.
    pub(super) column: usize,
    /// The number of line breaks between the previous atom and this one.
    pub(super) breaks: usize,
}

/// The kind of an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtomKind {
    /// `-` before an element.
    Dash,
    /// `?` before a key.
    Question,
    /// `:` after a key.
    Colon,
    /// `,` in a flow list or map.
    Comma,
    /// `[` or `{`.
    Open,
    /// `]` or `}`.
    Close,
    /// An anchor or a tag.
    Property,
    /// `*name`
    Alias,
    /// A scalar, plain or quoted.
    Scalar,
    /// The header of a block scalar: `|` or `>` with its indicators.
    Header,
    /// The lines of a block scalar; with `keep`, trailing empty lines belong to it.
    Body { keep: bool },
    /// `#` and the rest of its line.
    Comment,
    /// `---`, `...` or a directive.
    Marker,
}

/// One event for the layout, in the order of the text.
#[derive(Debug)]
pub(super) enum LayoutEvent<'t> {
    /// A block map begins, at this column.
    Map(usize),
    /// A block list begins, at this column.
    List(usize),
    /// The innermost block ends.
    End,
    /// A key follows.
    Key,
    /// An atom.
    Atom(Atom<'t>),
}

/// The layout events of a text with `\n` line ends. `None` if the text cannot be scanned, or something in it is not an
/// atom.
pub(super) fn events(text: &str) -> Option<Vec<LayoutEvent<'_>>> {
    let mut reader = AtomReader { text, found: Vec::new(), end: 0 };
    for token in Scanner::new(StrInput::new(text)) {
        reader.take(&token.ok()?)?;
    }
    // The parser reports a comment in a block scalar's header after the scalar.
    reader.found.sort_by_key(|(at, _)| *at);
    let mut events: Vec<LayoutEvent<'_>> = reader.found.into_iter().map(|(_, event)| event).collect();
    count_breaks(text, &mut events)?;
    Some(events)
}

struct AtomReader<'t> {
    text: &'t str,
    found: Vec<(usize, LayoutEvent<'t>)>,
    /// The end of the last atom that is not a comment.
    end: usize,
}

impl<'t> AtomReader<'t> {
    fn take(&mut self, token: &Token<'_>) -> Option<()> {
        let range = token.span().byte_range()?;
        let (start, column) = (range.start, token.span().start.col());
        match token.token_type() {
            TokenType::BlockMappingStart => self.found.push((start, LayoutEvent::Map(column))),
            TokenType::BlockSequenceStart => self.found.push((start, LayoutEvent::List(column))),
            TokenType::BlockEnd => self.found.push((start, LayoutEvent::End)),
            TokenType::Key => {
                self.found.push((start, LayoutEvent::Key));
                if !range.is_empty() {
                    self.atom(AtomKind::Question, start, start + 1);
                }
            }
            TokenType::BlockEntry => {
                // The token starts after the spaces and the comment that follow the dash.
                let dash = self.behind_blanks(self.end)?;
                self.sign(AtomKind::Dash, dash, "-")?;
            }
            TokenType::Value => self.sign(AtomKind::Colon, start, ":")?,
            TokenType::FlowEntry => self.sign(AtomKind::Comma, start, ",")?,
            TokenType::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, _) => self.block(range.end)?,
            other => {
                if let Some(kind) = plainly(other) {
                    self.atom(kind, start, range.end);
                }
            }
        }
        Some(())
    }

    fn sign(&mut self, kind: AtomKind, at: usize, sign: &str) -> Option<()> {
        self.text.get(at..)?.starts_with(sign).then(|| self.atom(kind, at, at + 1))
    }

    fn atom(&mut self, kind: AtomKind, start: usize, end: usize) {
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let column = self.text[line..start].chars().count();
        let text = self.text[start..end].trim_end();
        let end = start + text.len();
        if kind != AtomKind::Comment {
            self.end = end;
        }
        self.found.push((start, LayoutEvent::Atom(Atom { kind, text, start, end, column, breaks: 0 })));
    }

    /// Adds the header and the lines of a block scalar whose content ends at `end`.
    fn block(&mut self, end: usize) -> Option<()> {
        let start = self.behind_blanks(self.end)?;
        let line = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let header = self.text[start..line].split([' ', '\t']).next()?;
        if !header.starts_with(['|', '>']) {
            return None;
        }
        self.atom(AtomKind::Header, start, start + header.len());
        let from = line + 1;
        let Some(content) = self.text.get(from..end.max(from)).filter(|content| !content.is_empty()) else {
            return Some(());
        };
        // Spaces before the next token do not belong to the scalar.
        let Some(whole) = content.rfind('\n').or((end == self.text.len()).then_some(content.len())) else {
            return Some(());
        };
        let last = end == self.text.len() && !content.ends_with('\n');
        let content = if last { content } else { &content[..whole] };
        let keep = header.contains('+');
        self.end = from + content.len();
        let body =
            Atom { kind: AtomKind::Body { keep }, text: content, start: from, end: self.end, column: 0, breaks: 0 };
        self.found.push((from, LayoutEvent::Atom(body)));
        Some(())
    }

    /// The start of the next thing that is neither blank nor a comment.
    fn behind_blanks(&self, mut at: usize) -> Option<usize> {
        loop {
            let rest = self.text.get(at..)?;
            at += rest.len() - rest.trim_start_matches([' ', '\t', '\n']).len();
            match self.text.get(at..)?.strip_prefix('#') {
                Some(comment) => at += 1 + comment.find('\n')?,
                None => return Some(at),
            }
        }
    }
}

/// The kind of a token that is an atom by itself; `None` for other tokens.
fn plainly(token: &TokenType<'_>) -> Option<AtomKind> {
    Some(match token {
        TokenType::FlowSequenceStart | TokenType::FlowMappingStart => AtomKind::Open,
        TokenType::FlowSequenceEnd | TokenType::FlowMappingEnd => AtomKind::Close,
        TokenType::Anchor(_) | TokenType::Tag(..) => AtomKind::Property,
        TokenType::Alias(_) => AtomKind::Alias,
        TokenType::Scalar(..) => AtomKind::Scalar,
        TokenType::Comment(_) => AtomKind::Comment,
        TokenType::DocumentStart
        | TokenType::DocumentEnd
        | TokenType::VersionDirective(..)
        | TokenType::TagDirective(..)
        | TokenType::ReservedDirective(..) => AtomKind::Marker,
        _ => return None,
    })
}

/// Counts the line breaks before each atom. `None` if anything but blanks is between two atoms.
fn count_breaks(text: &str, events: &mut [LayoutEvent<'_>]) -> Option<()> {
    let mut end = 0;
    for event in events {
        let LayoutEvent::Atom(atom) = event else { continue };
        let gap = text.get(end..atom.start)?;
        if !gap.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n')) {
            return None;
        }
        atom.breaks = gap.matches('\n').count();
        end = atom.end;
    }
    text.get(end..)?.trim_matches([' ', '\t', '\n']).is_empty().then_some(())
}
