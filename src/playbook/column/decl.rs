//! What a playbook declares about a column, and the types that a column or a variable can have.

use jiff::tz::TimeZone;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::bound::{ColumnBound, TextLength};
use super::identity::IdentityNumber;
use crate::diagnostic::Span;
use crate::model::{TimePattern, Value, words};
use crate::playbook::Spanned;

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

/// A declared column. Constraints hold for cells that are not blank; those of a list's texts for each element.
#[derive(Debug, Clone)]
pub struct ColumnDecl {
    /// The name in templates.
    pub name: String,
    /// The head in the file, where it is another.
    pub from: Option<Spanned<String>>,
    /// What its cells are read as.
    pub kind: ColumnType,
    /// Whether a blank cell is null.
    pub optional: bool,
    /// What a blank cell stands for.
    pub default: Option<Value>,
    /// What the text must match somewhere.
    pub pattern: Option<Regex>,
    /// The values allowed.
    pub one_of: Vec<Value>,
    /// The least value, or the fewest elements.
    pub min: Option<ColumnBound>,
    /// The greatest value, or the most elements.
    pub max: Option<ColumnBound>,
    /// How many characters.
    pub length: Option<TextLength>,
    /// How a date or date-time is written, if not as ISO 8601.
    pub format: Option<TimePattern>,
    /// Whose identity numbers a text column holds.
    pub identity: Option<IdentityNumber>,
    /// The zone of date-times that name no offset.
    pub timezone: Option<TimeZone>,
    /// What parts the elements of a list.
    pub separator: String,
    /// Whether its cells are masked wherever people look.
    pub sensitive: bool,
    /// For people.
    pub description: Option<String>,
    /// Where its name stands in the playbook.
    pub span: Span,
}

/// What parts a list's elements unless the column says otherwise.
pub(super) const SEPARATOR: &str = ";";

impl ColumnDecl {
    /// A column of text without constraints.
    #[must_use]
    pub fn text(name: impl Into<String>, span: Span) -> Self {
        Self {
            name: name.into(),
            from: None,
            kind: ColumnType::String,
            optional: false,
            default: None,
            pattern: None,
            one_of: Vec::new(),
            min: None,
            max: None,
            length: None,
            format: None,
            identity: None,
            timezone: None,
            separator: SEPARATOR.to_owned(),
            sensitive: false,
            description: None,
            span,
        }
    }

    /// The column's head in the file.
    #[must_use]
    pub fn head(&self) -> &str {
        self.from.as_ref().map_or(&self.name, |from| &from.value)
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
