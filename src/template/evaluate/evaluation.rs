//! A program over a scope: values borrowed where they can be, every missing name an error.

use std::borrow::Cow;

use super::destination::{Destination, holds_blank_text, is_blank};
use crate::diagnostic::near_miss;
use crate::model::{
    StepOutcome, Value, contains_deferred, deferred, is_deferred, is_truthy, percent_encoded, why_unreadable,
};
use crate::template::compile::{Base, Emit, Expr, Part, Path, Program};
use crate::template::helpers::{Call, Helper};
use crate::template::values::{Bounded, LARGEST, Scope, fits, kind, weight};

/// The null that stands for what a skipped step would have brought.
static NULL: Value = Value::Null;

/// Why a text cannot be rendered with the values given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RenderError {
    /// One sentence.
    pub message: String,
    /// The name that is blank where no blank may stand: `["row", "id"]`; `None` for any other error.
    pub blank: Option<Vec<String>>,
}

/// One rendering.
pub(in crate::template) struct Evaluation<'s> {
    pub(super) helpers: &'static [Helper],
    scope: &'s Scope,
    slot: Destination,
}

/// Why an evaluation ends early.
pub(super) enum Stop {
    /// It needs a value that no answer has brought yet.
    Deferred,
    Error(String),
    /// What the name stands for is blank, and no blank may stand there.
    Blank(Vec<String>, String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

pub(super) type Eval<T> = Result<T, Stop>;

/// A block's element, inside the blocks around it.
pub(super) struct Frame<'f> {
    pub(super) this: &'f Value,
    pub(super) key: Value,
    pub(super) index: usize,
    pub(super) last: bool,
    pub(super) outer: Option<&'f Frame<'f>>,
}

impl<'s> Evaluation<'s> {
    pub(in crate::template) fn new(helpers: &'static [Helper], scope: &'s Scope, slot: Destination) -> Self {
        Self { helpers, scope, slot }
    }

    /// The program's value, or what is missing, blank or does not fit.
    pub(in crate::template) fn program(&self, program: &Program) -> Result<Value, RenderError> {
        let value = match program {
            Program::Constant(text) => Ok(Value::String(text.clone())),
            Program::Whole(emit) => self.whole(emit),
            Program::Text(parts) => {
                let mut out = Bounded::new(LARGEST);
                self.parts(parts, None, &mut out).map(|()| Value::String(out.into_text()))
            }
        };
        value.or_else(explained)
    }

    /// Looks for blanks among the parts that use no name that waits.
    pub(in crate::template) fn known_parts(
        &self,
        parts: &[Part],
        waits: &dyn Fn(&[String]) -> bool,
    ) -> Result<(), RenderError> {
        for part in parts {
            let Part::Emit(emit) = part else { continue };
            let mut paths = Vec::new();
            emit.expr.paths(&mut paths);
            if paths.iter().any(|path| path.base != Base::Scope || waits(&path.segments)) {
                continue;
            }
            if let Err(stop) = self.emit(emit, None, &mut Bounded::new(LARGEST)) {
                explained(stop)?;
            }
        }
        Ok(())
    }

    /// The value of an expression that is the whole text.
    fn whole(&self, emit: &Emit) -> Eval<Value> {
        match self.slot {
            Destination::Anywhere => self.expr(&emit.expr, None).map(Cow::into_owned),
            Destination::Url => {
                let mut out = Bounded::new(LARGEST);
                self.emit(emit, None, &mut out)?;
                Ok(Value::String(out.into_text()))
            }
            Destination::Parameter => {
                let value = self.expr(&emit.expr, None)?;
                // What a cell leaves blank is left out; an answer that lacks it is no reason to ask for something else.
                let mut paths = Vec::new();
                emit.expr.paths(&mut paths);
                let answered = paths.iter().any(|path| path.base == Base::Scope && path.root() == Some("steps"));
                if holds_blank_text(&value) || (value.is_null() && answered) {
                    return Err(self.blank(&emit.expr, None));
                }
                Ok(value.into_owned())
            }
        }
    }

