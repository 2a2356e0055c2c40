//! Which columns name things, by their heads: a stray blank in them is never meant.

/// Words at the end of a head that say so.
const WORDS: [&str; 18] = [
    "id",
    "ids",
    "no",
    "nr",
    "num",
    "number",
    "code",
    "key",
    "ref",
    "reference",
    "serial",
    "sku",
    "account",
    "phone",
    "tel",
    "telephone",
    "mobile",
    "email",
];

/// The same in the scripts that heads are written in.
const ENDINGS: [&str; 10] = ["号", "號", "号码", "號碼", "電話", "电话", "手机", "手機", "コード", "번호"];

/// Whether a column's name or head ends in such a word: `flow_id`, `contract-no`, `orderId`.
pub(in crate::rows) fn names_things(name: &str) -> bool {
    let last = name.rsplit(['_', '-', ' ', '.']).next().unwrap_or_default();
    let camel = last.char_indices().rev().find(|(_, char)| char.is_ascii_uppercase());
    let tail = camel.map_or(last, |(at, _)| if last[at..].len() > 1 { &last[at..] } else { last });
    if ENDINGS.iter().any(|ending| name.ends_with(ending)) || last.ends_with("ID") {
        return true;
    }
    WORDS.iter().any(|word| tail.eq_ignore_ascii_case(word) || last.eq_ignore_ascii_case(word))
}
