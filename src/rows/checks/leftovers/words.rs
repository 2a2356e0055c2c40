//! Words in place of a value: errors of spreadsheets, and what programs write for a missing value.

/// Error values of spreadsheets in their languages.
const ERRORS: [&str; 108] = [
    "#N/A",
    "#REF!",
    "#NAME?",
    "#VALUE!",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#CONNECT!",
    "#BUSY!",
    "#PYTHON!",
    "#EXTERNAL!",
    "#GETTING_DATA",
    "#GETTING_DATA!",
    "#ERROR!",
    // German, French, Spanish, Italian, Portuguese.
    "#NV",
    "#BEZUG!",
    "#WERT!",
    "#ZAHL!",
    "#ÜBERLAUF!",
    "#KALK!",
    "#NOM?",
    "#VALEUR!",
    "#NOMBRE!",
    "#NUL!",
    "#PROPAGATION!",
    "#¿NOMBRE?",
    "#NOMBRE?",
    "#¡VALOR!",
    "#¡DIV/0!",
    "#¡REF!",
    "#¡NUM!",
    "#¡NULO!",
    "#¡DESBORDAMIENTO!",
    "#¡CALC!",
    "#N/D",
    "#NOME?",
    "#VALORE!",
    "#RIF!",
    "#NULLO!",
    "#NUM",
    "#VALOR!",
    "#NÚM!",
    "#NULO!",
    "#N/DISP",
    "#DESPEJAR!",
    // Dutch, Polish, Russian, Czech, Slovak, Hungarian.
    "#NAAM?",
    "#WAARDE!",
    "#VERW!",
    "#GETAL!",
    "#N/B",
    "#LEEG!",
    "#DEEL/0!",
    "#NAZWA?",
    "#ARG!",
    "#ADR!",
    "#LICZBA!",
    "#DZIEL/0!",
    "#ZERO!",
    "#ИМЯ?",
    "#ЗНАЧ!",
    "#ССЫЛКА!",
    "#ЧИСЛО!",
    "#Н/Д",
    "#ДЕЛ/0!",
    "#ПУСТО!",
    "#NÁZEV?",
    "#HODNOTA!",
    "#ODKAZ!",
    "#ČÍSLO!",
    "#NENÍ_K_DISPOZICI",
    "#DĚLENÍ_NULOU!",
    "#NÁZOV?",
    "#NEDOSTUPNÝ",
    "#NÉV?",
    "#ÉRTÉK!",
    "#HIV!",
    "#SZÁM!",
    "#HIÁNYZIK",
    "#ZÉRÓOSZTÓ!",
    "#NULLA!",
    // Swedish, Danish, Norwegian, Finnish, Turkish.
    "#NAMN?",
    "#VÄRDEFEL!",
    "#REFERENS!",
    "#OGILTIGT!",
    "#SAKNAS!",
    "#DIVISION/0!",
    "#SKÄRNING!",
    "#NAVN?",
    "#VÆRDI!",
    "#REFERENCE!",
    "#I/T",
    "#VERDI!",
    "#NIMI?",
    "#ARVO!",
    "#VIITTAUS!",
    "#LUKU!",
    "#PUUTTUU!",
    "#JAKO/0!",
    "#TYHJÄ!",
    "#AD?",
    "#DEĞER!",
    "#BAŞV!",
    "#YOK",
];

/// What programs, and no people, write for a missing value.
const MISSING: [&str; 22] = [
    "NaN",
    "nan",
    "NAN",
    "NaT",
    "<NA>",
    "nan.0",
    "NaN.0",
    "-nan",
    "-nan(ind)",
    "NULL",
    "null",
    "(null)",
    "(NULL)",
    "[NULL]",
    "[null]",
    "<null>",
    "<NULL>",
    "\\N",
    "undefined",
    "NULL.0",
    "None.0",
    "<none>",
];

/// What people may write too, but never in an identifier.
const MISSING_CODES: [&str; 11] = ["None", "none", "NONE", "N/A", "n/a", "nil", "Nil", "NIL", "Null", "#", "-"];

/// The longest of these words, in bytes.
const LONGEST_WORD: usize = 10;

/// Labels of a row of totals.
const TOTALS: [&str; 24] = [
    "合计",
    "合計",
    "总计",
    "總計",
    "小计",
    "小計",
    "总和",
    "汇总",
    "総計",
    "합계",
    "총계",
    "소계",
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub total",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "totale",
    "sous-total",
    "итого",
];

/// Whether a cell is an error value, or the `####` of a column that is too narrow.
pub(in crate::rows::checks) fn is_error(text: &str) -> bool {
    let text = text.trim();
    if let Some(code) = text.strip_prefix("Err:") {
        return code.len() == 3 && code.starts_with('5') && code.bytes().all(|byte| byte.is_ascii_digit());
    }
    if text == "Loading..." {
        return true;
    }
    if !text.starts_with('#') {
        return false;
    }
    let hashes = text.len() >= 3 && text.bytes().all(|byte| byte == b'#');
    hashes || ERRORS.contains(&text) || ERRORS.contains(&text.to_ascii_uppercase().as_str())
}

