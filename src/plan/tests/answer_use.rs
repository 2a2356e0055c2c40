//! What templates use of a step's answer.

use super::setup::plan;
use crate::plan::answer_use;

/// The outputs of step `a` that a following step uses, and whether its body is used.
fn used(with: &str) -> (Vec<String>, bool) {
    let plan = plan(&format!(
        "rows: {{ from: rows.csv, key: id }}\nsteps:\n  - {{ id: a, uses: shop.create, with: {{ num: x }} }}\n  \
         - {{ id: other, uses: shop.create, with: {{ num: y }} }}\n  - {{ id: b, uses: shop.create, with: {{ num: x }}{with} }}\n\
         results: {{ r: '{{{{ steps.a.outputs.pin }}}}' }}\n"
    ));
    let used = answer_use(&plan, "a");
    (used.outputs.into_iter().collect(), used.body)
}

fn outputs(with: &str) -> Vec<String> {
    let (outputs, body) = used(with);
    assert!(!body, "{with}");
    outputs
}

const NOTHING: [&str; 0] = [];

#[test]
fn the_outputs_that_other_steps_name_are_used() {
    assert_eq!(outputs(", when: '{{ steps.a.outputs.mark }}'"), ["mark"]);
    assert_eq!(outputs(", expect: ['{{ steps.a.outputs.mark }}', '{{ steps.a.outputs.id }}']"), ["id", "mark"]);
    let rollback = ", rollback: { uses: shop.remove, with: { id: '{{ steps.a.outputs.id }}' } }";
    assert_eq!(outputs(rollback), ["id"]);
}

#[test]
fn a_result_column_another_step_and_the_outcome_use_nothing_of_it() {
    assert_eq!(outputs(""), NOTHING);
    assert_eq!(outputs(", when: '{{ steps.other.outputs.mark }}'"), NOTHING);
    assert_eq!(outputs(", when: '{{ steps.a.outcome }}'"), NOTHING);
    assert_eq!(outputs(", when: '{{ row.a }}'"), NOTHING);
}

#[test]
fn the_body_is_used_where_it_is_named() {
    assert_eq!(used(", when: '{{ steps.a.body.x }}'"), (vec![], true));
}

#[test]
fn the_step_as_a_whole_uses_the_required_outputs() {
    assert_eq!(outputs(", when: '{{ json steps.a }}'"), ["id"]);
    assert_eq!(outputs(", when: '{{ json steps.a.items }}'"), ["id"]);
}
