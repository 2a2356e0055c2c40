//! Evaluates a program with a scope. Values are borrowed where possible, and every missing name is an error.

use std::borrow::Cow;

use super::destination::{Destination, holds_blank_text, is_blank};
use crate::diagnostic::near_miss;
use crate::model::{
    StepOutcome, Value, contains_deferred, deferred, is_deferred, is_truthy, percent_encoded, why_unreadable,
};
use crate::template::compile::{Expr, NamePath, PathBase, Placeholder, Program, TextPart};
use crate::template::helpers::{Helper, HelperCall};
use crate::template::values::{BoundedText, LARGEST_TEXT, Scope, check_size, memory_size, value_kind};

/// The value of every name below a skipped step.
static NULL: Value = Value::Null;

/// Why a text cannot be rendered with the given scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RenderError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// The name whose value is blank where no blank is allowed, such as `["row", "id"]`. Empty if the blank has no
    /// single name; `None` for any other error.
    pub blank: Option<Vec<String>>,
}

/// One rendering of a template.
pub(in crate::template) struct Evaluation<'s> {
    pub(super) helpers: &'static [Helper],
    scope: &'s Scope,
    destination: Destination,
}

/// Why an evaluation ends early.
pub(super) enum EarlyExit {
    /// A value is needed that no answer has provided yet.
    Deferred,
    Error(String),
    /// A blank where none is allowed: the name (empty if there is none) and the message.
    Blank(Vec<String>, String),
}

impl From<String> for EarlyExit {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

pub(super) type Evaluated<T> = Result<T, EarlyExit>;

/// What a block provides to the names in its body, with the blocks around it.
pub(super) struct BlockContext<'f> {
    pub(super) this: &'f Value,
    pub(super) key: Value,
    pub(super) index: usize,
    pub(super) last: bool,
    pub(super) outer: Option<&'f BlockContext<'f>>,
}

impl<'s> Evaluation<'s> {
    pub(in crate::template) fn new(helpers: &'static [Helper], scope: &'s Scope, destination: Destination) -> Self {
        Self { helpers, scope, destination }
    }

    /// Renders the program.
    ///
    /// # Errors
    /// A name is missing, a value is blank where none is allowed, a helper refuses its values, or the text grows too
    /// large.
    pub(in crate::template) fn render(&self, program: &Program) -> Result<Value, RenderError> {
        let value = match program {
            Program::Constant(text) => Ok(Value::String(text.clone())),
            Program::Whole(placeholder) => self.whole_value(placeholder),
            Program::Text(parts) => {
                let mut out = BoundedText::new(LARGEST_TEXT);
                self.render_parts(parts, None, &mut out).map(|()| Value::String(out.into_text()))
            }
        };
        value.or_else(into_result)
    }

    /// Checks the parts that use no name for which `waits` is true.
    ///
    /// # Errors
    /// As for [`Evaluation::render`], for the first such part.
    pub(in crate::template) fn check_known_parts(
        &self,
        parts: &[TextPart],
        waits: &dyn Fn(&[String]) -> bool,
    ) -> Result<(), RenderError> {
        for part in parts {
            let TextPart::Placeholder(placeholder) = part else { continue };
            let mut paths = Vec::new();
            placeholder.expr.paths(&mut paths);
            if paths.iter().any(|path| path.base != PathBase::Scope || waits(&path.segments)) {
                continue;
            }
            if let Err(exit) = self.insert(placeholder, None, &mut BoundedText::new(LARGEST_TEXT)) {
                into_result(exit)?;
            }
        }
        Ok(())
    }

    /// The value of an expression that is the whole template.
    fn whole_value(&self, placeholder: &Placeholder) -> Evaluated<Value> {
        match self.destination {
            Destination::Anywhere => self.evaluate(&placeholder.expr, None).map(Cow::into_owned),
            Destination::Url => {
                let mut out = BoundedText::new(LARGEST_TEXT);
                self.insert(placeholder, None, &mut out)?;
                Ok(Value::String(out.into_text()))
            }
            Destination::Parameter => {
                let value = self.evaluate(&placeholder.expr, None)?;
                // A blank cell means that the parameter is left out. A null from an answer must not silently change the
                // request.
                let mut paths = Vec::new();
                placeholder.expr.paths(&mut paths);
                let answered =
                    paths.iter().any(|path| path.base == PathBase::Scope && path.top_level() == Some("steps"));
                if holds_blank_text(&value) || (value.is_null() && answered) {
                    return Err(self.blank(&placeholder.expr, None));
                }
                Ok(value.into_owned())
            }
        }
    }

