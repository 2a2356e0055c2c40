//! Repairs JSON with the escape of a lone UTF-16 surrogate, as in a message that a vendor cut between two halves. No
//! parser accepts it, although only one character is lost.

/// The escape of U+FFFD, which has the same length as the escape that it replaces.
const REPLACEMENT: &[u8] = b"\\ufffd";

/// The length of `\uXXXX` in bytes.
const ESCAPE: usize = 6;

/// Replaces each escape of a lone surrogate by that of U+FFFD and keeps all other bytes; `None` if there is none.
pub(super) fn replaced(json: &[u8]) -> Option<Vec<u8>> {
    let mut changed: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(ahead) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += ahead;
        at += match (unit(json, at), unit(json, at + ESCAPE)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 2 * ESCAPE,
            (Some(0xd800..=0xdfff), _) => {
                changed.get_or_insert_with(|| json.to_vec())[at..at + ESCAPE].copy_from_slice(REPLACEMENT);
                ESCAPE
            }
            (Some(_), _) => ESCAPE,
            // Another escape: the character after the backslash does not start an escape itself.
            (None, _) => 2,
        };
        at = at.min(json.len());
    }
    changed
}

/// The code unit whose escape begins at `at`; `None` if there is none.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..)?.strip_prefix(b"\\u")?.get(..ESCAPE - 2)?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn read(json: &str) -> Option<Value> {
        let changed = replaced(json.as_bytes());
        serde_json::from_slice(changed.as_deref().unwrap_or(json.as_bytes())).ok()
    }

    #[test]
    fn lone_halves_are_distinguished_from_pairs() {
        for (escaped, text) in [
            (r"\ud800", "\u{fffd}"),
            (r"\uDC00", "\u{fffd}"),
            (r"\ud83d\ude00", "\u{1f600}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
            (r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            (r"\ud83d \ude00", "\u{fffd} \u{fffd}"),
            (r"\ud83d\n", "\u{fffd}\n"),
            (r"\\ud83d", r"\ud83d"),
            (r"\\\ud83d", "\\\u{fffd}"),
            (r#"\"\ud83d"#, "\"\u{fffd}"),
            (r"\u00e9", "\u{e9}"),
        ] {
            assert_eq!(read(&format!("\"{escaped}\"")), Some(Value::from(text)), "{escaped}");
        }
    }

    #[test]
    fn cut_escapes_are_not_repaired() {
        for broken in [r#""\ud83"#, r#""\ud8"#, "\"\\", r#""\ud83d"#, r#"{"a":"\ud83d""#, r#""\u+83d""#, r"\ud83d"] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn any_units_read_as_utf16_does(units in proptest::collection::vec(
            prop_oneof![any::<u16>(), 0xd7f0_u16..0xe010, Just(0x5c), Just(0x75)], 0..40,
        )) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let lossy = String::from_utf16_lossy(&units);
            let in_value = read(&format!(r#"{{"code": "00", "message": "{escaped}"}}"#)).unwrap();
            prop_assert_eq!(in_value["message"].as_str(), Some(lossy.as_str()));
            let as_key = read(&format!(r#"[{{"{escaped}": 1}}]"#)).unwrap();
            prop_assert_eq!(&as_key[0][&lossy], &Value::from(1));
        }

        #[test]
        fn only_lone_halves_change(before in "[ -~]{0,20}", after in "[ -~]{0,20}", unit in 0xd800_u16..0xe000) {
            let (before, after) = (Value::from(before).to_string(), Value::from(after).to_string());
            let escape = format!("\\u{unit:04X}");
            let json = format!("[{before},\"{escape}\",{after}]");
            let expected = format!("[{before},\"\\ufffd\",{after}]");
            prop_assert_eq!(replaced(json.as_bytes()), Some(expected.into_bytes()));
        }

        #[test]
        fn texts_without_lone_halves_are_unchanged(text in any::<String>(), number in any::<f64>()) {
            let json = serde_json::json!({ &text: [number, { "text": &text }] }).to_string();
            prop_assert_eq!(replaced(json.as_bytes()), None);
            let ascii: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(replaced(ascii.as_bytes()), None);
        }

        #[test]
        fn any_bytes_keep_their_length(bytes in proptest::collection::vec(
            prop_oneof![any::<u8>(), Just(b'\\'), Just(b'u'), Just(b'd'), Just(b'8'), Just(b'"')], 0..80,
        )) {
            if let Some(changed) = replaced(&bytes) {
                prop_assert_eq!(changed.len(), bytes.len());
                prop_assert_eq!(replaced(&changed), None);
            }
        }
    }
}
