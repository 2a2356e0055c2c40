//! Which values of rows, variables and answers people must not see.

use serde_json::{Value, json};

use super::setup::{TestRow, check, map, plan, read, row};
use crate::model::Masks;
use crate::plan::Plan;
use crate::template::Scope;

const HEAD: &str = "vars: { code: { default: v-4711, sensitive: true }, open: public }\n\
    rows:\n  from: rows.csv\n  key: id\n  columns: { id: {}, name: { sensitive: true }, city: {} }\n  \
    lists: { people: { from: people.csv, match: id, columns: { phone: { sensitive: true }, age: {} } }, pets: { from: pets.csv, match: id } }\n";

fn with(steps: &str) -> Plan {
    plan(&format!("{HEAD}steps: [{steps}]\n"))
}

fn cells() -> Value {
    json!({"id": "R-1", "name": "Anneliese", "city": "Zurich", "people": [{"phone": "0911222333", "age": 37}], "pets": []})
}

/// Whether each word is hidden in a text that holds them all.
fn hidden<const N: usize>(masks: &Masks, words: [&str; N]) -> [bool; N] {
    words.map(|word| !masks.text(&format!("<{word}>")).contains(word))
}

#[test]
fn the_values_of_sensitive_columns_lists_and_variables_are_masked() {
    let plan = with("{ id: a, uses: shop.list }");
    let masks = plan.masks(Some(&map(cells())));
    let words = ["Anneliese", "0911222333", "v-4711", "Zurich", "R-1", "public"];
    assert_eq!(hidden(&masks, words), [true, true, true, false, false, false]);
    assert_eq!(hidden(&plan.masks(None), ["v-4711", "Anneliese"]), [true, false]);
}

#[test]
fn unmask_shows_everything() {
    let mut plan = with("{ id: a, uses: shop.create, with: { num: x, phone: '{{ row.name }}' } }");
    assert!(!plan.is_unmasked());
    plan.unmask();
    assert!(plan.is_unmasked());
    let mut masks = plan.masks(Some(&map(cells())));
    plan.mask_row(&map(cells()), &mut masks);
    let step = &plan.steps[0];
    let inputs = map(json!({"num": "x", "phone": "Anneliese"}));
    plan.mask_inputs(&step.call.operation, &inputs, &mut masks);
    plan.mask_converted(step, &step.call, &inputs, &mut masks);
    assert_eq!(hidden(&masks, ["Anneliese", "v-4711"]), [false, false]);
}

#[test]
fn a_key_from_a_sensitive_column_is_not_shown() {
    let keyed = |column: &str, masked: bool| {
        let mut plan = plan(&format!(
            "rows: {{ from: rows.csv, key: {column}, columns: {{ id: {{}}, name: {{ sensitive: true }} }} }}\nsteps: [{{ id: a, uses: shop.list }}]\n"
        ));
        assert_eq!((plan.masks_keys(), plan.shown_key("k-1") != "k-1"), (masked, masked));
        plan.unmask();
        assert!(!plan.masks_keys() && plan.shown_key("k-1") == "k-1");
    };
    keyed("name", true);
    keyed("id", false);
    keyed("[id, name]", true);
}

#[test]
fn result_columns_made_from_sensitive_names_are_found() {
    let sensitive = |template: &str| {
        let text = format!(
            "{HEAD}steps: [{{ id: a, uses: shop.create, with: {{ num: x }} }}, {{ id: b, uses: shop.list }}]\nresults: {{ r: '{template}' }}\n"
        );
        plan(&text).sensitive_results() == ["r"]
    };
    for template in [
        "{{ row.name }}",
        "{{ upper row.name }}",
        "{{ json row }}",
        "{{ json row.people }}",
        "{{ row.people.0.phone }}",
        "{{ vars.code }}",
        "{{ json vars }}",
        "{{ steps.a.outputs.pin }}",
        "{{ json steps.a.outputs }}",
        "{{ json steps.a }}",
        "{{ json steps }}",
        "{{ steps.a.body.x }}",
        "{{ json steps.a.items }}",
    ] {
        assert!(sensitive(template), "{template}");
    }
    for template in [
        "{{ row.city }}",
        "{{ json row.pets }}",
        "{{ row.people.0.age }}",
        "{{ vars.open }}",
        "{{ run.id }}",
        "{{ steps.a.outputs.id }}",
        "{{ steps.a.outcome }}",
        "{{ json steps.b }}",
    ] {
        assert!(!sensitive(template), "{template}");
    }
}