    /// Appends the value of an expression to the text, encoded for the destination.
    pub(super) fn insert(
        &self,
        placeholder: &Placeholder,
        block: Option<&BlockContext<'_>>,
        out: &mut BoundedText,
    ) -> Evaluated<()> {
        let value = self.evaluate_known(&placeholder.expr, block)?;
        if self.destination != Destination::Anywhere && is_blank(&value) {
            return Err(self.blank(&placeholder.expr, block));
        }
        if self.destination != Destination::Url || placeholder.raw {
            return Ok(out.push_value(&value)?);
        }
        let mut part = BoundedText::new(LARGEST_TEXT / 3);
        part.push_value(&value)?;
        Ok(out.push(&percent_encoded(&part.into_text()))?)
    }

    /// Reports a blank expression by the name in it that is blank.
    fn blank(&self, expr: &Expr, block: Option<&BlockContext<'_>>) -> EarlyExit {
        let mut paths = Vec::new();
        expr.paths(&mut paths);
        let is_it = |path: &&&NamePath| self.path(path, block).is_ok_and(|value| is_blank(&value));
        let path = paths.iter().find(is_it).or(paths.first());
        let named = path.map_or_else(|| "a part".to_owned(), |path| format!("`{}`", path.written));
        let name = path.filter(|path| path.base == PathBase::Scope).map(|path| path.segments.clone());
        let message = format!("{named} is blank, and null or blank never stands in {}", self.destination.name());
        EarlyExit::Blank(name.unwrap_or_default(), message)
    }

