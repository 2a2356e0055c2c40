//! The forms in which a credential can appear in a text, and how much of each must be masked.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::model::hex;

/// Fewest characters of a credential that is found inside words and inside longer encodings.
const ANYWHERE: usize = 8;
/// Fewest characters of a credential that is found as a word of its own.
const AS_WORD: usize = 4;
/// Fewest characters of a piece that is found; it must be half of the credential, too.
const PIECE: usize = 12;
/// Longest credential, in bytes, whose doubly encoded forms are searched for.
const TWICE: usize = 4096;

/// What must surround a match for it to be masked, and how far the mask reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// Masked anywhere, also inside a word.
    Anywhere,
    /// Masked only as a word of its own.
    Word,
    /// Part of a run of base64, which is masked whole.
    Run,
}

/// One form of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) text: Vec<u8>,
    /// Fewest bytes in one piece that are masked.
    pub(super) least: usize,
    pub(super) ends: Ends,
    /// Whether it is the credential as written: shorter pieces of it are masked next to a cut.
    pub(super) is_plain: bool,
}

/// Lists the forms of a credential; empty if it is too short.
pub(super) fn forms(secret: &str) -> Vec<Form> {
    let bytes = secret.as_bytes();
    if bytes.len() < AS_WORD {
        return Vec::new();
    }
    let mut forms = Vec::new();
    if bytes.len() < ANYWHERE {
        let ends = |text: String, ends| Form { least: text.len(), text: text.into_bytes(), ends, is_plain: false };
        forms.push(ends(secret.to_owned(), Ends::Word));
        forms.push(ends(hex(bytes), Ends::Anywhere));
        forms.extend([STANDARD_NO_PAD, URL_SAFE_NO_PAD].map(|engine| ends(engine.encode(bytes), Ends::Word)));
        return forms;
    }
    let length = secret.chars().count();
    // The length in this form that corresponds to the shortest piece of the credential.
    let least = |text: usize| match length > PIECE {
        true => text.min((text * PIECE.max(length.div_ceil(2))).div_ceil(length).max(PIECE)),
        false => text,
    };
    let plain =
        |text: String| Form { least: least(text.len()), text: text.into_bytes(), ends: Ends::Anywhere, is_plain: true };
    let mut texts = vec![secret.to_owned(), secret.to_lowercase(), secret.to_uppercase()];
    if secret.contains(' ') {
        texts.push(secret.replace(' ', "+"));
    }
    texts.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    forms.extend(texts.into_iter().map(plain));
    let mut inner = vec![bytes.to_vec()];
    if bytes.len() <= TWICE {
        let json = serde_json::to_string(secret).unwrap_or_default();
        inner.push(json.trim_matches('"').as_bytes().to_vec());
        inner.push(percent(bytes).into_bytes());
        inner.extend([STANDARD_NO_PAD, URL_SAFE_NO_PAD].map(|engine| engine.encode(bytes).into_bytes()));
        inner.push(hex(bytes).into_bytes());
        inner.push(hex(bytes).to_uppercase().into_bytes());
    }
    inner.dedup();
    for bytes in inner {
        let hex = hex(&bytes).into_bytes();
        forms.push(Form { least: least(hex.len()), text: hex, ends: Ends::Anywhere, is_plain: false });
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            // Base64 turns 3 bytes into 4 characters, so there are three alignments.
            for ahead in 0..3 {
                let encoded = engine.encode([&[0; 2][..ahead], &bytes].concat());
                let from = (ahead * 8).div_ceil(6);
                let to = (ahead + bytes.len()) * 8 / 6;
                let text = encoded.as_bytes()[from..to].to_vec();
                forms.push(Form { least: least(text.len()), text, ends: Ends::Run, is_plain: false });
            }
        }
    }
    forms
}

/// Percent-encodes as web forms do.
fn percent(bytes: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'*');
    let written = |byte: &u8| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    bytes.iter().map(written).collect()
}
