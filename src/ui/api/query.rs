//! The part of an address behind `?`, as types. Only known names are taken, each once, with values of bounded length.

use url::form_urlencoded;

/// The longest query, in bytes.
const LONGEST: usize = 2 * 1024;

/// The longest value, in bytes.
const LONGEST_VALUE: usize = 200;

/// A query of which nothing is taken yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query; `None` is an address without one.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub(super) fn parse(text: Option<&str>) -> Result<Self, String> {
        let text = text.unwrap_or_default();
        if text.len() > LONGEST {
            return Err(format!("The query is longer than {LONGEST} bytes."));
        }
        check_escapes(text)?;
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            // The library puts this mark in the place of what is no UTF-8.
            if [&name, &value].iter().any(|part| part.contains(char::REPLACEMENT_CHARACTER)) {
                return Err("The query is not UTF-8.".to_owned());
            }
            if value.len() > LONGEST_VALUE {
                return Err(format!("The value of `{name}` is longer than {LONGEST_VALUE} bytes."));
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(format!("The query has `{name}` twice."));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// Takes a text; `None` if it is not there.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Takes a whole number; `None` if it is not there.
    ///
    /// # Errors
    /// A sentence, if it is something else.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>, String> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse().ok().filter(|_| plain) {
            Some(number) => Ok(Some(number)),
            None => Err(format!("`{name}` must be a whole number, such as 7.")),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// A sentence that names what nobody has taken.
    pub(super) fn finish(self) -> Result<(), String> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(format!("The query `{name}` is not known here.")),
        }
    }
}

/// Checks that each `%` begins two hexadecimal digits.
fn check_escapes(text: &str) -> Result<(), String> {
    let is_escape = |part: &str| part.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    match text.split('%').skip(1).all(is_escape) {
        true => Ok(()),
        false => Err("A `%` in the query does not begin an escape, such as `%20`.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_unescaped_and_taken_once() {
        let mut query = Query::parse(Some("playbook=%E9%A0%90%E7%B4%84+x%26y&after=007&empty=&&")).unwrap();
        assert_eq!(query.text("playbook").as_deref(), Some("預約 x&y"));
        assert_eq!((query.number("after"), query.number("limit")), (Ok(Some(7)), Ok(None)));
        assert_eq!((query.text("empty").as_deref(), query.text("playbook")), (Some(""), None));
        assert_eq!(query.finish(), Ok(()));
        for none in [None, Some("")] {
            assert_eq!(Query::parse(none).unwrap().finish(), Ok(()));
        }
    }

    #[test]
    fn what_is_not_plain_is_refused() {
        let long = "x".repeat(LONGEST_VALUE + 1);
        let longer = "a&".repeat(LONGEST);
        for (text, part) in [
            ("a=1&a=2", "`a` twice"),
            ("a=1&%61=2", "`a` twice"),
            ("a=%ff", "UTF-8"),
            ("a=%e4%bd", "UTF-8"),
            ("a=%", "escape"),
            ("a=%2", "escape"),
            ("a=%zz", "escape"),
            ("a=%é", "escape"),
            (&format!("a={long}"), "longer than 200"),
            (&longer, "longer than 2048"),
        ] {
            let refused = Query::parse(Some(text)).unwrap_err();
            assert!(refused.contains(part), "{text:.40}: {refused}");
        }
        let refused = Query::parse(Some("after=1&x=2")).map(|mut query| {
            assert_eq!(query.number("after"), Ok(Some(1)));
            query.finish()
        });
        assert_eq!(refused, Ok(Err("The query `x` is not known here.".to_owned())));
        for wrong in ["", "-1", "+1", " 1", "1.0", "0x1", "1e3", "１", "18446744073709551616"] {
            let mut query = Query(vec![("after".to_owned(), wrong.to_owned())]);
            assert!(query.number("after").unwrap_err().contains("whole number"), "{wrong}");
        }
    }
}