    /// Puts the value of an expression into the text, as the place of the text wants it.
    pub(super) fn emit(&self, emit: &Emit, frame: Option<&Frame<'_>>, out: &mut Bounded) -> Eval<()> {
        let value = self.known(&emit.expr, frame)?;
        if self.slot != Destination::Anywhere && is_blank(&value) {
            return Err(self.blank(&emit.expr, frame));
        }
        if self.slot != Destination::Url || emit.raw {
            return Ok(out.push_value(&value)?);
        }
        let mut part = Bounded::new(LARGEST / 3);
        part.push_value(&value)?;
        Ok(out.push(&percent_encoded(&part.into_text()))?)
    }

    /// That an expression is blank, by the name that is.
    fn blank(&self, expr: &Expr, frame: Option<&Frame<'_>>) -> Stop {
        let mut paths = Vec::new();
        expr.paths(&mut paths);
        let is_it = |path: &&&Path| self.path(path, frame).is_ok_and(|value| is_blank(&value));
        let path = paths.iter().find(is_it).or(paths.first());
        let named = path.map_or_else(|| "a part".to_owned(), |path| format!("`{}`", path.written));
        let name = path.filter(|path| path.base == Base::Scope).map(|path| path.segments.clone());
        let message = format!("{named} is blank, and null or blank never stands in {}", self.slot.name());
        Stop::Blank(name.unwrap_or_default(), message)
    }

