//! The declaration of a column, and the types of columns and variables.

use jiff::tz::TimeZone;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::bound::{ColumnBound, TextLength};
use super::identity::IdentityNumber;
use crate::diagnostic::Span;
use crate::language::documents;
use crate::language::playbook::COLUMN_TYPES;
use crate::model::{TimePattern, Value, words};
use crate::playbook::Spanned;

words! {
    /// The type of a column or variable.
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
        /// A day; its value is `YYYY-MM-DD`.
        Date = "date",
        /// An instant; its value is RFC 3339 with an offset.
        Datetime = "datetime",
        /// Any JSON value.
        Json = "json",
        /// Texts with a separator between them.
        List = "list",
    }
}

documents!(COLUMN_TYPES, ColumnType);

/// A declared column. Constraints apply to cells that are not blank; in a list, constraints on text apply to each
/// element.
#[derive(Debug, Clone)]
pub struct ColumnDecl {
    /// The name in templates.
    pub name: String,
    /// The head in the file; `None` if it is the name.
    pub from: Option<Spanned<String>>,
    /// The type of the cells.
    pub kind: ColumnType,
    /// Whether a blank cell is null.
    pub optional: bool,
    /// The value of a blank cell; `None` for no default.
    pub default: Option<Value>,
    /// A pattern that must match somewhere in the text.
    pub pattern: Option<Regex>,
    /// The allowed values; empty for any.
    pub one_of: Vec<Value>,
    /// The least value, or the fewest elements.
    pub min: Option<ColumnBound>,
    /// The greatest value, or the most elements.
    pub max: Option<ColumnBound>,
    /// The length of the text.
    pub length: Option<TextLength>,
    /// The format of a date or date-time; `None` for ISO 8601.
    pub format: Option<TimePattern>,
    /// The kind of identity number in a text column; `None` for other texts.
    pub identity: Option<IdentityNumber>,
    /// The time zone of date-times without an offset.
    pub timezone: Option<TimeZone>,
    /// The separator between the elements of a list.
    pub separator: String,
    /// Whether cells are masked wherever people see them.
    pub sensitive: bool,
    /// The description, for people.
    pub description: Option<String>,
    /// The span of the name in the playbook.
    pub span: Span,
}

/// The default separator between the elements of a list.
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

    /// The head of the column in the file.
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
    fn a_column_type_is_stored_as_its_word() {
        assert_serialized::<ColumnType>();
    }
}
