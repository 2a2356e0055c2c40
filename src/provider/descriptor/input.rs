//! An input of an operation: its type and the bounds of its values.

use regex::Regex;

use crate::language::documents;
use crate::language::operation::INPUT_PLACES;
use crate::model::{Value, words};
use crate::provider::expression::Condition;

words! {
    /// Where an input is sent.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum InputPlace {
        /// In the body.
        #[default]
        Body = "body",
        /// Only where an expression of the operation names it: in path, query, header or body.
        Named = "named",
        /// In a query parameter.
        Query = "query",
        /// In a header.
        Header = "header",
    }
}

documents!(INPUT_PLACES, InputPlace);

/// The form in which an instant is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeForm {
    /// Unix seconds as a number.
    UnixSeconds,
    /// Unix seconds as text.
    UnixSecondsText,
    /// Unix milliseconds as a number.
    UnixMillis,
    /// RFC 3339 text.
    DateTime,
    /// `YYYY-MM-DD`.
    Date,
}

/// The type of an input.
#[derive(Debug, Clone)]
pub enum InputKind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number; its digits are kept.
    Number,
    /// True or false.
    Boolean,
    /// An instant or a date, in the form in which it is sent.
    Time(TimeForm),
    /// An object of declared fields. An open one accepts other fields, too.
    Object {
        /// The declared fields.
        fields: Vec<Input>,
        /// Whether undeclared fields are accepted unchanged.
        open: bool,
    },
    /// A list of one type.
    List(Box<Input>),
    /// Any value.
    Any,
}

/// The pattern of a text.
#[derive(Debug, Clone)]
pub struct TextPattern {
    /// The expression. It may match anywhere in the text unless it is anchored.
    pub regex: Regex,
    /// What it means, for people: `Chinese, letters and digits`.
    pub meaning: Option<String>,
}

/// The bounds of a value beyond its type.
#[derive(Debug, Clone, Default)]
pub struct InputBounds {
    /// The allowed values; empty for any.
    pub one_of: Vec<Value>,
    /// The pattern of a text.
    pub pattern: Option<TextPattern>,
    /// The fewest characters, or elements of a list.
    pub min_length: Option<u64>,
    /// The most characters, or elements of a list.
    pub max_length: Option<u64>,
    /// The smallest number.
    pub minimum: Option<i64>,
    /// The largest number.
    pub maximum: Option<i64>,
    /// Whether an instant must lie in the future.
    pub ahead_of_now: bool,
}

/// One input, a field of one, or the element of a list (then named `[]`).
#[derive(Debug, Clone)]
pub struct Input {
    /// The vendor's own field name.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Its type.
    pub kind: InputKind,
    /// Where it is sent.
    pub place: InputPlace,
    /// Its name on the wire; `None` if it is the same.
    pub wire_name: Option<String>,
    /// Whether every call needs it.
    pub required: bool,
    /// A condition on other inputs under which it is required.
    pub required_when: Option<Condition>,
    /// The bounds of its values.
    pub bounds: InputBounds,
    /// Its value if neither playbook nor settings give one; `None` for no default.
    pub default: Option<Value>,
    /// Whether its values are masked on screens and in logs.
    pub sensitive: bool,
    /// What a call without it acts on instead: `the whole contract`. `None` if its absence widens nothing.
    pub widens_when_absent: Option<String>,
    /// Advice for an input that the vendor no longer supports; `None` for all others.
    pub deprecated: Option<String>,
    /// Other spellings of this input, each with advice.
    pub spellings: Vec<(String, String)>,
}

impl Input {
    /// Whether `name` is this input's name or another spelling of it.
    #[must_use]
    pub fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.spellings.iter().any(|(spelling, _)| spelling == name)
    }

    /// The field or element at `path` below this input; `[]` and digits name an element of a list. `None` if there is
    /// none.
    #[must_use]
    pub fn at(&self, path: &[String]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        match &self.kind {
            InputKind::Object { fields, .. } => fields.iter().find(|field| field.answers_to(first))?.at(rest),
            InputKind::List(element) if first == "[]" || first.bytes().all(|byte| byte.is_ascii_digit()) => {
                element.at(rest)
            }
            InputKind::String
            | InputKind::Integer
            | InputKind::Number
            | InputKind::Boolean
            | InputKind::Time(_)
            | InputKind::List(_)
            | InputKind::Any => None,
        }
    }
}

/// A problem with the inputs of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputProblem {
    /// The place inside `with`; list elements by their number.
    pub path: Vec<String>,
    /// A short stable word: `unknown-input`, `missing-input`, `bad-type`, `bad-value`, `too-late`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Whether the value is an instant in an unknown spelling, which the column that it comes from can declare.
    pub unknown_spelling: bool,
}
