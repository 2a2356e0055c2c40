//! Converts a step's inputs to their declared types, checks their bounds and reports all problems at once.

use super::scalar::{
    NotAnInstant, describe, number_value, to_boolean, to_date, to_instant, to_integer, to_number, to_string,
};
use crate::diagnostic::near_miss;
use crate::model::{Map, Time, Value, as_text, is_deferred};
use crate::provider::descriptor::{Input, InputKind, InputProblem, TimeForm};

/// The deepest nesting of a value; a deeper one is refused.
const DEEPEST: usize = 64;

/// One pass over a step's inputs.
pub(crate) struct Conversion<'a> {
    pub(super) now: Time,
    /// Inputs that are known to be valid and are left out.
    proven: &'a [String],
    path: Vec<String>,
    problems: Vec<InputProblem>,
}

/// The fields of an object that are not converted yet. There are few, so a linear search is faster than hashing.
struct GivenFields(Vec<Option<(String, Value)>>);

impl GivenFields {
    fn take(&mut self, name: &str) -> Option<(String, Value)> {
        self.0.iter_mut().find(|field| field.as_ref().is_some_and(|(known, _)| known == name))?.take()
    }
}

impl<'a> Conversion<'a> {
    pub(crate) fn new(now: Time) -> Self {
        Self { now, proven: &[], path: Vec::new(), problems: Vec::new() }
    }

    /// Starts a pass over the inputs that are not `proven`.
    pub(crate) fn beside(proven: &'a [String], now: Time) -> Self {
        Self { proven, ..Self::new(now) }
    }

    fn is_proven(&self, field: &Input) -> bool {
        self.path.is_empty() && self.proven.contains(&field.name)
    }

    pub(crate) fn finish(self) -> Vec<InputProblem> {
        self.problems
    }

    pub(crate) fn problem(&mut self, code: &'static str, message: String, help: Option<String>) {
        self.problems.push(InputProblem { path: self.path.clone(), code, message, help, unknown_spelling: false });
    }

