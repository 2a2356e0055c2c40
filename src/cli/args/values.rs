//! Values of options that are more than a text: row files, variables, bounds of failures.

use std::convert::Infallible;

use crate::operate::{GivenRows, MaxFail, RowsFrom};

/// Reads `FILE`, or `NAME=FILE` for one of the playbook's lists.
///
/// # Errors
/// A message with what is missing, and what to write.
pub(super) fn given_rows(text: &str) -> Result<GivenRows, String> {
    if text.is_empty() {
        return Err("a file is missing: write `FILE` or `NAME=FILE`".to_owned());
    }
    match text.split_once('=') {
        Some((name, "")) if is_name(name) => Err(format!("`{name}=` names no file: write `{name}=FILE`")),
        Some((name, file)) if is_name(name) => {
            Ok(GivenRows { list: Some(name.to_owned()), from: RowsFrom::of_word(file) })
        }
        Some(_) | None => Ok(GivenRows { list: None, from: RowsFrom::of_word(text) }),
    }
}

/// Refuses a plan file, because there are none yet.
///
/// # Errors
/// Always, with what to do instead.
pub(super) fn no_plan_file(_: &str) -> Result<Infallible, String> {
    Err("no plan file is written yet: a plan goes to standard output, so keep it with `runsheet plan PLAYBOOK --format \
         json > plan.json`; the results of a run go where `runsheet run --out DIR` says"
        .to_owned())
}

/// Reads `NAME=VALUE`; the value keeps its text.
///
/// # Errors
/// A message with what to write.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if is_name(name) => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("write `NAME=VALUE`, such as `branch=85`".to_owned()),
    }
}

/// Reads a number of rows (`50`) or a share of them (`10%`).
///
/// # Errors
/// A message with what to write.
pub(super) fn max_fail(text: &str) -> Result<MaxFail, String> {
    let wrong = || format!("`{text}` is not a bound of failures: write a number of rows (`50`) or a share (`10%`)");
    match text.strip_suffix('%') {
        Some(share) => match share.trim().parse::<f64>() {
            Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(MaxFail::Ratio(percent / 100.0)),
            Ok(_) | Err(_) => Err(wrong()),
        },
        None => match text.trim().parse() {
            Ok(rows) if rows > 0 => Ok(MaxFail::Rows(rows)),
            Ok(_) | Err(_) => Err(wrong()),
        },
    }
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_are_refused() {
        for bad in ["", "customers="] {
            assert!(given_rows(bad).is_err(), "{bad}");
        }
        for bad in ["", "=x", "a-b=x", "branch"] {
            assert!(pair(bad).is_err(), "{bad}");
        }
        for bad in ["", "0", "-1", "0%", "101%", "NaN%", "x", "1.5"] {
            assert!(max_fail(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn row_files_may_name_a_list() {
        let file = |list: Option<&str>, path: &str| {
            Ok(GivenRows { list: list.map(str::to_owned), from: RowsFrom::File(path.into()) })
        };
        assert_eq!(given_rows("customers=c.csv"), file(Some("customers"), "c.csv"));
        assert_eq!(given_rows("./a=b.csv"), file(None, "./a=b.csv"));
        assert_eq!(given_rows("-"), Ok(GivenRows { list: None, from: RowsFrom::StandardInput }));
        assert_eq!(given_rows("run:latest"), Ok(GivenRows { list: None, from: RowsFrom::Run("latest".to_owned()) }));
    }

    #[test]
    fn a_variable_keeps_its_text_and_a_bound_is_parsed() {
        assert_eq!(pair("note=a=b "), Ok(("note".to_owned(), "a=b ".to_owned())));
        assert_eq!(max_fail("10%"), Ok(MaxFail::Ratio(0.1)));
        assert_eq!(max_fail("50"), Ok(MaxFail::Rows(50)));
    }
}
