//! Appends a run's results to its rows as further columns.

use crate::model::{Map, TextEncoding, Value, as_text};
use crate::rows::formats::csv::push;
use crate::rows::formats::json::insert_members;
use crate::rows::record::{Dialect, RowFormat};

/// Appends results of an earlier run to its rows: the longer header and each row's longer bytes.
pub struct ResultAppender {
    own: Dialect,
    names: Vec<String>,
    clashing: Vec<String>,
    whole: Vec<String>,
    dialect: Dialect,
}

impl ResultAppender {
    /// Rows of dialect `own` with the columns `results`. Where a row has a column of the same name, the row's own cell
    /// is kept. Columns in `whole` take lists and objects unchanged; others take them as JSON text.
    #[must_use]
    pub fn new(own: &Dialect, results: Vec<String>, whole: Vec<String>) -> Self {
        let heads = own.heads();
        let (clashing, names): (Vec<_>, Vec<_>) = results.into_iter().partition(|name| heads.contains(name));
        let mut dialect = Dialect { columns: own.columns + names.len(), taken: own.taken + names.len(), ..own.clone() };
        match own.format {
            RowFormat::Csv => {
                for name in &names {
                    dialect.header.push(own.delimiter);
                    push(&mut dialect.header, name, own);
                }
                // The kept bytes of the header must match its text.
                dialect.header_bytes = own.header_bytes.as_ref().map(|bytes| {
                    let added = own.encoding.encode(&dialect.header[own.header.len()..]).into_owned();
                    [bytes.as_slice(), &added].concat()
                });
            }
            RowFormat::JsonLines => {
                let all: Vec<&String> = heads.iter().chain(&names).collect();
                dialect.header = serde_json::to_string(&all).unwrap_or_default();
            }
        }
        Self { own: own.clone(), names, clashing, whole, dialect }
    }

    /// The dialect of the longer rows.
    #[must_use]
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Results that are not appended because the rows have columns of the same names.
    #[must_use]
    pub fn clashing(&self) -> &[String] {
        &self.clashing
    }

    /// The name of the first result with a character that the rows' encoding lacks.
    #[must_use]
    pub fn lacking(&self, results: &Map) -> Option<&str> {
        let lacks = |name: &&String| {
            let text = as_text(results.get(*name).unwrap_or(&Value::Null));
            self.own.encoding.decode(&self.own.encoding.encode(&text)) != text
        };
        self.names.iter().find(lacks).map(String::as_str)
    }

    /// Writes the rows in UTF-8, because a replacement for a missing character would be sent as the value.
    #[must_use]
    pub fn in_utf8(mut self) -> Self {
        self.dialect.encoding = TextEncoding::Utf8;
        self.dialect.header_bytes = None;
        self.dialect.bom = self.own.format == RowFormat::Csv;
        self
    }

    /// A row's bytes with its results appended. A malformed row is returned unchanged.
    #[must_use]
    pub fn row(&self, raw: &[u8], results: &Map) -> Vec<u8> {
        let text = self.own.encoding.decode(raw);
        let (raw, encoding) = match self.dialect.encoding == self.own.encoding {
            true => (raw, self.own.encoding),
            false => (text.as_bytes(), self.dialect.encoding),
        };
        match self.own.format {
            _ if self.names.is_empty() => raw.to_vec(),
            RowFormat::Csv => [raw, &encoding.encode(&self.cells(results))].concat(),
            RowFormat::JsonLines if serde_json::from_str::<Map>(&text).is_err() => raw.to_vec(),
            RowFormat::JsonLines => {
                insert_members(raw, &text, &self.members(results), encoding).unwrap_or_else(|| raw.to_vec())
            }
        }
    }

    fn cells(&self, results: &Map) -> String {
        let mut cells = String::new();
        for name in &self.names {
            cells.push(self.own.delimiter);
            push(&mut cells, &as_text(results.get(name).unwrap_or(&Value::Null)), &self.own);
        }
        cells
    }

    fn members(&self, results: &Map) -> Map {
        let member = |name: &String| {
            let value = results.get(name).cloned().unwrap_or_default();
            let nested = matches!(value, Value::Array(_) | Value::Object(_)) && !self.whole.contains(name);
            (name.clone(), if nested { as_text(&value).into() } else { value })
        };
        self.names.iter().map(member).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn csv(header: &str, columns: usize) -> Dialect {
        Dialect { header: header.to_owned(), columns, ..Dialect::default() }
    }

    fn results(value: Value) -> Map {
        serde_json::from_value(value).unwrap()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn results_are_appended_exactly_and_missing_ones_are_blank() {
        let appender = ResultAppender::new(&csv("id,x", 2), names(&["task", "x", "all", "none"]), Vec::new());
        assert_eq!(appender.dialect().header, "id,x,task,all,none");
        assert_eq!((appender.dialect().columns, appender.dialect().taken), (5, 3));
        assert_eq!(appender.clashing(), ["x"]);
        let row = appender.row(b"1,o", &results(json!({"task": "=1,\"a\"\n", "x": "n", "all": [1]})));
        assert_eq!(row, b"1,o,\"=1,\"\"a\"\"\n\",[1],");
        assert_eq!(appender.row(b"1,o", &Map::new()), b"1,o,,,");
        let again = ResultAppender::new(appender.dialect(), names(&["more"]), Vec::new());
        assert_eq!((again.dialect().columns, again.dialect().taken), (6, 4));
    }

    #[test]
    fn results_keep_their_kind_where_their_column_takes_it() {
        let own = Dialect { format: RowFormat::JsonLines, ..csv("[\"id\"]", 1) };
        let appender = ResultAppender::new(&own, names(&["n", "text", "whole", "none"]), names(&["whole"]));
        assert_eq!(appender.dialect().header, r#"["id","n","text","whole","none"]"#);
        let row = appender.row(br#"{ "id": 1.50 }"#, &results(json!({"n": 7, "text": [1], "whole": {"a": 1}})));
        let row = String::from_utf8(row).unwrap();
        assert_eq!(row, r#"{ "id": 1.50,"n":7,"text":"[1]","whole":{"a":1},"none":null }"#);
        for odd in ["[1]", "{\"id\":"] {
            assert_eq!(appender.row(odd.as_bytes(), &Map::new()), odd.as_bytes());
        }
    }

    #[test]
    fn a_character_that_the_encoding_lacks_is_never_replaced() {
        for format in [RowFormat::Csv, RowFormat::JsonLines] {
            let header = if format == RowFormat::Csv { "id" } else { "[\"id\"]" };
            let own = Dialect { encoding: TextEncoding::Big5, format, ..csv(header, 1) };
            let appender = ResultAppender::new(&own, names(&["name"]), Vec::new());
            let row = if format == RowFormat::Csv { "約" } else { "{\"id\":\"約\"}" };
            let raw = own.encoding.encode(row);
            let (fine, odd) = (results(json!({"name": "約"})), results(json!({"name": "é"})));
            assert_eq!((appender.lacking(&fine), appender.lacking(&odd)), (None, Some("name")));
            assert_eq!(own.encoding.decode(&appender.row(&raw, &fine)).matches('約').count(), 2);
            let appender = appender.in_utf8();
            assert_eq!(appender.dialect().bom, format == RowFormat::Csv);
            let text = String::from_utf8(appender.row(&raw, &odd)).unwrap();
            assert!(text.contains('約') && text.contains('é'), "{text}");
        }
    }
}