#[test]
fn the_sensitive_inputs_that_steps_make_of_a_row_are_masked() {
    let plan = with("{ id: a, uses: shop.create, with: { num: '{{ row.city }}', phone: '+41 {{ row.city }}' } }");
    let mut masks = Masks::default();
    plan.mask_row(&map(cells()), &mut masks);
    assert_eq!(hidden(&masks, ["+41 Zurich", "Zurich"]), [true, false]);
}

#[test]
fn every_element_and_the_rollback_are_masked_too() {
    let plan = with(
        "{ id: a, uses: shop.create, for_each: '{{ row.people }}', with: { num: x, phone: 'age {{ item.age }}' } }, \
         { id: b, uses: shop.list, rollback: { uses: shop.create, with: { num: x, phone: 'back {{ row.city }}' } } }",
    );
    let mut masks = Masks::default();
    plan.mask_row(&map(cells()), &mut masks);
    assert_eq!(hidden(&masks, ["age 37", "back Zurich"]), [true, true]);
}

/// Masks of what the call of the first step makes by templates.
fn rendered(step: &str) -> Masks {
    let plan = with(step);
    let (mut scope, mut masks) = (Scope::new(), Masks::default());
    scope.set("row", cells());
    scope.set("vars", Value::Object(plan.vars.clone()));
    let step = &plan.steps[0];
    plan.mask_rendered(step, &step.call, &mut scope, &mut masks);
    masks
}

#[test]
fn what_a_helper_makes_of_a_sensitive_value_is_masked() {
    let masks =
        rendered("{ id: a, uses: shop.create, with: { num: '{{ upper row.name }}', note: '{{ upper row.city }}' } }");
    assert_eq!(hidden(&masks, ["ANNELIESE", "ZURICH"]), [true, false]);
    let masks = rendered("{ id: a, uses: shop.create, with: { num: x }, settings: { lang: '{{ upper vars.code }}' } }");
    assert_eq!(hidden(&masks, ["V-4711"]), [true]);
}

#[test]
fn what_is_made_of_list_elements_is_masked_by_the_column_of_the_list() {
    let each = |value: &str| {
        rendered(&format!(
            "{{ id: a, uses: shop.create, with: {{ num: x, people: [{{ $each: '{{{{ row.people }}}}', name: '{value}' }}] }} }}"
        ))
    };
    assert_eq!(hidden(&each("{{ replace item.phone \"0911\" \"0922\" }}"), ["0922222333"]), [true]);
    assert_eq!(hidden(&each("age-{{ item.age }}"), ["age-37"]), [false]);
}

#[test]
fn a_converted_input_is_masked_where_its_template_gives_sensitive_values_only() {
    let converted = |any: &str, inputs: Value| {
        let plan = with(&format!("{{ id: a, uses: shop.create, with: {{ num: x, {any} }} }}"));
        let (mut masks, step) = (Masks::default(), &plan.steps[0]);
        plan.mask_converted(step, &step.call, &map(inputs), &mut masks);
        hidden(&masks, ["1790000000"])[0]
    };
    assert!(converted("when: '{{ row.name }}'", json!({"when": "1790000000"})));
    assert!(!converted("when: '{{ row.city }}'", json!({"when": "1790000000"})));
    assert!(converted("place: { road: '{{ row.name }}' }", json!({"place": {"road": "1790000000"}})));
    assert!(!converted("place: { road: '{{ row.city }}' }", json!({"place": {"road": "1790000000"}})));
    assert!(converted("names: [x, '{{ row.name }}']", json!({"names": ["x", "1790000000"]})));
    assert!(!converted("names: ['{{ row.name }}', x]", json!({"names": ["x", "1790000000"]})));
    let each = "people: [{ $each: '{{ row.people }}', name: '{{ item.phone }}' }]";
    assert!(converted(each, json!({"people": [{"name": "1790000000"}]})));
    assert!(!converted(&each.replace("phone", "age"), json!({"people": [{"name": "1790000000"}]})));
    assert!(converted("remark: '{{ row.name }}'", json!({"note": "1790000000"})));
}

