//! What each destination allows: bodies, URLs, parameters; how path segments are encoded.

use serde_json::json;

use crate::model::{Value, deferred};
use crate::template::{Destination, RenderError, Scope, Templates};

fn scope() -> Scope {
    let mut scope = Scope::new();
    scope.set(
        "row",
        json!({
            "id": "T 1/2", "null": null, "empty": "", "spaces": " \t ", "zero": 0, "no": false, "list": ["a", "b"],
            "holed": ["a", " "], "map": {"k": "v"}, "blank_key": {" ": 1}, "nested": {"a": [{"b": ""}]}, "nothing": []
        }),
    );
    scope.set_path(&["steps", "done"], json!({"outcome": "succeeded", "outputs": {"num": null, "id": "N1"}}));
    scope.set_path(&["steps", "later"], json!({"outputs": deferred()}));
    scope
}

fn render(text: &str, destination: Destination) -> Result<Value, RenderError> {
    let mut templates = Templates::new();
    let template = templates.compile(text).unwrap().for_destination(destination);
    template.render(&templates, &scope())
}

/// The name that the error says is blank, its parts joined with dots.
fn blank(text: &str, destination: Destination) -> String {
    render(text, destination).unwrap_err().blank.unwrap_or_else(|| panic!("{text}: not a blank")).join(".")
}

#[test]
fn in_a_url_each_value_is_one_encoded_segment() {
    for (text, url) in [
        ("/v1/{{ row.id }}", "/v1/T%201%2F2"),
        ("{{ row.id }}", "T%201%2F2"),
        ("/{{ concat \"a?b\" \"#c\" }}", "/a%3Fb%23c"),
        ("/{{ concat \"100%\" }}", "/100%25"),
        ("/{{ concat \"預\" }}", "/%E9%A0%90"),
        ("/{{ row.zero }}/{{ row.no }}", "/0/false"),
        ("/{{ row.list }}", "/%5B%22a%22%2C%22b%22%5D"),
        ("/a b?c={{ row.zero }}", "/a b?c=0"),
        ("/{{#each row.list}}{{ this }};{{/each}}", "/a;b;"),
        ("/{{#if row.id}}{{ row.id }}{{/if}}", "/T%201%2F2"),
    ] {
        assert_eq!(render(text, Destination::Url), Ok(json!(url)), "{text}");
    }
}

#[test]
fn in_a_url_what_is_marked_raw_is_not_encoded() {
    for (text, url) in [
        ("/v1/{{ raw row.id }}", "/v1/T 1/2"),
        ("/v1/{{{ row.id }}}", "/v1/T 1/2"),
        ("/v1/{{& row.id }}", "/v1/T 1/2"),
        ("/v1/{{ raw (lower row.id) }}", "/v1/t 1/2"),
        ("{{ raw row.id }}", "T 1/2"),
        // Only the outermost helper decides.
        ("/v1/{{ lower (raw row.id) }}", "/v1/t%201%2F2"),
    ] {
        assert_eq!(render(text, Destination::Url), Ok(json!(url)), "{text}");
    }
}

#[test]
fn outside_a_url_nothing_is_encoded() {
    for destination in [Destination::Anywhere, Destination::Parameter] {
        assert_eq!(render("/v1/{{ row.id }}", destination), Ok(json!("/v1/T 1/2")));
        assert_eq!(render("{{ row.id }}", destination), Ok(json!("T 1/2")));
    }
}

#[test]
fn in_a_url_no_part_is_blank_raw_or_not() {
    for (text, name) in [
        ("/v1/{{ row.null }}", "row.null"),
        ("/v1/{{ row.empty }}", "row.empty"),
        ("/v1/{{ row.spaces }}", "row.spaces"),
        ("{{ row.null }}", "row.null"),
        ("/v1/{{{ row.empty }}}", "row.empty"),
        ("/v1/{{ raw row.null }}", "row.null"),
        ("/v1/{{ row.id }}/{{ lower row.empty }}", "row.empty"),
        ("/{{#if row.id}}{{ row.null }}{{/if}}", "row.null"),
    ] {
        assert_eq!(blank(text, Destination::Url), name, "{text}");
    }
    let error = render("/v1/{{ row.null }}", Destination::Url).unwrap_err();
    assert_eq!(error.message, "`row.null` is blank, and null or blank never stands in a path");
}

