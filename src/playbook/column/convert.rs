//! Converts the text of a cell to a typed value without loss, or says why not and how to fix it.

use std::cmp::Ordering;

use super::bound::ColumnBound;
use super::decimal;
use super::decl::{ColumnDecl, ColumnType};
use super::moment::{self, MomentError};
use crate::diagnostic::{Span, plural, shortened};
use crate::model::Value;

/// How many characters of a cell a message shows.
const SHOWN: usize = 60;

/// Why a text is not a value of its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// `cell-type` for another type; `bad-value` or `bad-identity` for a violated constraint.
    pub code: &'static str,
    /// What is wrong, in one sentence; a sensitive text is masked.
    pub message: String,
    /// What to do; `None` if the message says it.
    pub help: Option<String>,
}

/// A typed value and, if its type is ordered, the same value for comparing with bounds.
type Typed = (Value, Option<ColumnBound>);

/// Converts a text to a type without constraints, for `--var NAME=TEXT`.
///
/// # Errors
/// The text is not a value of that type; the error says why and how to fix it.
pub fn convert_text(kind: ColumnType, text: &str) -> Result<Value, CellProblem> {
    ColumnDecl { kind, ..ColumnDecl::text("", Span::default()) }.convert(text)
}

impl ColumnDecl {
    /// Converts a cell that is not blank. Spaces around it are kept in a string and ignored in other types.
    ///
    /// # Errors
    /// The text has another type or violates a constraint; the error says why and how to fix it.
    pub fn convert(&self, text: &str) -> Result<Value, CellProblem> {
        let text = if self.kind == ColumnType::String { text } else { text.trim() };
        let (value, order) = self.typed(text)?;
        self.check_texts(text, &value)?;
        self.check_identity(text)?;
        self.check_bounds(text, order.as_ref())?;
        self.check_one_of(text, &value)?;
        Ok(value)
    }

    /// Converts a list whose elements are already separate; `text` is the list as written, for messages.
    ///
    /// # Errors
    /// An element is blank, or the list violates a constraint; the error says why and how to fix it.
    pub fn convert_elements(&self, text: &str, elements: Vec<String>) -> Result<Value, CellProblem> {
        if let Some(blank) = elements.iter().position(|element| element.trim().is_empty()) {
            let message = format!("Element {} of {} is blank", blank + 1, self.shown(text));
            let help = "Take the element away, or fill it in".to_owned();
            return Err(CellProblem { code: "cell-type", message, help: Some(help) });
        }
        let count = elements.len() as u64;
        let value = Value::Array(elements.into_iter().map(Value::String).collect());
        self.check_texts(text, &value)?;
        self.check_bounds(text, Some(&ColumnBound::Count(count)))?;
        self.check_one_of(text, &value)?;
        Ok(value)
    }

    /// A text for messages: cut if long, masked if sensitive, in backticks.
    #[must_use]
    pub fn shown(&self, text: &str) -> String {
        if self.sensitive {
            return "`***`".to_owned();
        }
        format!("`{}`", shortened(text, SHOWN))
    }

    /// Converts a text to the column's type, without checking constraints.
    pub(super) fn typed(&self, text: &str) -> Result<Typed, CellProblem> {
        match self.kind {
            ColumnType::String => Ok((Value::String(text.to_owned()), None)),
            ColumnType::Integer => self.number(text, decimal::is_integer(text), "an integer"),
            ColumnType::Number => self.number(text, decimal::is_number(text), "a number"),
            ColumnType::Boolean => self.boolean(text),
            ColumnType::Date => self.day(text),
            ColumnType::Datetime => self.instant(text),
            ColumnType::Json => self.json(text),
            ColumnType::List => self.list(text),
        }
    }

    fn wrong(&self, text: &str, wanted: &str, help: impl Into<String>) -> CellProblem {
        let message = format!("{} is not {wanted}", self.shown(text));
        CellProblem { code: "cell-type", message, help: Some(help.into()) }
    }

    fn number(&self, text: &str, fits: bool, wanted: &str) -> Result<Typed, CellProblem> {
        match decimal::number(text).filter(|_| fits) {
            Some(number) => Ok((Value::Number(number), Some(ColumnBound::Number(text.to_owned())))),
            None => Err(self.wrong(text, wanted, number_help(self.kind, text))),
        }
    }

