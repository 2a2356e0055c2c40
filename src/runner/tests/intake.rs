//! Which rows are taken into a run, and what is counted of them.

use super::acme::{MAKE_EACH, take};
use crate::provider::DangerKind;
use crate::runner::Selection;

const ROWS: &str = "num,note\na,x\nb,\nc,x\n";

fn keys(csv: &str, selection: Selection) -> Vec<String> {
    take(MAKE_EACH, csv, selection, false).rows.into_iter().map(|row| row.key).collect()
}

#[test]
fn calls_dangers_and_widened_calls_are_counted_before_anything_is_sent() {
    let taken = take(MAKE_EACH, ROWS, Selection::default(), false);
    assert!(!taken.diagnostics.has_errors());
    assert_eq!((taken.tally.rows, taken.tally.invalid, taken.tally.dangerous_rows), (3, 0, 3));
    assert_eq!(taken.tally.calls.get("acme.make"), Some(&3));
    assert_eq!(taken.tally.dangers.get(&(DangerKind::Bills, "thing".to_owned())), Some(&3));
    assert_eq!(taken.tally.widened.get(&("acme.make".to_owned(), "note".to_owned())), Some(&1));
    assert_eq!(taken.tally.samples.len(), 1, "only the first row is kept as a sample");
}

#[test]
fn a_selection_takes_rows_by_number_key_and_count() {
    assert_eq!(keys(ROWS, Selection { from_row: Some(3), ..Selection::default() }), ["b", "c"]);
    assert_eq!(keys(ROWS, Selection { limit: Some(2), ..Selection::default() }), ["a", "b"]);
    assert_eq!(keys(ROWS, Selection { only: vec!["c".to_owned()], ..Selection::default() }), ["c"]);
}

#[test]
fn a_key_that_no_row_has_is_named() {
    let only = vec!["a".to_owned(), "zzz".to_owned()];
    let taken = take(MAKE_EACH, ROWS, Selection { only, ..Selection::default() }, false);
    assert_eq!(taken.tally.missing_keys, ["zzz"]);
    assert!(taken.tally.missing_key().unwrap().contains("no row has the key `zzz`"));
}

#[test]
fn a_key_that_only_looks_the_same_is_distinguished() {
    let only = vec!["a\u{200b}".to_owned()];
    let taken = take(MAKE_EACH, ROWS, Selection { only, ..Selection::default() }, false);
    assert!(taken.tally.missing_key().unwrap().contains("; one looks the same, and "));
}

#[test]
fn an_invalid_row_stops_the_intake_or_is_taken_with_its_mistake() {
    let rows = "num,note\na,x\n\"\",x\nc,x\n";
    let refused = take(MAKE_EACH, rows, Selection::default(), false);
    assert!(refused.diagnostics.has_errors());
    assert_eq!(refused.tally.invalid, 1);
    let taken = take(MAKE_EACH, rows, Selection::default(), true);
    let invalid: Vec<bool> = taken.rows.iter().map(|row| row.invalid.is_some()).collect();
    assert_eq!((taken.diagnostics.has_errors(), invalid), (false, vec![false, true, false]));
    assert_eq!(taken.tally.calls.get("acme.make"), Some(&2), "an invalid row makes no call");
}

#[test]
fn a_selection_that_leaves_no_row_is_warned_of() {
    let taken = take(MAKE_EACH, ROWS, Selection { from_row: Some(9), ..Selection::default() }, false);
    assert_eq!(taken.tally.rows, 0);
    assert!(taken.diagnostics.iter().any(|one| one.code == "no-rows"));
}

#[test]
fn a_budget_that_the_rows_exceed_is_warned_of() {
    let playbook = format!("{MAKE_EACH}budget: {{ thing: 2 }}\n");
    let over = |csv: &str| {
        let taken = take(&playbook, csv, Selection::default(), false);
        taken.diagnostics.iter().any(|one| one.code == "over-budget")
    };
    assert!(over(ROWS) && !over("num,note\na,x\nb,x\n"));
}

#[test]
fn a_condition_on_a_text_column_of_yes_and_no_is_warned_of() {
    let playbook = MAKE_EACH.replace("    uses:", "    when: \"{{ row.note }}\"\n    uses:");
    let warned = |csv: &str| {
        let taken = take(&playbook, csv, Selection::default(), false);
        taken.diagnostics.iter().any(|one| one.code == "when-text")
    };
    assert!(warned("num,note\na,yes\nb,no\n"));
    assert!(!warned("num,note\na,yes\nb,later\n"), "another text is no yes or no");
}