#[test]
fn a_blank_inside_a_block_or_of_no_name_names_no_column() {
    assert_eq!(blank("/{{#each row.holed}}{{ this }}/{{/each}}", Destination::Url), "");
    assert_eq!(blank("/{{ concat \"\" }}", Destination::Url), "");
    assert_eq!(
        render("/{{ concat \"\" }}", Destination::Url).unwrap_err().message,
        "a part is blank, and null or blank never stands in a path"
    );
}

#[test]
fn a_parameter_that_is_one_expression_may_be_null_and_is_then_left_out() {
    assert_eq!(render("{{ row.null }}", Destination::Parameter), Ok(Value::Null));
    assert_eq!(render("{{ lower row.null }}", Destination::Parameter), Ok(Value::Null));
    assert_eq!(blank("x{{ row.null }}", Destination::Parameter), "row.null");
}

#[test]
fn a_parameter_that_an_answer_lacks_is_blank_and_not_left_out() {
    assert_eq!(blank("{{ steps.done.outputs.num }}", Destination::Parameter), "steps.done.outputs.num");
    assert_eq!(blank("{{ lower steps.done.outputs.num }}", Destination::Parameter), "steps.done.outputs.num");
    assert_eq!(render("{{ default steps.done.outputs.num \"x\" }}", Destination::Parameter), Ok(json!("x")));
}

#[test]
fn a_parameter_holds_no_blank_text_at_any_depth() {
    for (text, name) in [
        ("{{ row.empty }}", "row.empty"),
        ("{{ row.spaces }}", "row.spaces"),
        ("{{ row.holed }}", "row.holed"),
        ("{{ row.blank_key }}", "row.blank_key"),
        ("{{ row.nested }}", "row.nested"),
    ] {
        assert_eq!(blank(text, Destination::Parameter), name, "{text}");
    }
    for text in ["{{ row.zero }}", "{{ row.no }}", "{{ row.list }}", "{{ row.map }}", "{{ row.nothing }}"] {
        assert!(render(text, Destination::Parameter).is_ok(), "{text}");
    }
}

#[test]
fn a_body_takes_blanks_as_they_are() {
    for (text, value) in [
        ("{{ row.null }}", json!(null)),
        ("{{ row.empty }}", json!("")),
        ("{{ row.holed }}", json!(["a", " "])),
        ("<{{ row.null }}{{ row.spaces }}>", json!("< \t >")),
    ] {
        assert_eq!(render(text, Destination::Anywhere), Ok(value), "{text}");
    }
}

#[test]
fn a_missing_answer_defers_before_it_can_be_blank() {
    for destination in [Destination::Anywhere, Destination::Url, Destination::Parameter] {
        for text in ["{{ steps.later.outputs.num }}", "/{{ steps.later.outputs.num }}"] {
            assert_eq!(render(text, destination), Ok(deferred()), "{text}");
        }
    }
    // A blank part before it is found first.
    assert_eq!(blank("/{{ row.null }}/{{ steps.later.outputs.num }}", Destination::Url), "row.null");
}

#[test]
fn a_blank_is_found_although_another_part_waits_for_an_answer() {
    let check = |text: &str, destination| {
        let mut templates = Templates::new();
        let template = templates.compile(text).unwrap().for_destination(destination);
        template.check_known(&templates, &scope(), &|name| name[0] == "steps").map_err(|error| error.blank)
    };
    let blank = Err(Some(vec!["row".to_owned(), "null".to_owned()]));
    for destination in [Destination::Url, Destination::Parameter] {
        assert_eq!(check("/{{ steps.later.outputs.num }}/{{ row.null }}", destination), blank);
        assert_eq!(check("/{{ steps.done.outputs.num }}/{{ row.zero }}", destination), Ok(()), "waits");
        assert_eq!(check("/{{ row.id }}", destination), Ok(()));
        // The value of a whole expression is judged when it is rendered.
        assert_eq!(check("{{ row.null }}", destination), Ok(()));
    }
    assert_eq!(check("/{{ row.null }}", Destination::Anywhere), Ok(()));
    assert_eq!(check("/{{ row.gone }}", Destination::Url), Err(None), "a missing name is an error too");
}
