//! Finds the private values in a rendered text: what helpers compute from private names, and the places of those values
//! in the text. Booleans and lengths are not private.

use std::ops::Range;

use super::evaluation::{BlockContext, Evaluated, Evaluation, elements};
use crate::model::{Value, is_truthy};
use crate::template::compile::{Expr, PathBase, Program, TextPart};
use crate::template::helpers::Helper;
use crate::template::values::{BoundedText, LARGEST_TEXT};

/// Helpers whose result is a boolean or a length, which reveals nothing private.
const HARMLESS_HELPERS: [&str; 10] = ["eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not", "len"];

/// The values that a template computes from private names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrivateValues {
    /// Results of helpers, and the results of helpers nested in them.
    pub values: Vec<Value>,
    /// The rendered text with the byte ranges of private values in it. `None` if the template is a single expression,
    /// nothing in it is private, or it cannot be rendered.
    pub text: Option<(String, Vec<Range<usize>>)>,
}

/// Finds the private values of a program, as far as it can be rendered. `is_private` tells whether a name is private.
pub(in crate::template) fn find_private_values(
    program: &Program,
    evaluation: &Evaluation<'_>,
    is_private: &dyn Fn(&[String]) -> bool,
) -> PrivateValues {
    let mut tracer = PrivacyTracer { evaluation, is_private, found: PrivateValues::default() };
    match program {
        Program::Constant(_) => {}
        // A name alone is a value that is already known to be private.
        Program::Whole(placeholder) => {
            tracer.trace(&placeholder.expr, None);
        }
        Program::Text(parts) => {
            let mut text = TracedText { out: BoundedText::new(LARGEST_TEXT), hidden: Vec::new() };
            let whole = tracer.trace_parts(parts, None, &mut text);
            if whole.is_ok() && !text.hidden.is_empty() {
                tracer.found.text = Some((text.out.into_text(), text.hidden));
            }
        }
    }
    tracer.found
}

/// Where the element of a block comes from.
#[derive(Clone)]
enum Origin {
    /// The value of this name.
    Name(Vec<String>),
    /// The result of a helper; true if it is private.
    Helper(bool),
}

/// A block with its element's origin, and the blocks around it.
struct TracedBlock<'f> {
    block: BlockContext<'f>,
    origin: Origin,
    outer: Option<&'f TracedBlock<'f>>,
}

struct TracedText {
    out: BoundedText,
    hidden: Vec<Range<usize>>,
}

struct PrivacyTracer<'t> {
    evaluation: &'t Evaluation<'t>,
    is_private: &'t dyn Fn(&[String]) -> bool,
    found: PrivateValues,
}

