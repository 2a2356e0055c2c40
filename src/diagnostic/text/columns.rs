//! Columns of text on a terminal, where Chinese, Japanese and Korean characters take two columns.

use unicode_width::UnicodeWidthStr;

/// The columns that a text takes on a terminal.
#[must_use]
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// The columns that the widest of the texts takes; 0 where there is none.
pub fn widest<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> usize {
    texts.into_iter().map(|text| display_width(text.as_ref())).max().unwrap_or(0)
}

/// A text with blanks behind it, so that it takes `width` columns. A wider text is returned as it is.
#[must_use]
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{:blanks$}", "", blanks = width.saturating_sub(display_width(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_mixed_cells_is_aligned() {
        let cells = ["flow_id", "合同编号", "預約時間", "契約ID", "계약번호", "é", "ﾃｽﾄ", "Ａ１", ""];
        let width = widest(cells);
        assert_eq!(width, 8);
        let table: Vec<String> = cells.iter().map(|cell| format!("{}|", padded(cell, width))).collect();
        let expected = [
            "flow_id |",
            "合同编号|",
            "預約時間|",
            "契約ID  |",
            "계약번호|",
            "é       |",
            "ﾃｽﾄ     |",
            "Ａ１    |",
            "        |",
        ];
        assert_eq!(table, expected);
        // On a terminal all bars stand in the ninth column.
        for line in &table {
            assert_eq!(display_width(line), 9, "{line}");
        }
    }

    #[test]
    fn a_text_that_is_too_wide_stays() {
        assert_eq!(padded("正式环境", 6), "正式环境");
        assert_eq!(widest::<&str>([]), 0);
    }

    #[test]
    fn a_combined_character_takes_the_columns_of_its_base() {
        assert_eq!(display_width("e\u{301}"), 1);
        assert_eq!(padded("か\u{3099}", 4), "か\u{3099}  ");
    }
}