#[test]
fn the_item_of_a_step_is_sensitive_where_its_list_is() {
    let sensitive = |item: &str| {
        let plan = with(&format!(
            "{{ id: a, uses: shop.create, for_each: '{{{{ row.people }}}}', with: {{ num: '{item}' }} }}"
        ));
        let (mut masks, step) = (Masks::default(), &plan.steps[0]);
        plan.mask_converted(step, &step.call, &map(json!({"num": "0911-222"})), &mut masks);
        hidden(&masks, ["0911-222"])[0]
    };
    assert!(sensitive("{{ item.phone }}"));
    assert!(!sensitive("{{ item.age }}"));
}

#[test]
fn nothing_is_derived_where_nothing_is_sensitive() {
    let plan = plan(
        "rows: { from: rows.csv, key: id }\nsteps: [{ id: a, uses: shop.list, with: { num: '{{ upper row.name }}' } }]\n",
    );
    let (mut scope, mut masks) = (Scope::new(), Masks::default());
    scope.set("row", cells());
    plan.mask_rendered(&plan.steps[0], &plan.steps[0].call, &mut scope, &mut masks);
    assert_eq!(hidden(&masks, ["ANNELIESE"]), [false]);
}

#[test]
fn messages_about_a_row_are_masked() {
    let plan = with("{ id: a, uses: shop.create, with: { num: x, short: 'long {{ row.name }}' } }");
    let row = TestRow { key: Some("R-1"), file: Some("rows.csv"), ..row(2) };
    let (_, diagnostics) = check(&plan, &row, cells());
    assert_eq!(diagnostics.len(), 1);
    let shown = diagnostics.render(false, 200);
    assert!(!shown.contains("Anneliese"), "{shown}");
}

#[test]
fn a_column_that_an_earlier_run_hid_is_sensitive_under_its_head_or_its_declared_name() {
    let mut playbook = read(
        "rows: { from: rows.csv, key: id, columns: { id: {}, city: { from: Ort } } }\nsteps: [{ id: a, uses: shop.list }]\n",
    );
    playbook.rows.as_mut().unwrap().redact(&["other".to_owned(), "Ort".to_owned()]);
    let mut plan = with("{ id: a, uses: shop.list }");
    plan.sensitive = crate::plan::SensitiveNames::of(&playbook);
    let masks = plan.masks(Some(&map(json!({"other": "hidden-one", "city": "Zurich"}))));
    assert_eq!(hidden(&masks, ["hidden-one", "Zurich"]), [true, true]);
}

#[test]
fn a_plan_masks_nothing_only_where_nothing_at_all_is_sensitive() {
    let head = |columns: &str| format!("rows: {{ from: rows.csv, key: id, columns: {{ id: {{}}, {columns} }} }}\n");
    let list = "steps: [{ id: a, uses: shop.list }]\n";
    let sensitive = |text: &str| {
        let mut plan = plan(text);
        let found = !plan.masks_nothing();
        plan.unmask();
        assert!(plan.masks_nothing(), "{text}");
        found
    };
    assert!(!sensitive(&format!("vars: {{ open: public }}\n{}{list}", head("name: {}"))));
    for text in [
        format!("{}{list}", head("name: { sensitive: true }")),
        format!("vars: {{ code: {{ default: v-4711, sensitive: true }} }}\n{}{list}", head("name: {}")),
        format!(
            "rows: {{ from: rows.csv, key: id, columns: {{ id: {{}} }}, lists: {{ people: {{ from: people.csv, match: id, \
             columns: {{ phone: {{ sensitive: true }} }} }} }} }}\n{list}"
        ),
        // An operation with sensitive inputs and outputs, also as a rollback or a step that runs once.
        format!("{}steps: [{{ id: a, uses: shop.create, with: {{ num: x }} }}]\n", head("name: {}")),
        format!(
            "{}steps: [{{ id: a, uses: shop.list, rollback: {{ uses: shop.create, with: {{ num: x }} }} }}]\n",
            head("name: {}")
        ),
        format!("before: [{{ id: b, uses: shop.create, with: {{ num: x }} }}]\n{}{list}", head("name: {}")),
    ] {
        assert!(sensitive(&text), "{text}");
    }
}

