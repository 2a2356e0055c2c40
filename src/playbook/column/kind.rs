//! The types a column or a variable can have.

use serde::{Deserialize, Serialize};

use crate::model::words;

words! {
    /// What the text of a cell or a variable is read as.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ColumnType {
        /// Text, byte for byte.
        #[default]
        String = "string",
        /// A whole number of any length; its digits are kept.
        Integer = "integer",
        /// A number as JSON writes it; its digits are kept.
        Number = "number",
        /// `true`, `yes`, `y`, `1` or `false`, `no`, `n`, `0`, in any case.
        Boolean = "boolean",
        /// A day, handed on as `YYYY-MM-DD`.
        Date = "date",
        /// An instant, handed on as RFC 3339 with its offset.
        Datetime = "datetime",
        /// Any JSON value.
        Json = "json",
        /// Texts parted by a separator.
        List = "list",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assert_serialized;

    #[test]
    fn what_is_stored_is_the_word() {
        assert_serialized::<ColumnType>();
    }
}
