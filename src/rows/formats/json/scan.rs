//! Checks that a text is one JSON object, and finds the place and kind of each member.

use std::collections::HashSet;

use crate::diagnostic::Span;
use crate::rows::record::{MemberKind, unescaped};

/// The deepest nesting of values.
const DEEPEST: usize = 100;

/// A member of the object.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: String,
    /// The place of the key with its quotes.
    pub(super) key_span: Span,
    /// The place of the value, a string with its quotes.
    pub(super) span: Span,
    pub(super) kind: MemberKind,
    /// Whether the value is a string with escapes.
    pub(super) escaped: bool,
}

/// A syntax error and its place.
#[derive(Debug)]
pub(super) struct JsonError {
    pub(super) message: String,
    pub(super) span: Span,
}

/// The members of a text that is one object, in their order.
///
/// # Errors
///
/// The text is no single object, repeats a member's name, or is malformed.
pub(super) fn members(text: &str) -> Result<Vec<Member>, JsonError> {
    let mut scan = JsonScanner { text, at: 0 };
    scan.skip_space();
    if scan.peek() != Some(b'{') {
        return Err(scan.wrong_here("A row must be an object, such as `{\"id\": 1}`"));
    }
    let members = scan.object(0)?;
    scan.skip_space();
    if scan.at < text.len() {
        return Err(scan.wrong_here("Text follows the object"));
    }
    Ok(members)
}

struct JsonScanner<'t> {
    text: &'t str,
    at: usize,
}

impl JsonScanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, message: &str, start: usize, end: usize) -> JsonError {
        JsonError { message: message.to_owned(), span: Span::new(start.min(self.text.len()), end.min(self.text.len())) }
    }

    /// An error at the next character.
    fn wrong_here(&self, message: &str) -> JsonError {
        let length = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        self.wrong(message, self.at, self.at + length)
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), JsonError> {
        self.skip_space();
        if self.peek() != Some(byte) {
            return Err(self.wrong_here(message));
        }
        self.at += 1;
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Member>, JsonError> {
        self.at += 1;
        let (mut members, mut seen) = (Vec::new(), HashSet::new());
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(members);
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong_here("A member's name in double quotes is missing here"));
            }
            let start = self.at;
            let escaped = self.string()?;
            let key_span = Span::new(start, self.at);
            let name = &self.text[start..self.at];
            let key = if escaped { unescaped(name) } else { name[1..name.len() - 1].to_owned() };
            if !seen.insert(key.clone()) {
                return Err(JsonError {
                    message: format!("The member `{key}` stands here a second time"),
                    span: key_span,
                });
            }
            self.expect(b':', "A colon between a member's name and its value is missing here")?;
            self.skip_space();
            let start = self.at;
            let (kind, escaped) = self.value(depth + 1)?;
            members.push(Member { key, key_span, span: Span::new(start, self.at), kind, escaped });
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(members);
                }
                None => return Err(self.wrong_here("The object is never closed: the text may be cut off")),
                Some(_) => return Err(self.wrong_here("A comma or `}` is missing here")),
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<(MemberKind, bool), JsonError> {
        if depth > DEEPEST {
            return Err(self.wrong_here(&format!("The values lie more than {DEEPEST} deep inside each other")));
        }
        match self.peek() {
            Some(b'{') => self.object(depth).map(|_| (MemberKind::Map, false)),
            Some(b'[') => self.list(depth).map(|()| (MemberKind::List, false)),
            Some(b'"') => self.string().map(|escaped| (MemberKind::Text, escaped)),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| (MemberKind::Plain, false)),
            _ => self.word(),
        }
    }

    fn list(&mut self, depth: usize) -> Result<(), JsonError> {
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.skip_space();
            self.value(depth + 1)?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                None => return Err(self.wrong_here("The array is never closed: the text may be cut off")),
                Some(_) => return Err(self.wrong_here("A comma or `]` is missing here")),
            }
        }
    }

    fn word(&mut self) -> Result<(MemberKind, bool), JsonError> {
        for (word, kind) in [("true", MemberKind::Plain), ("false", MemberKind::Plain), ("null", MemberKind::Null)] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok((kind, false));
            }
        }
        Err(self.wrong_here("A value is missing here: a text in double quotes, a number, `true`, `false` or `null`"))
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let from = self.at;
        let whole = self.digits();
        let mut sound = whole > 0 && (whole == 1 || self.text.as_bytes()[from] != b'0');
        if self.peek() == Some(b'.') {
            self.at += 1;
            sound &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            sound &= self.digits() > 0;
        }
        let glued = self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        if sound && !glued {
            return Ok(());
        }
        Err(self.wrong("This is not a JSON number; write text in double quotes", start, self.at.max(start + 1)))
    }

    /// Skips a string; returns whether it holds escapes.
    fn string(&mut self) -> Result<bool, JsonError> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(self.wrong("The quote that opens here is never closed", start, start + 1)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(byte) if byte < b' ' => {
                    let message =
                        format!("The control character U+{byte:04X} stands in a string; write it as `\\u{byte:04x}`");
                    return Err(self.wrong_here(&message));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        self.at += 2;
        match self.text.as_bytes().get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => match self.unit() {
                Some(0xD800..=0xDBFF) if self.text[self.at..].starts_with("\\u") => {
                    self.at += 2;
                    match self.unit() {
                        Some(0xDC00..=0xDFFF) => Ok(()),
                        _ => Err(self.wrong("Half of a character (a lone surrogate) stands here", start, start + 6)),
                    }
                }
                Some(0xD800..=0xDFFF) => {
                    Err(self.wrong("Half of a character (a lone surrogate) stands here", start, start + 6))
                }
                Some(_) => Ok(()),
                None => Err(self.wrong("`\\u` must be followed by four hexadecimal digits", start, start + 2)),
            },
            _ => Err(self.wrong("This escape is unknown to JSON; write a backslash as `\\\\`", start, start + 1)),
        }
    }

    fn unit(&mut self) -> Option<u32> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