/// Whether the cells alone say what is masked of a row, and which cells are masked as they are sent.
fn sent(steps: &str) -> (bool, [bool; 2]) {
    let plan = with(steps);
    (plan.masks_come_from_cells(), hidden(&plan.masks(Some(&map(cells()))), ["Zurich", "R-1"]))
}

#[test]
fn a_cell_that_is_sent_as_a_sensitive_input_is_masked_before_it_is_sent() {
    let tag = |with: &str| sent(&format!("{{ id: a, uses: shop.tag, with: {{ {with} }} }}"));
    assert_eq!(tag("label: '{{ row.city }}'"), (true, [false, false]));
    assert_eq!(tag("secret: '{{ row.city }}'"), (true, [true, false]));
    assert_eq!(tag("label: '{{ row.name }}', secret: '{{ row.name }}'"), (true, [false, false]));
    assert_eq!(tag("person: { name: '{{ row.city }}', age: '{{ row.id }}' }"), (true, [true, false]));
    assert_eq!(tag("people: [{ name: '{{ row.city }}' }]"), (true, [true, false]));
    assert_eq!(tag("label: x, people: [{ age: '{{ vars.code }}' }]"), (true, [false, false]));
    assert_eq!(sent("{ id: a, uses: shop.tag, settings: { lang: '{{ row.name }}' } }"), (true, [false, false]));
    let undone = "{ id: a, uses: shop.list, rollback: { uses: shop.tag, with: { secret: '{{ row.city }}' } } }";
    assert_eq!(sent(undone), (true, [true, false]));
}

#[test]
fn cells_alone_do_not_say_what_is_masked_where_a_call_makes_or_gets_something_else() {
    for step in [
        "uses: shop.create, with: { num: x }",
        "uses: shop.tag, with: { secret: '+41 {{ row.city }}' }",
        "uses: shop.tag, with: { secret: fixed }",
        "uses: shop.tag, with: { secret: '{{ vars.open }}' }",
        "uses: shop.tag, with: { label: '{{ upper row.name }}' }",
        "uses: shop.tag, with: { label: '{{ row.people.0.phone }}' }",
        "uses: shop.tag, with: { label: '{{ json row.people }}' }",
        "uses: shop.tag, with: { anything: '{{ row.people }}' }",
        "uses: shop.tag, with: { when: '{{ row.name }}' }",
        "uses: shop.tag, with: { born: '{{ row.city }}' }",
        "uses: shop.tag, with: { person: '{{ row.city }}' }",
        "uses: shop.tag, with: { people: [{ $each: '{{ row.pets }}', name: '{{ item.name }}' }] }",
        "uses: shop.tag, with: { labels: [{ $each: '{{ row.people }}', text: '{{ item.phone }}' }] }",
        "uses: shop.tag, for_each: '{{ row.people }}', with: { label: '{{ item.phone }}' }",
        "uses: shop.tag, with: { label: x }, settings: { lang: '{{ upper row.name }}' }",
        "uses: shop.sign, with: { label: x }",
        "uses: shop.book, with: { who: { name: '{{ row.name }}' } }",
        "uses: shop.list, rollback: { uses: shop.tag, with: { secret: fixed } }",
    ] {
        assert!(!sent(&format!("{{ id: a, {step} }}")).0, "{step}");
    }
}
