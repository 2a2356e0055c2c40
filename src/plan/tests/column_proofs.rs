//! What the types of the columns prove, so that it is not rendered for every row.

use serde_json::{Value, json};

use super::setup::{NOW, TestRow, map, plan, reports, row};
use crate::diagnostic::Diagnostics;
use crate::plan::{CheckedRow, InputsWanted, RowCheck};
use crate::playbook::ColumnType;
use crate::rows::Column;

fn column(name: &str, kind: ColumnType) -> Column {
    Column { name: name.to_owned(), kind, optional: false, has_default: false, sensitive: false, declared: true }
}

fn columns() -> Vec<Column> {
    let optional = |column: Column| Column { optional: true, ..column };
    vec![
        column("id", ColumnType::String),
        column("text", ColumnType::String),
        column("count", ColumnType::Integer),
        column("price", ColumnType::Number),
        column("yes", ColumnType::Boolean),
        column("data", ColumnType::Json),
        column("tags", ColumnType::List),
        optional(column("note", ColumnType::String)),
        Column { has_default: true, ..column("pad", ColumnType::String) },
    ]
}

fn cells() -> Value {
    json!({"id": "R", "text": "a", "count": 1, "price": 1.5, "yes": true, "data": {}, "tags": ["a"], "note": null, "pad": ""})
}

fn checked(with: &str, hashed: bool, wanted: InputsWanted, row: &TestRow) -> (CheckedRow, Diagnostics) {
    let plan = plan(&format!(
        "rows: {{ from: rows.csv, key: id }}\nsteps: [{{ id: z, uses: shop.list }}, {{ id: a, uses: {with} }}]\n"
    ));
    let mut diagnostics = Diagnostics::new();
    let mut check = RowCheck::new(&plan, NOW).of_columns(&columns(), hashed);
    let checked = check.row(row, &mut map(cells()), wanted, &mut diagnostics);
    (checked, diagnostics)
}

