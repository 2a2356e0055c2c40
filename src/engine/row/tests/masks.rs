//! The values of a call's inputs that people must not see.

use super::row_bench::RowBench;
use crate::engine::fixtures::{START, cells, object, undo_plan_of};
use crate::engine::row::step_context::StepContext;
use crate::journal::{CallRef, Fact, ImportedCall};
use crate::model::{Masks, Phase, RunId, StepOutcome, Value};
use crate::policy::SeededRng;

/// The masks of the first step's call, or of its rollback.
fn masks(bench: &mut RowBench, phase: Phase) -> Masks {
    let (plan, shape) = (bench.plan.clone(), bench.shape.clone());
    let context = StepContext { plan: &plan, shape: &shape, rng: SeededRng::new(7), now: bench.now };
    let step = &plan.steps[0];
    let bound = if phase == Phase::Do { &step.call } else { step.rollback.as_ref().unwrap() };
    let mut masks = Masks::default();
    bench.machine.mask_call(context, step, bound, CallRef { step: 0, item: 0, phase }, &mut masks);
    masks
}

/// A row of a playbook with the sensitive variable `pin`.
fn with_pin(with: &str, pin: &str) -> RowBench {
    let vars = format!("vars: {{ pin: {{ sensitive: true, default: '{pin}' }} }}\n");
    RowBench::new(&format!("{vars}steps:\n  - {{ id: ask, uses: probe.ask, with: {{ mode: dry, {with} }} }}\n"))
}

#[test]
fn the_sensitive_inputs_of_a_call_are_masked_and_no_others() {
    let steps = "steps:\n  - { id: ask, uses: probe.ask, with: { mode: 'dry mode', secret: '{{ row.name }}' } }\n";
    let masks = masks(&mut RowBench::new(steps), Phase::Do);
    assert_eq!(masks.text("Ann 0 in dry mode"), "*** in dry mode");
}

#[test]
fn the_inputs_of_every_element_are_masked() {
    let steps = "steps:\n  - { id: ask, uses: probe.ask, for_each: '{{ row.tags }}', with: { mode: dry, secret: 'tag {{ item }} of it' } }\n";
    assert_eq!(masks(&mut RowBench::new(steps), Phase::Do).text("tag x of it, tag y of it"), "***, tag y of it");
}

#[test]
fn what_templates_make_of_sensitive_names_is_masked() {
    let masks = masks(&mut with_pin("secret: '{{ upper vars.pin }}'", "open sesame"), Phase::Do);
    assert_eq!(masks.text("OPEN SESAME"), "***");
}

#[test]
fn a_converted_input_is_masked_in_the_form_that_is_sent() {
    let masks = masks(&mut with_pin("day: '{{ vars.pin }}'", "2027-02-01T00:00:00Z"), Phase::Do);
    assert_eq!(masks.text("not before 1801440000"), "not before ***");
}

#[test]
fn a_call_that_cannot_be_rendered_is_masked_as_far_as_it_can() {
    let mut bench = with_pin("secret: '{{ upper vars.pin }}', day: '{{ row.name }}'", "open sesame");
    assert_eq!(masks(&mut bench, Phase::Do).text("OPEN SESAME"), "***");
}

#[test]
fn the_sensitive_inputs_of_an_undo_are_masked() {
    let run = RunId::from_text("20270115-080000-abcdef");
    let steps = "steps:\n  - { id: ask, uses: probe.ask, with: { mode: wet, secret: '{{ row.name }}' } }\n";
    let fact = ImportedCall {
        call: CallRef { step: 0, item: 0, phase: Phase::Do },
        from: run.clone(),
        made_at: START,
        outcome: StepOutcome::Succeeded,
        hash: Some("f00d".to_owned()),
        element: None,
        code: None,
        message: None,
        request_id: None,
        outputs: object(&[]),
        body: Value::Null,
    };
    let mut bench = RowBench::over(undo_plan_of(steps, run), cells(0), vec![(START, Fact::ImportedCall(fact))]);
    assert_eq!(masks(&mut bench, Phase::Rollback).text("Ann 0 is not asked"), "*** is not asked");
}
