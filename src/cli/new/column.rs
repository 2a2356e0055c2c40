//! A column of the sample rows.

use crate::provider::{Input, Kind, TimeForm};

/// A column: what a playbook declares of it, and its cells.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// The word of its type.
    pub(super) kind: &'static str,
    /// What it is, for people.
    pub(super) description: String,
    /// Whether its cells are masked.
    pub(super) sensitive: bool,
    /// The provider and the input that it fills; other steps share it.
    pub(super) fills: (String, String),
    /// The input, whose bounds its cells keep.
    pub(super) input: Input,
    /// Whether its cells name what must not be made twice.
    pub(super) apart: bool,
    /// The cell of the first row.
    pub(super) sample: String,
}

/// The word of the column type that an input's values come from.
pub(super) fn kind(input: &Input) -> &'static str {
    match &input.kind {
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Time(TimeForm::Date) => "date",
        Kind::Time(_) => "datetime",
        Kind::Object { .. } | Kind::List(_) => "json",
        Kind::String | Kind::Any => "string",
    }
}
