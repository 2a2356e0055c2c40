//! The forms in which a credential may be met, each with how much of it tells enough.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::model::hex;

/// Letters from which on a credential is found inside words and in encodings that run into their surroundings.
const ANYWHERE: usize = 8;
/// Letters from which on it is found as a word of its own.
const AS_WORD: usize = 4;
/// Letters from which on a piece of it is found, where they are half of it too.
const PIECE: usize = 12;
/// Bytes beyond which what is encoded twice is not looked for.
const TWICE: usize = 4096;

/// How the ends of what was found are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// It counts wherever it stands.
    Anywhere,
    /// It counts as a word of its own.
    Word,
    /// It is part of a run of base64, all of which goes.
    Run,
}

/// A form of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) text: Vec<u8>,
    /// So many bytes of it, in one piece, are as good as the whole.
    pub(super) least: usize,
    pub(super) ends: Ends,
    /// Whether it is the credential itself, of which shorter pieces are found where they were visibly cut.
    pub(super) is_plain: bool,
}

/// The forms of a credential; none of one that is too short.
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
    // Of a text of so many letters, the part that is as much as the least piece of the credential.
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
            // Three bytes become four letters: what stands ahead of it decides how it is cut.
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

/// As forms of web pages write it.
fn percent(bytes: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'*');
    let written = |byte: &u8| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    bytes.iter().map(written).collect()
}
