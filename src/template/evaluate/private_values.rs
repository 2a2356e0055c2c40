//! What a text makes of names that stand for somebody's business: the values that helpers give, and where in the text they
//! stand. Yes, no and lengths tell of nobody.

use std::ops::Range;

use super::evaluation::{Eval, Evaluation, Frame, elements};
use crate::model::{Value, is_truthy};
use crate::template::compile::{Base, Expr, Part, Program};
use crate::template::helpers::Helper;
use crate::template::values::{Bounded, LARGEST};

/// Helpers whose result is yes or no, or tells of a value only how long it is.
const TELLING_OF_NOBODY: [&str; 10] = ["eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len"];

/// What was made of private names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrivateValues {
    /// Whole values, and those that went into them.
    pub values: Vec<Value>,
    /// A text that is more than such a value, with the places of the values in it.
    pub text: Option<(String, Vec<Range<usize>>)>,
}

/// Finds what a program makes of names that `is_private` says are private, as far as it can be rendered.
pub(in crate::template) fn trace(
    program: &Program,
    evaluation: &Evaluation<'_>,
    is_private: &dyn Fn(&[String]) -> bool,
) -> PrivateValues {
    let mut tracing = Tracing { evaluation, is_private, made: PrivateValues::default() };
    match program {
        Program::Constant(_) => {}
        // A name alone stands for what is known to be private already, part by part.
        Program::Whole(emit) => {
            tracing.expr(&emit.expr, None);
        }
        Program::Text(parts) => {
            let mut text = Traced { out: Bounded::new(LARGEST), hidden: Vec::new() };
            let whole = tracing.parts(parts, None, &mut text);
            if whole.is_ok() && !text.hidden.is_empty() {
                tracing.made.text = Some((text.out.into_text(), text.hidden));
            }
        }
    }
    tracing.made
}

/// Where a block's element comes from.
#[derive(Clone)]
enum Origin {
    /// From a name.
    Name(Vec<String>),
    /// From what a helper gave: of private names or not.
    Helper(bool),
}

/// A block's element with the blocks around it, and where each comes from.
struct Inside<'f> {
    frame: Frame<'f>,
    origin: Origin,
    outer: Option<&'f Inside<'f>>,
}

struct Traced {
    out: Bounded,
    hidden: Vec<Range<usize>>,
}

struct Tracing<'t> {
    evaluation: &'t Evaluation<'t>,
    is_private: &'t dyn Fn(&[String]) -> bool,
    made: PrivateValues,
}

