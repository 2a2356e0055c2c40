//! The plan of a run that takes back an earlier one.

use super::setup::{Setup, plan, registry, shop};
use crate::model::RunId;
use crate::plan::{Plan, undo_plan, why_not_undone};

fn earlier() -> RunId {
    RunId::from_text("earlier")
}

fn undone(text: &str) -> Plan {
    undo_plan(plan(text), registry(), earlier())
}

fn rollback_of(plan: &Plan) -> Option<&str> {
    plan.steps[0].rollback.as_ref().map(|call| call.operation.full_name())
}

#[test]
fn a_step_without_a_rollback_gets_the_undo_of_its_operation() {
    let text = "steps: [{ id: a, uses: shop.create, with: { num: x }, settings: { desk: back } }]\n";
    let (before, plan) = (plan(text), undone(text));
    let (made, call) = (&before.steps[0].call, plan.steps[0].rollback.as_ref().unwrap());
    assert_eq!(call.operation.full_name(), "shop.remove");
    assert_eq!(call.undoes.as_ref().map(|operation| operation.full_name()), Some("shop.create"));
    assert_eq!((call.connection, call.repeat), (made.connection, None));
    assert_eq!(call.merged_settings, made.merged_settings);
    assert_eq!(plan.rate_buckets[call.rate_bucket].operation, "shop.remove");
}

#[test]
fn the_undo_shares_the_buckets_that_the_plan_has() {
    let plan = undone("steps: [{ id: a, uses: shop.create, with: { num: x } }]\n");
    let operations: Vec<_> = plan.rate_buckets.iter().map(|bucket| bucket.operation.as_str()).collect();
    assert_eq!(operations, ["shop.create", "shop.list", "shop.remove"]);
    let (read, bucket) = plan.steps[0].rollback.as_ref().unwrap().lookup.as_ref().unwrap();
    assert_eq!((read.full_name(), *bucket), ("shop.list", 1));
}

#[test]
fn a_steps_own_rollback_stays() {
    let text =
        "steps: [{ id: a, uses: shop.create, with: { num: x }, rollback: { uses: shop.send, with: { to: x } } }]\n";
    let plan = undone(text);
    assert_eq!(rollback_of(&plan), Some("shop.send"));
    assert!(plan.steps[0].rollback.as_ref().unwrap().undoes.is_none());
}

#[test]
fn steps_after_the_rows_are_dropped_and_those_before_are_not_taken_back() {
    let text = "before: [{ id: z, uses: shop.create, with: { num: z } }]\nsteps: [{ id: a, uses: shop.create, with: { num: x } }]\n\
        after: [{ id: y, uses: shop.send, with: { to: x } }]\n";
    let plan = undone(text);
    assert_eq!((plan.before.len(), plan.after.len()), (1, 0));
    assert!(plan.before[0].rollback.is_none());
    assert_eq!(plan.undoing, Some(earlier()));
}

#[test]
fn an_operation_without_an_undo_is_not_taken_back_and_says_so() {
    let plan = undone("steps: [{ id: a, uses: shop.send, with: { to: x } }]\n");
    assert_eq!(rollback_of(&plan), None);
    assert_eq!(why_not_undone(&plan, registry(), &plan.steps[0]), "no operation is known that takes it back");
}

#[test]
fn an_undo_without_a_path_needs_one_of_the_connection_and_says_so() {
    let text = "steps: [{ id: a, uses: shop.close }]\n";
    let plan = undone(text);
    assert_eq!(rollback_of(&plan), None);
    let why = why_not_undone(&plan, registry(), &plan.steps[0]);
    assert!(why.starts_with("`shop.reopen` has no path"), "{why}");
    let mut connection = shop("shop");
    connection.operations.entry("reopen".to_owned()).or_default().path = Some("/reopen".to_owned());
    let given = Setup { connections: vec![connection], ..Setup::default() }.plan(text);
    let plan = undo_plan(given, registry(), earlier());
    assert_eq!(rollback_of(&plan), Some("shop.reopen"));
    assert_eq!(why_not_undone(&plan, registry(), &plan.steps[0]), "nothing takes it back");
}
