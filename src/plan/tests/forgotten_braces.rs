//! Names that were written without braces.

use super::setup::{Setup, help};

/// The names warned of in one input, each with its help.
fn found(text: &str) -> Vec<String> {
    let quoted = text.replace('\'', "''");
    in_step(&format!("{{ id: b, uses: shop.create, with: {{ num: x, note: '{quoted}' }} }}"))
}

fn in_step(step: &str) -> Vec<String> {
    let text = format!(
        "vars: {{ branch: a }}\nrows: {{ from: rows.csv, key: id, columns: {{ name: {{}} }} }}\n\
         steps: [{{ id: a, uses: shop.list }}, {step}]\n"
    );
    warned(Setup::default(), &text)
}

fn warned(setup: Setup, text: &str) -> Vec<String> {
    let (plan, diagnostics) = setup.bind(text);
    assert!(plan.is_some(), "{}", diagnostics.render(false, 100));
    let own = diagnostics.iter().filter(|one| one.code == "forgotten-braces");
    own.map(|one| format!("{} | {}", one.message.split('`').nth(1).unwrap(), help(one))).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_text_that_begins_with_a_known_name_is_warned_of() {
    for name in ["row.name", "row.id", "vars.branch", "run.id", "run.counts.failed", "steps.a.body", "row.[name]"] {
        assert_eq!(found(name), [format!("{name} | Write `\"{{{{ {name} }}}}\"`.")], "{name}");
    }
    assert_eq!(found("  row.name and more"), ["row.name | Write `\"  {{ row.name }} and more\"`."]);
}

#[test]
fn a_name_that_is_not_known_is_left_alone() {
    for text in [
        "row.nix",
        "vars.nix",
        "run.nix",
        "run.id.more",
        "steps.q.body",
        "steps.a.nix",
        "steps.a",
        "item.name",
        "rows.name",
    ] {
        assert_eq!(found(text), NOTHING, "{text}");
    }
}

#[test]
fn a_name_within_another_word_is_left_alone() {
    for text in ["row.name@x.example", "row.name/x", "row.name(1)", "row.name=1", "arrow.name", "the row.name"] {
        assert_eq!(found(text), NOTHING, "{text}");
    }
}

#[test]
fn the_signs_of_other_languages_are_replaced_by_braces() {
    for text in [
        "${row.name}",
        "#{row.name}",
        "{row.name}",
        "<row.name>",
        "%row.name%",
        "$(row.name)",
        "[[row.name]]",
        "$row.name",
        "${ row.name }",
    ] {
        assert_eq!(found(&format!("a {text} b")), ["row.name | Write `\"a {{ row.name }} b\"`."], "{text}");
    }
    assert_eq!(found("a ${row.name b"), ["row.name | Write `\"a ${{ row.name b }}\"`."; 0]);
}

#[test]
fn quotes_around_a_name_stay() {
    assert_eq!(found("{\"a\": \"row.name\"}"), ["row.name | Write `'{\"a\": \"{{ row.name }}\"}'`."]);
}

#[test]
fn a_part_of_a_path_or_the_value_of_a_parameter_is_a_name() {
    assert_eq!(found("/x/row.name/y"), ["row.name | Write `\"/x/{{ row.name }}/y\"`."]);
    assert_eq!(found("/x?a=row.name&b=1"), ["row.name | Write `\"/x?a={{ row.name }}&b=1\"`."]);
    assert_eq!(found("/x/row.name,1"), NOTHING);
}

#[test]
fn a_sign_ahead_of_a_template_is_sent_too() {
    assert_eq!(found("${{ row.name }}"), ["$ | Write `\"{{ row.name }}\"`."]);
    assert_eq!(found("US${{ row.name }}"), NOTHING);
    assert_eq!(found("${{ row.name }}{{ row.id }}"), NOTHING);
}

#[test]
fn a_key_that_is_a_name_is_warned_of_without_a_template_to_write() {
    let found = in_step("{ id: b, uses: shop.create, with: { num: x, any: { row.name: y } } }");
    assert_eq!(found, ["row.name | Give the map whole, from a column of `type: json`, or write the key itself."]);
}

#[test]
fn an_element_is_a_name_only_where_there_is_one() {
    let note = |note: &str, rest: &str| {
        in_step(&format!("{{ id: b, uses: shop.create, with: {{ num: x, note: '{note}' }}{rest} }}"))
    };
    let each = ", for_each: '{{ steps.a.items }}'";
    assert_eq!(note("item", each).len(), 1);
    assert_eq!(note("item.name", each).len(), 1);
    assert_eq!(note("item", ""), NOTHING);
    assert_eq!(note("item and more", each), NOTHING);
    assert_eq!(note("items", each), NOTHING);
    let in_each =
        "{ id: b, uses: shop.create, with: { num: x, people: [{ $each: '{{ steps.a.items }}', name: item }] } }";
    assert_eq!(in_step(in_each).len(), 1);
}

#[test]
fn every_place_of_a_step_is_searched() {
    for step in [
        "{ id: b, uses: shop.create, with: { num: x, names: [row.name] } }",
        "{ id: b, uses: shop.create, with: { num: x, place: { road: row.name } } }",
        "{ id: b, uses: shop.create, with: { num: x }, settings: { desk: row.name } }",
        "{ id: b, uses: shop.create, with: { num: x }, rollback: { uses: shop.remove, with: { id: row.name } } }",
        "{ id: b, uses: shop.create, with: { num: x }, rollback: { uses: shop.remove, with: { id: x }, settings: { desk: row.name } } }",
    ] {
        assert_eq!(in_step(step).len(), 1, "{step}");
    }
}

#[test]
fn steps_that_run_once_have_no_row_to_forget() {
    let text = |id: &str| {
        format!(
            "rows: {{ from: rows.csv, key: id }}\nbefore: [{{ id: z, uses: shop.create, with: {{ num: {id} }} }}]\nsteps: [{{ id: a, uses: shop.list }}]\nresults: {{ r: row.id }}\n"
        )
    };
    assert_eq!(warned(Setup::default(), &text("row.id")).len(), 1);
    assert_eq!(warned(Setup::default(), &text("run.id")).len(), 2);
}

#[test]
fn an_opened_file_says_which_columns_there_are() {
    let text = "rows: { from: rows.csv, key: id, columns: { name: {} } }\nsteps: [{ id: a, uses: shop.create, with: { num: row.other, note: row.name } }]\n";
    assert_eq!(warned(Setup::default(), text).len(), 1);
    let opened = Setup { columns: Some(vec!["id", "other"]), ..Setup::default() };
    let found = warned(opened, text);
    assert!(found.len() == 1 && found[0].starts_with("row.other"), "{found:?}");
}