/// Whether a cell is a program's word for a missing value. `names` says that the column holds identifiers, where
/// people's words count too.
pub(in crate::rows::checks) fn is_missing(text: &str, names: bool) -> bool {
    let text = text.trim();
    text.len() <= LONGEST_WORD && (MISSING.contains(&text) || (names && MISSING_CODES.contains(&text)))
}

/// Whether a cell is the label of a row of totals.
pub(in crate::rows::checks) fn is_total(text: &str) -> bool {
    let text = text.trim().trim_end_matches([':', '：']).trim();
    TOTALS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || (!text.is_ascii() && TOTALS.contains(&text.to_lowercase().as_str()))
}

/// Whether a cell is a value as a programming language prints it: an object, a list, a wrapped number.
pub(in crate::rows::checks) fn is_object(text: &str, names: bool) -> bool {
    // Most cells hold none of these characters.
    if !text.bytes().any(|byte| matches!(byte, b'[' | b'<' | b'@' | b'(' | b'{' | b'\'')) {
        return false;
    }
    let text = text.trim();
    let wrapped = |open: &str, close: &str| text.starts_with(open) && text.ends_with(close) && text.len() > 3;
    let call = |name: &str| text.strip_prefix(name).is_some_and(|rest| rest.starts_with('(') && rest.ends_with(')'));
    let calls =
        ["datetime.date", "datetime.datetime", "Timestamp", "Decimal", "UUID", "ObjectId", "ISODate", "NumberLong"];
    text.contains("[object Object]")
        || (text.starts_with('<') && text.ends_with('>') && text.contains(" object at 0x"))
        || text.starts_with("System.") && text.ends_with("[]")
        || text.split_once('@').is_some_and(|(class, hash)| class.contains('.') && is_class(class) && is_hash(hash))
        || wrapped("b'", "'")
        || wrapped("['", "']")
        || wrapped("('", ")")
        || (wrapped("{'", "}") && text.contains("':"))
        || calls.into_iter().any(call)
        || (names
            && (wrapped("{", "}") || wrapped("[", "]"))
            && !text.contains(':')
            && text.is_ascii()
            && !is_guid(text))
}

/// Whether it is a GUID in braces, as some systems write an id: `{3F2504E0-4F89-11D3-9A0C-0305E82C3301}`.
fn is_guid(text: &str) -> bool {
    text.len() == 38 && text[1..37].bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Whether it is a class name such as `java.lang.Object`, and not part of an e-mail address.
fn is_class(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default().trim_end_matches(['[', ']', ';']);
    let part =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'_' | b'[' | b';'));
    last.starts_with(|c: char| c.is_ascii_uppercase()) && text.split('.').all(part)
}

fn is_hash(text: &str) -> bool {
    (5..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_and_missing_words_are_told_apart_from_what_people_write() {
        for word in
            ["#N/A", "#n/a", "#NV", "#BEZUG!", "#¡REF!", "#ЗНАЧ!", "########", "Err:502", " #REF! ", "Loading..."]
        {
            assert!(is_error(word), "{word}");
        }
        for word in ["#1", "#", "##", "#urgent", "#WOW!", "A#N/A", "Err:abc", "Loading"] {
            assert!(!is_error(word), "{word}");
        }
        for word in ["NaN", "nan", "<NA>", "NaT", "NULL", "null", "(null)", "\\N", "undefined"] {
            assert!(is_missing(word, false), "{word}");
        }
        for word in ["None", "N/A", "n/a", "Nan", "Null", "NA", "no", "Nullify"] {
            assert!(!is_missing(word, false), "{word}");
        }
        assert!(is_missing("None", true) && is_missing("N/A", true) && !is_missing("NA", true));
        for word in ["合计", "Total:", "GRAND TOTAL", "Summe", "Итого"] {
            assert!(is_total(word), "{word}");
        }
        assert!(!is_total("Total Energies") && !is_total("合计数"));
    }

    #[test]
    fn printed_objects_are_told_apart_from_texts() {
        for text in [
            "[object Object]",
            "<__main__.Task object at 0x7f3a>",
            "java.lang.Object@1b6d3586",
            "System.String[]",
            "b'00123'",
            "['a', 'b']",
            "{'a': 1}",
            "datetime.date(2035, 1, 31)",
            "Decimal('1.00')",
        ] {
            assert!(is_object(text, false), "{text}");
        }
        for text in ["{\"a\": 1}", "[1, 2]", "lin.wei@1234567", "a@b.com", "'quoted'", "(see note)", "{name}", "b's"] {
            assert!(!is_object(text, false), "{text}");
        }
        assert!(is_object("{880100}", true) && is_object("[880100]", true));
        assert!(!is_object("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", true));
    }
}
