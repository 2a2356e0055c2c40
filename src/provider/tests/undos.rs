//! Undo: what takes a call back, and when nothing does.

use serde_json::{Value, json};

use super::acme::{NOW, connection, inputs, map, operation};

#[test]
fn a_call_that_cannot_be_undone_is_an_error() {
    let undo = operation("create").undo.clone().unwrap();
    let told = undo.inputs(&inputs(json!({"notify": true})), &map(json!({"id": "7"})));
    assert!(told.unwrap_err().contains("takes such a call back"));
    assert!(operation("list").undo.is_none());
}

#[test]
fn the_inputs_of_an_undo_come_from_the_call_and_its_answer() {
    let undo = operation("create").undo.clone().unwrap();
    let with = undo.inputs(&inputs(json!({"lang": "ja"})), &map(json!({"id": "7"}))).unwrap();
    let wanted = json!({"id": "7", "why": "made a1b2 by mistake", "tags": ["ja"]});
    assert_eq!(Value::Object(with.clone()), wanted);
    let remove = operation(&undo.operation);
    assert_eq!(Value::Object(remove.prepare(&connection(), with, NOW).unwrap()), wanted);
}

#[test]
fn an_answer_without_outputs_leaves_a_required_input_out() {
    let undo = operation("create").undo.clone().unwrap();
    let with = undo.inputs(&inputs(json!({})), &map(json!({}))).unwrap();
    let problems = operation(&undo.operation).prepare(&connection(), with, NOW).unwrap_err();
    assert!(problems.iter().any(|problem| problem.message.contains("`id`")), "{problems:?}");
}
