//! Credentials taken out of what a vendor says, before anything else gets to see it: raw, JSON-escaped,
//! percent-encoded, in hexadecimal and in base64, whatever stands around them there.
//!
//! A credential of eight characters or more is found anywhere, one of four to seven as a word of its own. One that is
//! shorter cannot be told from other text; no vendor gives out such.

use std::ops::Range;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use bytes::Bytes;

use super::super::request::{Response, SendError};
use super::super::secret::Secret;
use super::super::value::{Map, Value};
use super::masks::MASK;
use super::views::{ranges, replaced};

/// Bytes from which on a credential is found inside words and in encodings that run into their surroundings.
const ANYWHERE: usize = 8;
/// Bytes from which on it is found as a word of its own.
const AS_WORD: usize = 4;

/// How the ends of what was found are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// It counts wherever it stands.
    Anywhere,
    /// It counts as a word of its own.
    Word,
    /// It is part of a run of base64, all of which goes.
    Run,
}

/// What finds a connection's credentials.
#[derive(Debug, Clone, Default)]
pub struct Blackout {
    needles: Vec<Ends>,
    finder: Option<AhoCorasick>,
}

impl Blackout {
    /// One for these credentials.
    #[must_use]
    pub fn of<'s>(secrets: impl IntoIterator<Item = &'s Secret>) -> Self {
        let mut forms: Vec<(Vec<u8>, Ends)> = Vec::new();
        for secret in secrets {
            add_forms(secret.expose(), &mut forms);
        }
        // Of this size an automaton can always be made; were it not so, nothing of an answer would be kept.
        let finder = match AhoCorasick::new(forms.iter().map(|(form, _)| form)) {
            Ok(finder) => finder,
            Err(_) => return Self { needles: vec![Ends::Run; 256], finder: all_bytes() },
        };
        Self { needles: forms.into_iter().map(|(_, ends)| ends).collect(), finder: Some(finder) }
    }

    /// A text without credentials.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let found = self.found(text.as_bytes());
        if found.is_empty() {
            return text.to_owned();
        }
        String::from_utf8_lossy(&replaced(text.as_bytes(), &found, MASK)).into_owned()
    }

    /// An answer without credentials. One that holds none is handed on untouched.
    #[must_use]
    pub fn response(&self, response: Response) -> Response {
        let Response { status, headers, body } = response;
        let headers = headers.into_iter().map(|(name, value)| (name, self.text(&value))).collect();
        Response { status, headers, body: self.body(body) }
    }

    /// Why there was no answer, without credentials.
    #[must_use]
    pub fn error(&self, error: SendError) -> SendError {
        match error {
            SendError::NotSent(why) => SendError::NotSent(self.text(&why)),
            SendError::Shortage(why) => SendError::Shortage(self.text(&why)),
            SendError::Untrusted(why) => SendError::Untrusted(self.text(&why)),
            SendError::NoAnswer(why) => SendError::NoAnswer(self.text(&why)),
        }
    }

    fn body(&self, body: Bytes) -> Bytes {
        let found = self.found(&body);
        if found.is_empty() {
            return body;
        }
        // Where it is JSON it stays JSON: a number that is a credential would not.
        let read = serde_json::from_slice::<Value>(&body);
        let written = read.ok().and_then(|json| serde_json::to_vec(&self.value(json)).ok());
        written.filter(|written| self.found(written).is_empty()).unwrap_or_else(|| replaced(&body, &found, MASK)).into()
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Number(number) if !self.found(number.to_string().as_bytes()).is_empty() => Value::from(MASK),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => {
                let shown = map.into_iter().map(|(name, value)| (self.text(&name), self.value(value)));
                Value::Object(shown.collect::<Map>())
            }
            other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
        }
    }

    fn found(&self, text: &[u8]) -> Vec<Range<usize>> {
        let Some(finder) = self.finder.as_ref().filter(|_| !self.needles.is_empty()) else { return Vec::new() };
        ranges(text, &mut |view, found| {
            for hit in finder.find_overlapping_iter(view) {
                let range = hit.start()..hit.end();
                match self.needles[hit.pattern().as_usize()] {
                    Ends::Anywhere => found.push(range),
                    Ends::Word if is_word(view, &range) => found.push(range),
                    Ends::Word => {}
                    Ends::Run => found.push(run(view, range)),
                }
            }
        })
    }
}

/// Finds every byte.
fn all_bytes() -> Option<AhoCorasick> {
    AhoCorasick::new((0..=u8::MAX).map(|byte| [byte])).ok()
}

