//! Values of options that are more than a text: row files, variables, failure bounds.

use std::path::PathBuf;
use std::str::FromStr;

/// `FILE`, or `NAME=FILE` for one of the playbook's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowsFile {
    /// The list's name; none for the rows themselves.
    pub(crate) list: Option<String>,
    /// The file; `-` is standard input, `run:ID` another run.
    pub(crate) file: PathBuf,
}

impl FromStr for RowsFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a file is missing: write `FILE` or `NAME=FILE`".to_owned());
        }
        match text.split_once('=') {
            Some((name, "")) if is_name(name) => Err(format!("`{name}=` names no file: write `{name}=FILE`")),
            Some((name, file)) if is_name(name) => Ok(Self { list: Some(name.to_owned()), file: file.into() }),
            _ => Ok(Self { list: None, file: text.into() }),
        }
    }
}

/// `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VarPair {
    /// The variable's name.
    pub(crate) name: String,
    /// Its value's text, as typed.
    pub(crate) value: String,
}

impl FromStr for VarPair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if is_name(name) => Ok(Self { name: name.to_owned(), value: value.to_owned() }),
            _ => Err("write `NAME=VALUE`, such as `branch=85`".to_owned()),
        }
    }
}

/// When failures stop a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum MaxFail {
    /// At so many failed rows.
    Rows(u64),
    /// At such a share of failed rows, between 0 and 1.
    Ratio(f64),
}

impl FromStr for MaxFail {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a bound of failures: write a number of rows (`50`) or a share (`10%`)");
        match text.strip_suffix('%') {
            Some(share) => match share.trim().parse::<f64>() {
                Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(Self::Ratio(percent / 100.0)),
                _ => Err(wrong()),
            },
            None => match text.trim().parse() {
                Ok(rows) if rows > 0 => Ok(Self::Rows(rows)),
                _ => Err(wrong()),
            },
        }
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
    fn bad_options_say_what_is_accepted() {
        for bad in ["", "customers="] {
            assert!(bad.parse::<RowsFile>().is_err(), "{bad}");
        }
        for bad in ["", "=x", "a-b=x", "branch"] {
            assert!(bad.parse::<VarPair>().is_err(), "{bad}");
        }
        for bad in ["", "0", "-1", "0%", "101%", "NaN%", "x", "1.5"] {
            assert!(bad.parse::<MaxFail>().is_err(), "{bad}");
        }
    }

    #[test]
    fn row_files_may_name_a_list() {
        let of = |text: &str| text.parse::<RowsFile>().unwrap();
        assert_eq!(of("customers=c.csv"), RowsFile { list: Some("customers".to_owned()), file: "c.csv".into() });
        assert_eq!(of("./a=b.csv"), RowsFile { list: None, file: "./a=b.csv".into() });
        assert_eq!(of("-").list, None);
    }

    #[test]
    fn values_keep_their_text() {
        let pair: VarPair = "note=a=b ".parse().unwrap();
        assert_eq!(pair, VarPair { name: "note".to_owned(), value: "a=b ".to_owned() });
        assert_eq!("10%".parse(), Ok(MaxFail::Ratio(0.1)));
        assert_eq!("50".parse(), Ok(MaxFail::Rows(50)));
    }
}
