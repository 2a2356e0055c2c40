//! Which names are asked for: every value that is used, whichever branch uses it, and none that is not.

use serde_json::json;

use crate::model::{Value, deferred};
use crate::template::{Scope, Templates};

fn render(text: &str) -> Result<Value, String> {
    let mut scope = Scope::new();
    scope.set(
        "row",
        json!({"yes": true, "no": false, "name": "Ann", "list": [{"k": 1}, {"k": 2}], "map": {"k": {"z": 1}}, "null": null}),
    );
    scope.set_path(&["steps", "later"], json!({"outputs": deferred()}));
    let mut templates = Templates::new();
    templates.compile(text).unwrap().render(&templates, &scope).map_err(|error| error.message)
}

#[track_caller]
fn missing(text: &str, name: &str) {
    let message = render(text).expect_err(text);
    assert!(message.starts_with(&format!("`{name}` does not exist")), "{text}: {message}");
}

#[test]
fn a_missing_name_in_a_condition_is_an_error_and_not_false() {
    for block in ["if", "unless", "with", "each"] {
        missing(&format!("{{{{#{block} row.gone}}}}x{{{{else}}}}y{{{{/{block}}}}}"), "row.gone");
        missing(&format!("{{{{#{block} (lower row.gone)}}}}x{{{{/{block}}}}}"), "row.gone");
        missing(&format!("{{{{#{block} row.map.gone}}}}x{{{{/{block}}}}}"), "row.map.gone");
    }
    missing("{{#if row.no}}a{{else if row.gone}}b{{/if}}", "row.gone");
}

#[test]
fn helpers_of_logic_ask_for_all_their_values() {
    for text in [
        "{{ or row.yes row.gone }}",
        "{{ and row.no row.gone }}",
        "{{ not row.gone }}",
        "{{ default row.name row.gone }}",
        "{{ coalesce row.name row.gone }}",
        "{{#if (or row.yes row.gone)}}x{{/if}}",
        "{{#unless (and row.no (eq row.gone 1))}}x{{/unless}}",
    ] {
        missing(text, "row.gone");
    }
}

#[test]
fn a_name_in_a_branch_that_is_not_taken_is_not_asked_for() {
    for text in [
        "{{#if row.yes}}x{{else}}{{ row.gone }}{{/if}}",
        "{{#if row.yes}}x{{else if row.gone}}y{{/if}}",
        "{{#unless row.yes}}{{ row.gone }}{{else}}x{{/unless}}",
        "{{#with row.null}}{{ gone }}{{else}}x{{/with}}",
        "{{#with row.name}}x{{else}}{{ row.gone }}{{/with}}",
        "{{#each row.null}}{{ gone }}{{else}}x{{/each}}",
        "{{#if row.no}}{{ steps.later.outputs.n }}{{/if}}x",
    ] {
        assert_eq!(render(text), Ok(json!("x")), "{text}");
    }
}

#[test]
fn a_name_in_the_branch_taken_is_asked_for() {
    for text in [
        "{{#if row.yes}}{{ row.gone }}{{/if}}",
        "{{#unless row.no}}{{ row.gone }}{{/unless}}",
        "{{#if row.no}}x{{else}}{{ row.gone }}{{/if}}",
        "{{#each row.list}}{{ @root.row.gone }}{{/each}}",
    ] {
        let name = if text.contains("@root") { "@root.row.gone" } else { "row.gone" };
        missing(text, name);
    }
}

#[test]
fn inside_a_block_a_name_belongs_to_its_element() {
    assert_eq!(render("{{#each row.list}}{{ k }}{{/each}}"), Ok(json!("12")));
    assert_eq!(render("{{#with row.map}}{{ k.z }}{{/with}}"), Ok(json!("1")));
    missing("{{#each row.list}}{{ z }}{{/each}}", "z");
    missing("{{#with row.map}}{{ this.z }}{{/with}}", "this.z");
    missing("{{#each row.list as |x|}}{{ x.z }}{{/each}}", "x.z");
    // A name of the row is reached from `@root`, or with `../`.
    missing("{{#each row.list}}{{ row.name }}{{/each}}", "row.name");
    assert_eq!(render("{{#each row.list}}{{ ../row.name }}{{/each}}"), Ok(json!("AnnAnn")));
    assert_eq!(render("{{#if row.yes}}{{ row.name }}{{/if}}"), Ok(json!("Ann")), "`if` opens no element");
}

#[test]
fn a_condition_that_waits_for_an_answer_defers_the_text() {
    for block in ["if", "unless", "with", "each"] {
        let text = format!("a{{{{#{block} steps.later.outputs.n}}}}x{{{{/{block}}}}}");
        assert_eq!(render(&text), Ok(deferred()), "{text}");
    }
}
