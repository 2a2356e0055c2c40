//! A row written anew in another file's dialect: its columns by their heads, its cells as they were.

use bytes::Bytes;

use super::dialect::Dialect;
use super::file::RowFile;
use super::record::Record;
use super::row::Row;

impl RowFile {
    /// The row's own bytes as a file of that dialect has them. A column that this file lacks keeps what `was` holds
    /// there; one that the other lacks is left out.
    #[must_use]
    pub fn raw_as(&self, row: &Row, dialect: &Dialect, was: &Bytes) -> Bytes {
        let own = self.dialect();
        let (own_heads, heads) = (heads_of(own), heads_of(dialect));
        if own.delimiter == dialect.delimiter && own.encoding == dialect.encoding && own_heads == heads {
            return row.raw.clone();
        }
        let (cells, old) = (cells_of(&row.raw, own), cells_of(was, dialect));
        let mut line = String::new();
        for (place, head) in heads.iter().enumerate() {
            let at = own_heads.iter().position(|own| own == head);
            let text = at.and_then(|at| cells.get(at)).or_else(|| old.get(place));
            if place > 0 {
                line.push(dialect.delimiter);
            }
            push(&mut line, text.map(String::as_str).unwrap_or_default(), dialect);
        }
        Bytes::from(dialect.encoding.encode(&line).into_owned())
    }
}

fn heads_of(dialect: &Dialect) -> Vec<String> {
    let record = Record::again(&dialect.header, dialect.delimiter, 1, 1);
    (0..record.cells.len()).map(|at| record.cell(at).unwrap_or_default().trim().to_owned()).collect()
}

fn cells_of(raw: &Bytes, dialect: &Dialect) -> Vec<String> {
    let record = Record::again(&dialect.encoding.decode(raw), dialect.delimiter, 1, 1);
    (0..record.cells.len()).map(|at| record.cell(at).unwrap_or_default().into_owned()).collect()
}

fn push(line: &mut String, text: &str, dialect: &Dialect) {
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

    use super::super::input::Input;
    use super::*;
    use crate::diagnostic::{Diagnostics, Span};
    use crate::playbook::{FileForm, RowsDecl, Spanned};

    fn recoded(text: &'static str, dialect: &Dialect, was: &'static str) -> String {
        let key = Spanned { value: "id".to_owned(), span: Span::default() };
        let decl = RowsDecl {
            from: None,
            form: FileForm::default(),
            key: vec![key],
            columns: vec![],
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
