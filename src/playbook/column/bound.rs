//! Bounds that a column declares: `min`, `max` and `length`.

use std::cmp::Ordering;

use jiff::{Timestamp, civil};

use super::decimal;

/// A `min` or `max`, in the column's own type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnBound {
    /// Of an integer or a number, as written.
    Number(String),
    /// Of a date.
    Day(civil::Date),
    /// Of a date-time: the instant and the text to show.
    Instant(Timestamp, String),
    /// Of a list: how many elements.
    Count(u64),
}

impl ColumnBound {
    /// How a value lies to this bound; `None` where they are of different types.
    pub(super) fn compared(&self, value: &Self) -> Option<Ordering> {
        match (value, self) {
            (Self::Number(value), Self::Number(bound)) => Some(decimal::compare(value, bound)),
            (Self::Day(value), Self::Day(bound)) => Some(value.cmp(bound)),
            (Self::Instant(value, _), Self::Instant(bound, _)) => Some(value.cmp(bound)),
            (Self::Count(value), Self::Count(bound)) => Some(value.cmp(bound)),
            _ => None,
        }
    }

    /// The bound for messages.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(text) | Self::Instant(_, text) => format!("`{text}`"),
            Self::Day(day) => format!("`{day}`"),
            Self::Count(1) => "1 element".to_owned(),
            Self::Count(count) => format!("{count} elements"),
        }
    }
}

/// How many characters a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLength {
    /// The fewest.
    pub min: u64,
    /// The most.
    pub max: Option<u64>,
}

impl TextLength {
    /// Whether a text has a length in these bounds.
    pub(super) fn allows(self, text: &str) -> bool {
        let count = text.chars().count() as u64;
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }

    /// The length for messages.
    pub(super) fn shown(self) -> String {
        match (self.min, self.max) {
            (min, Some(max)) if min == max => format!("exactly {min} characters"),
            (0, Some(max)) => format!("at most {max} characters"),
            (min, Some(max)) => format!("{min} to {max} characters"),
            (min, None) => format!("at least {min} characters"),
        }
    }
}
