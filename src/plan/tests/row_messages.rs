//! What messages about a row point at, and what they tell to do.

use serde_json::{Value, json};

use super::setup::{TestRow, cells_of, check, help, plan, reports, row};
use crate::diagnostic::Diagnostics;

const HEAD: &str = "rows: { from: rows.csv, key: id, lists: { people: { from: people.csv, match: id } } }\n";

fn said(step: &str, cells: Value) -> Diagnostics {
    said_of(&row(2), step, cells)
}

fn said_of(row: &TestRow, step: &str, cells: Value) -> Diagnostics {
    check(&plan(&format!("{HEAD}steps: [{{ id: a, uses: {step} }}]\n")), row, cells).1
}

/// The one message of a check: where it points, and what it is about.
fn pointed(step: &str, cells: Value) -> (Vec<String>, Option<String>) {
    let found = said(step, cells);
    assert_eq!(found.len(), 1, "{:?}", reports(&found));
    let one = found.iter().next().unwrap();
    (cells_of(one), one.about.clone())
}

fn at(cell: &str, about: &str) -> (Vec<String>, Option<String>) {
    (vec![cell.to_owned()], Some(about.to_owned()))
}

#[test]
fn a_wrong_input_points_at_the_cell_that_it_comes_from() {
    let cells = json!({"s": "far too long", "p": {"name": "A", "age": "old"}, "people": [{"age": 1, "n": "A"}, {"age": "old", "n": "B"}]});
    let cell = |with: &str| pointed(&format!("shop.create, with: {{ num: x, {with} }}"), cells.clone());
    assert_eq!(cell("short: '{{ row.s }}'"), at("s", "short"));
    assert_eq!(cell("place: { number: '{{ row.s }}' }"), at("s", "place.number"));
    assert_eq!(cell("people: ['{{ row.p }}']"), at("p", "people.age"));
    assert_eq!(cell("people: [{ name: y }, '{{ row.p }}']"), at("p", "people.age"));
    let each = "people: [{ $each: '{{ row.people }}', name: '{{ item.n }}', age: '{{ item.age }}' }]";
    assert_eq!(cell(each), at("people.1.age", "people.age"));
}

#[test]
fn a_wrong_input_that_comes_from_no_cell_points_at_the_playbook_alone() {
    let found = said("shop.create, with: { num: x, size: '{{ run.id }}' }", json!({}));
    let one = found.iter().next().unwrap();
    assert_eq!((cells_of(one), one.about.as_ref(), one.places.len()), (vec![], None, 1));
    assert!(!one.message.contains("Row"), "{}", one.message);
}

#[test]
fn a_date_in_an_unknown_spelling_gets_the_column_type_to_declare() {
    let found = said("shop.create, with: { num: x, when: '{{ row.d }}' }", json!({"d": "2027/1/3 9:00"}));
    let help = help(found.iter().next().unwrap());
    assert!(help.contains("`columns: { d: { type: datetime, format: \"YYYY/M/D H:mm\""), "{help}");
    let element = said(
        "shop.create, for_each: '{{ row.people }}', with: { num: x, when: '{{ item.d }}' }",
        json!({"people": [{"d": "2027/1/3 9:00"}]}),
    );
    assert!(!super::setup::help(element.iter().next().unwrap()).contains("columns:"));
}

#[test]
fn a_template_that_fails_points_at_its_first_cell() {
    let found = said("shop.create, with: { num: '{{ find row.d \"n\" \"zz\" }}' }", json!({"d": []}));
    let one = found.iter().next().unwrap();
    assert_eq!((one.code, cells_of(one), one.about.as_deref()), ("template", vec!["d".to_owned()], Some("d")));
    assert!(one.message.starts_with("Row 2: "), "{}", one.message);
}