    /// Runs `work` with `name` added to the current place.
    pub(crate) fn within<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_owned());
        let result = work(self);
        self.path.pop();
        result
    }

    /// Converts the fields of an object, or the inputs themselves, in the declared order.
    pub(crate) fn fields(&mut self, fields: &[Input], open: bool, given: Map) -> Map {
        let mut converted = Map::with_capacity(given.len());
        let mut given = GivenFields(given.into_iter().map(Some).collect());
        let mut missing = Vec::new();
        for field in fields {
            if self.is_proven(field) {
                continue;
            }
            let there = self.take(field, &mut given).and_then(|(name, value)| {
                self.path.push(name);
                let value = self.value(field, value);
                let name = self.path.pop().filter(|name| *name == field.name);
                Some((name.unwrap_or_else(|| field.name.clone()), value?))
            });
            match there {
                Some((name, value)) => drop(converted.insert(name, value)),
                None if field.required => missing.push(field),
                None => {}
            }
        }
        for (name, value) in given.0.into_iter().flatten() {
            if open {
                if let Some(value) = without_nulls(value) {
                    converted.insert(name, value);
                }
            } else if !value.is_null() {
                self.unknown(&name, fields);
            }
        }
        for field in missing {
            if !self.already_reported(&field.name) {
                self.missing(field);
            }
        }
        converted
    }

    /// Takes the value of a field, by its name or another spelling; its default if none is given.
    fn take(&mut self, field: &Input, given: &mut GivenFields) -> Option<(String, Value)> {
        let mut taken = given.take(&field.name);
        for (spelling, _) in &field.spellings {
            let Some(other) = given.take(spelling) else { continue };
            if taken.as_ref().is_some_and(|(_, value)| !value.is_null()) {
                let message = format!("`{spelling}` and `{}` are the same input", field.name);
                self.within(spelling, |deeper| deeper.problem("bad-value", message, Some("Give one of them.".into())));
            } else {
                taken = Some(other);
            }
        }
        let default = || field.default.clone().map(|value| (field.name.clone(), value));
        taken.or_else(default).filter(|(_, value)| !value.is_null())
    }

    pub(crate) fn missing(&mut self, field: &Input) {
        let name = &field.name;
        self.within(name, |deeper| {
            let (message, help) =
                (format!("`{name}` is required"), "Give it in `with`, or in the connection's `defaults`.");
            deeper.problem("missing-input", message, Some(help.to_owned()));
        });
    }

    /// Whether a problem was reported at this field or below it.
    fn already_reported(&self, name: &str) -> bool {
        let depth = self.path.len();
        let here = |problem: &InputProblem| {
            problem.path.len() > depth && problem.path[..depth] == self.path[..] && problem.path[depth] == name
        };
        self.problems.iter().any(here)
    }

    fn unknown(&mut self, name: &str, fields: &[Input]) {
        let near = near_miss(name, fields.iter().map(|field| field.name.as_str()));
        let help = match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None if fields.is_empty() => "There are none here.".to_owned(),
            None => {
                let listed: Vec<String> = fields.iter().map(|field| format!("`{}`", field.name)).collect();
                format!("There are {}.", listed.join(", "))
            }
        };
        self.within(name, |deeper| {
            deeper.problem("unknown-input", format!("`{name}` is not an input here"), Some(help))
        });
    }

    /// Converts one value; `None` if it is null or invalid.
    pub(crate) fn value(&mut self, input: &Input, value: Value) -> Option<Value> {
        if value.is_null() {
            return None;
        }
        if is_deferred(&value) {
            return Some(value);
        }
        if self.path.len() > DEEPEST {
            self.problem("bad-value", "The value is nested too deep".to_owned(), None);
            return None;
        }
        match &input.kind {
            InputKind::Object { fields, open } => self.object(input, fields, *open, value),
            InputKind::List(element) => self.list(input, element, value),
            InputKind::Any => without_nulls(value),
            InputKind::String | InputKind::Integer | InputKind::Number | InputKind::Boolean | InputKind::Time(_) => {
                match convert(&input.kind, value) {
                    Ok(value) => {
                        self.check(input, &value);
                        Some(value)
                    }
                    Err(wrong) => {
                        self.wrong_type(input, wrong);
                        None
                    }
                }
            }
        }
    }

    fn wrong_type(&mut self, input: &Input, wrong: TypeMismatch) {
        let name = self.shown_name();
        let message = if input.sensitive { format!("{name} {}", expected(&input.kind)) } else { wrong.said_of(&name) };
        let unknown_spelling = wrong.unknown_spelling && !input.sensitive;
        let (path, code) = (self.path.clone(), "bad-type");
        self.problems.push(InputProblem { path, code, message, help: None, unknown_spelling });
    }

    fn object(&mut self, input: &Input, fields: &[Input], open: bool, value: Value) -> Option<Value> {
        let Value::Object(map) = value else {
            self.wrong_type(
                input,
                TypeMismatch::must(format!("must be an object of fields, and this is {}", describe(&value))),
            );
            return None;
        };
        Some(Value::Object(self.fields(fields, open, map)))
    }

    fn list(&mut self, input: &Input, element: &Input, value: Value) -> Option<Value> {
        let Value::Array(items) = value else {
            self.wrong_type(input, TypeMismatch::must(format!("must be a list, and this is {}", describe(&value))));
            return None;
        };
        let given = items.iter().filter(|item| !item.is_null()).count();
        self.check_length(&input.bounds, given, "element");
        let convert =
            |(index, item): (usize, Value)| self.within(&index.to_string(), |deeper| deeper.value(element, item));
        let items: Vec<Value> = items.into_iter().enumerate().filter_map(convert).collect();
        Some(Value::Array(items))
    }

    pub(super) fn shown_name(&self) -> String {
        format!("`{}`", self.path.join("."))
    }
}

/// A value of the wrong type: the message.
struct TypeMismatch {
    message: String,
    continues: bool,
    unknown_spelling: bool,
}

impl TypeMismatch {
    fn must(message: String) -> Self {
        Self { continues: message.starts_with("must "), message, unknown_spelling: false }
    }

    fn said_of(&self, name: &str) -> String {
        let separator = if self.continues { " " } else { ": " };
        format!("{name}{separator}{}", self.message)
    }
}

