//! Finds flaws of a secret that come from copying, saving or printing it. No flaw holds any of the secret's text.
//!
//! Only what cannot be intended is refused: quotes inside a secret, blanks inside a password, `=` at the end of base64
//! and an easily guessed word all pass.

use std::sync::LazyLock;

use regex::Regex;

use crate::provider::auth::CredentialUse;

/// Bytes of the longest credential that is read.
pub(super) const LONGEST: usize = 64 * 1024;

/// Matches a line of an `.env` file: a name in capitals or with a word for a secret, then `=` and a value.
static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let after_a_secret =
        r"(?i:[a-z0-9_.-]*(?:secret|token|passw(?:or)?d|pwd|api_?key|access_?key|credential)[a-z0-9_.-]*)";
    let named = format!(r"(?:[A-Z][A-Z0-9]*_[A-Z0-9_]+|{after_a_secret})");
    Regex::new(&format!(r#"^\s*(?:(?:export|set|declare -x)\s+|\$env:)?{named}(?:\s*=\s*|:\s+)["']?[^=\s"']"#)).ok()
});

/// Matches text that stands in an example until the secret replaces it.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = r"(?i:your|insert|enter|put|paste|here|secret|key|token|password|id)";
    let asking = format!(r"<(?:[^<>]*(?:\b|_))?{word}(?:(?:\b|_)[^<>]*)?>");
    let begging = r"(?i:(?:insert|enter|put|paste|add)[-_ ])?(?i:your)[-_ ](?:[A-Za-z0-9]+[-_ ]){0,2}";
    let begging = format!(r"{begging}{word}(?i:[-_ ]here)?");
    let unfilled = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}|\$\([^()]*\)|\{\{[^{}]*\}\}|%[A-Z0-9]+_[A-Z0-9_]+%";
    let hidden = r"\*{3,}|•{3,}|●{3,}|\.{3,}|…+|[xX]{4,}";
    Regex::new(&format!("^(?:{asking}|{begging}|{unfilled}|{hidden})$")).ok()
});

/// What is wrong with a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretFlaw {
    /// It is empty or blank.
    Empty,
    /// It is too long to be a secret.
    TooLong,
    /// It is UTF-16, as PowerShell's `>` and some editors write; the text is `iconv`'s name for it.
    Utf16(&'static str),
    /// The byte-order mark of UTF-8 stands before it.
    ByteOrderMark,
    /// Its bytes are not UTF-8.
    NotUtf8,
    /// It is one or more lines of `KEY=value`.
    Assignment,
    /// It is a JSON object or array.
    Json,
    /// It has more than one line.
    Lines,
    /// It begins or ends with a blank or a line end.
    BlanksAround,
    /// It holds a control character.
    Control,
    /// It holds an invisible character: of zero width, or a blank other than a space.
    Invisible,
    /// It stands in quotes.
    Quotes,
    /// It is the text of an example.
    Placeholder,
    /// It holds a character that no header can carry.
    NotAscii,
}

impl SecretFlaw {
    /// What is wrong, as the end of a sentence that begins with the place.
    #[must_use]
    pub fn in_words(self) -> String {
        match self {
            Self::Empty => "is empty".to_owned(),
            Self::TooLong => format!("is longer than {} KiB, which no secret is", LONGEST / 1024),
            Self::Utf16(_) => {
                "is UTF-16, as PowerShell's `>` and some editors write it; a secret is read as UTF-8".to_owned()
            }
            Self::ByteOrderMark => {
                "begins with a byte-order mark, which some editors add and no secret begins with".to_owned()
            }
            Self::NotUtf8 => "is not UTF-8".to_owned(),
            Self::Assignment => {
                "holds `NAME=value`, as an `.env` file does, where the value alone is wanted".to_owned()
            }
            Self::Json => "holds JSON, where one secret alone is wanted".to_owned(),
            Self::Lines => "has several lines, where one secret alone is wanted".to_owned(),
            Self::BlanksAround => "begins or ends with a blank or a line end, which is not part of a secret".to_owned(),
            Self::Control => "holds a tab or another control character, which no secret has".to_owned(),
            Self::Invisible => {
                "holds a character that cannot be seen (of no width, or a blank that is not the space bar's), as texts \
                 copied from web pages do"
                    .to_owned()
            }
            Self::Quotes => "stands in quotes, which would be sent as part of the secret".to_owned(),
            Self::Placeholder => "still holds the text of an example or of a hidden field, not a secret".to_owned(),
            Self::NotAscii => {
                "holds a letter or a sign outside ASCII, which the header that it is sent in cannot carry".to_owned()
            }
        }
    }
}

