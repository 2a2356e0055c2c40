//! The value of a scalar by YAML's core schema, read cautiously.

use std::str::FromStr;

use crate::model::Value;

/// The longest plain scalar that is read as a number; anything longer is text.
const LONGEST_NUMBER: usize = 1_000;

/// The value of a scalar written without quotes.
///
/// Null, true and false are those of YAML 1.2. A number as JSON writes it is a number and keeps its digits. Anything
/// else (`no`, `0911`, `0x1F`, `1_000`, `6183e12`, `.inf`) is text, because nothing is guessed.
#[must_use]
pub fn plain_value(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if spells_number(text) => {
            serde_json::Number::from_str(text).map_or_else(|_| Value::String(text.to_owned()), Value::Number)
        }
        _ => Value::String(text.to_owned()),
    }
}

/// The value of a scalar; a quoted one is text.
#[must_use]
pub fn scalar_value(text: &str, plain: bool) -> Value {
    if plain { plain_value(text) } else { Value::String(text.to_owned()) }
}

/// Whether a text is a number as JSON writes it, without an exponent.
fn spells_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= LONGEST_NUMBER
        && all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_like_a_type_stays_text() {
        for text in [
            "no",
            "yes",
            "on",
            "off",
            "y",
            "tRUE",
            "nULL",
            "0911211211",
            "00",
            "-01",
            "0x1F",
            "0o17",
            "1_000",
            "1e3",
            "6183e12",
            ".5",
            "5.",
            "+5",
            "-",
            "--1",
            "1.2.3",
            ".inf",
            ".NaN",
            "2026-01-01",
            "12:30",
            "١٢",
        ] {
            assert_eq!(plain_value(text), Value::String(text.into()), "{text}");
        }
        let long = "1".repeat(LONGEST_NUMBER + 1);
        assert!(plain_value(&long).is_string());
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["0", "-0", "15", "-3", "1.50", "0.0", "123456789012345678901234567890", "0.1000000000000000000001"]
        {
            let value = plain_value(text);
            assert!(value.is_number(), "{text}");
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn null_and_truth_as_yaml_1_2_spells_them() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain_value(text), Value::Null);
        }
        assert_eq!(plain_value("True"), Value::Bool(true));
        assert_eq!(plain_value("FALSE"), Value::Bool(false));
    }
}
