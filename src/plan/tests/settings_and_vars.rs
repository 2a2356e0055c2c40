//! Settings of a call, and the values of variables.

use std::collections::BTreeMap;

use serde_json::json;

use super::setup::{Setup, help, map, plan, read, reports, shop};
use crate::diagnostic::Diagnostics;
use crate::model::{Map, Value};
use crate::plan::resolve_vars;
use crate::provider::Connection;

fn with_settings(settings: &str) -> String {
    format!("steps: [{{ id: a, uses: shop.create, with: {{ num: x }}, settings: {settings} }}]\n")
}

fn without_desk() -> Setup {
    Setup { connections: vec![Connection { settings: Map::new(), ..shop("shop") }], ..Setup::default() }
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_setting_that_the_provider_lacks_is_reported_with_the_near_one() {
    let (_, diagnostics) = Setup::default().bind(&with_settings("{ desc: back }"));
    let one = diagnostics.iter().next().unwrap();
    assert_eq!(one.message, "`desc` is not a setting of provider `shop`");
    assert!(help(one).contains("`desk`"), "{}", help(one));
}

#[test]
fn a_required_setting_comes_from_the_connection_or_from_the_step() {
    let missing = "missing-setting: Connection `shop` lacks the setting `desk`";
    assert_eq!(without_desk().reports(&with_settings("{}")), [missing]);
    assert_eq!(without_desk().reports(&with_settings("{ lang: fr }")), [missing]);
    assert_eq!(without_desk().reports(&with_settings("{ desk: back }")), NOTHING);
    assert_eq!(without_desk().reports(&with_settings("{ desk: '{{ run.id }}' }")), NOTHING);
    assert_eq!(Setup::default().reports(&with_settings("{}")), NOTHING);
}

#[test]
fn a_settings_credential_cannot_be_a_header_of_the_transport() {
    let step = |header: &str| {
        format!(
            "steps: [{{ id: a, uses: http.request, with: {{ method: GET, path: /x }}, settings: {{ header: {header} }} }}]\n"
        )
    };
    let message = "reserved-header: The header `Host` is set by the transport and cannot hold a credential";
    assert_eq!(Setup::default().reports(&step("Host")), [message]);
    assert_eq!(Setup::default().reports(&step("X-Key")), NOTHING);
}

#[test]
fn settings_that_no_row_changes_are_merged_once() {
    let merged = |settings: &str| {
        let plan = plan(&format!("rows: {{ from: rows.csv, key: id }}\n{}", with_settings(settings)));
        plan.steps[0].call.merged_settings.as_ref().map(|merged| Value::Object(merged.as_ref().clone()))
    };
    assert_eq!(merged("{ desk: back }").unwrap()["desk"], json!("back"));
    assert_eq!(merged("{}").unwrap()["desk"], json!("front"));
    assert_eq!(merged("{ desk: '{{ row.id }}' }"), None);
}

/// The values of `vars`, and what was reported.
fn values(vars: &str, given: Value) -> (Value, Vec<String>, String) {
    let playbook = read(&format!("vars:\n  {vars}\nsteps: [{{ id: a, uses: shop.list }}]\n"));
    let mut diagnostics = Diagnostics::new();
    let given: BTreeMap<String, Value> = map(given).into_iter().collect();
    let values = resolve_vars(&playbook.vars, &given, &playbook.source, &mut diagnostics);
    let help = diagnostics.iter().map(help).collect::<Vec<_>>().join("\n");
    (Value::Object(values), reports(&diagnostics), help)
}

#[test]
fn a_variable_has_its_default_unless_the_run_gives_a_value() {
    let vars = "branch: a\n  size: 3";
    assert_eq!(values(vars, json!({})).0, json!({"branch": "a", "size": 3}));
    assert_eq!(values(vars, json!({"branch": "b"})).0, json!({"branch": "b", "size": 3}));
}

#[test]
fn a_given_text_is_read_by_the_type_of_its_variable() {
    assert_eq!(values("size: 3", json!({"size": "5"})).0, json!({"size": 5}));
    assert_eq!(values("size: { type: integer }", json!({"size": "5"})).0, json!({"size": 5}));
    assert_eq!(values("name: x", json!({"name": "5"})).0, json!({"name": "5"}));
}

#[test]
fn a_given_value_that_is_no_text_is_taken_as_it_is() {
    assert_eq!(values("size: 3", json!({"size": [1]})), (json!({"size": [1]}), vec![], String::new()));
}

#[test]
fn a_given_text_of_the_wrong_type_is_reported_and_null() {
    let (value, said, _) = values("size: 3", json!({"size": "five"}));
    assert_eq!(value, json!({"size": null}));
    assert!(
        said.len() == 1 && said[0].starts_with("bad-var: Variable `size`:") && said[0].contains("five"),
        "{said:?}"
    );
}

#[test]
fn a_message_about_a_sensitive_variable_does_not_show_its_text() {
    let (_, said, help) = values("size: { type: integer, sensitive: true }", json!({"size": "five-o-clock"}));
    assert_eq!(said.len(), 1);
    assert!(!said[0].contains("five-o-clock") && !help.contains("five-o-clock"), "{said:?} {help}");
}

#[test]
fn a_variable_without_any_value_is_reported_and_null() {
    let (value, said, help) = values("size: { type: integer }", json!({}));
    assert_eq!((value, said), (json!({"size": null}), vec!["missing-var: Variable `size` has no value".to_owned()]));
    assert_eq!(help, "Give it with `--var size=…`, or a `default:`.");
}

#[test]
fn a_given_variable_that_is_not_declared_is_reported() {
    let (_, said, help) = values("size: 3", json!({"sise": 1}));
    assert_eq!(said, ["unknown-var: The playbook has no variable `sise`"]);
    assert!(help.contains("`size`"), "{help}");
    let (value, _, help) = values("size: 3", json!({"zzzzzz": 1}));
    assert_eq!((value, help.as_str()), (json!({"size": 3}), "Declare it under `vars:`, or leave it out."));
}
