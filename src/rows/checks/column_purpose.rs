//! What a column holds, by its name and use.

use crate::playbook::ColumnDecl;

/// What a column holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::rows) struct ColumnPurpose {
    /// Identifiers: a key, a match value, a code, a telephone number.
    pub(in crate::rows) names: bool,
    /// Identifiers by its name, and not only by its use as a key.
    pub(in crate::rows::checks) named: bool,
    /// People's names, some of which equal a program's words, such as `Null`.
    pub(in crate::rows::checks) person: bool,
    /// Web addresses.
    pub(in crate::rows::checks) address: bool,
    /// Dates.
    pub(in crate::rows::checks) days: bool,
}

impl ColumnPurpose {
    /// The purpose of a column; `key` says that it is a key or is matched with a list.
    pub(in crate::rows) fn of(decl: &ColumnDecl, key: bool) -> Self {
        let named = names_things(&decl.name) || names_things(decl.head());
        let ends = |words: &[&str]| [decl.name.as_str(), decl.head()].iter().any(|name| ends_in(name, words));
        Self {
            names: key || named,
            named,
            person: ends(&[
                "name",
                "surname",
                "lastname",
                "firstname",
                "nom",
                "名",
                "姓名",
                "名字",
                "姓",
                "氏名",
                "이름",
                "성명",
            ]),
            address: ends(&["url", "urls", "uri", "link", "href", "path", "webhook", "callback", "html", "body"]),
            days: ends(&["date", "datum", "fecha", "birthday", "dob", "deadline", "日期", "生日", "日", "날짜"]),
        }
    }
}

fn ends_in(name: &str, words: &[&str]) -> bool {
    let small = name.to_lowercase();
    words.iter().any(|word| match word.is_ascii() {
        true => {
            small.split(|c: char| !c.is_alphanumeric()).next_back() == Some(word) || {
                // `birthDate`
                let at = name.len().checked_sub(word.len()).filter(|at| name.is_char_boundary(*at));
                at.is_some_and(|at| small.ends_with(word) && name[at..].starts_with(|c: char| c.is_ascii_uppercase()))
            }
        }
        false => small.ends_with(word),
    })
}

/// Last words of names of columns with identifiers.
const NAMING_WORDS: [&str; 18] = [
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

/// The same as endings in other scripts.
const NAMING_ENDINGS: [&str; 10] = ["号", "號", "号码", "號碼", "電話", "电话", "手机", "手機", "コード", "번호"];

/// Whether a name is that of a column with identifiers: `flow_id`, `contract-no`, `orderId`.
pub(in crate::rows) fn names_things(name: &str) -> bool {
    let last = name.rsplit(['_', '-', ' ', '.']).next().unwrap_or_default();
    let camel = last.char_indices().rev().find(|(_, char)| char.is_ascii_uppercase());
    let tail = camel.map_or(last, |(at, _)| if last[at..].len() > 1 { &last[at..] } else { last });
    if NAMING_ENDINGS.iter().any(|ending| name.ends_with(ending)) || last.ends_with("ID") {
        return true;
    }
    NAMING_WORDS.iter().any(|word| tail.eq_ignore_ascii_case(word) || last.eq_ignore_ascii_case(word))
}
