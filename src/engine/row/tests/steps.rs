//! The steps of a row: which are wanted, their elements, how they end, and what the next ones see of them.

use super::row_bench::RowBench;
use crate::engine::fixtures::{code, done, made};
use crate::model::{RowOutcome, StepOutcome, Value};
use serde_json::json;

/// Two steps; the first's own keys are given.
fn two(first: &str) -> String {
    format!(
        "steps:\n  - {{ id: one, {first} }}\n  - {{ id: two, uses: probe.get, with: {{ id: '{{{{ row.id }}}}' }} }}\n"
    )
}

const PUT: &str = "uses: probe.put, with: { name: '{{ row.name }}' }";
const EACH: &str = "uses: probe.put, for_each: '{{ row.tags }}', with: { name: '{{ item }}' }";

/// Answers every call until the row ends; the bench and the requests' bodies.
fn run(steps: &str, answers: Vec<crate::engine::CallResult>) -> RowBench {
    let mut bench = RowBench::new(steps);
    answers.into_iter().for_each(|answer| drop(bench.call(answer)));
    bench.end();
    bench
}

#[test]
fn a_step_whose_condition_does_not_hold_is_skipped_without_a_call() {
    for (go, wanted) in [("yes", true), ("", false)] {
        let steps = two(&format!("{PUT}, when: '{{{{ row.go }}}}'"));
        let mut bench = RowBench::with_cell(&steps, "go", go.into());
        let first = bench.send();
        assert_eq!(first.operation.full_name(), if wanted { "probe.put" } else { "probe.get" }, "{go}");
        assert_eq!(bench.story().first().is_some_and(|words| words == "step 0 skipped"), !wanted);
    }
}

#[test]
fn a_row_whose_steps_were_all_skipped_is_skipped() {
    let steps = format!("steps:\n  - {{ id: one, {PUT}, when: '{{{{ row.go }}}}' }}\n");
    let mut bench = RowBench::with_cell(&steps, "go", "".into());
    assert_eq!(bench.end().outcome, RowOutcome::Skipped);
    assert_eq!(bench.story(), ["step 0 skipped", "row skipped"]);
}

#[test]
fn a_condition_that_cannot_be_judged_fails_its_step() {
    let steps = two(&format!("{PUT}, when: '{{{{ upper row.tags }}}}'"));
    let mut bench = RowBench::new(&steps);
    let end = bench.end();
    assert_eq!((end.outcome, end.code.as_deref()), (RowOutcome::Failed, Some("template")));
    assert_eq!(bench.story(), ["step 0 failed template", "row failed"]);
}

#[test]
fn the_elements_of_a_step_are_called_one_after_the_other() {
    let steps = format!("steps:\n  - {{ id: one, {EACH} }}\n");
    let mut bench = RowBench::new(&steps);
    for (place, tag) in ["x", "y"].iter().enumerate() {
        let outgoing = bench.send();
        assert_eq!((outgoing.inputs["name"].as_str(), outgoing.call.item as usize), (Some(*tag), place));
        assert!(outgoing.element.is_some());
        bench.answer(&outgoing, made("n"));
    }
    assert_eq!(bench.end().outcome, RowOutcome::Succeeded);
    assert_eq!(bench.story().iter().filter(|words| words.starts_with("step")).count(), 1);
}

#[test]
fn equal_elements_have_identities_of_their_own() {
    let steps = format!("steps:\n  - {{ id: one, {EACH} }}\n");
    let mut bench = RowBench::with_cell(&steps, "tags", json!(["x", "x", "y", "x"]));
    let mut identities = Vec::new();
    for _ in 0..4 {
        let outgoing = bench.send();
        identities.push(outgoing.element.clone().unwrap());
        bench.answer(&outgoing, made("n"));
    }
    assert_eq!(identities[1], format!("{}.1", identities[0]));
    assert_eq!(identities[3], format!("{}.2", identities[0]));
    assert!(!identities[2].contains('.') && identities[2] != identities[0]);
    assert_eq!(identities[0].len(), 16);
}

#[test]
fn a_step_without_elements_is_skipped() {
    for tags in [json!([]), Value::Null] {
        let mut bench = RowBench::with_cell(&two(EACH), "tags", tags);
        assert_eq!(bench.send().operation.full_name(), "probe.get");
        assert_eq!(bench.story(), ["step 0 skipped"]);
    }
}

#[test]
fn elements_that_are_no_list_fail_the_step() {
    for tags in [json!("x"), json!(7), json!(true), json!({ "a": 1 })] {
        let mut bench = RowBench::with_cell(&two(EACH), "tags", tags);
        let end = bench.end();
        assert_eq!(end.code.as_deref(), Some("template"));
        assert_eq!(end.message.as_deref(), Some("`for_each` needs a list"));
    }
}

#[test]
fn no_element_follows_one_that_failed_or_is_unknown() {
    for (answer, outcome) in [(code("no"), RowOutcome::Failed), (code("unsure"), RowOutcome::Unknown)] {
        let steps =
            "steps:\n  - { id: one, uses: probe.make, for_each: '{{ row.tags }}', with: { name: '{{ item }}' } }\n";
        let bench = run(steps, vec![answer]);
        assert_eq!(bench.machine.state().ended.as_ref().unwrap().outcome, outcome);
    }
}