/// Reads a secret from bytes; one final line end is not part of it.
///
/// # Errors
/// The first [`SecretFlaw`], in an order in which no flaw hides a more important one.
pub(super) fn read_secret(bytes: &[u8], used: CredentialUse) -> Result<&str, SecretFlaw> {
    if bytes.len() > LONGEST {
        return Err(SecretFlaw::TooLong);
    }
    if let Some(name) = utf16(bytes) {
        return Err(SecretFlaw::Utf16(name));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| SecretFlaw::NotUtf8)?;
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    if bare.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(SecretFlaw::Empty);
    }
    if bare.len() != text.len() {
        return Err(SecretFlaw::ByteOrderMark);
    }
    let text = without_line_end(text);
    match flaw(text, used) {
        Some(flaw) => Err(flaw),
        None => Ok(text),
    }
}

fn flaw(text: &str, used: CredentialUse) -> Option<SecretFlaw> {
    let inner = text.trim();
    if used != CredentialUse::WholeHeader {
        if is_json(inner) {
            return Some(SecretFlaw::Json);
        }
        if is_assignments(inner) {
            return Some(SecretFlaw::Assignment);
        }
    }
    if inner.contains(is_line_end) && !is_pem(inner, used) {
        return Some(SecretFlaw::Lines);
    }
    if inner.len() != text.len() {
        return Some(SecretFlaw::BlanksAround);
    }
    if text.chars().any(|c| c.is_control() && !is_line_end(c)) {
        return Some(SecretFlaw::Control);
    }
    if text.chars().any(is_invisible) {
        return Some(SecretFlaw::Invisible);
    }
    if used != CredentialUse::WholeHeader && is_quoted(text) {
        return Some(SecretFlaw::Quotes);
    }
    if PLACEHOLDER.as_ref().is_some_and(|pattern| pattern.is_match(text)) {
        return Some(SecretFlaw::Placeholder);
    }
    (used != CredentialUse::Anywhere && !text.is_ascii()).then_some(SecretFlaw::NotAscii)
}

/// `iconv`'s name for UTF-16, if the bytes begin with its byte-order mark or are ASCII in UTF-16; `None` otherwise.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Some("UTF-16");
    }
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).all(|byte| *byte == 0);
    let letters = |from: usize| bytes.iter().skip(from).step_by(2).all(|byte| *byte != 0);
    match bytes.len() {
        0 | 1 => None,
        _ if letters(0) && zeros(1) => Some("UTF-16LE"),
        _ if zeros(0) && letters(1) => Some("UTF-16BE"),
        _ => None,
    }
}

fn without_line_end(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text))
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character is invisible, or a blank that looks like a space.
fn is_invisible(c: char) -> bool {
    let blank = c.is_whitespace() && c != ' ' && !is_line_end(c);
    blank
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fff9}'..='\u{fffd}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

