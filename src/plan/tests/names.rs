//! Names in templates that no row is needed for.

use super::setup::{Setup, help};

/// Binds a playbook whose one input holds a template, and returns the messages about it with their help.
fn said(template: &str) -> Vec<String> {
    of_step(&format!("{{ id: b, uses: shop.create, with: {{ num: x, any: '{template}' }} }}"))
}

fn of_step(step: &str) -> Vec<String> {
    let text = format!(
        "vars: {{ branch: a }}\nrows: {{ from: rows.csv, key: id }}\nbefore: [{{ id: z, uses: shop.list }}]\n\
         steps: [{{ id: a, uses: shop.create, with: {{ num: x }} }}, {step}, {{ id: c, uses: http.request, with: {{ method: GET, path: /x }} }}]\n"
    );
    let setup = Setup { columns: Some(vec!["id", "name", "first name"]), ..Setup::default() };
    let (_, diagnostics) = setup.bind(&text);
    diagnostics.iter().map(|one| format!("{}: {} | {}", one.code, one.message, help(one))).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn known_names_pass() {
    for template in [
        "{{ row.name }}",
        "{{ row.[first name] }}",
        "{{ vars.branch }}",
        "{{ run.id }}",
        "{{ steps.a.outputs.id }}",
        "{{ steps.z.outcome }}",
        "{{ steps.a.body.anything }}",
        "{{ steps.c.outputs.status }}",
    ] {
        assert_eq!(said(template), NOTHING, "{template}");
    }
}

#[test]
fn a_column_that_the_file_lacks_is_reported_with_the_near_one() {
    assert_eq!(said("{{ row.nam }}"), ["unknown-name: There is no column `nam` | Did you mean `name`?"]);
    assert_eq!(
        said("{{ row.firstname }}"),
        ["unknown-name: There is no column `firstname` | Did you mean `row.[first name]`?"]
    );
}

#[test]
fn a_name_without_a_near_one_gets_the_list() {
    let listed = "unknown-name: There is no column `zzzzzz` | The file's columns are `id`, `name`, `first name`.";
    assert_eq!(said("{{ row.zzzzzz }}"), [listed]);
}

#[test]
fn columns_are_not_checked_before_the_file_is_opened() {
    let text =
        "rows: { from: rows.csv, key: id }\nsteps: [{ id: a, uses: shop.create, with: { num: '{{ row.nix }}' } }]\n";
    assert_eq!(Setup::default().reports(text), NOTHING);
}

#[test]
fn unknown_variables_run_values_steps_parts_and_outputs_are_reported() {
    let heads = |template: &str| {
        said(template).into_iter().map(|one| one.split(" | ").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(heads("{{ vars.brunch }}"), ["unknown-name: There is no variable `brunch`"]);
    assert_eq!(heads("{{ run.idd }}"), ["unknown-name: `run` has no `idd`"]);
    assert_eq!(heads("{{ steps.q.body }}"), ["unknown-name: There is no step `q`"]);
    assert_eq!(heads("{{ steps.a.outputz.id }}"), ["unknown-name: `steps.a` has no `outputz`"]);
    assert_eq!(heads("{{ steps.a.outputs.nix }}"), ["unknown-name: `shop.create` has no output `nix`"]);
}

#[test]
fn every_place_of_a_step_is_searched() {
    for step in [
        "{ id: b, uses: shop.create, with: { num: x }, when: '{{ row.nix }}' }",
        "{ id: b, uses: shop.create, with: { num: x }, for_each: '{{ row.nix }}' }",
        "{ id: b, uses: shop.create, with: { num: x }, expect: ['{{ row.nix }}'] }",
        "{ id: b, uses: shop.list, until: { is: '{{ row.nix }}', every: 1s, within: 1m } }",
        "{ id: b, uses: shop.create, with: { num: x }, settings: { lang: '{{ row.nix }}' } }",
        "{ id: b, uses: shop.create, with: { num: x }, rollback: { uses: shop.remove, with: { id: '{{ row.nix }}' } } }",
        "{ id: b, uses: shop.create, with: { num: x, names: [y, '{{ row.nix }}'] } }",
        "{ id: b, uses: shop.create, with: { num: x, place: { road: '{{ row.nix }}' } } }",
        "{ id: b, uses: shop.create, with: { num: x, people: [{ $each: '{{ row.nix }}', name: y }] } }",
    ] {
        let found = of_step(step);
        assert!(found.iter().any(|one| one.contains("There is no column `nix`")), "{step}: {found:?}");
    }
}

#[test]
fn steps_that_run_once_know_no_row() {
    let once = "unknown-name: `row` is not known here: these steps run once, not per row";
    let rows = "rows: { from: rows.csv, key: id }\n";
    for list in ["before", "after"] {
        let text = format!(
            "{rows}{list}: [{{ id: z, uses: shop.create, with: {{ num: '{{{{ row.id }}}}' }} }}]\nsteps: [{{ id: a, uses: shop.list }}]\n"
        );
        assert_eq!(Setup::default().reports(&text), [once], "{list}");
    }
    let without_rows = "steps: [{ id: a, uses: shop.create, with: { num: '{{ row.id }}' } }]\n";
    assert_eq!(Setup::default().reports(without_rows), [once]);
}

#[test]
fn results_are_searched_too() {
    let text = "rows: { from: rows.csv, key: id }\nsteps: [{ id: a, uses: shop.list }]\nresults: { r: '{{ steps.q.body }}' }\n";
    assert_eq!(Setup::default().reports(text), ["unknown-name: There is no step `q`"]);
}