#[test]
fn a_step_is_as_bad_as_the_worst_of_its_elements() {
    let (good, warned, already) = (|| made("n"), || code("warned"), || code("already"));
    for (answers, outcome) in [
        (vec![already(), already()], StepOutcome::Unchanged),
        (vec![already(), good()], StepOutcome::Succeeded),
        (vec![good(), already()], StepOutcome::Succeeded),
        (vec![warned(), good()], StepOutcome::Warning),
        (vec![good(), warned()], StepOutcome::Warning),
        (vec![good(), code("no")], StepOutcome::Failed),
        (vec![warned(), code("no")], StepOutcome::Failed),
    ] {
        let bench = run(&format!("steps:\n  - {{ id: one, {EACH} }}\n"), answers);
        assert_eq!(bench.machine.state().steps[0].ended.as_ref().unwrap().outcome, outcome);
    }
}

#[test]
fn expect_is_evaluated_with_the_steps_own_answer() {
    let expecting = |that: &str| format!("steps:\n  - {{ id: one, {PUT}, expect: '{that}' }}\n");
    let holds = run(&expecting("{{ eq steps.one.outputs.num \"n1\" }}"), vec![made("n1")]);
    assert_eq!(holds.last_story(), "row succeeded");
    let mut not = RowBench::new(&expecting("{{ eq steps.one.outputs.num \"n2\" }}"));
    not.call(made("n1"));
    let end = not.end();
    // The effect stands, and the row is not as it should be.
    assert_eq!((end.outcome, end.code.as_deref()), (RowOutcome::Partial, Some("expectation")));
    assert!(end.message.as_deref().unwrap().starts_with("`expect` does not hold: "), "{end:?}");
    let mut wrong = RowBench::new(&expecting("{{ upper steps.one.outputs }}"));
    wrong.call(made("n1"));
    assert!(wrong.end().message.as_deref().unwrap().starts_with("`expect` could not be evaluated: "));
}

#[test]
fn expect_is_not_evaluated_for_a_step_that_failed() {
    let steps = format!("steps:\n  - {{ id: one, {PUT}, expect: '{{{{ eq 1 2 }}}}' }}\n");
    let bench = run(&steps, vec![code("no")]);
    assert_eq!(bench.machine.state().ended.as_ref().unwrap().code.as_deref(), Some("no"));
}

#[test]
fn a_failed_step_ends_the_row_unless_it_may_be_passed_over() {
    for (on_failure, goes_on) in [("stop_row", false), ("stop_run", false), ("continue", true)] {
        let mut bench = RowBench::new(&two(&format!("{PUT}, on_failure: {on_failure}")));
        bench.call(code("no"));
        if goes_on {
            bench.call(done("\"state\": \"open\""));
        }
        let end = bench.end();
        assert_eq!((end.outcome, end.step.as_deref()), (RowOutcome::Failed, Some("one")), "{on_failure}");
    }
}

#[test]
fn an_unknown_step_ends_the_row_even_where_failures_are_passed_over() {
    let mut bench = RowBench::new(&two("uses: probe.make, with: { name: x }, on_failure: continue"));
    bench.call(code("unsure"));
    assert_eq!(bench.end().outcome, RowOutcome::Unknown);
}

#[test]
fn later_steps_see_outputs_outcomes_elements_and_answers() {
    let see = |what: &str| {
        format!("steps:\n  - {{ id: one, {EACH} }}\n  - {{ id: two, uses: probe.put, with: {{ name: '{what}' }} }}\n")
    };
    for (what, seen) in [
        ("{{ steps.one.outputs.num }}", "n2"),
        ("{{ steps.one.outcome }}", "succeeded"),
        ("{{ steps.one.items.[0].outputs.num }}", "n1"),
        ("{{ steps.one.items.[1].outcome }}", "succeeded"),
        ("{{ steps.one.body.num }}", "n2"),
    ] {
        let mut bench = RowBench::new(&see(what));
        bench.call(made("n1"));
        bench.call(made("n2"));
        assert_eq!(bench.send().inputs["name"], seen, "{what}");
    }
}

#[test]
fn a_step_that_failed_shows_its_outcome_and_no_outputs() {
    let steps = "steps:\n  - { id: one, uses: probe.put, with: { name: x }, on_failure: continue }\n  \
        - { id: two, uses: probe.put, with: { name: '{{ steps.one.outcome }}{{#if steps.one.outputs}}!{{/if}}' } }\n";
    let mut bench = RowBench::new(steps);
    bench.call(code("no"));
    assert_eq!(bench.send().inputs["name"], "failed");
}

#[test]
fn a_call_that_cannot_be_rendered_or_has_wrong_inputs_fails_without_being_sent() {
    let unrendered = two("uses: probe.put, with: { name: '{{ upper row.tags }}' }");
    let mut bench = RowBench::new(&unrendered);
    assert_eq!(bench.end().code.as_deref(), Some("template"));
    assert_eq!(bench.story()[0], "attempt 0 NotMade template > failed");
    let mut wrong = RowBench::with_cell(&two(PUT), "name", json!(["no text"]));
    assert_eq!(wrong.end().code.as_deref(), Some("invalid"));
    assert_eq!(wrong.story()[0], "attempt 0 NotMade invalid > failed");
}