fn is_json(text: &str) -> bool {
    let closed = (text.starts_with('{') && text.ends_with('}')) || (text.starts_with('[') && text.ends_with(']'));
    closed && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether every line that is neither blank nor a comment is `NAME=value`.
fn is_assignments(text: &str) -> bool {
    let Some(pattern) = ASSIGNMENT.as_ref() else { return false };
    let lines = || text.split(is_line_end).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines().count() > 0 && lines().all(|line| pattern.is_match(line))
}

/// Whether the text is a PEM key, which has several lines and cannot stand in a header.
fn is_pem(text: &str, used: CredentialUse) -> bool {
    used == CredentialUse::Anywhere && text.starts_with("-----BEGIN ") && text.ends_with("-----")
}

/// Whether the text is in quotes and has none of the same kind inside.
fn is_quoted(text: &str) -> bool {
    let pairs = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('«', '»'), ('「', '」')];
    pairs.into_iter().any(|(open, close)| {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| !inner.contains([open, close]))
    })
}

#[cfg(test)]
mod tests {
    use super::SecretFlaw as Flaw;
    use super::*;
    use crate::provider::auth::CredentialUse::{Anywhere, InHeader, WholeHeader};

    #[track_caller]
    fn refused(flaw: Flaw, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        assert_eq!(read_secret(bytes, Anywhere), Err(flaw), "{:?}", String::from_utf8_lossy(bytes));
        assert_eq!(read_secret(bytes, InHeader), Err(flaw), "{:?}", String::from_utf8_lossy(bytes));
    }

