//! Types, bounds and repeat rules as text.

use crate::model::{Repeat, as_text};
use crate::provider::{Input, InputBounds, InputKind, Operation, OutputKind, TimeForm};

/// The type of an input.
pub(super) fn input(kind: &InputKind) -> String {
    match kind {
        InputKind::String => "string".to_owned(),
        InputKind::Integer => "integer".to_owned(),
        InputKind::Number => "number".to_owned(),
        InputKind::Boolean => "boolean".to_owned(),
        InputKind::Time(form) => format!("time, sent as {}", time(*form)),
        InputKind::Object { .. } => "object".to_owned(),
        InputKind::List(element) => format!("list of {}", input(&element.kind)),
        InputKind::Any => "any".to_owned(),
    }
}

/// How a time is written on the wire.
fn time(form: TimeForm) -> &'static str {
    match form {
        TimeForm::UnixSeconds => "Unix seconds",
        TimeForm::UnixSecondsText => "Unix seconds, as text",
        TimeForm::UnixMillis => "Unix milliseconds",
        TimeForm::DateTime => "RFC 3339",
        TimeForm::Date => "YYYY-MM-DD",
    }
}

/// The type of an output.
pub(super) fn output(kind: OutputKind) -> &'static str {
    match kind {
        OutputKind::String => "string",
        OutputKind::Integer => "integer",
        OutputKind::Number => "number",
        OutputKind::Boolean => "boolean",
        OutputKind::List => "list",
        OutputKind::Object => "object",
        OutputKind::Any => "any",
    }
}

/// The bounds of the values of an input.
pub(super) fn bounds(input: &Input) -> Vec<String> {
    let InputBounds { one_of, pattern, min_length, max_length, minimum, maximum, ahead_of_now } = &input.bounds;
    let mut words = Vec::new();
    if !one_of.is_empty() {
        words.push(one_of.iter().map(as_text).collect::<Vec<_>>().join(" | "));
    }
    let unit = if matches!(input.kind, InputKind::List(_)) { "elements" } else { "characters" };
    words.extend(range(min_length.as_ref(), max_length.as_ref()).map(|range| format!("{range} {unit}")));
    words.extend(range(minimum.as_ref(), maximum.as_ref()));
    if let Some(pattern) = pattern {
        words.push(pattern.meaning.clone().unwrap_or_else(|| format!("like {}", pattern.regex)));
    }
    if *ahead_of_now {
        words.push("ahead of now".to_owned());
    }
    if let Some(default) = &input.default {
        words.push(format!("default {default}"));
    }
    if input.sensitive {
        words.push("masked".to_owned());
    }
    words
}

fn range<T: PartialEq + std::fmt::Display>(least: Option<&T>, most: Option<&T>) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("{least}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) => Some(format!("{least} or more")),
        (None, Some(most)) => Some(format!("up to {most}")),
        (None, None) => None,
    }
}

/// The name of a repeat rule.
pub(super) fn repeat(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Safe => "safe",
        Repeat::Keyed => "keyed",
        Repeat::Lookup => "lookup",
        Repeat::Never => "never",
    }
}

/// The repeat rules of an operation, with their conditions.
pub(super) fn repeats(operation: &Operation) -> String {
    let rules: Vec<String> = operation
        .repeat
        .iter()
        .map(|rule| match &rule.when {
            Some(when) => format!("{} when {}", repeat(rule.repeat), when.source()),
            None => repeat(rule.repeat).to_owned(),
        })
        .collect();
    if rules.is_empty() { repeat(Repeat::Never).to_owned() } else { rules.join(", else ") }
}