    fn render_parts(
        &self,
        parts: &[TextPart],
        block: Option<&BlockContext<'_>>,
        out: &mut BoundedText,
    ) -> Evaluated<()> {
        for part in parts {
            match part {
                TextPart::Text(text) => out.push(text)?,
                TextPart::Placeholder(placeholder) => self.insert(placeholder, block, out)?,
                TextPart::If { test, wanted, body, otherwise } => {
                    let holds = is_truthy(&*self.evaluate_known(test, block)?) == *wanted;
                    self.render_parts(if holds { body } else { otherwise }, block, out)?;
                }
                TextPart::Each { list, body, otherwise } => {
                    let list = self.evaluate_known(list, block)?;
                    let elements = elements(&list)?;
                    if elements.is_empty() {
                        self.render_parts(otherwise, block, out)?;
                    }
                    let count = elements.len();
                    for (index, (key, this)) in elements.into_iter().enumerate() {
                        let inner = BlockContext { this, key, index, last: index + 1 == count, outer: block };
                        self.render_parts(body, Some(&inner), out)?;
                    }
                }
                TextPart::With { value, body, otherwise } => {
                    let this = self.evaluate_known(value, block)?;
                    if is_truthy(&this) {
                        let inner = BlockContext { this: &this, key: Value::Null, index: 0, last: true, outer: block };
                        self.render_parts(body, Some(&inner), out)?;
                    } else {
                        self.render_parts(otherwise, block, out)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Evaluates an expression; a deferred value ends the evaluation.
    pub(super) fn evaluate_known<'v>(
        &'v self,
        expr: &'v Expr,
        block: Option<&'v BlockContext<'v>>,
    ) -> Evaluated<Cow<'v, Value>> {
        let value = self.evaluate(expr, block)?;
        if contains_deferred(&value) { Err(EarlyExit::Deferred) } else { Ok(value) }
    }

    fn evaluate<'v>(&'v self, expr: &'v Expr, block: Option<&'v BlockContext<'v>>) -> Evaluated<Cow<'v, Value>> {
        match expr {
            Expr::Literal(value) => Ok(Cow::Borrowed(value)),
            Expr::Name(path) => self.path(path, block),
            Expr::Call { helper, args } => {
                let helper = &self.helpers[*helper];
                let args = self.evaluate_args(args, block)?;
                let call = HelperCall::new(helper, &args, self.scope, LARGEST_TEXT);
                (helper.run)(&call).map(Cow::Owned).map_err(|problem| EarlyExit::Error(call.explain(&problem)))
            }
        }
    }

    /// Whether an expression holds, as far as the parts decide that do not wait for an answer: `and` with a part that
    /// does not hold, `or` with one that does. `None` if an answer decides.
    pub(in crate::template) fn decided(&self, expr: &Expr, waits: &dyn Fn(&[String]) -> bool) -> Option<bool> {
        if let Expr::Call { helper, args } = expr {
            let mut parts = args.iter().map(|arg| self.decided(arg, waits));
            match self.helpers[*helper].name {
                "and" => return decided_by(parts, false),
                "or" => return decided_by(parts, true),
                "not" => return parts.next().flatten().map(|holds| !holds),
                _ => {}
            }
        }
        let mut names = Vec::new();
        expr.paths(&mut names);
        if names.iter().any(|name| waits(&name.segments)) {
            return None;
        }
        self.evaluate_known(expr, None).ok().map(|value| is_truthy(&value))
    }

    /// Evaluates the values of a helper. Together they are bounded like a text.
    fn evaluate_args<'v>(
        &'v self,
        args: &'v [Expr],
        block: Option<&'v BlockContext<'v>>,
    ) -> Evaluated<Vec<Cow<'v, Value>>> {
        let (mut values, mut made) = (Vec::with_capacity(args.len()), 0_usize);
        for arg in args {
            let value = self.evaluate_known(arg, block)?;
            if let Cow::Owned(own) = &value {
                made = made.saturating_add(memory_size(own));
            }
            check_size(made, LARGEST_TEXT)?;
            values.push(value);
        }
        Ok(values)
    }

    fn path<'v>(&'v self, path: &'v NamePath, block: Option<&'v BlockContext<'v>>) -> Evaluated<Cow<'v, Value>> {
        let at = |distance| {
            enclosing(block, distance).ok_or_else(|| EarlyExit::Error(format!("`{}` is not there", path.written)))
        };
        let this = match path.base {
            PathBase::Scope => return self.in_scope(path).map(Cow::Borrowed),
            PathBase::This(distance) => at(distance)?.this,
            PathBase::Key(distance) => &at(distance)?.key,
            PathBase::Index(distance) => return Ok(Cow::Owned(Value::from(at(distance)?.index))),
            PathBase::First(distance) => return Ok(Cow::Owned(Value::from(at(distance)?.index == 0))),
            PathBase::Last(distance) => return Ok(Cow::Owned(Value::from(at(distance)?.last))),
        };
        self.descend(path, this, &path.segments, "").map(Cow::Borrowed)
    }

    fn in_scope(&self, path: &NamePath) -> Evaluated<&Value> {
        let Some((root, rest)) = path.segments.split_first() else {
            return Err(EarlyExit::Error(format!("`{}` is not there", path.written)));
        };
        match self.scope.top_level(root, rest.first().map(String::as_str)) {
            Some(start) => self.descend(path, start, rest, root),
            None => Err(EarlyExit::Error(missing(path, root, self.scope.names()))),
        }
    }

    /// Follows the segments from a value. Below a null under `steps` everything is null, because the step was skipped.
    /// If the step was done, the null is its answer, and a name below it is missing.
    fn descend<'v>(&self, path: &NamePath, start: &'v Value, segments: &[String], root: &str) -> Evaluated<&'v Value> {
        let mut at = start;
        for (place, segment) in segments.iter().enumerate() {
            let next = match at {
                Value::Object(_) if is_deferred(at) => return Err(EarlyExit::Deferred),
                Value::Object(_) if why_unreadable(at).is_some() => break,
                Value::Object(map) => map.get(segment),
                Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
                Value::Null if root == "steps" && is_empty_answer(start, &segments[..place]) => {
                    return Err(EarlyExit::Error(format!(
                        "`{}` is not there: the step was answered without it",
                        path.written
                    )));
                }
                Value::Null if root == "steps" => return Ok(&NULL),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            };
            at = next.ok_or_else(|| EarlyExit::Error(self.explain_missing(path, at, segment)))?;
        }
        // A whole step, or all its outputs, contain the answer.
        let parts = at.as_object().filter(|_| root == "steps" && segments.len() <= 2);
        match why_unreadable(at).or_else(|| parts?.values().find_map(why_unreadable)) {
            Some(why) => Err(EarlyExit::Error(format!("`{}` cannot be read: {why}", path.written))),
            None => Ok(at),
        }
    }

    fn explain_missing(&self, path: &NamePath, at: &Value, segment: &str) -> String {
        match at {
            Value::Object(map) => {
                let outside = matches!(path.base, PathBase::This(_)) && self.scope.top_level(segment, None).is_some();
                if outside && path.segments.first().is_some_and(|first| first == segment) {
                    return format!(
                        "`{0}` is not there: inside a block names start at its element; write `@root.{0}`",
                        path.written
                    );
                }
                missing(path, segment, map.keys().map(String::as_str).collect())
            }
            Value::Array(items) => {
                format!("`{}` is not there: the list has {} elements, counted from 0", path.written, items.len())
            }
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                format!("`{}` is not there: what should hold `{segment}` is {}", path.written, value_kind(other))
            }
        }
    }
}

