//! Inputs as bound: literals by the type of their place, and names that no operation knows.

use serde_json::json;

use super::setup::{Setup, help, plan};
use crate::model::{Map, Value};
use crate::plan::{Answers, render};
use crate::template::Scope;

fn step(with: &str) -> String {
    format!("rows: {{ from: rows.csv, key: id }}\nsteps: [{{ id: a, uses: shop.create, with: {with} }}]\n")
}

fn said(with: &str) -> Vec<String> {
    Setup::default().reports(&step(with))
}

fn bound(with: &str) -> Value {
    let plan = plan(&step(with));
    let mut scope = Scope::new();
    scope.set("row", Value::Object(Map::new()));
    render(&plan.steps[0].call.with, &plan.templates, &mut scope, Answers::Known).unwrap()
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_literal_takes_the_type_of_its_input() {
    assert_eq!(
        bound("{ num: 0911, size: '5', notify: yes, note: no }"),
        json!({"num": "0911", "size": 5, "notify": true, "note": "no"})
    );
    assert_eq!(
        bound("{ num: x, names: [1, 2], place: { road: 7, number: 7 } }"),
        json!({"num": "x", "names": ["1", "2"], "place": {"road": "7", "number": 7}})
    );
    assert_eq!(bound("{ num: x, note: null }"), json!({"num": "x", "note": null}));
}

#[test]
fn a_literal_of_the_wrong_type_is_reported() {
    let found = said("{ num: x, size: five }");
    assert!(found.len() == 1 && found[0].starts_with("bad-type: "), "{found:?}");
}

#[test]
fn an_unknown_input_is_reported_with_the_near_one_or_the_list() {
    let (_, diagnostics) = Setup::default().bind(&step("{ num: x, siz: 1, zzzzzzzz: 1 }"));
    let said: Vec<_> = diagnostics.iter().map(|one| (one.message.clone(), help(one))).collect();
    assert_eq!(said[0].0, "`shop.create` has no input `siz`");
    assert!(said[0].1.contains("`size`"), "{said:?}");
    assert!(said[1].1.starts_with("Its inputs are `num`, `note`, `phone`,"), "{said:?}");
}

#[test]
fn an_unknown_field_of_an_object_is_reported_by_its_path() {
    assert_eq!(said("{ num: x, place: { rode: y } }"), ["unknown-input: `shop.create` has no input `place.rode`"]);
    let (_, diagnostics) = Setup::default().bind(&step("{ num: x, people: [{ name: y, zzzzzzzz: 1 }] }"));
    let one = diagnostics.iter().next().unwrap();
    assert_eq!(help(one), "Its inputs are `name`, `age`.");
}

#[test]
fn nothing_is_reported_below_an_unknown_input_but_the_input() {
    assert_eq!(said("{ num: x, nix: { a: { b: 1 } } }"), ["unknown-input: `shop.create` has no input `nix`"]);
}

#[test]
fn an_open_input_takes_any_field() {
    assert_eq!(said("{ num: x, any: { a: { b: 1 } } }"), NOTHING);
}

#[test]
fn an_old_spelling_is_warned_of() {
    let (plan, diagnostics) = Setup::default().bind(&step("{ num: x, remark: y }"));
    let one = diagnostics.iter().next().unwrap();
    assert_eq!(
        (one.code, one.message.as_str(), help(one).as_str()),
        ("deprecated-input", "`remark` is an old spelling", "Write `note`.")
    );
    assert!(plan.is_some());
}

#[test]
fn a_whole_address_in_one_expression_would_be_encoded_and_is_reported() {
    let with = |path: &str| {
        format!(
            "vars: {{ p: /x }}\nsteps: [{{ id: a, uses: http.request, with: {{ method: GET, path: '{path}' }} }}]\n"
        )
    };
    let (_, diagnostics) = Setup::default().bind(&with("{{ vars.p }}"));
    let one = diagnostics.iter().next().unwrap();
    assert_eq!(one.code, "encoded-address");
    assert!(help(one).contains("raw"), "{}", help(one));
    assert_eq!(Setup::default().reports(&with("/a/{{ vars.p }}")), NOTHING);
    assert_eq!(Setup::default().reports(&with("{{ raw vars.p }}")), NOTHING);
}

#[test]
fn a_template_in_the_path_of_a_call_is_encoded_and_elsewhere_is_not() {
    let text = "vars: { p: a b }\nsteps: [{ id: a, uses: http.request, with: { method: POST, path: '/x/{{ vars.p }}', body: '{{ vars.p }}' } }]\n";
    let plan = plan(text);
    let mut scope = Scope::new();
    scope.set("vars", Value::Object(plan.vars.clone()));
    let value = render(&plan.steps[0].call.with, &plan.templates, &mut scope, Answers::Known).unwrap();
    assert_eq!((&value["path"], &value["body"]), (&json!("/x/a%20b"), &json!("a b")));
}