    fn parts(&self, parts: &[Part], frame: Option<&Frame<'_>>, out: &mut Bounded) -> Eval<()> {
        for part in parts {
            match part {
                Part::Text(text) => out.push(text)?,
                Part::Emit(emit) => self.emit(emit, frame, out)?,
                Part::If { test, wanted, body, otherwise } => {
                    let holds = is_truthy(&*self.known(test, frame)?) == *wanted;
                    self.parts(if holds { body } else { otherwise }, frame, out)?;
                }
                Part::Each { list, body, otherwise } => {
                    let list = self.known(list, frame)?;
                    let elements = elements(&list)?;
                    if elements.is_empty() {
                        self.parts(otherwise, frame, out)?;
                    }
                    let count = elements.len();
                    for (index, (key, this)) in elements.into_iter().enumerate() {
                        let inner = Frame { this, key, index, last: index + 1 == count, outer: frame };
                        self.parts(body, Some(&inner), out)?;
                    }
                }
                Part::With { value, body, otherwise } => {
                    let this = self.known(value, frame)?;
                    if is_truthy(&this) {
                        let inner = Frame { this: &this, key: Value::Null, index: 0, last: true, outer: frame };
                        self.parts(body, Some(&inner), out)?;
                    } else {
                        self.parts(otherwise, frame, out)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A value that must be known by now.
    pub(super) fn known<'v>(&'v self, expr: &'v Expr, frame: Option<&'v Frame<'v>>) -> Eval<Cow<'v, Value>> {
        let value = self.expr(expr, frame)?;
        if contains_deferred(&value) { Err(Stop::Deferred) } else { Ok(value) }
    }

    fn expr<'v>(&'v self, expr: &'v Expr, frame: Option<&'v Frame<'v>>) -> Eval<Cow<'v, Value>> {
        match expr {
            Expr::Literal(value) => Ok(Cow::Borrowed(value)),
            Expr::Path(path) => self.path(path, frame),
            Expr::Call { helper, args } => {
                let helper = &self.helpers[*helper];
                let args = self.args(args, frame)?;
                let call = Call::new(helper, &args, self.scope, LARGEST);
                (helper.run)(&call).map(Cow::Owned).map_err(|problem| Stop::Error(call.explain(&problem)))
            }
        }
    }

    /// A helper's values, which together are bounded as a text is.
    fn args<'v>(&'v self, args: &'v [Expr], frame: Option<&'v Frame<'v>>) -> Eval<Vec<Cow<'v, Value>>> {
        let (mut values, mut made) = (Vec::with_capacity(args.len()), 0_usize);
        for arg in args {
            let value = self.known(arg, frame)?;
            if let Cow::Owned(own) = &value {
                made = made.saturating_add(weight(own));
            }
            fits(made, LARGEST)?;
            values.push(value);
        }
        Ok(values)
    }

    fn path<'v>(&'v self, path: &'v Path, frame: Option<&'v Frame<'v>>) -> Eval<Cow<'v, Value>> {
        let at = |distance| nth(frame, distance).ok_or_else(|| Stop::Error(format!("`{}` is not there", path.written)));
        let this = match path.base {
            Base::Scope => return self.in_scope(path).map(Cow::Borrowed),
            Base::This(distance) => at(distance)?.this,
            Base::Key(distance) => &at(distance)?.key,
            Base::Index(distance) => return Ok(Cow::Owned(Value::from(at(distance)?.index))),
            Base::First(distance) => return Ok(Cow::Owned(Value::from(at(distance)?.index == 0))),
            Base::Last(distance) => return Ok(Cow::Owned(Value::from(at(distance)?.last))),
        };
        self.descend(path, this, &path.segments, "").map(Cow::Borrowed)
    }

    fn in_scope(&self, path: &Path) -> Eval<&Value> {
        let Some((root, rest)) = path.segments.split_first() else {
            return Err(Stop::Error(format!("`{}` is not there", path.written)));
        };
        match self.scope.root(root, rest.first().map(String::as_str)) {
            Some(start) => self.descend(path, start, rest, root),
            None => Err(Stop::Error(missing(path, root, self.scope.names()))),
        }
    }

    /// Walks from a value along the segments. Behind a null of `steps` everything is null, as the step was skipped, unless
    /// the step was done: then its answer is empty, or could not be read.
    fn descend<'v>(&self, path: &Path, start: &'v Value, segments: &[String], root: &str) -> Eval<&'v Value> {
        let mut at = start;
        for (place, segment) in segments.iter().enumerate() {
            let next = match at {
                Value::Object(_) if is_deferred(at) => return Err(Stop::Deferred),
                Value::Object(_) if why_unreadable(at).is_some() => break,
                Value::Object(map) => map.get(segment),
                Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
                Value::Null if root == "steps" && is_empty_answer(start, &segments[..place]) => {
                    return Err(Stop::Error(format!(
                        "`{}` is not there: the step was answered without it",
                        path.written
                    )));
                }
                Value::Null if root == "steps" => return Ok(&NULL),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            };
            at = next.ok_or_else(|| Stop::Error(self.explain_missing(path, at, segment)))?;
        }
        // Of a whole step, or of all its outputs, the answer is a part.
        let parts = at.as_object().filter(|_| root == "steps" && segments.len() <= 2);
        match why_unreadable(at).or_else(|| parts?.values().find_map(why_unreadable)) {
            Some(why) => Err(Stop::Error(format!("`{}` cannot be read: {why}", path.written))),
            None => Ok(at),
        }
    }

    fn explain_missing(&self, path: &Path, at: &Value, segment: &str) -> String {
        match at {
            Value::Object(map) => {
                let outside = matches!(path.base, Base::This(_)) && self.scope.root(segment, None).is_some();
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
                format!("`{}` is not there: what should hold `{segment}` is {}", path.written, kind(other))
            }
        }
    }
}

/// What `each` goes through: the elements of a list, the members of a map, each with its place or name.
pub(super) fn elements(list: &Value) -> Eval<Vec<(Value, &Value)>> {
    match list {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => Ok(items.iter().enumerate().map(|(at, item)| (Value::from(at), item)).collect()),
        Value::Object(map) => Ok(map.iter().map(|(key, item)| (Value::from(key.as_str()), item)).collect()),
        other @ (Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            Err(Stop::Error(format!("`each` goes through a list or a map, and this is {}", kind(other))))
        }
    }
}

fn missing(path: &Path, segment: &str, known: Vec<&str>) -> String {
    match near_miss(segment, known) {
        Some(near) => format!("`{}` is not there: did you mean `{near}` for `{segment}`?", path.written),
        None => format!("`{}` is not there", path.written),
    }
}

fn nth<'f>(frame: Option<&'f Frame<'f>>, distance: usize) -> Option<&'f Frame<'f>> {
    (0..distance).try_fold(frame?, |frame, _| frame.outer)
}

/// Whether a null under `steps` is the answer, or a whole output, of a call that was done; `walked` leads to it.
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

/// What ended an evaluation early as its result.
fn explained(stop: Stop) -> Result<Value, RenderError> {
    match stop {
        Stop::Deferred => Ok(deferred()),
        Stop::Error(message) => Err(RenderError { message, blank: None }),
        Stop::Blank(name, message) => Err(RenderError { message, blank: Some(name) }),
    }
}
