//! Rows as CSV whatever their format, and their cells as texts, for reports that change cells.

use crate::rows::formats::csv::push;
use crate::rows::record::{Dialect, RowFormat};

impl Dialect {
    /// The dialect of these rows as CSV: the same one, or for JSON Lines plain CSV with the same columns.
    #[must_use]
    pub fn as_csv(&self) -> Self {
        match self.format {
            RowFormat::Csv => self.clone(),
            RowFormat::JsonLines => {
                let heads = self.heads();
                // A formula in a text of a JSON file was never one for a spreadsheet.
                let csv = Self { line_end: self.line_end, converted: true, columns: heads.len(), ..Self::default() };
                Self { header: csv.joined(&heads), ..csv }
            }
        }
    }

    /// The same CSV dialect with other heads.
    #[must_use]
    pub fn with_heads(&self, heads: &[String]) -> Self {
        Self { header: self.joined(heads), header_bytes: None, ..self.clone() }
    }

    /// The heads of the columns, without result columns.
    #[must_use]
    pub fn column_heads(&self) -> Vec<String> {
        self.heads()
    }

    /// The texts of a row's cells in the order of the columns. A CSV row may have fewer cells or more.
    #[must_use]
    pub fn cell_texts(&self, raw: &[u8]) -> Vec<String> {
        let record = self.layout().reread(&self.encoding.decode(raw), 1, 1);
        (0..record.cells.len()).map(|at| record.cell(at).unwrap_or_default().into_owned()).collect()
    }

    /// The bytes of a CSV row with these texts.
    #[must_use]
    pub fn csv_row(&self, texts: &[String]) -> Vec<u8> {
        self.encoding.encode(&self.joined(texts)).into_owned()
    }

    fn joined(&self, texts: &[String]) -> String {
        let mut line = String::new();
        for (place, text) in texts.iter().enumerate() {
            if place > 0 {
                line.push(self.delimiter);
            }
            push(&mut line, text, self);
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TextEncoding;

    #[test]
    fn members_become_cells() {
        let header = r#"["id","note","more"]"#.to_owned();
        let json = Dialect { format: RowFormat::JsonLines, header, columns: 3, ..Dialect::default() };
        let texts = json.cell_texts(r#"{"note":"a,\"b\"","id":7.50,"more":null}"#.as_bytes());
        assert_eq!(texts, ["7.50", "a,\"b\"", ""]);
        let csv = json.as_csv();
        assert_eq!((csv.header.as_str(), csv.columns, csv.extension()), ("id,note,more", 3, "csv"));
        assert_eq!(csv.csv_row(&texts), b"7.50,\"a,\"\"b\"\"\",");
    }

    #[test]
    fn cells_of_csv_stay_the_same_when_they_are_written_again() {
        let wide = Dialect { delimiter: ';', encoding: TextEncoding::Utf16le, ..Dialect::default() };
        let raw = wide.encoding.encode("A-1;\"x;\"\"y\"\"\";約\u{e9}").into_owned();
        let texts = wide.cell_texts(&raw);
        assert_eq!(texts, ["A-1", "x;\"y\"", "約é"]);
        assert_eq!(wide.csv_row(&texts), raw);
        assert_eq!(wide.as_csv(), wide);
    }
}
