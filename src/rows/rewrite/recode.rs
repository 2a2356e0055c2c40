//! A row written anew in another file's dialect: its columns by their heads, its cells as they were.

use bytes::Bytes;

use crate::model::Value;
use crate::rows::file::RowFile;
use crate::rows::formats::json::token;
use crate::rows::record::Record;
use crate::rows::record::Row;
use crate::rows::record::{Dialect, RowFormat};

impl RowFile {
    /// The row's own bytes as a file of that dialect has them. A column that this file lacks keeps what `was` holds
    /// there; one that the other lacks is left out.
    #[must_use]
    pub fn raw_as(&self, row: &Row, dialect: &Dialect, was: &Bytes) -> Bytes {
        let own = self.dialect();
        let (own_heads, heads) = (own.heads(), dialect.heads());
        let same = own.format == dialect.format && own.delimiter == dialect.delimiter;
        if same && own.encoding == dialect.encoding && own_heads == heads {
            return row.raw.clone();
        }
        let new = own.layout().again(&own.encoding.decode(&row.raw), 1, 1);
        let old = dialect.layout().again(&dialect.encoding.decode(was), 1, 1);
        let places = heads.iter().enumerate().map(|(place, head)| {
            let at = own_heads.iter().position(|own| own == head).filter(|at| *at < new.cells.len());
            at.map_or((&old, place), |at| (&new, at))
        });
        let line = match dialect.format {
            RowFormat::Csv => csv_line(places, dialect),
            RowFormat::JsonLines => json_line(places, &heads),
        };
        Bytes::from(dialect.encoding.encode(&line).into_owned())
    }
}

fn csv_line<'r>(places: impl Iterator<Item = (&'r Record, usize)>, dialect: &Dialect) -> String {
    let mut line = String::new();
    for (place, (record, at)) in places.enumerate() {
        if place > 0 {
            line.push(dialect.delimiter);
        }
        push(&mut line, &record.cell(at).unwrap_or_default(), dialect);
    }
    line
}

/// An object of the columns that are not absent: a JSON value as it stands, another cell as a string.
fn json_line<'r>(places: impl Iterator<Item = (&'r Record, usize)>, heads: &[String]) -> String {
    let mut members = Vec::new();
    for ((record, at), head) in places.zip(heads) {
        let value = match record.kinds.is_empty() {
            false => token(record, at).map(str::to_owned),
            true => record.cell(at).filter(|text| !text.is_empty()).map(|text| Value::from(text.as_ref()).to_string()),
        };
        members.extend(value.map(|value| format!("{}: {value}", Value::from(head.as_str()))));
    }
    format!("{{{}}}", members.join(", "))
}

/// Appends a cell that reads back as exactly this text.
pub(in crate::rows) fn push(line: &mut String, text: &str, dialect: &Dialect) {
    let special = |c: char| c == dialect.delimiter || matches!(c, '"' | '\n' | '\r');
    if dialect.quoted || text.contains(special) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::diagnostic::{Diagnostics, Span};
    use crate::playbook::{FileForm, RowsDecl, Spanned};
    use crate::rows::formats::Input;

    fn recoded(text: &'static str, dialect: &Dialect, was: &'static str) -> String {
        let key = Spanned { value: "id".to_owned(), span: Span::default() };
        let decl = RowsDecl {
            from: None,
            outcomes: vec![],
            form: FileForm::default(),
            key: vec![key],
            columns: vec![],
            redacted: vec![],
            lists: vec![],
            span: Span::default(),
        };
        let mut diagnostics = Diagnostics::new();
        let input = Input::new("a.csv", text.as_bytes());
        let mut file = RowFile::open(&decl, input, HashMap::new(), false, &mut diagnostics).unwrap();
        let row = file.next(&mut diagnostics).unwrap();
        String::from_utf8(file.raw_as(&row, dialect, &Bytes::from_static(was.as_bytes())).to_vec()).unwrap()
    }

    fn dialect(header: &str, delimiter: char) -> Dialect {
        Dialect { delimiter, header: header.to_owned(), columns: 3, ..Dialect::default() }
    }

    #[test]
    fn the_same_columns_keep_their_bytes() {
        assert_eq!(recoded("id,a,b\n\"1\", x ,\n", &dialect("id,a,b", ','), "1,o,o"), "\"1\", x ,");
    }

    #[test]
    fn other_columns_and_delimiters_are_written_anew() {
        assert_eq!(
            recoded("b;id\n\"x,\"\"y\"\"\";1\n", &dialect("id,a,b", ','), "1,\"o,o\",q"),
            "1,\"o,o\",\"x,\"\"y\"\"\""
        );
        let quoted = Dialect { quoted: true, ..dialect("id,a,b", ',') };
        assert_eq!(recoded("id,b,c\n1,2,3\n", &quoted, "1,,"), "\"1\",\"\",\"2\"");
    }
}
