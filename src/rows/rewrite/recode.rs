//! Writes a row in another file's dialect, matching columns by their heads.

use bytes::Bytes;

use crate::rows::file::RowFile;
use crate::rows::formats::csv::csv_line;
use crate::rows::formats::json::json_line;
use crate::rows::record::{Dialect, Row, RowFormat};

impl RowFile {
    /// The row's bytes in another dialect. A column that this file lacks keeps its cell from `was`; a column that the
    /// other file lacks is left out.
    #[must_use]
    pub fn raw_as(&self, row: &Row, dialect: &Dialect, was: &Bytes) -> Bytes {
        let own = self.dialect();
        let (own_heads, heads) = (own.heads(), dialect.heads());
        let same = own.format == dialect.format && own.delimiter == dialect.delimiter;
        if same && own.encoding == dialect.encoding && own_heads == heads {
            return row.raw.clone();
        }
        let new = own.layout().reread(&own.encoding.decode(&row.raw), 1, 1);
        let old = dialect.layout().reread(&dialect.encoding.decode(was), 1, 1);
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
    fn other_columns_and_delimiters_are_rewritten() {
        assert_eq!(
            recoded("b;id\n\"x,\"\"y\"\"\";1\n", &dialect("id,a,b", ','), "1,\"o,o\",q"),
            "1,\"o,o\",\"x,\"\"y\"\"\""
        );
        let quoted = Dialect { quoted: true, ..dialect("id,a,b", ',') };
        assert_eq!(recoded("id,b,c\n1,2,3\n", &quoted, "1,,"), "\"1\",\"\",\"2\"");
    }
}
