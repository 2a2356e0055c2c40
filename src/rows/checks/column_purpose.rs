//! What a column is for, by its head.

use super::named::names_things;
use crate::playbook::ColumnDecl;

/// What a column is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::rows) struct Head {
    /// It names things: a key, a tie, a code, a number of a telephone.
    pub(in crate::rows) names: bool,
    /// It is said to by its head, and not only by its use.
    pub(in crate::rows::checks) named: bool,
    /// It holds people's names, of which some are a program's words.
    pub(in crate::rows::checks) person: bool,
    /// It holds addresses of pages.
    pub(in crate::rows::checks) address: bool,
    /// It holds days.
    pub(in crate::rows::checks) days: bool,
}

impl Head {
    /// A column of that declaration; `key` where it names or ties its rows.
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
