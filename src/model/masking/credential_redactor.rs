//! Masks credentials in a vendor's answer before anything else sees it.
//!
//! It finds a credential in any letter case: as written, escaped for JSON, URLs or HTML, as hexadecimal with or
//! without separators, as base64 at any offset, and in one of these inside another.
//!
//! A credential of at least 8 characters is found anywhere; one of 4 to 7 only as a word of its own. A shorter one
//! looks like other text and is not searched for. A piece is found if it has at least 12 characters and at least half
//! of the credential. Where the text shows a cut, such as `…`, a beginning or an end of 6 characters is enough.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use bytes::Bytes;

use super::super::request::{Response, SendError};
use super::super::secret::Secret;
use super::super::value::{Map, Value};
use super::cuts::{is_cut_ahead, is_cut_behind};
use super::forms::{Ends, Form, forms};
use super::masks::MASK;
use super::regrouped::{hexed, unbroken};
use super::views::{has_signs, ranges, replaced};

/// Length of the pieces that are searched for, in bytes. Every piece that must be masked contains one of them.
const SEED: usize = 12;
/// Fewest bytes of a credential's beginning or end that are masked next to a cut.
const LEAST_CUT: usize = 6;

/// A text that the automaton searches for.
#[derive(Debug, Clone, Copy)]
enum Needle {
    /// A part of a form, with its offset in the form.
    Part { form: usize, at: usize },
    /// The first bytes of a form.
    Head(usize),
    /// The last bytes of a form.
    Tail(usize),
}

/// Finds and masks the credentials of a connection.
#[derive(Debug, Clone, Default)]
pub struct CredentialRedactor {
    forms: Vec<Form>,
    needles: Vec<Needle>,
    finder: Option<AhoCorasick>,
    /// The automaton could not be built: every answer is masked whole.
    blind: bool,
    /// Whether a form contains a character that starts an escape.
    has_signs: bool,
}

impl CredentialRedactor {
    /// Builds a redactor for these credentials.
    #[must_use]
    pub fn of<'s>(secrets: impl IntoIterator<Item = &'s Secret>) -> Self {
        let mut all: Vec<Form> = Vec::new();
        for form in secrets.into_iter().flat_map(|secret| forms(secret.expose())) {
            if !all.contains(&form) {
                all.push(form);
            }
        }
        let mut needles = Vec::new();
        let mut texts: Vec<&[u8]> = Vec::new();
        for (place, form) in all.iter().enumerate() {
            // With this step, every piece of the least length contains a whole search text.
            let (length, step) = match form.least < form.text.len() {
                true => (SEED, form.least - SEED + 1),
                false => (form.text.len(), 1),
            };
            for at in (0..=form.text.len() - length).step_by(step) {
                needles.push(Needle::Part { form: place, at });
                texts.push(&form.text[at..at + length]);
            }
            if form.is_plain && form.text.len() > LEAST_CUT {
                needles.extend([Needle::Head(place), Needle::Tail(place)]);
                texts.extend([&form.text[..LEAST_CUT], &form.text[form.text.len() - LEAST_CUT..]]);
            }
        }
        let finder = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&texts).ok();
        let has_signs = all.iter().any(|form| has_signs(&form.text));
        Self { blind: finder.is_none(), has_signs, needles, finder, forms: all }
    }

    /// Masks the credentials in a text.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let found = self.found(text.as_bytes());
        if found.is_empty() {
            return text.to_owned();
        }
        String::from_utf8_lossy(&replaced(text.as_bytes(), &found, MASK)).into_owned()
    }

    /// Masks the credentials in an answer's headers and body. A body without any is returned unchanged.
    #[must_use]
    pub fn response(&self, response: Response) -> Response {
        let Response { status, headers, body } = response;
        let headers = headers.into_iter().map(|(name, value)| (name, self.text(&value))).collect();
        Response { status, headers, body: self.body(body) }
    }

    /// Masks the credentials in the message of an error.
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
        // JSON stays valid JSON: a masked number becomes a text.
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
        if self.blind {
            return std::iter::once(0..text.len()).filter(|whole| !whole.is_empty()).collect();
        }
        let Some(finder) = self.finder.as_ref().filter(|_| !self.needles.is_empty()) else { return Vec::new() };
        let mut find = |view: &[u8], found: &mut Vec<Range<usize>>| self.find(finder, view, found);
        ranges(text, self.has_signs, &mut |view, found| {
            find(view, found);
            for regrouped in [hexed(view), unbroken(view)].into_iter().flatten() {
                found.extend(regrouped.found(&mut find));
            }
        })
    }

    fn find(&self, finder: &AhoCorasick, view: &[u8], found: &mut Vec<Range<usize>>) {
        // The end of the last match of each form: other pieces of the same match are skipped.
        let mut seen = vec![0; self.forms.len()];
        for hit in finder.find_overlapping_iter(view) {
            let range = hit.start()..hit.end();
            match self.needles[hit.pattern().as_usize()] {
                Needle::Part { form, at } => {
                    if range.end <= seen[form] {
                        continue;
                    }
                    if let Some(range) = self.forms[form].around(view, range, at) {
                        seen[form] = range.end;
                        found.push(range);
                    }
                }
                Needle::Head(form) => {
                    let range = self.forms[form].grown(view, range, 0);
                    if is_cut_behind(view, &range) {
                        found.push(range);
                    }
                }
                Needle::Tail(form) => {
                    let form = &self.forms[form];
                    let range = form.grown(view, range, form.text.len() - LEAST_CUT);
                    if is_cut_ahead(view, &range) {
                        found.push(range);
                    }
                }
            }
        }
    }
}

