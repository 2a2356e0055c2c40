//! Rendering of bound values, with answers to come and with answers known.

use serde_json::{Value, json};

use super::setup::{map, plan};
use crate::model::{deferred, is_deferred};
use crate::plan::{Answers, RenderFailure, render};
use crate::template::Scope;

/// Renders the input `any` over a scope of names.
fn rendered(any: &str, names: Value, answers: Answers) -> Result<Value, RenderFailure> {
    let plan = plan(&format!(
        "rows: {{ from: rows.csv, key: id }}\nsteps: [{{ id: z, uses: shop.list }}, {{ id: a, uses: shop.create, with: {{ num: x, any: {any} }} }}]\n"
    ));
    let mut scope = Scope::new();
    for (name, value) in map(names) {
        scope.set(&name, value);
    }
    let value = render(&plan.steps[1].call.with, &plan.templates, &mut scope, answers)?;
    Ok(value["any"].clone())
}

fn pending(any: &str, names: Value) -> Result<Value, RenderFailure> {
    rendered(any, names, Answers::Pending)
}

#[test]
fn values_of_every_shape_are_rendered_and_nulls_kept() {
    let names = json!({"row": {"a": 1, "b": null, "l": [1, 2]}});
    let any = "{ one: '{{ row.a }}', none: '{{ row.b }}', list: ['{{ row.a }}', x], text: 'a{{ row.a }}' }";
    let wanted = json!({"one": 1, "none": null, "list": [1, "x"], "text": "a1"});
    assert_eq!(pending(any, names.clone()), Ok(wanted.clone()));
    assert_eq!(rendered(any, names, Answers::Known), Ok(wanted));
}

#[test]
fn an_each_gives_one_element_per_element_and_restores_the_outer_item() {
    let names = json!({"row": {"l": [1, 2]}, "item": 9});
    let any = "['{{ item }}', { $each: '{{ row.l }}', n: '{{ item }}' }, '{{ item }}']";
    assert_eq!(pending(any, names), Ok(json!([9, {"n": 1}, {"n": 2}, 9])));
}

#[test]
fn an_each_without_an_outer_item_leaves_none_behind() {
    let any = "[{ $each: '{{ row.l }}', n: '{{ item }}' }, '{{ item }}']";
    assert!(pending(any, json!({"row": {"l": [1]}})).is_err());
}

#[test]
fn an_each_over_null_gives_nothing_and_over_another_value_fails() {
    let any = "[x, { $each: '{{ row.l }}', n: '{{ item }}' }]";
    assert_eq!(pending(any, json!({"row": {"l": null}})), Ok(json!(["x"])));
    for (value, kind) in
        [(json!("text"), "a text"), (json!(1), "a number"), (json!(true), "a boolean"), (json!({"a": 1}), "an object")]
    {
        let failure = pending(any, json!({"row": {"l": value}})).unwrap_err();
        assert_eq!((failure.message, failure.blank), (format!("`$each` needs a list, this gives {kind}"), None));
    }
}

#[test]
fn a_template_that_names_an_answer_is_deferred_until_answers_are_known() {
    let names =
        json!({"row": {"a": 1}, "steps": {"z": {"outputs": {"things": [7]}}}, "run": {"counts": {"failed": 2}}});
    for (any, value) in [
        ("'{{ steps.z.outputs.things }}'", json!([7])),
        ("'{{ run.counts.failed }}'", json!(2)),
        ("'{{ row.a }}{{ run.counts.failed }}'", json!("12")),
    ] {
        assert_eq!(pending(any, names.clone()), Ok(deferred()), "{any}");
        assert_eq!(rendered(any, names.clone(), Answers::Known), Ok(value), "{any}");
    }
}

#[test]
fn a_blank_in_a_path_is_found_even_beside_an_answer_to_come() {
    let plan = plan(
        "rows: { from: rows.csv, key: id }\nsteps: [{ id: z, uses: shop.list }, { id: a, uses: shop.send, with: { to: '{{ row.to }}-{{ steps.z.outcome }}' } }]\n",
    );
    let to = |to: Value| {
        let mut scope = Scope::new();
        scope.set("row", json!({"to": to}));
        render(&plan.steps[1].call.with, &plan.templates, &mut scope, Answers::Pending)
    };
    assert!(to(json!(null)).is_err() && to(json!("")).is_err());
    assert_eq!(to(json!("b")).unwrap()["to"], deferred());
}

#[test]
fn run_values_other_than_counts_are_known_at_once() {
    assert_eq!(pending("'{{ run.id }}'", json!({"run": {"id": "r"}})), Ok(json!("r")));
}

#[test]
fn an_item_waits_where_its_list_does() {
    let any = "'{{ item.name }}'";
    assert_eq!(pending(any, json!({"item": deferred()})), Ok(deferred()));
    assert_eq!(pending(any, json!({"item": {"name": "A"}})), Ok(json!("A")));
}

#[test]
fn an_each_over_an_answer_makes_the_whole_list_wait() {
    let value = pending("[x, { $each: '{{ steps.z.items }}', n: '{{ item }}' }]", json!({"row": {}})).unwrap();
    assert!(is_deferred(&value), "{value}");
}

#[test]
fn a_failure_names_the_place_of_its_template_and_a_blank_where_none_may_stand() {
    let plan = plan(
        "rows: { from: rows.csv, key: id }\nsteps: [{ id: a, uses: shop.send, with: { to: 'a-{{ row.to }}' } }]\n",
    );
    let mut scope = Scope::new();
    scope.set("row", json!({"to": null}));
    let failure = render(&plan.steps[0].call.with, &plan.templates, &mut scope, Answers::Pending).unwrap_err();
    assert_eq!(failure.blank, Some(vec!["row".to_owned(), "to".to_owned()]));
    assert!(plan.source.text()[failure.span.start..failure.span.end].contains("row.to"));
}