impl PrivacyTracer<'_> {
    fn trace_parts(
        &mut self,
        parts: &[TextPart],
        traced: Option<&TracedBlock<'_>>,
        text: &mut TracedText,
    ) -> Evaluated<()> {
        let evaluation = self.evaluation;
        let block = traced.map(|traced| &traced.block);
        for part in parts {
            match part {
                TextPart::Text(plain) => text.out.push(plain)?,
                TextPart::Placeholder(placeholder) => {
                    let private = self.trace(&placeholder.expr, traced);
                    let from = text.out.len();
                    evaluation.insert(placeholder, block, &mut text.out)?;
                    if private
                        && text.out.len() > from
                        && !evaluation.evaluate_known(&placeholder.expr, block)?.is_boolean()
                    {
                        text.hidden.push(from..text.out.len());
                    }
                }
                TextPart::If { test, wanted, body, otherwise } => {
                    self.trace(test, traced);
                    let holds = is_truthy(&*evaluation.evaluate_known(test, block)?) == *wanted;
                    self.trace_parts(if holds { body } else { otherwise }, traced, text)?;
                }
                TextPart::Each { list, body, otherwise } => {
                    let origin = self.origin_of(list, traced);
                    let list = evaluation.evaluate_known(list, block)?;
                    let elements = elements(&list)?;
                    if elements.is_empty() {
                        self.trace_parts(otherwise, traced, text)?;
                    }
                    let count = elements.len();
                    for (index, (key, this)) in elements.into_iter().enumerate() {
                        let origin = origin.below(&[index.to_string()]);
                        let block = BlockContext { this, key, index, last: index + 1 == count, outer: block };
                        self.trace_parts(body, Some(&TracedBlock { block, origin, outer: traced }), text)?;
                    }
                }
                TextPart::With { value, body, otherwise } => {
                    let origin = self.origin_of(value, traced);
                    let this = evaluation.evaluate_known(value, block)?;
                    if is_truthy(&this) {
                        let block = BlockContext { this: &this, key: Value::Null, index: 0, last: true, outer: block };
                        self.trace_parts(body, Some(&TracedBlock { block, origin, outer: traced }), text)?;
                    } else {
                        self.trace_parts(otherwise, traced, text)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn origin_of(&mut self, expr: &Expr, traced: Option<&TracedBlock<'_>>) -> Origin {
        match expr {
            Expr::Name(path) => match path.base {
                PathBase::Scope => Origin::Name(path.segments.clone()),
                PathBase::This(distance) => match enclosing(traced, distance) {
                    Some(traced) => traced.origin.below(&path.segments),
                    None => Origin::Helper(false),
                },
                PathBase::Key(_) | PathBase::Index(_) | PathBase::First(_) | PathBase::Last(_) => {
                    Origin::Helper(self.trace(expr, traced))
                }
            },
            Expr::Literal(_) | Expr::Call { .. } => Origin::Helper(self.trace(expr, traced)),
        }
    }

    /// Whether the value of an expression is private; collects the results of helpers.
    fn trace(&mut self, expr: &Expr, traced: Option<&TracedBlock<'_>>) -> bool {
        match expr {
            Expr::Literal(_) => false,
            Expr::Name(path) => match path.base {
                PathBase::Scope | PathBase::This(_) => match self.origin_of(expr, traced) {
                    Origin::Name(name) => (self.is_private)(&name),
                    Origin::Helper(private) => private,
                },
                PathBase::Key(distance) => enclosing(traced, distance).is_some_and(|traced| match &traced.origin {
                    Origin::Name(name) => traced.block.key.is_string() && (self.is_private)(name),
                    Origin::Helper(private) => traced.block.key.is_string() && *private,
                }),
                PathBase::Index(_) | PathBase::First(_) | PathBase::Last(_) => false,
            },
            Expr::Call { helper, args } => {
                // Every value is traced, without short-circuit: its result may be shown elsewhere.
                let private = args.iter().fold(false, |private, arg| self.trace(arg, traced) | private);
                if !private || HARMLESS_HELPERS.contains(&self.evaluation.helpers[*helper].name) {
                    return false;
                }
                let evaluation = self.evaluation;
                let Ok(value) = evaluation.evaluate_known(expr, traced.map(|traced| &traced.block)) else {
                    return true;
                };
                if value.is_boolean() || value.is_null() {
                    return false;
                }
                self.found.values.push(value.into_owned());
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

/// Whether the value of an expression is always private.
pub(in crate::template) fn gives_private(
    expr: &Expr,
    helpers: &[Helper],
    is_private: &dyn Fn(&[String]) -> bool,
) -> bool {
    match expr {
        Expr::Literal(_) => false,
        Expr::Name(path) => is_private(&path.segments),
        Expr::Call { helper, args } => {
            !HARMLESS_HELPERS.contains(&helpers[*helper].name)
                && args.iter().any(|arg| gives_private(arg, helpers, is_private))
        }
    }
}

fn enclosing<'f>(traced: Option<&'f TracedBlock<'f>>, distance: usize) -> Option<&'f TracedBlock<'f>> {
    (0..distance).try_fold(traced?, |traced, _| traced.outer)
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
    fn the_result_of_a_helper_on_a_private_name_is_private() {
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
    fn the_places_of_private_values_in_a_text_are_known() {
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