#[test]
fn a_blank_in_a_path_or_query_is_reported_at_its_cell_with_a_condition_to_write() {
    let found = said("shop.send, with: { to: 'a-{{ row.to }}' }", json!({"to": null}));
    let one = found.iter().next().unwrap();
    assert_eq!((one.code, cells_of(one), one.about.as_deref()), ("blank-cell", vec!["to".to_owned()], Some("row.to")));
    assert!(help(one).contains("`when: \"{{ row.to }}\"`"), "{}", help(one));
    let query = said("shop.send, with: { to: a, lang: '{{ row.l }}' }", json!({"l": ""}));
    assert_eq!(query.iter().next().unwrap().about.as_deref(), Some("row.l"));
}

#[test]
fn a_blank_in_a_header_is_reported_at_its_cell() {
    let found =
        said("http.request, with: { method: GET, path: /x, headers: { X-A: 'a-{{ row.h }}' } }", json!({"h": null}));
    let one = found.iter().next().unwrap();
    assert_eq!((one.code, cells_of(one)), ("blank-cell", vec!["h".to_owned()]));
}

#[test]
fn a_blank_element_in_a_path_is_reported_at_its_cell_and_row() {
    let step = "shop.send, for_each: '{{ row.people }}', with: { to: 'a-{{ item.name }}' }";
    let cells = json!({"people": [{"name": "A"}, {"name": null}]});
    let found = said_of(&TestRow { elements: vec![("people.1.name", 17)], ..row(2) }, step, cells);
    let one = found.iter().next().unwrap();
    assert!(one.message.starts_with("Row 17 of list.csv, element 2 of `people` of row 2: "), "{}", one.message);
    assert_eq!(
        (found.len(), cells_of(one), one.row.as_ref().map(|row| row.number)),
        (1, vec!["people.1.name".to_owned()], Some(17))
    );
}

#[test]
fn a_blank_in_a_path_that_no_row_has_a_part_in_is_reported_without_one() {
    let plan = plan(&format!(
        "vars: {{ v: '' }}\n{HEAD}steps: [{{ id: a, uses: shop.send, with: {{ to: '{{{{ vars.v }}}}' }} }}]\n"
    ));
    let (_, found) = check(&plan, &row(2), json!({}));
    let one = found.iter().next().unwrap();
    assert_eq!((one.code, one.about.as_ref(), cells_of(one).len()), ("blank-cell", None, 0));
    assert!(!one.message.contains("Row"), "{}", one.message);
}

#[test]
fn messages_about_a_row_carry_its_number_key_and_file() {
    let of = |file, key| {
        let row = TestRow { file, key, ..row(2) };
        let found = said_of(&row, "shop.create, with: { num: x, short: '{{ row.s }}' }", json!({"s": "far too long"}));
        found.iter().next().unwrap().row.clone().map(|row| (row.number, row.key, row.file))
    };
    assert_eq!(of(Some("rows.csv"), Some("R-1")), Some((2, Some("R-1".to_owned()), "rows.csv".to_owned())));
    assert_eq!(of(Some("rows.csv"), Some("")), Some((2, None, "rows.csv".to_owned())));
    assert_eq!(of(None, Some("R-1")), None);
}

#[test]
fn a_duplicate_effect_points_at_the_cell_of_its_key() {
    let plan = plan(&format!("{HEAD}steps: [{{ id: a, uses: shop.create, with: {{ num: '{{{{ row.n }}}}' }} }}]\n"));
    let (mut check, mut found) = (crate::plan::RowCheck::new(&plan, super::setup::NOW), Diagnostics::new());
    for number in [2, 3] {
        let mut cells = super::setup::map(json!({"n": "p"}));
        let _ = check.row(&row(number), &mut cells, crate::plan::InputsWanted::All, &mut found);
    }
    let one = found.iter().next().unwrap();
    assert_eq!((one.about.as_deref(), cells_of(one)), (Some("shop.create"), vec!["n".to_owned()]));
}

#[test]
fn a_credential_in_a_cell_is_not_shown() {
    let step = "http.request, with: { method: GET, path: /x, headers: '{{ row.h }}' }";
    let found = said(step, json!({"h": {"X-Api-Key": "a"}}));
    let one = found.iter().next().unwrap();
    assert_eq!(one.code, "literal-credential");
    // One sign stands for every byte of the cell.
    assert_eq!(cells_of(one), ["x"]);
}
