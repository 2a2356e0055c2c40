//! The columns that the row files of a run carry, right of the row's own.

use std::io::{self, Read};

use crate::model::words;

words! {
    /// A column that every row file of a run carries, in the order in which they are written.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ResultColumn {
        /// The run's id. The columns left of it are the row's own.
        Run = "_run",
        /// How the row ended.
        Outcome = "_outcome",
        /// The id of the step that decided it.
        Step = "_step",
        /// The vendor's code, or one of our own.
        Code = "_code",
        /// The vendor's message, or one of our own.
        Message = "_message",
        /// The vendor's id of the request.
        RequestId = "_request_id",
        /// How many requests were sent for the row's steps and rollbacks, repeats included and lookups not.
        Attempts = "_attempts",
    }
}

impl ResultColumn {
    /// The first of them, by which a row file that a run wrote is known.
    pub const FIRST: Self = Self::ALL[0];
}

/// The member of our JSON rows that names all columns, where the row lacks some.
pub const COLUMNS: &str = "_columns";

/// What a cell of a workbook begins with in row files that could not be read: it is refused as long as it stands there.
pub(in crate::rows) const UNREAD: &str = "#UNREAD!";

/// Where the result columns start; `None` where a file has none.
pub(in crate::rows) fn result_columns_start(heads: impl IntoIterator<Item = impl AsRef<str>>) -> Option<usize> {
    heads.into_iter().position(|head| head.as_ref() == ResultColumn::FIRST.as_str())
}

/// What may stand ahead of everything else in UTF-8 and UTF-16.
const BYTE_ORDER_MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];

/// Bytes of a file in which its head must stand.
const HEAD: u64 = 256 * 1024;

/// Whether a run wrote a row file, in whichever dialect: its head, or its first row, has our columns in their order. So
/// it is with an empty file, which is all that a run without rows writes in some dialects.
///
/// # Errors
/// The file cannot be read.
pub fn is_row_file(file: impl Read) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    // Of two bytes for each character one is zero; quotes stand where a dialect has them around every cell.
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
    fn the_readme_names_every_column() {
        let readme = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
        for column in ResultColumn::WORDS {
            assert!(readme.contains(&format!("`{column}`")), "{column}");
        }
    }

    #[test]
    fn a_file_of_a_run_is_known_by_the_first_column() {
        assert_eq!(result_columns_start(["a", "b"]), None);
        assert_eq!(result_columns_start(["a", "_outcome", "_run", "_outcome"]), Some(2));
    }

    #[test]
    fn a_row_file_of_any_run_is_known_in_every_dialect_and_nothing_else_is() {
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
