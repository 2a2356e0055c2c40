//! The columns that a run adds to its row files, right of the row's own.

use std::io::{self, Read};

use crate::model::words;

words! {
    /// A column that a run adds to every row file, in the order in which they are written.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ResultColumn {
        /// The run's id. The columns left of it are the row's own.
        Run = "_run",
        /// The row's outcome.
        Outcome = "_outcome",
        /// The id of the step that decided the outcome.
        Step = "_step",
        /// The vendor's code, or one of our own.
        Code = "_code",
        /// The vendor's message, or one of our own.
        Message = "_message",
        /// The vendor's id of the request.
        RequestId = "_request_id",
        /// Number of requests sent for the row's steps and rollbacks, including repeats, without lookups.
        Attempts = "_attempts",
    }
}

impl ResultColumn {
    /// The first of them. A row file that has it was written by a run.
    pub const FIRST: Self = Self::ALL[0];
}

/// The member of JSON rows that lists all columns, written where the row lacks some.
pub const COLUMNS: &str = "_columns";

/// The start of a cell in a row file that could not be read from its workbook. A cell that begins so is an error.
pub(in crate::rows) const UNREAD: &str = "#UNREAD!";

/// The index of the first result column; `None` if there is none.
pub(in crate::rows) fn result_columns_start(heads: impl IntoIterator<Item = impl AsRef<str>>) -> Option<usize> {
    heads.into_iter().position(|head| head.as_ref() == ResultColumn::FIRST.as_str())
}

/// The byte-order marks of UTF-8 and UTF-16.
const BYTE_ORDER_MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];

/// The most bytes that are searched for the header.
const HEAD: u64 = 256 * 1024;

/// Whether a run wrote a file: its header or first row has the result columns in their order, in any dialect. An empty
/// file counts too, because a run without rows writes nothing else in some dialects.
///
/// # Errors
/// The file cannot be read.
pub fn is_row_file(file: impl Read) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    // In UTF-16 every other byte of ASCII is zero; a dialect may quote every cell.
    head.retain(|byte| !matches!(byte, 0 | b'"' | b'\''));
    let text = String::from_utf8_lossy(&head);
    let [first, second, third] =
        [ResultColumn::Run, ResultColumn::Outcome, ResultColumn::Step].map(ResultColumn::as_str);
    let in_csv = |delimiter| text.contains(&[first, second, third].join(delimiter));
    let in_json = || [first, second, third].iter().all(|name| text.contains(&format!("{name}:")));
    let is_empty = head.is_empty() || BYTE_ORDER_MARKS.contains(&head.as_slice());
    Ok(is_empty || [",", ";", "\t", "|"].into_iter().any(in_csv) || in_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_on_results_describes_every_column_in_order() {
        let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/result-files.md"));
        let mut rest = page;
        for column in ResultColumn::WORDS {
            let row = format!("\n| `{column}` |");
            rest = rest.split_once(&row).unwrap_or_else(|| panic!("no row for {column}, or in another order")).1;
        }
    }

    #[test]
    fn a_file_of_a_run_is_recognised_by_its_first_result_column() {
        assert_eq!(result_columns_start(["a", "b"]), None);
        assert_eq!(result_columns_start(["a", "_outcome", "_run", "_outcome"]), Some(2));
    }

    #[test]
    fn a_row_file_of_a_run_is_recognised_in_every_dialect_and_nothing_else_is() {
        let known = |text: &[u8]| is_row_file(text).unwrap();
        let columns = ResultColumn::WORDS;
        for delimiter in [",", ";", "\t", "|"] {
            let plain = format!("id{delimiter}{}\r\n", columns.join(delimiter));
            let quoted = format!("\"id\"{delimiter}\"{}\"\r\n", columns.join(&format!("\"{delimiter}\"")));
            let wide: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert!(known(plain.as_bytes()) && known(quoted.as_bytes()) && known(&wide), "{delimiter:?}");
        }
        assert!(known(br#"{"id":"1","_run":"r","_outcome":"failed","_step":null}"#));
        assert!(known(b"") && known("\u{feff}".as_bytes()), "what a run without rows writes");
        for other in ["id,note\n1,2\n", "{\"_run\": 1}", "_run\n", "_outcome,_run,_step\n", "PK\u{3}\u{4}"] {
            assert!(!known(other.as_bytes()), "{other:?}");
        }
    }
}