/// The inputs that are rendered for each row, beside `num`; what is proven is left out.
fn rendered(with: &str) -> Vec<String> {
    let (checked, diagnostics) = checked(
        &format!("shop.create, with: {{ num: '{{{{ row.id }}}}', {with} }}"),
        false,
        InputsWanted::Deciding,
        &row(2),
    );
    assert!(diagnostics.is_empty(), "{:?}", reports(&diagnostics));
    let inputs = &checked.calls[1].inputs;
    let given = ["note", "size", "few", "short", "any", "names", "people", "place", "phone"];
    given.into_iter().filter(|name| inputs.contains_key(*name)).map(str::to_owned).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_column_whose_type_fits_an_input_without_bounds_is_proven() {
    for with in [
        "note: '{{ row.text }}'",
        "note: '{{ row.count }}'",
        "note: '{{ row.pad }}'",
        "note: '{{ row.note }}'",
        "size: '{{ row.count }}'",
        "any: '{{ row.text }}'",
        "note: '{{ row.id }}-{{ row.text }}'",
        "note: literal",
        "place: { road: '{{ row.text }}', number: '{{ row.count }}' }",
        "people: [{ name: '{{ row.text }}', age: 3 }]",
        "names: [x, y]",
    ] {
        assert_eq!(rendered(with), NOTHING, "{with}");
    }
}

#[test]
fn what_the_type_does_not_prove_is_rendered() {
    for (with, input) in [
        ("size: '{{ row.text }}'", "size"),
        ("size: '{{ row.price }}'", "size"),
        ("any: '{{ row.data }}'", "any"),
        ("any: '{{ row.tags }}'", "any"),
        ("few: '{{ row.count }}'", "few"),
        ("short: '{{ row.text }}'", "short"),
        ("note: '{{ upper row.text }}'", "note"),
        ("note: 'a{{ row.note }}'", "note"),
        ("note: '{{#if row.yes}}a{{/if}}'", "note"),
        ("names: ['{{ row.text }}']", "names"),
        ("names: '{{ row.tags }}'", "names"),
        ("people: [{ $each: '{{ row.tags }}', name: '{{ item }}' }]", "people"),
        ("place: { road: '{{ upper row.text }}' }", "place"),
    ] {
        let with = format!("shop.create, with: {{ num: '{{{{ row.id }}}}', {with} }}");
        let (checked, diagnostics) = checked(&with, false, InputsWanted::Deciding, &row(2));
        // What does not fit was rendered, or nobody would have seen it.
        let is_rendered = !diagnostics.is_empty() || checked.calls[1].inputs.contains_key(input);
        assert!(is_rendered, "{with}");
    }
}

#[test]
fn inputs_that_decide_what_the_call_is_are_always_rendered() {
    let (checked, _) = checked(
        "shop.create, with: { num: '{{ row.id }}', notify: '{{ row.yes }}' }",
        false,
        InputsWanted::Deciding,
        &row(2),
    );
    let inputs = &checked.calls[1].inputs;
    assert_eq!((inputs.get("num"), inputs.get("notify")), (Some(&json!("R")), Some(&json!(true))));
}

#[test]
fn inputs_of_the_path_are_always_rendered() {
    let (checked, _) = checked(
        "shop.send, with: { to: '{{ row.id }}', text: '{{ row.text }}' }",
        false,
        InputsWanted::Deciding,
        &row(2),
    );
    let inputs = &checked.calls[1].inputs;
    assert_eq!((inputs.get("to"), inputs.get("text")), (Some(&json!("R")), None));
}

#[test]
fn all_inputs_are_rendered_where_all_are_wanted() {
    let (checked, _) = checked(
        "shop.create, with: { num: '{{ row.id }}', note: '{{ row.text }}' }",
        false,
        InputsWanted::All,
        &row(2),
    );
    assert_eq!(checked.calls[1].inputs.get("note"), Some(&json!("a")));
    assert!(!checked.calls[1].settings.is_empty());
}

#[test]
fn a_call_that_its_whole_request_identifies_is_rendered_whole() {
    let text = |with: &str, hashed| {
        let (checked, _) = checked(with, hashed, InputsWanted::Deciding, &row(2));
        checked.calls[1].inputs.contains_key("text") || checked.calls[1].inputs.contains_key("note")
    };
    let send = "shop.send, with: { to: '{{ row.id }}', text: '{{ row.text }}' }";
    assert!(text(send, true) && !text(send, false));
    // A natural key identifies the call without its other inputs.
    assert!(!text("shop.create, with: { num: '{{ row.id }}', note: '{{ row.text }}' }", true));
}

#[test]
fn a_proven_input_that_waits_for_an_answer_makes_the_call_wait() {
    let deferred = |note: &str| {
        let with = format!("shop.create, with: {{ num: '{{{{ row.id }}}}', note: '{note}' }}");
        checked(&with, false, InputsWanted::Deciding, &row(2)).0.calls[1].deferred
    };
    assert!(deferred("{{ steps.z.body.x }}"));
    assert!(!deferred("{{ row.text }}"));
}

#[test]
fn a_blank_cell_of_a_proven_input_is_still_reported() {
    let blank = TestRow { blanks: vec!["text"], ..row(2) };
    let (checked, diagnostics) = checked(
        "shop.create, with: { num: '{{ row.id }}', note: '{{ row.text }}' }",
        false,
        InputsWanted::Deciding,
        &blank,
    );
    assert_eq!((checked.calls.len(), diagnostics.iter().next().unwrap().code), (1, "blank-cell"));
}

#[test]
fn an_old_spelling_beside_the_input_is_rendered() {
    let both = checked(
        "shop.create, with: { num: '{{ row.id }}', note: '{{ row.text }}', remark: '{{ row.text }}' }",
        false,
        InputsWanted::Deciding,
        &row(2),
    );
    assert!(!both.1.is_empty() || both.0.calls[1].inputs.contains_key("note"));
}

#[test]
fn an_input_with_a_default_of_the_connection_is_rendered() {
    let mut connection = super::setup::shop("shop");
    connection.defaults = map(json!({"place": {"number": 7}}));
    let setup = super::setup::Setup { connections: vec![connection], ..super::setup::Setup::default() };
    let plan = setup.plan("rows: { from: rows.csv, key: id }\nsteps: [{ id: a, uses: shop.create, with: { num: '{{ row.id }}', place: { road: '{{ row.text }}' } } }]\n");
    let mut check = RowCheck::new(&plan, NOW).of_columns(&columns(), false);
    let checked = check.row(&row(2), &mut map(cells()), InputsWanted::Deciding, &mut Diagnostics::new());
    assert_eq!(checked.calls[0].inputs.get("place"), Some(&json!({"road": "a", "number": 7})));
}