fn expected(kind: &InputKind) -> &'static str {
    match kind {
        InputKind::String | InputKind::Any => "must be text",
        InputKind::Integer => "must be a whole number",
        InputKind::Number => "must be a number",
        InputKind::Boolean => "must be `true` or `false`",
        InputKind::Time(TimeForm::Date) => "must be a date such as `2027-01-31`",
        InputKind::Time(_) => "must be an instant: RFC 3339 text or Unix seconds",
        InputKind::Object { .. } => "must be an object of fields",
        InputKind::List(_) => "must be a list",
    }
}

/// Converts a scalar to a type.
fn convert(kind: &InputKind, value: Value) -> Result<Value, TypeMismatch> {
    let converted = match kind {
        InputKind::String => to_string(value),
        InputKind::Integer => to_integer(&value),
        InputKind::Number => to_number(&value),
        InputKind::Boolean => to_boolean(&value),
        InputKind::Time(TimeForm::Date) => to_date(&value).map(Value::String),
        InputKind::Time(TimeForm::UnixMillis) if in_millis(&value) => to_number(&value),
        InputKind::Time(form) => {
            let unread = |no: NotAnInstant| TypeMismatch {
                unknown_spelling: no.unknown_spelling,
                ..TypeMismatch::must(no.message)
            };
            return to_instant(&value).map(|at| on_the_wire(*form, at, &value)).map_err(unread);
        }
        InputKind::Object { .. } | InputKind::List(_) | InputKind::Any => Ok(value),
    };
    converted.map_err(TypeMismatch::must)
}

/// Reads a scalar of the playbook as a value of a type.
///
/// # Errors
/// A message, if the scalar is not a value of that type.
pub(crate) fn literal(kind: &InputKind, value: Value) -> Result<Value, String> {
    let converted = convert(kind, value.clone()).map_err(|wrong| wrong.said_of("the value"))?;
    // An instant keeps its spelling until it is sent.
    Ok(if matches!(kind, InputKind::Time(_)) { value } else { converted })
}

/// Whether a value looks like Unix milliseconds.
fn in_millis(value: &Value) -> bool {
    let digits = as_text(value);
    digits.len() == 13 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn on_the_wire(form: TimeForm, at: Time, given: &Value) -> Value {
    let seconds = at.as_secs().to_string();
    match form {
        TimeForm::UnixSeconds => number_value(&seconds),
        TimeForm::UnixMillis => number_value(&(at.as_micros().div_euclid(1_000)).to_string()),
        TimeForm::DateTime => match given.as_str() {
            Some(text) if text.contains('T') => Value::String(text.trim().to_owned()),
            Some(_) | None => Value::String(at.to_string()),
        },
        TimeForm::UnixSecondsText | TimeForm::Date => Value::String(seconds),
    }
}

/// The instant of a converted value, in the form that its input declares. A date is the last instant that has this
/// date in any time zone. `None` for inputs that are not times.
pub(crate) fn instant_of(kind: &InputKind, value: &Value) -> Option<Time> {
    let InputKind::Time(form) = kind else { return None };
    match form {
        TimeForm::UnixSeconds | TimeForm::UnixSecondsText => as_text(value).parse().ok().map(Time::from_secs),
        TimeForm::UnixMillis => {
            as_text(value).parse().ok().map(|millis: i64| Time::from_micros(millis.saturating_mul(1_000)))
        }
        TimeForm::DateTime => value.as_str()?.trim().parse().ok().map(|at: jiff::Timestamp| Time::from_timestamp(at)),
        TimeForm::Date => {
            let day: jiff::civil::Date = value.as_str()?.parse().ok()?;
            let last = day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(-12))).ok()?;
            Some(Time::from_timestamp(last.timestamp()))
        }
    }
}

/// Removes nulls at any depth; `None` for a null itself.
pub(crate) fn without_nulls(value: Value) -> Option<Value> {
    fn strip(value: Value, depth: usize) -> Option<Value> {
        match value {
            Value::Null => None,
            _ if depth > DEEPEST || is_deferred(&value) => Some(value),
            Value::Array(items) => {
                Some(Value::Array(items.into_iter().filter_map(|item| strip(item, depth + 1)).collect()))
            }
            Value::Object(map) => {
                let kept = map.into_iter().filter_map(|(key, value)| Some((key, strip(value, depth + 1)?)));
                Some(Value::Object(kept.collect()))
            }
            scalar @ (Value::Bool(_) | Value::Number(_) | Value::String(_)) => Some(scalar),
        }
    }
    strip(value, 0)
}