impl Form {
    /// Extends a match in both directions as far as the text equals the form.
    fn grown(&self, view: &[u8], part: Range<usize>, at: usize) -> Range<usize> {
        let same = |(one, other): (&u8, &u8)| one.eq_ignore_ascii_case(other);
        let ahead = self.text[..at].iter().rev().zip(view[..part.start].iter().rev());
        let ahead = ahead.take_while(|pair| same(*pair)).count();
        let behind = self.text[at + part.len()..].iter().zip(&view[part.end..]);
        let behind = behind.take_while(|pair| same(*pair)).count();
        part.start - ahead..part.end + behind
    }

    /// The range to mask around a match; `None` if too little of the form is there.
    fn around(&self, view: &[u8], part: Range<usize>, at: usize) -> Option<Range<usize>> {
        let range = self.grown(view, part, at);
        if range.len() < self.least {
            return None;
        }
        match self.ends {
            Ends::Anywhere => Some(range),
            Ends::Word => is_word(view, &range).then_some(range),
            Ends::Run => Some(run(view, range)),
        }
    }
}

fn is_word(text: &[u8], range: &Range<usize>) -> bool {
    let is_part = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !is_part(range.start.checked_sub(1)) && !is_part(Some(range.end))
}

/// Extends a range to the whole run of base64 around it.
fn run(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=');
    let ahead = text[..range.start].iter().rev().take_while(|byte| is_part(byte)).count();
    let behind = text[range.end..].iter().take_while(|byte| is_part(byte)).count();
    range.start - ahead..range.end + behind
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const SECRET: &str = "s3cr3t/k\"y+é~value";

    fn redactor(secrets: &[&str]) -> CredentialRedactor {
        let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        CredentialRedactor::of(&secrets)
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    #[test]
    fn a_credential_is_found_in_every_form_and_masked_whole() {
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
            let shown = redactor(&[SECRET]).text(&format!("<{form}>"));
            assert_eq!(shown.replace('"', ""), "<***>", "{form}");
        }
    }

    #[test]
    fn a_masked_answer_stays_valid_json() {
        let body = json!({"echo": {"Bearer abcd-efgh": [12345678, "x abcd-efgh y"]}, "id": "12345678", "n": 1.50});
        let response = Response {
            status: 200,
            headers: vec![("x".to_owned(), "abcd-efgh".to_owned())],
            body: body.to_string().into(),
        };
        let clean = redactor(&["abcd-efgh", "12345678"]).response(response.clone());
        let read: Value = serde_json::from_slice(&clean.body).unwrap_or_default();
        assert_eq!(read, json!({"echo": {"Bearer ***": ["***", "x *** y"]}, "id": "***", "n": 1.50}));
        assert_eq!(clean.headers[0].1, MASK);
        assert_eq!(redactor(&["elsewhere"]).response(response.clone()), response);
        let cut = Response { body: Bytes::from_static(b"{\"a\": \"abcd-efgh"), ..response };
        assert_eq!(redactor(&["abcd-efgh"]).response(cut).body, &b"{\"a\": \"***"[..]);
    }

    #[test]
    fn a_short_credential_is_masked_as_a_word_and_a_very_short_one_not_at_all() {
        let redactor = redactor(&["pass", "t", "abc"]);
        assert_eq!(redactor.text("password pass, t abc compass"), "password ***, t abc compass");
        assert_eq!(redactor.text("cGFzcw=="), "***==");
        assert_eq!(CredentialRedactor::of(&[]).text("x"), "x");
    }

    #[test]
    fn errors_without_an_answer_are_masked() {
        let error = redactor(&["abcd-efgh"]).error(SendError::NoAnswer("at abcd-efgh".to_owned()));
        assert_eq!(error, SendError::NoAnswer("at ***".to_owned()));
    }

    fn hex_with(text: &str, ahead: &str, between: &str) -> String {
        text.bytes().map(|byte| format!("{ahead}{byte:02x}")).collect::<Vec<_>>().join(between)
    }

    #[test]
    fn a_credential_is_found_in_other_cases_escapes_and_groups() {
        let secret = "s3Cr3t/K=y&Val<ue>z9";
        let html = |c: char, how: &dyn Fn(char) -> String| if c.is_alphanumeric() { c.to_string() } else { how(c) };
        let entities = |how: &dyn Fn(char) -> String| secret.chars().map(|c| html(c, how)).collect::<String>();
        let base64 = STANDARD.encode(secret);
        let forms = [
            secret.to_uppercase(),
            secret.to_lowercase(),
            entities(&|c| format!("&#x{:X};", c as u32)),
            entities(&|c| format!("&#x{:04x};", c as u32)),
            entities(&|c| format!("&#{};", c as u32)),
            entities(&|c| format!("&#{}", c as u32)),
            entities(&|c| format!("&amp;#{};", c as u32)),
            secret.chars().map(|c| format!("&#{};", c as u32)).collect(),
            secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
            secret.chars().map(|c| format!("\\u{:04X}", c as u32)).collect(),
            secret.chars().map(|c| format!("\\x{:02x}", c as u32)).collect(),
            percent(&secret.to_uppercase()),
            percent(&percent(secret)),
            hex_with(secret, "", ":"),
            hex_with(secret, "", " ").to_uppercase(),
            hex_with(secret, "", "-"),
            hex_with(secret, "0x", ", "),
            hex_with(secret, "\\x", ""),
            STANDARD.encode(&base64),
            hex_with(base64.trim_end_matches('='), "", ""),
            STANDARD.encode(hex_with(secret, "", "")),
            STANDARD.encode(json!(secret).to_string().trim_matches('"')),
            STANDARD.encode("s3Cr3t%2FK%3Dy%26Val%3Cue%3Ez9"),
        ];
        for form in forms {
            let shown = redactor(&[secret]).text(&format!("<{form}>"));
            assert_eq!(shown, "<***>", "{form}");
        }
        let wrapped = format!("{}\r\n{}\n{}", &base64[..9], &base64[9..20], &base64[20..]);
        assert_eq!(redactor(&[secret]).text(&format!("({wrapped})")), "(***)");
        assert_eq!(redactor(&[secret]).text(&json!(wrapped).to_string()), "\"***\"");
    }

    #[test]
    fn a_piece_of_a_credential_is_masked_if_it_is_long_enough() {
        let secret = "abcdefghij-KLMNOPQRST.uvwxyz0123";
        let redactor = redactor(&[secret]);
        for (text, shown) in [
            (&secret[..16], "***"),
            (&secret[16..], "***"),
            (&secret[7..24], "***"),
            (&secret[..15], "abcdefghij-KLMN"),
            (&secret[9..24], "j-KLMNOPQRST.uv"),
            ("key abcdefgh… is wrong", "key ***… is wrong"),
            ("key \"abcdefghij-K...\" is", "key \"***...\" is"),
            ("abcdefghi***", "******"),
            ("ABCDEFGH[truncated]", "***[truncated]"),
            ("ends in …wxyz0123", "ends in …***"),
            ("ends in ****xyz0123", "ends in *******"),
            ("abcde… xabcdefgh…", "abcde… xabcdefgh…"),
            ("abcdefgh is a name", "abcdefgh is a name"),
        ] {
            assert_eq!(redactor.text(text), shown, "{text}");
        }
        let long = format!("{} key abcdefgh", "x ".repeat(250));
        assert!(redactor.text(&long).ends_with(" key ***"));
        let half_of_hex = &hex_with(secret, "", "")[10..50];
        assert_eq!(redactor.text(half_of_hex), "***");
        assert_eq!(redactor.text(&STANDARD.encode(secret)[..30]), "***");
    }

    #[test]
    fn a_short_credential_masks_no_other_word() {
        let redactor = redactor(&["admin", "1234", "key-77"]);
        for text in
            ["administrator of 12345", "order 91234, 12 34", "admins: 2035-12-31", "key-777", "0x31 0x32", "YWRtaW4x"]
        {
            assert_eq!(redactor.text(text), text);
        }
        assert_eq!(redactor.text("user Admin, pin 1234; key-77"), "user ***, pin ***; ***");
    }

    #[test]
    fn a_long_text_of_the_same_letters_is_searched_once() {
        let secret = "a".repeat(60);
        let text = "a".repeat(29) + &"b".repeat(100_000) + &"a".repeat(100_000);
        let shown = redactor(&[&secret]).text(&text);
        assert!(shown.ends_with("b***") && shown.starts_with(&"a".repeat(29)), "{}", shown.len());
    }

    proptest! {
        #[test]
        fn base64_is_found_at_every_offset(head in prop::collection::vec(any::<u8>(), 0..9), secret in "[a-zA-Z0-9/+]{8,40}",
            tail in prop::collection::vec(any::<u8>(), 0..9)) {
            let whole = [head.as_slice(), secret.as_bytes(), tail.as_slice()].concat();
            prop_assert_eq!(redactor(&[&secret]).text(&STANDARD.encode(&whole)), MASK);
            prop_assert_eq!(redactor(&[&secret]).text(&URL_SAFE_NO_PAD.encode(&whole)), MASK);
        }

        #[test]
        fn text_without_credentials_is_unchanged(secret in "[a-zA-Z0-9/+_.=-]{8,64}", words in prop::collection::vec(OTHER, 1..40)) {
            let text = words.join(" ");
            let holds = |piece: &str| text.to_lowercase().contains(&piece.to_lowercase());
            prop_assume!(!holds(&secret[..6]) && !holds(&secret[secret.len() - 6..]));
            prop_assert_eq!(redactor(&[&secret]).text(&text), text);
        }

        #[test]
        fn text_beside_a_credential_is_unchanged(secret in "[a-zA-Z0-9]{12,40}", head in "[a-z ,.:;]{0,20}", tail in "[ ,.:;][a-z ,.:;]{0,20}") {
            prop_assume!(!format!("{head}{tail}").contains(&secret.to_lowercase()[..6]));
            let text = format!("{head}{secret}{tail}");
            prop_assert_eq!(redactor(&[&secret]).text(&text), format!("{head}***{tail}"));
        }

        #[test]
        fn no_piece_that_is_long_enough_is_left(secret in "[a-zA-Z0-9/+=_-]{12,80}", from in 0..80_usize, more in 0..80_usize) {
            let least = SEED.max(secret.len().div_ceil(2));
            let from = from % (secret.len() - least + 1);
            let to = (from + least + more).min(secret.len());
            let shown = redactor(&[&secret]).text(&format!("({})", &secret[from..to]));
            prop_assert_eq!(shown, "(***)");
        }
    }

    /// What an answer is made of that is no credential.
    const OTHER: &str = "[a-z]{1,12}|[A-Z][a-z]{2,9}|[0-9]{1,14}|20[0-9]{2}-[01][0-9]-[0-3][0-9]T00:00:00Z|[0-9a-f]{40}|\
        https://[a-z]{3,9}\\.example/[a-z]{2,8}\\?id=[0-9]{4,9}&x=%20|[A-Za-z0-9+/]{24}==|&amp;|\\\\n|\\.\\.\\.|…|\\*\\*\\*|\
        [0-9a-f]{2}(:[0-9a-f]{2}){5}|[一-龥]{2,6}";
}
