//! What a later run compares: the elements of a step, and the request that a call would be now.

use super::answers::{GET, MAKE};
use super::row_bench::RowBench;
use crate::engine::fixtures::made;
use crate::engine::row::step_context::StepContext;
use crate::journal::CallRef;
use crate::policy::SeededRng;
use serde_json::json;

/// A step with one call for each tag of the row.
const EACH: &str =
    "steps:\n  - { id: put, uses: probe.put, for_each: '{{ row.tags }}', with: { name: 'to {{ item }}' } }\n";

fn elements(bench: &mut RowBench) -> Result<Vec<Option<String>>, String> {
    let (plan, shape) = (bench.plan.clone(), bench.shape.clone());
    let context = StepContext { plan: &plan, shape: &shape, rng: SeededRng::new(7), now: bench.now };
    bench.machine.elements(context, 0, &plan.steps[0])
}

fn request_now(bench: &mut RowBench, item: u32) -> Result<(String, String), String> {
    let (plan, shape) = (bench.plan.clone(), bench.shape.clone());
    let context = StepContext { plan: &plan, shape: &shape, rng: SeededRng::new(7), now: bench.now };
    bench.machine.request_now(context, &plan.steps[0], CallRef { item, ..CallRef::default() })
}

#[test]
fn a_step_without_elements_has_one_without_an_identity() {
    assert_eq!(elements(&mut RowBench::new(MAKE)), Ok(vec![None]));
}

#[test]
fn the_elements_of_a_step_are_those_under_which_its_calls_are_sent() {
    let tags = json!(["x", "y", "x"]);
    let found = elements(&mut RowBench::with_cell(EACH, "tags", tags.clone())).unwrap();
    let mut bench = RowBench::with_cell(EACH, "tags", tags);
    let sent = [(); 3].map(|()| {
        let outgoing = bench.send();
        bench.answer(&outgoing, made("n1"));
        outgoing.element
    });
    assert_eq!(found, sent);
    assert_ne!(found[0], found[1]);
    assert_eq!(found[2], found[0].as_ref().map(|first| format!("{first}.1")), "equal elements are numbered");
}

#[test]
fn an_empty_list_has_no_elements_and_another_value_is_an_error() {
    assert_eq!(elements(&mut RowBench::with_cell(EACH, "tags", json!([]))), Ok(Vec::new()));
    assert!(elements(&mut RowBench::with_cell(EACH, "tags", json!("x"))).is_err());
}

#[test]
fn the_request_now_is_the_one_that_is_sent() {
    for steps in [MAKE, GET] {
        let outgoing = RowBench::new(steps).send();
        let now = request_now(&mut RowBench::new(steps), 0).unwrap();
        assert_eq!(now, (outgoing.operation.full_name().to_owned(), outgoing.prepared.hash()), "{steps}");
    }
}

#[test]
fn the_requests_of_two_elements_differ() {
    let mut bench = RowBench::new(EACH);
    let (first, second) = (request_now(&mut bench, 0).unwrap(), request_now(&mut bench, 1).unwrap());
    assert_eq!(first.0, second.0);
    assert_ne!(first.1, second.1);
}

#[test]
fn a_request_that_cannot_be_rendered_now_says_why() {
    let wrong = request_now(&mut RowBench::with_cell(MAKE, "name", json!(["no text"])), 0).unwrap_err();
    assert!(wrong.contains("must be text"), "{wrong}");
}