/// The elements that `each` iterates over, each with its index or key. Null has none.
pub(super) fn elements(list: &Value) -> Evaluated<Vec<(Value, &Value)>> {
    match list {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => Ok(items.iter().enumerate().map(|(at, item)| (Value::from(at), item)).collect()),
        Value::Object(map) => Ok(map.iter().map(|(key, item)| (Value::from(key.as_str()), item)).collect()),
        other @ (Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            Err(EarlyExit::Error(format!("`each` goes through a list or a map, and this is {}", value_kind(other))))
        }
    }
}

fn missing(path: &NamePath, segment: &str, known: Vec<&str>) -> String {
    match near_miss(segment, known) {
        Some(near) => format!("`{}` is not there: did you mean `{near}` for `{segment}`?", path.written),
        None => format!("`{}` is not there", path.written),
    }
}

fn enclosing<'f>(block: Option<&'f BlockContext<'f>>, distance: usize) -> Option<&'f BlockContext<'f>> {
    (0..distance).try_fold(block?, |block, _| block.outer)
}

/// Whether the null at the path `walked` under `steps` is the body or an output of a call that was done.
fn is_empty_answer(steps: &Value, walked: &[String]) -> bool {
    let call = match walked {
        [step, items, item, rest @ ..] if items == "items" && is_answer(rest) => {
            steps.get(step).and_then(|step| step.get("items")?.get(item.parse::<usize>().ok()?))
        }
        [step, rest @ ..] if is_answer(rest) => steps.get(step),
        _ => None,
    };
    let outcome = call.and_then(|call| call.get("outcome")?.as_str()).and_then(StepOutcome::named);
    outcome.is_some_and(StepOutcome::is_done)
}

fn is_answer(parts: &[String]) -> bool {
    match parts {
        [body] => body == "body",
        [outputs, _] => outputs == "outputs",
        _ => false,
    }
}

/// `deciding` if one part is that, the opposite if all parts are the opposite; `None` while a part is open.
fn decided_by(parts: impl Iterator<Item = Option<bool>>, deciding: bool) -> Option<bool> {
    let parts: Vec<Option<bool>> = parts.collect();
    if parts.contains(&Some(deciding)) {
        return Some(deciding);
    }
    parts.iter().all(Option::is_some).then_some(!deciding)
}

/// Turns an early exit into the result: a deferred value, or an error.
fn into_result(exit: EarlyExit) -> Result<Value, RenderError> {
    match exit {
        EarlyExit::Deferred => Ok(deferred()),
        EarlyExit::Error(message) => Err(RenderError { message, blank: None }),
        EarlyExit::Blank(name, message) => Err(RenderError { message, blank: Some(name) }),
    }
}