fn add_forms(secret: &str, forms: &mut Vec<(Vec<u8>, Ends)>) {
    let bytes = secret.as_bytes();
    if bytes.len() < AS_WORD {
        return;
    }
    let short = bytes.len() < ANYWHERE;
    forms.push((bytes.to_vec(), if short { Ends::Word } else { Ends::Anywhere }));
    if secret.contains(' ') {
        forms.push((secret.replace(' ', "+").into_bytes(), Ends::Anywhere));
    }
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    forms.push((hex.to_uppercase().into_bytes(), Ends::Anywhere));
    forms.push((hex.into_bytes(), Ends::Anywhere));
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        if short {
            forms.push((engine.encode(bytes).into_bytes(), Ends::Word));
            continue;
        }
        // Three bytes become four letters: what stands ahead of it decides how it is cut.
        for ahead in 0..3 {
            let encoded = engine.encode([&[0; 2][..ahead], bytes].concat());
            let from = (ahead * 8).div_ceil(6);
            let to = (ahead + bytes.len()) * 8 / 6;
            forms.push((encoded.as_bytes()[from..to].to_vec(), Ends::Run));
        }
    }
}

fn is_word(text: &[u8], range: &Range<usize>) -> bool {
    let is_part = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !is_part(range.start.checked_sub(1)) && !is_part(Some(range.end))
}

/// The whole run of base64 around a part of it.
fn run(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=');
    let ahead = text[..range.start].iter().rev().take_while(|byte| is_part(byte)).count();
    let behind = text[range.end..].iter().take_while(|byte| is_part(byte)).count();
    range.start - ahead..range.end + behind
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const SECRET: &str = "s3cr3t/k\"y+é~value";

    fn blackout(secrets: &[&str]) -> Blackout {
        let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        Blackout::of(&secrets)
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    #[test]
    fn it_is_found_in_every_form_and_nothing_of_it_remains() {
        let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        let forms = [
            SECRET.to_owned(),
            json!(SECRET).to_string(),
            r#"s3cr3t\/k\"y+\u00e9~value"#.to_owned(),
            percent(SECRET),
            percent(SECRET).to_lowercase(),
            hex.to_uppercase(),
            hex,
            STANDARD.encode(SECRET),
            URL_SAFE.encode(SECRET),
            STANDARD.encode(format!("user:{SECRET}")),
            STANDARD.encode(format!("u:{SECRET}")),
            STANDARD.encode(format!("us:{SECRET}tail")),
            percent(&STANDARD.encode(SECRET)),
        ];
        for form in forms {
            let shown = blackout(&[SECRET]).text(&format!("<{form}>"));
            assert_eq!(shown.replace('"', ""), "<***>", "{form}");
        }
    }

    #[test]
    fn an_answer_stays_the_json_that_it_was() {
        let body = json!({"echo": {"Bearer abcd-efgh": [12345678, "x abcd-efgh y"]}, "id": "12345678", "n": 1.50});
        let response = Response {
            status: 200,
            headers: vec![("x".to_owned(), "abcd-efgh".to_owned())],
            body: body.to_string().into(),
        };
        let clean = blackout(&["abcd-efgh", "12345678"]).response(response.clone());
        let read: Value = serde_json::from_slice(&clean.body).unwrap_or_default();
        assert_eq!(read, json!({"echo": {"Bearer ***": ["***", "x *** y"]}, "id": "***", "n": 1.50}));
        assert_eq!(clean.headers[0].1, MASK);
        assert_eq!(blackout(&["elsewhere"]).response(response.clone()), response);
        let cut = Response { body: Bytes::from_static(b"{\"a\": \"abcd-efgh"), ..response };
        assert_eq!(blackout(&["abcd-efgh"]).response(cut).body, &b"{\"a\": \"***"[..]);
    }

    #[test]
    fn a_short_one_is_a_word_and_a_very_short_one_nothing() {
        let blackout = blackout(&["pass", "t", "abc"]);
        assert_eq!(blackout.text("password pass, t abc compass"), "password ***, t abc compass");
        assert_eq!(blackout.text("cGFzcw=="), "***==");
        assert_eq!(Blackout::of(&[]).text("x"), "x");
    }

    #[test]
    fn why_there_was_no_answer_holds_none() {
        let error = blackout(&["abcd-efgh"]).error(SendError::NoAnswer("at abcd-efgh".to_owned()));
        assert_eq!(error, SendError::NoAnswer("at ***".to_owned()));
    }

    proptest! {
        #[test]
        fn base64_is_found_at_every_offset(head in prop::collection::vec(any::<u8>(), 0..9), secret in "[a-zA-Z0-9/+]{8,40}",
            tail in prop::collection::vec(any::<u8>(), 0..9)) {
            let whole = [head.as_slice(), secret.as_bytes(), tail.as_slice()].concat();
            prop_assert_eq!(blackout(&[&secret]).text(&STANDARD.encode(&whole)), MASK);
            prop_assert_eq!(blackout(&[&secret]).text(&URL_SAFE_NO_PAD.encode(&whole)), MASK);
        }
    }
}