impl Tracing<'_> {
    fn parts(&mut self, parts: &[Part], inside: Option<&Inside<'_>>, text: &mut Traced) -> Eval<()> {
        let evaluation = self.evaluation;
        let frame = inside.map(|inside| &inside.frame);
        for part in parts {
            match part {
                Part::Text(plain) => text.out.push(plain)?,
                Part::Emit(emit) => {
                    let private = self.expr(&emit.expr, inside);
                    let from = text.out.len();
                    evaluation.emit(emit, frame, &mut text.out)?;
                    if private && text.out.len() > from && !evaluation.known(&emit.expr, frame)?.is_boolean() {
                        text.hidden.push(from..text.out.len());
                    }
                }
                Part::If { test, wanted, body, otherwise } => {
                    self.expr(test, inside);
                    let holds = is_truthy(&*evaluation.known(test, frame)?) == *wanted;
                    self.parts(if holds { body } else { otherwise }, inside, text)?;
                }
                Part::Each { list, body, otherwise } => {
                    let origin = self.origin(list, inside);
                    let list = evaluation.known(list, frame)?;
                    let elements = elements(&list)?;
                    if elements.is_empty() {
                        self.parts(otherwise, inside, text)?;
                    }
                    let count = elements.len();
                    for (index, (key, this)) in elements.into_iter().enumerate() {
                        let origin = origin.below(&[index.to_string()]);
                        let frame = Frame { this, key, index, last: index + 1 == count, outer: frame };
                        self.parts(body, Some(&Inside { frame, origin, outer: inside }), text)?;
                    }
                }
                Part::With { value, body, otherwise } => {
                    let origin = self.origin(value, inside);
                    let this = evaluation.known(value, frame)?;
                    if is_truthy(&this) {
                        let frame = Frame { this: &this, key: Value::Null, index: 0, last: true, outer: frame };
                        self.parts(body, Some(&Inside { frame, origin, outer: inside }), text)?;
                    } else {
                        self.parts(otherwise, inside, text)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn origin(&mut self, expr: &Expr, inside: Option<&Inside<'_>>) -> Origin {
        match expr {
            Expr::Path(path) => match path.base {
                Base::Scope => Origin::Name(path.segments.clone()),
                Base::This(distance) => match nth(inside, distance) {
                    Some(inside) => inside.origin.below(&path.segments),
                    None => Origin::Helper(false),
                },
                Base::Key(_) | Base::Index(_) | Base::First(_) | Base::Last(_) => {
                    Origin::Helper(self.expr(expr, inside))
                }
            },
            Expr::Literal(_) | Expr::Call { .. } => Origin::Helper(self.expr(expr, inside)),
        }
    }

    /// Whether an expression's value is made of private names.
    fn expr(&mut self, expr: &Expr, inside: Option<&Inside<'_>>) -> bool {
        match expr {
            Expr::Literal(_) => false,
            Expr::Path(path) => match path.base {
                Base::Scope | Base::This(_) => match self.origin(expr, inside) {
                    Origin::Name(name) => (self.is_private)(&name),
                    Origin::Helper(private) => private,
                },
                Base::Key(distance) => nth(inside, distance).is_some_and(|inside| match &inside.origin {
                    Origin::Name(name) => inside.frame.key.is_string() && (self.is_private)(name),
                    Origin::Helper(private) => inside.frame.key.is_string() && *private,
                }),
                Base::Index(_) | Base::First(_) | Base::Last(_) => false,
            },
            Expr::Call { helper, args } => {
                // Each is looked at: what it gives may be said elsewhere.
                let private = args.iter().fold(false, |private, arg| self.expr(arg, inside) | private);
                if !private || TELLING_OF_NOBODY.contains(&self.evaluation.helpers[*helper].name) {
                    return false;
                }
                let evaluation = self.evaluation;
                let Ok(value) = evaluation.known(expr, inside.map(|inside| &inside.frame)) else { return true };
                if value.is_boolean() || value.is_null() {
                    return false;
                }
                self.made.values.push(value.into_owned());
                true
            }
        }
    }
}

impl Origin {
    fn below(&self, segments: &[String]) -> Self {
        match self {
            Self::Name(name) => Self::Name(name.iter().chain(segments).cloned().collect()),
            Self::Helper(private) => Self::Helper(*private),
        }
    }
}

/// Whether an expression gives nothing but what is private.
pub(in crate::template) fn gives_private(
    expr: &Expr,
    helpers: &[Helper],
    is_private: &dyn Fn(&[String]) -> bool,
) -> bool {
    match expr {
        Expr::Literal(_) => false,
        Expr::Path(path) => is_private(&path.segments),
        Expr::Call { helper, args } => {
            !TELLING_OF_NOBODY.contains(&helpers[*helper].name)
                && args.iter().any(|arg| gives_private(arg, helpers, is_private))
        }
    }
}

fn nth<'f>(inside: Option<&'f Inside<'f>>, distance: usize) -> Option<&'f Inside<'f>> {
    (0..distance).try_fold(inside?, |inside, _| inside.outer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::{Scope, Templates};

    fn made(text: &str) -> PrivateValues {
        let mut scope = Scope::new();
        scope.set(
            "row",
            json!({"name": "Ann Lee", "phone": "0911-222", "city": "Taipei", "vip": true,
                "people": [{"name": "Bo", "seat": "12"}]}),
        );
        let private = |path: &[String]| match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["row", "name" | "phone" | "vip", ..] | ["row"] | ["row", "people"] => true,
            ["row", "people", _, column] => *column == "name",
            _ => false,
        };
        let mut templates = Templates::new();
        templates.compile(text).unwrap().private_values(&templates, &scope, &private)
    }

    #[test]
    fn what_a_helper_gives_of_a_private_name_is_private() {
        for (text, values) in [
            ("{{ upper row.name }}", json!(["ANN LEE"])),
            ("{{ split row.phone \"-\" }}", json!([["0911", "222"]])),
            ("{{ upper row.city }}", json!([])),
            ("{{ row.city }}", json!([])),
            ("{{ len row.name }}", json!([])),
            ("{{ eq row.name \"Ann\" }}", json!([])),
            ("{{ concat (len row.name) (eq row.vip true) }}", json!([])),
            ("{{ default row.name \"x\" }}", json!(["Ann Lee"])),
        ] {
            assert_eq!(json!(made(text).values), values, "{text}");
            assert_eq!(made(text).text, None);
        }
        assert!(made("{{ concat \"x\" (lower row.name) }}").values.contains(&json!("ann lee")));
    }

    #[test]
    fn in_a_text_it_is_known_where_it_stands() {
        for (text, whole, (from, to)) in [
            ("to {{ lower row.name }}!", "to ann lee!", (3, 10)),
            ("{{ row.city }}/{{ row.phone }}", "Taipei/0911-222", (7, 15)),
            ("{{#each row.people}}{{ @index }}:{{ name }}@{{ seat }};{{/each}}", "0:Bo@12;", (2, 4)),
            ("{{#with row.people.0}}{{ upper name }} {{ seat }}{{/with}}", "BO 12", (0, 2)),
            ("{{#if row.vip}}yes{{/if}} {{ json row.phone }}", "yes \"0911-222\"", (4, 14)),
        ] {
            let Some((made, places)) = made(text).text else { panic!("{text}") };
            assert_eq!((made.as_str(), places.len(), &places[0]), (whole, 1, &(from..to)), "{text}");
        }
        for text in ["{{#if row.vip}}yes{{/if}} {{ row.city }}", "vip: {{ row.vip }}", "{{ row.gone }} {{ row.name }}"]
        {
            assert_eq!(made(text).text, None, "{text}");
        }
    }
}
