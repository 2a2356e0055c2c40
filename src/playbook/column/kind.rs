//! The types a column or a variable can have.

use serde::{Deserialize, Serialize};

/// What the text of a cell or a variable is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text, byte for byte.
    #[default]
    String,
    /// A whole number of any length; its digits are kept.
    Integer,
    /// A number as JSON writes it; its digits are kept.
    Number,
    /// `true`, `yes`, `y`, `1` or `false`, `no`, `n`, `0`, in any case.
    Boolean,
    /// A day, handed on as `YYYY-MM-DD`.
    Date,
    /// An instant, handed on as RFC 3339 with its offset.
    Datetime,
    /// Any JSON value.
    Json,
    /// Texts parted by a separator.
    List,
}

impl ColumnType {
    /// Every type, in the order of the documentation.
    pub const ALL: [Self; 8] =
        [Self::String, Self::Integer, Self::Number, Self::Boolean, Self::Date, Self::Datetime, Self::Json, Self::List];

    /// The word in playbooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Json => "json",
            Self::List => "list",
        }
    }
}
