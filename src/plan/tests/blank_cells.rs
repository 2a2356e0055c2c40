//! Blank cells that a template uses.

use serde_json::{Value, json};

use super::setup::{TestRow, cells_of, check, help, plan, reports, row};
use crate::diagnostic::Diagnostics;

const HEAD: &str = "rows: { from: rows.csv, key: id, lists: { people: { from: people.csv, match: id } } }\n";

fn checked(step: &str, blanks: Vec<&'static str>, cells: Value) -> Diagnostics {
    let plan = plan(&format!("{HEAD}steps: [{{ id: a, uses: shop.create, {step} }}]\n"));
    check(&plan, &TestRow { blanks, ..row(2) }, cells).1
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_blank_cell_that_an_input_uses_is_reported_at_the_cell() {
    let found = checked("with: { num: '{{ row.name }}' }", vec!["name"], json!({"name": null}));
    assert_eq!(reports(&found), ["blank-cell: Row 2: cell `name` is blank, and a template uses it"]);
    let one = found.iter().next().unwrap();
    assert_eq!((cells_of(one), one.about.as_deref()), (vec!["name".to_owned()], Some("name")));
    assert!(help(one).contains("`name: { optional: true }`"), "{}", help(one));
}

#[test]
fn a_blank_cell_that_no_template_uses_is_fine() {
    let found = checked("with: { num: '{{ row.name }}' }", vec!["other"], json!({"name": "a", "other": null}));
    assert_eq!(reports(&found), NOTHING);
}

#[test]
fn a_blank_cell_is_found_at_any_depth_and_in_settings() {
    for step in [
        "with: { num: x, note: 'a {{ row.name }}' }",
        "with: { num: x, names: [y, '{{ row.name }}'] }",
        "with: { num: x, place: { road: '{{ row.name }}' } }",
        "with: { num: x, people: [{ $each: '{{ row.name }}', name: y }] }",
        "with: { num: x }, settings: { lang: '{{ row.name }}' }",
        "with: { num: x }, for_each: '{{ row.name }}'",
        "with: { num: x }, rollback: { uses: shop.remove, with: { id: '{{ row.name }}' } }",
    ] {
        let found = checked(step, vec!["name"], json!({"name": null}));
        assert!(
            reports(&found).contains(&"blank-cell: Row 2: cell `name` is blank, and a template uses it".to_owned()),
            "{step}: {:?}",
            reports(&found)
        );
    }
}

#[test]
fn a_blank_cell_that_several_templates_use_is_reported_once() {
    let found = checked("with: { num: '{{ row.name }}', note: '{{ row.name }}' }", vec!["name"], json!({"name": null}));
    assert_eq!(found.len(), 1);
}

#[test]
fn all_blank_cells_of_a_call_are_reported() {
    let cells = json!({"name": null, "note": null});
    let found = checked("with: { num: '{{ row.name }}', note: '{{ row.note }}' }", vec!["name", "note"], cells);
    assert_eq!(found.len(), 2);
}

fn people() -> Value {
    json!({"people": [{"name": "A"}, {"name": null}, {"name": null}]})
}

#[test]
fn blank_cells_of_list_elements_are_reported_each_with_its_element() {
    for step in [
        "with: { num: x, people: [{ $each: '{{ row.people }}', name: '{{ item.name }}' }] }",
        "for_each: '{{ row.people }}', with: { num: '{{ item.name }}' }",
    ] {
        let found = checked(step, vec!["people.1.name", "people.2.name"], people());
        let words = |place| {
            format!("blank-cell: Row 2, element {place} of `people`: cell `name` is blank, and a template uses it")
        };
        assert_eq!(reports(&found), [words(2), words(3)], "{step}");
        assert_eq!(found.iter().next().unwrap().about.as_deref(), Some("people.name"));
    }
}

#[test]
fn a_blank_cell_of_an_element_names_the_row_of_the_lists_own_file() {
    let plan = plan(&format!(
        "{HEAD}steps: [{{ id: a, uses: shop.create, for_each: '{{{{ row.people }}}}', with: {{ num: '{{{{ item.name }}}}' }} }}]\n"
    ));
    let row = TestRow { blanks: vec!["people.1.name"], elements: vec![("people.1.name", 17)], ..row(2) };
    let found = check(&plan, &row, people()).1;
    let words =
        "blank-cell: Row 17 of list.csv, element 2 of `people` of row 2: cell `name` is blank, and a template uses it";
    assert_eq!(reports(&found), [words]);
    let about = found.iter().next().unwrap().row.as_ref().unwrap();
    assert_eq!((about.number, about.file.as_str()), (17, "list.csv"));
}

#[test]
fn a_field_of_the_elements_that_no_template_uses_may_be_blank() {
    let step = "for_each: '{{ row.people }}', with: { num: '{{ item.name }}' }";
    let found = checked(step, vec!["people.0.note"], json!({"people": [{"name": "A", "note": null}]}));
    assert_eq!(reports(&found), NOTHING);
}

#[test]
fn a_blank_in_a_result_is_reported() {
    let plan = plan(&format!("{HEAD}steps: []\nresults: {{ r: '{{{{ row.name }}}}' }}\n"));
    let found = check(&plan, &TestRow { blanks: vec!["name"], ..row(2) }, json!({"name": null})).1;
    assert_eq!(found.len(), 1);
}
