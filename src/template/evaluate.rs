//! A program over a scope: values borrowed where they can be, every missing name an error.

use std::borrow::Cow;

use super::helpers::Call;
use super::program::{Base, Expr, Part, Path, Program};
use super::scope::Scope;
use super::store::Templates;
use crate::diagnostic::near_miss;
use crate::model::{Value, contains_deferred, deferred, is_deferred, is_truthy};

/// The largest text that a template may grow to, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// The null that stands for what a skipped step would have brought.
static NULL: Value = Value::Null;

/// One rendering.
pub(super) struct Evaluation<'s> {
    pub(super) templates: &'s Templates,
    scope: &'s Scope,
}

/// Why an evaluation ends early.
pub(super) enum Stop {
    /// It needs a value that no answer has brought yet.
    Deferred,
    Error(String),
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
    pub(super) fn new(templates: &'s Templates, scope: &'s Scope) -> Self {
        Self { templates, scope }
    }

    /// The program's value, or the message of what is missing or does not fit.
    pub(super) fn program(&self, program: &Program) -> Result<Value, String> {
        let value = match program {
            Program::Constant(text) => Ok(Value::String(text.clone())),
            Program::Whole(expr) => self.expr(expr, None).map(Cow::into_owned),
            Program::Text(parts) => {
                let mut out = String::new();
                self.parts(parts, None, &mut out).map(|()| Value::String(out))
            }
        };
        match value {
            Ok(value) => Ok(value),
            Err(Stop::Deferred) => Ok(deferred()),
            Err(Stop::Error(message)) => Err(message),
        }
    }

    fn parts(&self, parts: &[Part], frame: Option<&Frame<'_>>, out: &mut String) -> Eval<()> {
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Emit(expr) => emit(&*self.known(expr, frame)?, out),
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
            if out.len() > LARGEST {
                return Err(Stop::Error("The text grows beyond 64 MiB".to_owned()));
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
                let helper = self.templates.helper(*helper);
                let args = args.iter().map(|arg| self.known(arg, frame)).collect::<Eval<Vec<_>>>()?;
                let call = Call::new(helper, &args, self.scope);
                (helper.run)(&call).map(Cow::Owned).map_err(|problem| Stop::Error(call.explain(&problem)))
            }
        }
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

    /// Walks from a value along the segments. Behind a null of `steps` everything is null: the step was skipped.
    fn descend<'v>(&self, path: &Path, start: &'v Value, segments: &[String], root: &str) -> Eval<&'v Value> {
        let mut at = start;
        for segment in segments {
            let next = match at {
                Value::Object(_) if is_deferred(at) => return Err(Stop::Deferred),
                Value::Object(map) => map.get(segment),
                Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
                Value::Null if root == "steps" => return Ok(&NULL),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            };
            at = next.ok_or_else(|| Stop::Error(self.explain_missing(path, at, segment)))?;
        }
        Ok(at)
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

/// Puts a value into running text: null is nothing, a text itself, the rest JSON.
pub(super) fn emit(value: &Value, out: &mut String) {
    match value {
        Value::Null => {}
        Value::String(text) => out.push_str(text),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number.as_str()),
        other @ (Value::Array(_) | Value::Object(_)) => out.push_str(&other.to_string()),
    }
}

/// What a value is, for messages.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