    fn utf16_of(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = mark.encode_utf16().chain(text.encode_utf16()).collect::<Vec<_>>();
        units.into_iter().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn plausible_secrets_pass() {
        for fine in [
            "k3y/\"q\"+=~0123456789-PARROT",
            "it's",
            "\"a\"b\"",
            "'a' or 'b'",
            "\"",
            "enter-the-dragon-key",
            "%letmein%",
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ=",
            "ABCDEFGH==",
            "TOKEN==",
            "p4ss/word&of=basic?99",
            "a=b",
            "x1=y2=",
            "correct horse battery staple",
            "changeme",
            "secret",
            "ABC=DEF",
            "secret:abc",
            "xxx",
            "xkcd-xxxx",
            "<3 cats",
            "<b>",
            "$ecret",
            "${",
            "50%off%",
            "{curly}",
            "[brackets]",
            "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
            "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
            "http://user:token=abc@proxy.example:8080",
            "-----BEGIN",
        ] {
            for used in [Anywhere, InHeader, WholeHeader] {
                for line_end in ["", "\n", "\r\n"] {
                    let text = format!("{fine}{line_end}");
                    assert_eq!(read_secret(text.as_bytes(), used), Ok(fine), "{used:?}");
                }
            }
        }
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----";
        assert_eq!(read_secret(format!("{pem}\n").as_bytes(), Anywhere), Ok(pem));
        assert_eq!(read_secret("pässwörd日本".as_bytes(), Anywhere), Ok("pässwörd日本"));
    }

    #[test]
    fn utf16_with_and_without_its_mark() {
        for (little, name) in [(true, "UTF-16LE"), (false, "UTF-16BE")] {
            refused(Flaw::Utf16("UTF-16"), utf16_of("hunter2\r\n", little, true));
            refused(Flaw::Utf16(name), utf16_of("hunter2", little, false));
        }
    }

    #[test]
    fn a_byte_order_mark_and_bytes_that_are_no_text() {
        refused(Flaw::ByteOrderMark, "\u{feff}hunter2\n");
        refused(Flaw::NotUtf8, b"p\xe4ss");
        refused(Flaw::TooLong, vec![b'a'; LONGEST + 1]);
        assert!(read_secret(&vec![b'a'; LONGEST], Anywhere).is_ok());
    }

    #[test]
    fn nothing_but_blanks_is_empty() {
        for empty in ["", "\n", "\r\n", " ", "\n\n", "\u{feff}", "\u{feff}\r\n", "\t \u{200b}\u{a0}"] {
            refused(Flaw::Empty, empty);
        }
    }

    #[test]
    fn several_lines_and_blanks_around() {
        for lines in ["hunter2\nhunter3", "hunter2\r\nurl: x\r\n", "hunter2\rx", "hunter2\u{2028}x"] {
            refused(Flaw::Lines, lines);
        }
        for around in [" hunter2", "hunter2 \n", "hunter2\n\n", "\nhunter2", "hunter2\t", "\u{a0}hunter2", "hunter2\r"]
        {
            refused(Flaw::BlanksAround, around);
        }
    }

    #[test]
    fn characters_that_cannot_be_seen() {
        for hidden in ["\u{200b}", "\u{feff}", "\u{a0}", "\u{3000}", "\u{202e}", "\u{ad}", "\u{2060}", "\u{fe0f}"] {
            refused(Flaw::Invisible, format!("hun{hidden}ter2"));
        }
        for at_an_end in ["hunter2\u{200b}", "\u{200b}hunter2\n", "hunter2\u{2060}"] {
            refused(Flaw::Invisible, at_an_end);
        }
        for control in ["\t", "\0", "\x1b[0m", "\x7f", "\u{9b}"] {
            refused(Flaw::Control, format!("hun{control}ter2"));
        }
    }

    #[test]
    fn quotes_around_a_secret() {
        for quoted in ["\"hunter2\"", "'hunter2'\n", "`hunter2`", "\"it's\"", "\"\""] {
            refused(Flaw::Quotes, quoted);
        }
        assert_eq!(read_secret("“hunter2”".as_bytes(), Anywhere), Err(Flaw::Quotes));
        assert_eq!(read_secret(b"\"hunter2\"", WholeHeader), Ok("\"hunter2\""));
    }

    #[test]
    fn lines_of_an_env_file() {
        for line in [
            "SECRET_KEY=hunter2",
            "export SECRET_KEY='hunter2'\n",
            "$env:SECRET_KEY = \"hunter2\"",
            "set ACME_ID=hunter2\r\n",
            "secret_key=hunter2",
            "password: hunter2",
            "apiKey=hunter2",
            "# keys\nSECRET_ID=hunter2\n\nSECRET_KEY=hunter3\n",
        ] {
            refused(Flaw::Assignment, line);
        }
        assert_eq!(read_secret(b"auth_token=hunter2", WholeHeader), Ok("auth_token=hunter2"));
    }

    #[test]
    fn json_where_one_secret_is_wanted() {
        for json in ["{\"secret\": \"hunter2\"}\n", "[\"hunter2\"]", "{\n  \"a\": 1\n}\n"] {
            refused(Flaw::Json, json);
        }
        assert!(read_secret(b"{\"user\":\"x\"}", WholeHeader).is_ok());
    }

    #[test]
    fn the_text_of_an_example() {
        for text in [
            "<your key>",
            "<SECRET_KEY>",
            "<insert token here>",
            "your-secret-key",
            "YOUR_API_KEY",
            "YOUR_SECRET_KEY_HERE",
            "paste your token here",
            "${SECRET_KEY}",
            "$(cat key)",
            "{{ secrets.KEY }}",
            "%SECRET_KEY%",
            "********",
            "xxxxxxxx",
            "...",
        ] {
            refused(Flaw::Placeholder, text);
        }
        assert_eq!(read_secret("••••••••".as_bytes(), Anywhere), Err(Flaw::Placeholder));
    }

    #[test]
    fn a_header_carries_ascii_only() {
        for used in [InHeader, WholeHeader] {
            assert_eq!(read_secret("pässword".as_bytes(), used), Err(Flaw::NotAscii));
        }
    }

    #[test]
    fn no_flaw_tells_any_of_the_text() {
        for bytes in [&b"\"hunter2\""[..], b"KEY_ID=hunter2", b"hunter2\nhunter2", b"<your hunter2 key>"] {
            let flaw = read_secret(bytes, Anywhere).unwrap_err();
            assert!(!flaw.in_words().contains("hunter2") && !format!("{flaw:?}").contains("hunter2"));
        }
    }
}
