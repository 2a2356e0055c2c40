//! What describes a table of rows whose rows come later, one by one.

use super::key_columns::KeyColumns;
use super::table::TableHead;
use crate::report::RowCounts;

/// The outline of a table while its rows are read.
#[derive(Debug)]
pub struct TableOutline {
    columns: Vec<String>,
    key_columns: KeyColumns,
}

impl TableOutline {
    /// An outline with the columns of a list.
    #[must_use]
    pub fn new(columns: Vec<String>) -> Self {
        Self { key_columns: KeyColumns::new(columns.len()), columns }
    }

    /// Whether a column may still be the key. If not, the cells of further rows change nothing.
    #[must_use]
    pub fn may_have_key_column(&self) -> bool {
        self.key_columns.may_be_one()
    }

    /// Adds the key and the cells of a row, masked alike.
    pub fn add(&mut self, key: &str, cells: &[String]) {
        self.key_columns.add(key, cells);
    }

    /// The head of the table. `counts` are those of the whole run without rows under way. The words of steps, codes and messages come with the rows.
    #[must_use]
    pub fn finish(self, counts: &RowCounts) -> TableHead {
        TableHead::without_words(&self.columns, self.key_columns.place(), counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_counts_all_rows_and_finds_the_key() {
        let mut outline = TableOutline::new(vec!["note\u{1b}".to_owned(), "id".to_owned()]);
        outline.add("a", &["a".to_owned(), "a".to_owned()]);
        assert!(outline.may_have_key_column());
        outline.add("b", &["a".to_owned(), "b".to_owned()]);
        let counts = RowCounts { total: 9, failed: 3, succeeded: 6, ..RowCounts::default() };
        let head = serde_json::to_value(outline.finish(&counts)).unwrap();
        assert_eq!((&head["total"], &head["kept"], &head["key_column"]), (&9.into(), &9.into(), &1.into()));
        assert_eq!(head["columns"], serde_json::json!(["note␛", "id"]));
        assert_eq!(head["counts"], serde_json::json!([0, 0, 3, 0, 6, 0, 0]));

        let mut outline = TableOutline::new(vec!["id".to_owned()]);
        outline.add("a:b", &["a".to_owned()]);
        assert!(!outline.may_have_key_column());
        assert_eq!(serde_json::to_value(outline.finish(&counts)).unwrap()["key_column"], -1);
    }
}
