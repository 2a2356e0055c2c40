//! What a call changes: whether it may be repeated, what it counts as, what identifies it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::setup::{Setup, help, map, plan};
use crate::model::{EffectKey, Repeat, RunId};
use crate::plan::{BoundCall, Plan};

/// A plan whose first step makes a call.
fn calling(call: &str) -> Plan {
    plan(&format!("steps: [{{ id: a, {call} }}]\n"))
}

fn call(plan: &Plan) -> &BoundCall {
    &plan.steps[0].call
}

const CREATE: &str = "uses: shop.create, with: { num: x }";
const POST: &str = "uses: http.request, with: { method: POST, path: /x }";

fn repeat_for(call_text: &str, inputs: Value) -> Repeat {
    call(&calling(call_text)).repeat_for(&map(inputs))
}

#[test]
fn whether_a_write_may_be_repeated_is_the_operations_word_for_its_inputs() {
    assert_eq!(repeat_for(CREATE, json!({"num": "x", "notify": true})), Repeat::Safe);
    assert_eq!(repeat_for(CREATE, json!({"num": "x", "notify": false})), Repeat::Lookup);
    assert_eq!(repeat_for("uses: shop.send, with: { to: x }", json!({"to": "x"})), Repeat::Never);
}

#[test]
fn the_step_decides_for_an_open_operation_and_a_read_is_safe_whatever_it_says() {
    let step = "uses: http.request, with: { method: POST, path: /x }, repeat: never";
    assert_eq!(repeat_for(POST, json!({"method": "POST"})), Repeat::Never);
    assert_eq!(repeat_for(&step.replace("never", "safe"), json!({"method": "POST"})), Repeat::Safe);
    assert_eq!(repeat_for(step, json!({"method": "GET"})), Repeat::Safe);
}

fn counted(call_text: &str, budget: &[&str], inputs: Value) -> Vec<String> {
    let budget: BTreeMap<String, u64> = budget.iter().map(|word| ((*word).to_owned(), 5)).collect();
    call(&calling(call_text)).counted(&budget, &map(inputs))
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_call_counts_under_the_words_of_its_dangers_each_once() {
    let both = json!({"num": "x", "notify": true, "mail": true});
    assert_eq!(counted(CREATE, &["notice", "letter"], both), ["letter", "notice"]);
    assert_eq!(counted(CREATE, &["notice", "letter"], json!({"num": "x", "mail": true})), ["letter"]);
    assert_eq!(counted(CREATE, &["notice", "letter"], json!({"num": "x"})), NOTHING);
}

#[test]
fn words_without_a_budget_are_not_counted() {
    let both = json!({"num": "x", "notify": true, "mail": true});
    assert_eq!(counted(CREATE, &["notice"], both.clone()), ["notice"]);
    assert_eq!(counted(CREATE, &[], both), NOTHING);
}

/// The identity of the effect in an environment; the request's hash is `#`.
fn effect_in(environment: &'static str, call_text: &str, inputs: Value) -> Option<EffectKey> {
    let setup = Setup { environment, ..Setup::default() };
    let plan = setup.plan(&format!("steps: [{{ id: a, {call_text} }}]\n"));
    call(&plan).effect(&plan, &map(inputs), || Some("#".to_owned()))
}

#[test]
fn an_effect_is_identified_by_its_natural_key() {
    let key = effect_in("test", CREATE, json!({"num": "x"}));
    assert_eq!(key, Some(EffectKey::of_natural_key("shop.create", "x")));
}

#[test]
fn an_effect_without_a_natural_key_is_identified_by_endpoint_and_request() {
    let send = effect_in("test", "uses: shop.send, with: { to: x }", json!({"to": "x"}));
    assert_eq!(send, Some(EffectKey::of_request("shop.send", "https://shop.example/v1", "#")));
    let post = effect_in("test", POST, json!({"method": "POST"}));
    assert_eq!(post, Some(EffectKey::of_request("http.request", "https://http.example", "#")));
}

#[test]
fn an_effect_whose_request_is_not_known_yet_has_no_identity() {
    let plan = calling("uses: shop.send, with: { to: x }");
    assert_eq!(call(&plan).effect(&plan, &map(json!({"to": "x"})), || None), None);
}

#[test]
fn what_may_be_repeated_and_what_the_sandbox_makes_is_not_guarded() {
    assert_eq!(effect_in("test", CREATE, json!({"num": "x", "notify": true})), None);
    assert_eq!(effect_in("test", "uses: shop.list", json!({})), None);
    assert_eq!(effect_in("sandbox", CREATE, json!({"num": "x"})), None);
}

#[test]
fn the_operations_with_effects_are_the_writing_ones_of_all_lists() {
    let text = "before: [{ id: z, uses: shop.send, with: { to: x } }]\n\
        steps: [{ id: a, uses: shop.create, with: { num: x }, rollback: { uses: shop.remove, with: { id: x } } }, \
        { id: b, uses: shop.create, with: { num: y } }, { id: c, uses: shop.list }]\nafter: [{ id: y, uses: shop.close }]\n";
    let mut plan = plan(text);
    assert_eq!(plan.effect_operations(), ["shop.close", "shop.create", "shop.send"]);
    plan.undoing = Some(RunId::from_text("earlier"));
    assert_eq!(plan.effect_operations(), ["shop.remove"]);
}

/// What is said of an effect budget, with its help.
fn budget(word: &str, steps: &str) -> Vec<String> {
    let (_, diagnostics) = Setup::default().bind(&format!("budget: {{ {word}: 5 }}\nsteps: [{steps}]\n"));
    diagnostics.iter().map(|one| format!("{}: {} | {}", one.code, one.message, help(one))).collect()
}

#[test]
fn a_budget_word_that_no_operation_counts_is_reported() {
    let create = "{ id: a, uses: shop.create, with: { num: x } }";
    assert_eq!(budget("notice", create), NOTHING);
    let near = "unknown-effect: No operation of this playbook counts `notices` | Did you mean `notice`?";
    assert_eq!(budget("notices", create), [near]);
    let listed = "unknown-effect: No operation of this playbook counts `zzzzzzz` | They count `letter`, `notice`.";
    assert_eq!(budget("zzzzzzz", create), [listed]);
    let none = "unknown-effect: No operation of this playbook counts `notice` | None of its operations counts anything: take the key out.";
    assert_eq!(budget("notice", "{ id: a, uses: shop.list }"), [none]);
}

#[test]
fn a_rollback_counts_too() {
    let rollback = "{ id: a, uses: shop.send, with: { to: x }, rollback: { uses: shop.create, with: { num: x } } }";
    assert_eq!(budget("notice", rollback), NOTHING);
}
