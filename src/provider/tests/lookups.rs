//! Lookups: what is asked, and what an answer proves.

use bytes::Bytes;
use serde_json::{Value, json};

use super::acme::{NOW, changed_registry, inputs, map, operation};
use crate::model::{Disposition, Map, Response, Time};
use crate::provider::{Lookup, LookupBatch, LookupResult, Reading};

const SENT: Time = Time::from_secs(1_700_000_000);

fn lookup() -> Lookup {
    operation("create").lookup.clone().unwrap()
}

fn reading(body: &Value) -> Reading {
    operation("list").read(&Response { status: 200, headers: Vec::new(), body: Bytes::from(body.to_string()) })
}

fn things(things: Value) -> Reading {
    reading(&json!({"head": {"code": 1}, "data": {"things": things}}))
}

#[test]
fn an_answer_without_evidence_decides_nothing() {
    let lookup = lookup();
    let call = inputs(json!({}));
    for undecided in [
        reading(&json!({"head": {"code": 10}})),
        reading(&json!({"head": {"code": 60}, "data": {"things": [{"num": "a1b2", "size": 3}]}})),
        reading(&json!({})),
        things(json!([])),
        things(json!([{"num": "zzzz", "size": 3}])),
        things(json!([null, 1, "a1b2", ["num"]])),
        things(json!("a1b2")),
    ] {
        assert_eq!(lookup.verdict(&call, SENT, &undecided), LookupResult::Undecided, "{}", undecided.body);
    }
}

#[test]
fn the_element_of_the_call_decides() {
    let lookup = lookup();
    let call = inputs(json!({}));
    let other = json!({"num": "zzzz", "size": 9, "id": "o"});
    let took = things(json!([other, {"num": "a1b2", "size": "3", "id": "i-1"}]));
    assert_eq!(lookup.verdict(&call, SENT, &took), LookupResult::TookEffect(map(json!({"id": "i-1"}))));
    let did_not = things(json!([{"num": "a1b2", "size": 4}, other]));
    assert_eq!(lookup.verdict(&call, SENT, &did_not), LookupResult::DidNot);
}

#[test]
fn a_condition_for_did_not_leaves_the_rest_undecided() {
    let did_not = "  did_not: \"{{ eq match.size 0 }}\"\n  conclusive: true\n";
    let registry = changed_registry(&[("  conclusive: true\n", did_not)]);
    let lookup = registry.operation_of("acme", "create").unwrap().lookup.clone().unwrap();
    let call = inputs(json!({}));
    let verdict = |size: u64| lookup.verdict(&call, SENT, &things(json!([{"num": "a1b2", "size": size}])));
    assert_eq!(verdict(3), LookupResult::TookEffect(map(json!({"id": null}))));
    assert_eq!(verdict(0), LookupResult::DidNot);
    assert_eq!(verdict(5), LookupResult::Undecided);
    assert_eq!(lookup.verdict(&call, SENT, &things(json!([]))), LookupResult::Undecided);
}

#[test]
fn a_call_that_no_read_shows_is_not_looked_up() {
    let lookup = lookup();
    let call = inputs(json!({"who": "me"}));
    assert!(!lookup.applies(&call));
    assert!(lookup.inputs(&call, SENT).is_err());
    let took = things(json!([{"num": "a1b2", "size": 3}]));
    assert_eq!(lookup.verdict(&call, SENT, &took), LookupResult::Undecided);
}

#[test]
fn the_inputs_of_a_lookup_come_from_the_call() {
    let lookup = lookup();
    let with = lookup.inputs(&inputs(json!({})), SENT).unwrap();
    assert_eq!(Value::Object(with.clone()), json!({"nums": ["a1b2"], "since": 1_700_000_000}));
    let prepared = operation("list").prepare(&super::acme::connection(), with, NOW);
    assert!(prepared.is_ok());
    assert_eq!(lookup.batch, Some(LookupBatch { input: "nums".into(), max: 50, matches: "num".into() }));
    assert!(lookup.conclusive && lookup.delay.as_secs() == 3);
    assert_eq!(Map::new(), things(json!([])).outputs.into_iter().filter(|(name, _)| name != "things").collect::<Map>());
}

#[test]
fn only_a_successful_answer_decides_about_the_call() {
    let lookup = lookup();
    let call = inputs(json!({}));
    let told = things(json!([{"num": "a1b2", "size": 3, "id": "i-1"}]));
    for disposition in Disposition::ALL {
        let verdict = lookup.verdict(&call, SENT, &Reading { disposition, ..told.clone() });
        let known = LookupResult::TookEffect(map(json!({"id": "i-1"})));
        assert_eq!(verdict, if disposition.is_done() { known } else { LookupResult::Undecided }, "{disposition:?}");
    }
}
