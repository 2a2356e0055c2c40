//! Renders bound values: in a check, before the answers of steps exist, and in a run.

use crate::diagnostic::Span;
use crate::model::{Map, Value, contains_deferred, deferred};
use crate::plan::bound::{BoundStep, BoundTree};
use crate::template::{RenderError, RunPart, Scope, Template, Templates, TopName};

/// Whether the answers of steps exist while rendering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// No step has run: a template that names an answer gives the deferred value.
    Pending,
    /// All answers that a template names are in the scope.
    Known,
}

/// Why a value could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderFailure {
    /// The place of the template in the playbook.
    pub span: Span,
    /// The reason, for people.
    pub message: String,
    /// The blank name, if the place allows no blank, such as a path; `None` for any other reason.
    pub blank: Option<Vec<String>>,
}

/// Renders a bound value. Nulls are kept; the operation removes them.
///
/// # Errors
/// [`RenderFailure`] of the first template that cannot be rendered, or whose `$each` is not a list.
pub fn render(
    tree: &BoundTree,
    templates: &Templates,
    scope: &mut Scope,
    answers: Answers,
) -> Result<Value, RenderFailure> {
    match tree {
        BoundTree::Constant(value, _) => Ok(value.clone()),
        BoundTree::Template(template, span) => render_one(template, *span, templates, scope, answers),
        BoundTree::List(items) => render_list(items, templates, scope, answers),
        BoundTree::Map(fields) => {
            let mut map = Map::with_capacity(fields.len());
            for (name, field) in fields {
                map.insert(name.clone(), render(field, templates, scope, answers)?);
            }
            Ok(Value::Object(map))
        }
        BoundTree::Each(_, _, span) => {
            Err(RenderFailure { span: *span, message: "`$each` is only allowed in a list".to_owned(), blank: None })
        }
    }
}

/// Renders one template.
///
/// # Errors
/// [`RenderFailure`] if a name is missing, a helper refuses its input, or a value is blank where that is not allowed.
pub(in crate::plan) fn render_one(
    template: &Template,
    span: Span,
    templates: &Templates,
    scope: &Scope,
    answers: Answers,
) -> Result<Value, RenderFailure> {
    let failure = |error: RenderError| RenderFailure { span, message: error.message, blank: error.blank };
    if answers == Answers::Pending && waits_for_answers(template, scope) {
        template.check_known(templates, scope, &|name| waits(name, scope)).map_err(failure)?;
        return Ok(deferred());
    }
    template.render(templates, scope).map_err(failure)
}

/// Whether a condition cannot hold, whatever the answers of steps say: `and` with a cell that does not hold.
pub(in crate::plan) fn cannot_hold(condition: &Template, templates: &Templates, scope: &Scope) -> bool {
    condition.decided(templates, scope, &|name| waits(name, scope)) == Some(false)
}

/// Whether a template names an answer in every row.
pub(in crate::plan) fn always_waits(template: &Template) -> bool {
    waits_for_answers(template, &Scope::new())
}

/// Whether a template names an answer: a step, the counts of the run, or an `item` that is itself deferred.
fn waits_for_answers(template: &Template, scope: &Scope) -> bool {
    template.names().iter().any(|name| waits(&name.path, scope))
}

/// Whether the number of calls that a step makes in a row is known before any answer.
#[must_use]
pub fn is_counted_ahead(step: &BoundStep) -> bool {
    !step.when.iter().chain(&step.for_each).any(|(template, _)| always_waits(template))
}

fn waits(name: &[String], scope: &Scope) -> bool {
    match name.first().and_then(|root| TopName::named(root)) {
        Some(TopName::Steps) => true,
        Some(TopName::Run) => name.get(1).is_some_and(|part| part == RunPart::Counts.as_str()),
        Some(TopName::Item) => scope.get(&["item"]).is_some_and(contains_deferred),
        Some(TopName::Row | TopName::Vars) | None => false,
    }
}

fn render_list(
    items: &[BoundTree],
    templates: &Templates,
    scope: &mut Scope,
    answers: Answers,
) -> Result<Value, RenderFailure> {
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        match item {
            BoundTree::Each(over, body, span) => {
                let over = render_one(over, *span, templates, scope, answers)?;
                let waits = !over.is_array() && contains_deferred(&over);
                match over {
                    Value::Null => {}
                    Value::Array(elements) => {
                        let outer = scope.get(&["item"]).cloned();
                        let rendered = each_element(elements, body, templates, scope, answers);
                        match outer {
                            Some(outer) => scope.set("item", outer),
                            None => scope.remove("item"),
                        }
                        list.extend(rendered?);
                    }
                    Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) if waits => {
                        return Ok(deferred());
                    }
                    other @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                        let message = format!("`$each` needs a list, this gives {}", kind_of(&other));
                        return Err(RenderFailure { span: *span, message, blank: None });
                    }
                }
            }
            BoundTree::Constant(..) | BoundTree::Template(..) | BoundTree::List(_) | BoundTree::Map(_) => {
                list.push(render(item, templates, scope, answers)?);
            }
        }
    }
    Ok(Value::Array(list))
}

fn each_element(
    elements: Vec<Value>,
    body: &BoundTree,
    templates: &Templates,
    scope: &mut Scope,
    answers: Answers,
) -> Result<Vec<Value>, RenderFailure> {
    let mut rendered = Vec::with_capacity(elements.len());
    for element in elements {
        scope.set("item", element);
        rendered.push(render(body, templates, scope, answers)?);
    }
    Ok(rendered)
}

/// The kind of a value as messages name it.
pub(in crate::plan) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
