//! The calls that a row will make, and which mistakes of rows are reported.

use serde_json::{Value, json};

use super::setup::{NOW, TestRow, check, map, plan, reports, row};
use crate::diagnostic::Diagnostics;
use crate::model::deferred;
use crate::plan::{InputsWanted, Plan, RowCheck};

const HEAD: &str = "rows: { from: rows.csv, key: id }\n";

fn with(steps: &str) -> Plan {
    plan(&format!("{HEAD}steps: [{steps}]\n"))
}

/// The steps that are called, with the input `num`, and those that are skipped.
fn calls(plan: &Plan, row: &TestRow, cells: Value) -> (Vec<(usize, Value)>, Vec<usize>) {
    let (checked, diagnostics) = check(plan, row, cells);
    assert!(diagnostics.is_empty(), "{:?}", reports(&diagnostics));
    let num = |inputs: &crate::model::Map| inputs.get("num").cloned().unwrap_or_default();
    (checked.calls.iter().map(|call| (call.step, num(&call.inputs))).collect(), checked.skipped)
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_call_has_its_converted_inputs_and_merged_settings() {
    let plan = with(
        "{ id: a, uses: shop.create, with: { num: '{{ row.id }}', size: '{{ row.size }}', note: '{{ row.note }}' }, settings: { desk: '{{ row.id }}' } }",
    );
    let (checked, _) = check(&plan, &row(2), json!({"id": "R", "size": "5", "note": null}));
    let call = &checked.calls[0];
    assert_eq!(Value::Object(call.inputs.clone()), json!({"num": "R", "size": 5, "notify": false, "mail": false}));
    assert_eq!(
        (call.settings.get("desk"), call.settings.get("lang"), call.deferred),
        (Some(&json!("R")), Some(&json!("en")), false)
    );
}

#[test]
fn a_step_whose_condition_fails_is_skipped() {
    let plan = with(
        "{ id: a, uses: shop.create, when: '{{ row.on }}', with: { num: x } }, { id: b, uses: shop.create, with: { num: y } }",
    );
    assert_eq!(calls(&plan, &row(2), json!({"on": true})), (vec![(0, json!("x")), (1, json!("y"))], vec![]));
    for off in [json!(false), json!(null), json!(""), json!(0), json!([])] {
        assert_eq!(calls(&plan, &row(2), json!({"on": off})), (vec![(1, json!("y"))], vec![0]));
    }
}

#[test]
fn a_condition_that_waits_for_an_answer_skips_nothing() {
    let plan = with(
        "{ id: z, uses: shop.list }, { id: a, uses: shop.create, when: '{{ steps.z.outputs.things }}', with: { num: x } }",
    );
    assert_eq!(calls(&plan, &row(2), json!({})).1, [0; 0]);
}

#[test]
fn a_condition_is_decided_by_its_cells_where_they_suffice() {
    let skipped = |when: &str, kind: &str| {
        let plan = with(&format!(
            "{{ id: z, uses: shop.list }}, {{ id: a, uses: shop.create, when: '{{{{ {when} }}}}', with: {{ num: x }} }}"
        ));
        calls(&plan, &row(2), json!({"kind": kind})).1
    };
    let is_open = "steps.z.outputs.things";
    for (when, kind, wanted) in [
        (format!("and (eq row.kind \"a\") {is_open}"), "b", vec![1]),
        (format!("and {is_open} (eq row.kind \"a\")"), "b", vec![1]),
        (format!("and (eq row.kind \"a\") {is_open}"), "a", vec![]),
        (format!("or (eq row.kind \"a\") {is_open}"), "b", vec![]),
        (format!("not (or (eq row.kind \"b\") {is_open})"), "b", vec![1]),
        (format!("or (eq row.kind \"a\") (and {is_open} (eq row.kind \"c\"))"), "b", vec![1]),
    ] {
        assert_eq!(skipped(&when, kind), wanted, "{when} of {kind}");
    }
}

#[test]
fn a_condition_that_cannot_be_rendered_is_reported_and_the_step_not_called() {
    let plan = with("{ id: a, uses: shop.create, when: '{{ find row.on \"n\" \"zz\" }}', with: { num: x } }");
    let (checked, diagnostics) = check(&plan, &row(2), json!({"on": []}));
    assert!(checked.calls.is_empty() && diagnostics.len() == 1);
}

#[test]
fn a_step_that_is_done_is_not_checked() {
    let plan = with(
        "{ id: a, uses: shop.create, with: { num: '{{ row.nix }}' } }, { id: b, uses: shop.create, with: { num: y } }",
    );
    let done = TestRow { done: vec![0], ..row(2) };
    assert_eq!(calls(&plan, &done, json!({})).0, [(1, json!("y"))]);
}

#[test]
fn a_step_for_each_element_is_called_for_each() {
    let plan = with("{ id: a, uses: shop.create, for_each: '{{ row.l }}', with: { num: '{{ item }}' } }");
    assert_eq!(calls(&plan, &row(2), json!({"l": ["p", "q"]})).0, [(0, json!("p")), (0, json!("q"))]);
    assert_eq!(calls(&plan, &row(2), json!({"l": []})).0, []);
    assert_eq!(calls(&plan, &row(2), json!({"l": null})).0, []);
}

#[test]
fn a_for_each_over_another_value_is_reported() {
    let plan = with("{ id: a, uses: shop.create, for_each: '{{ row.l }}', with: { num: x } }");
    let (checked, diagnostics) = check(&plan, &row(2), json!({"l": "text"}));
    assert!(checked.calls.is_empty());
    assert_eq!(reports(&diagnostics), ["template: Row 2: `for_each` needs a list, this gives a text"]);
}

#[test]
fn a_for_each_over_an_answer_is_one_call_that_waits() {
    let plan = with(
        "{ id: z, uses: shop.list }, { id: a, uses: shop.create, for_each: '{{ steps.z.outputs.things }}', with: { num: '{{ item }}' } }",
    );
    let (checked, _) = check(&plan, &row(2), json!({}));
    let call = &checked.calls[1];
    assert_eq!((call.step, call.deferred, call.inputs.get("num")), (1, true, Some(&deferred())));
    assert_eq!(checked.calls.len(), 2);
}

#[test]
fn an_element_does_not_outlive_its_step() {
    let plan = with(
        "{ id: a, uses: shop.create, for_each: '{{ row.l }}', with: { num: '{{ item }}' } }, { id: b, uses: shop.create, with: { num: 'n{{ item }}' } }",
    );
    let (checked, diagnostics) = check(&plan, &row(2), json!({"l": ["p"]}));
    assert_eq!((checked.calls.len(), diagnostics.len()), (1, 1));
}

#[test]
fn a_rollback_is_checked_and_is_no_call_of_the_row() {
    let plan = with(
        "{ id: a, uses: shop.create, with: { num: x }, rollback: { uses: shop.remove, with: { id: '{{ row.r }}' } } }",
    );
    assert_eq!(calls(&plan, &row(2), json!({"r": "i"})).0, [(0, json!("x"))]);
    let (checked, diagnostics) = check(&plan, &row(2), json!({"r": ["no text"]}));
    assert_eq!((checked.calls.len(), diagnostics.len()), (1, 1));
}

#[test]
fn the_cells_are_given_back() {
    let plan = with("{ id: a, uses: shop.list }");
    let mut cells = map(json!({"id": "R"}));
    let _ = RowCheck::new(&plan, NOW).row(&row(2), &mut cells, InputsWanted::All, &mut Diagnostics::new());
    assert_eq!(cells, map(json!({"id": "R"})));
}

/// What checks of several rows report, one after the other.
fn of_rows(plan: &Plan, rows: &[Value]) -> Vec<String> {
    let (mut check, mut diagnostics) = (RowCheck::new(plan, NOW), Diagnostics::new());
    for (place, cells) in rows.iter().enumerate() {
        let _ = check.row(&row(place as u64 + 2), &mut map(cells.clone()), InputsWanted::All, &mut diagnostics);
    }
    reports(&diagnostics)
}

#[test]
fn a_mistake_that_no_row_has_a_part_in_is_reported_once() {
    let text = format!(
        "vars: {{ long: longer than five }}\n{HEAD}steps: [{{ id: a, uses: shop.create, with: {{ num: '{{{{ row.id }}}}', short: '{{{{ vars.long }}}}' }} }}]\n"
    );
    let found = of_rows(&plan(&text), &[json!({"id": "1"}), json!({"id": "2"})]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(!found[0].contains("Row"), "{found:?}");
}

#[test]
fn a_mistake_of_the_row_is_reported_for_each_row() {
    let plan = with("{ id: a, uses: shop.create, with: { num: '{{ row.id }}', short: '{{ row.s }}' } }");
    let found = of_rows(
        &plan,
        &[
            json!({"id": "1", "s": "far too long"}),
            json!({"id": "2", "s": "ok"}),
            json!({"id": "3", "s": "far too long"}),
        ],
    );
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("Row 2: ") && found[1].contains("Row 4: "), "{found:?}");
}

#[test]
fn a_second_row_with_the_same_natural_key_is_reported() {
    let plan = with("{ id: a, uses: shop.create, with: { num: '{{ row.num }}', notify: '{{ row.n }}' } }");
    let row = |num: &str, notify: bool| json!({"num": num, "n": notify});
    let found = of_rows(&plan, &[row("p", false), row("q", false), row("p", false)]);
    assert_eq!(
        found,
        ["duplicate-effect: Row 4: `shop.create` would be sent a second time for p; row 2 has it already"]
    );
    assert_eq!(of_rows(&plan, &[row("p", true), row("p", true)]), NOTHING);
}

#[test]
fn two_steps_of_a_row_and_two_elements_may_share_a_natural_key() {
    let plan = with(
        "{ id: a, uses: shop.create, with: { num: '{{ row.num }}' } }, { id: b, uses: shop.create, with: { num: '{{ row.num }}' } }",
    );
    assert_eq!(of_rows(&plan, &[json!({"num": "p"})]), NOTHING);
    let each = with("{ id: a, uses: shop.create, for_each: '{{ row.l }}', with: { num: '{{ item }}' } }");
    assert_eq!(of_rows(&each, &[json!({"l": ["p", "p"]})]), NOTHING);
}

#[test]
fn the_request_line_is_checked_for_every_row_that_may_change_it() {
    let plan = with("{ id: a, uses: http.request, with: { method: GET, url: '{{ raw row.url }}' } }");
    let found = of_rows(
        &plan,
        &[
            json!({"url": "https://http.example/a"}),
            json!({"url": "https://evil.example/a"}),
            json!({"url": "https://evil.example/b"}),
        ],
    );
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("Row 3") && found[1].contains("Row 4"), "{found:?}");
}

#[test]
fn a_request_line_that_no_row_changes_is_reported_once() {
    let plan = with(
        "{ id: a, uses: http.request, with: { method: POST, url: 'https://evil.example/a', body: '{{ row.id }}' } }",
    );
    let found = of_rows(&plan, &[json!({"id": "1"}), json!({"id": "2"})]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn steps_that_run_once_are_checked_without_a_row() {
    let plan = plan(
        "vars: { n: z }\nbefore: [{ id: z, uses: shop.create, with: { num: '{{ vars.n }}' } }, { id: y, uses: shop.create, with: { num: y } }]\nsteps: [{ id: a, uses: shop.list }]\n",
    );
    let mut diagnostics = Diagnostics::new();
    let checked = RowCheck::new(&plan, NOW).once(&plan.before, &|step| step == 1, &mut diagnostics);
    let nums: Vec<_> = checked.calls.iter().map(|call| (call.step, call.inputs.get("num").cloned())).collect();
    assert_eq!((nums, reports(&diagnostics).len()), (vec![(0, Some(json!("z")))], 0));
}
