//! The bounds of a column: `min`, `max` and `length`.

use std::cmp::Ordering;

use jiff::{Timestamp, civil};

use super::decimal;

/// A `min` or `max`, in the type of the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnBound {
    /// For an integer or a number, as written.
    Number(String),
    /// For a date.
    Day(civil::Date),
    /// For a date-time: the instant, and the text to show.
    Instant(Timestamp, String),
    /// For a list: the number of elements.
    Count(u64),
}

impl ColumnBound {
    /// Compares a value with this bound: `Less` if the value is less. `None` if the types differ.
    pub(super) fn compared(&self, value: &Self) -> Option<Ordering> {
        match (value, self) {
            (Self::Number(value), Self::Number(bound)) => Some(decimal::compare(value, bound)),
            (Self::Day(value), Self::Day(bound)) => Some(value.cmp(bound)),
            (Self::Instant(value, _), Self::Instant(bound, _)) => Some(value.cmp(bound)),
            (Self::Count(value), Self::Count(bound)) => Some(value.cmp(bound)),
            _ => None,
        }
    }

    /// The bound in words, for messages.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(text) | Self::Instant(_, text) => format!("`{text}`"),
            Self::Day(day) => format!("`{day}`"),
            Self::Count(1) => "1 element".to_owned(),
            Self::Count(count) => format!("{count} elements"),
        }
    }
}

/// The length of a text in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLength {
    /// The fewest characters.
    pub min: u64,
    /// The most characters; `None` for no maximum.
    pub max: Option<u64>,
}

impl TextLength {
    /// Whether the length of a text is allowed.
    pub(super) fn allows(self, text: &str) -> bool {
        let count = text.chars().count() as u64;
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }

    /// The length in words, for messages.
    pub(super) fn shown(self) -> String {
        match (self.min, self.max) {
            (min, Some(max)) if min == max => format!("exactly {min} characters"),
            (0, Some(max)) => format!("at most {max} characters"),
            (min, Some(max)) => format!("{min} to {max} characters"),
            (min, None) => format!("at least {min} characters"),
        }
    }
}