    fn boolean(&self, text: &str) -> Result<Typed, CellProblem> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" => Ok((Value::Bool(true), None)),
            "false" | "no" | "n" | "0" => Ok((Value::Bool(false), None)),
            _ => Err(self.wrong(text, "a boolean", "Write `true`, `yes`, `y` or `1`, or `false`, `no`, `n` or `0`")),
        }
    }

    fn day(&self, text: &str) -> Result<Typed, CellProblem> {
        let day = moment::day(text, self.format.as_ref())
            .map_err(|_| self.wrong(text, "a date", self.moment_help(text, "`YYYY-MM-DD`", "YYYY/M/D")))?;
        Ok((Value::String(day.to_string()), Some(ColumnBound::Day(day))))
    }

    fn instant(&self, text: &str) -> Result<Typed, CellProblem> {
        let (shown, at) = moment::instant(text, self.format.as_ref(), self.timezone.as_ref())
            .map_err(|error| self.no_instant(text, &error))?;
        Ok((Value::String(shown.clone()), Some(ColumnBound::Instant(at, shown))))
    }

    fn no_instant(&self, text: &str, error: &MomentError) -> CellProblem {
        let problem = |message: &str, help: &str| CellProblem {
            code: "cell-type",
            message: format!("{} {message}", self.shown(text)),
            help: Some(help.to_owned()),
        };
        match error {
            MomentError::Form => {
                let help =
                    self.moment_help(text, "`YYYY-MM-DDTHH:mm`, with `:ss` and an offset if wanted", "YYYY/M/D H:mm");
                self.wrong(text, "a date-time", help)
            }
            MomentError::Zoneless => problem(
                "names no offset from UTC",
                "Declare the column's zone, such as `timezone: Asia/Taipei`, or write the offset, such as `+08:00`",
            ),
            MomentError::Skipped => problem(
                "is a time that the clocks of the column's zone jump over",
                "Write a time that exists, or its offset, such as `+01:00`",
            ),
            MomentError::Twice => {
                problem("comes twice in the column's zone, as the clocks go back", "Write its offset, such as `+01:00`")
            }
            MomentError::Range => problem("lies outside the calendar", "Check the year"),
        }
    }

    fn moment_help(&self, text: &str, iso: &str, example: &str) -> String {
        if let Some(format) = &self.format {
            return format!("Write it as `{}`, the column's `format`, and as a day that exists", format.text());
        }
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (days, fraction) = text.split_once('.').unwrap_or((text, ""));
        if digits(days) && digits(fraction) {
            let what = match days.len() {
                5 | 6 => "a spreadsheet's day number",
                9..=11 => "seconds since 1970",
                12..=14 => "milliseconds since 1970",
                _ => "",
            };
            if !what.is_empty() {
                return format!("It looks like {what}: export the column as text such as {iso}");
            }
            if days.len() == 8 && fraction.is_empty() && !example.contains('H') {
                return "Where it is a year, a month and a day, declare the column's `format: \"YYYYMMDD\"`".to_owned();
            }
        }
        format!("Write a day that exists as {iso}, or declare the column's `format`, such as `format: \"{example}\"`")
    }

    fn json(&self, text: &str) -> Result<Typed, CellProblem> {
        match serde_json::from_str(text) {
            Ok(value) => Ok((value, None)),
            // The parser's message names line and column in the cell, never its content.
            Err(error) => Err(self.wrong(text, "JSON", format!("The JSON ends being readable here: {error}"))),
        }
    }

    fn list(&self, text: &str) -> Result<Typed, CellProblem> {
        let elements: Vec<&str> = text.split(self.separator.as_str()).map(str::trim).collect();
        if let Some(blank) = elements.iter().position(|element| element.is_empty()) {
            let help = format!("Take the extra `{}` away, or fill the element in", self.separator);
            let message = format!("Element {} of {} is blank", blank + 1, self.shown(text));
            return Err(CellProblem { code: "cell-type", message, help: Some(help) });
        }
        let count = elements.len() as u64;
        let values = elements.into_iter().map(|element| Value::String(element.to_owned())).collect();
        Ok((Value::Array(values), Some(ColumnBound::Count(count))))
    }

    /// Checks `pattern` and `length` of the text, or of each element of a list.
    fn check_texts(&self, text: &str, value: &Value) -> Result<(), CellProblem> {
        match value.as_array().filter(|_| self.kind == ColumnType::List) {
            Some(elements) => {
                elements.iter().filter_map(Value::as_str).try_for_each(|element| self.check_text(element))
            }
            None => self.check_text(text),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), CellProblem> {
        if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
            let help = format!("Write what matches `{}`, or correct the column's `pattern`", pattern.as_str());
            return Err(self.forbidden(text, "does not match the column's pattern", help));
        }
        if let Some(length) = self.length.filter(|length| !length.allows(text)) {
            let message = format!("has {}", plural(text.chars().count(), "character"));
            return Err(self.forbidden(text, &message, format!("The column takes {}", length.shown())));
        }
        Ok(())
    }

    fn check_identity(&self, text: &str) -> Result<(), CellProblem> {
        match self.identity.and_then(|identity| identity.problem_with(text)) {
            None => Ok(()),
            Some((what, help)) => Err(CellProblem { code: "bad-identity", ..self.forbidden(text, what, help) }),
        }
    }

    fn check_bounds(&self, text: &str, order: Option<&ColumnBound>) -> Result<(), CellProblem> {
        let Some(order) = order else { return Ok(()) };
        let out = |bound: Option<&ColumnBound>, wrong: Ordering| {
            bound.filter(|bound| bound.compared(order) == Some(wrong)).cloned()
        };
        let what = match order {
            ColumnBound::Number(_) | ColumnBound::Count(_) => ("is less than", "is more than"),
            ColumnBound::Day(_) | ColumnBound::Instant(..) => ("is before", "is after"),
        };
        if let Some(min) = out(self.min.as_ref(), Ordering::Less) {
            return Err(self.forbidden(text, &format!("{} {}", what.0, min.shown()), "That is the column's `min`"));
        }
        if let Some(max) = out(self.max.as_ref(), Ordering::Greater) {
            return Err(self.forbidden(text, &format!("{} {}", what.1, max.shown()), "That is the column's `max`"));
        }
        Ok(())
    }

    fn check_one_of(&self, text: &str, value: &Value) -> Result<(), CellProblem> {
        if self.one_of.is_empty() {
            return Ok(());
        }
        let stranger = match value.as_array().filter(|_| self.kind == ColumnType::List) {
            Some(elements) => elements.iter().find(|element| !self.is_allowed(element)),
            None => Some(value).filter(|value| !self.is_allowed(value)),
        };
        let Some(stranger) = stranger else { return Ok(()) };
        let shown = stranger.as_str().unwrap_or(text);
        let known: Vec<String> =
            self.one_of.iter().map(|value| format!("`{}`", crate::model::as_text(value))).collect();
        Err(self.forbidden(shown, "is not one of the values allowed", format!("Write one of {}", known.join(", "))))
    }

    fn is_allowed(&self, value: &Value) -> bool {
        self.one_of.iter().any(|known| match (known, value) {
            (Value::Number(known), Value::Number(value)) => {
                decimal::compare(&known.to_string(), &value.to_string()) == Ordering::Equal
            }
            (known, value) => known == value,
        })
    }

    fn forbidden(&self, text: &str, what: &str, help: impl Into<String>) -> CellProblem {
        CellProblem { code: "bad-value", message: format!("{} {what}", self.shown(text)), help: Some(help.into()) }
    }
}

/// The help for a text that is not a number, by what probably happened to it.
fn number_help(kind: ColumnType, text: &str) -> &'static str {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let integer = kind == ColumnType::Integer;
    match () {
        () if plain && digits.starts_with('0') && digits.len() > 1 => {
            "Take the leading zeros away, or declare the column as `string` to keep them"
        }
        () if plain && text.starts_with('+') => "Take the plus sign away, or declare the column as `string` to keep it",
        () if integer && decimal::is_number(text) && text.contains(['e', 'E']) => {
            "A spreadsheet may have shortened it: format the column as text there and export it again"
        }
        () if integer && decimal::is_number(text) => {
            "Write it without a decimal point, or declare the column as `number`"
        }
        () if digits.contains(',') => "Write it without separators of thousands, and with a point before decimals",
        () => "Write digits, such as `15`; declare the column as `string` if it holds other text",
    }
}
