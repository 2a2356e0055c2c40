//! Compares our rendering with Handlebars' own for texts that mean the same in both; and no text makes it panic.

use handlebars::Handlebars;
use proptest::prelude::*;
use serde_json::json;

use crate::model::Value;
use crate::template::{Scope, Templates};

fn data() -> Value {
    json!({
        "a": "x", "t": true, "f": false, "n": null, "s": "", "l": ["p", "q"], "e": [], "o": {"k": "v", "m": {"z": "w"}},
        "p": [{"k": "1", "l": ["r"]}, {"k": "2", "l": []}]
    })
}

/// Pieces of text that mean the same in both. Each closes the blocks that it opens.
fn piece() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "{{a}}",
        "{{ a }}",
        "{{{a}}}",
        "{{&a}}",
        "{{t}}",
        "{{n}}",
        "{{s}}",
        "{{o.k}}",
        "{{o/k}}",
        "{{o.m.z}}",
        "{{l.0}}",
        "{{o.[k]}}",
        "{{@root.a}}",
        "{{this.a}}",
        "{{./a}}",
        "{{~a}}",
        "{{a~}}",
        "{{~a~}}",
        "{{! note }}",
        "{{!-- a }} --}}",
        "text",
        " ",
        "\n",
        "  \n",
        "\\{{a}}",
        "\\\\{{a}}",
        "<&\">",
        "{ ",
        " }",
        "{{lookup o \"k\"}}",
        "{{lookup l 1}}",
        "{{#each l}}{{this}}{{@index}}{{@first}}{{@last}}{{/each}}",
        "{{#each o}}{{@key}};{{/each}}",
        "{{#each e}}x{{else}}none{{/each}}",
        "{{#each p}}{{k}}{{#each l}}{{this}}{{../k}}{{@../index}}{{@root.a}}{{/each}}{{/each}}",
        "{{#each p as |x i|}}{{i}}{{x.k}}{{#each x.l as |y|}}{{y}}{{x.k}}{{/each}}{{/each}}",
        "{{#with o}}{{k}}{{m.z}}{{../a}}{{/with}}",
        "{{#with o as |q|}}{{q.k}}{{/with}}",
        "{{#with n}}x{{else}}y{{/with}}",
        "{{#each p}}{{#with this}}{{@index}}{{k}}{{/with}}{{/each}}",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 24, 4, |inner| {
        let many = prop::collection::vec(inner, 0..4).prop_map(|pieces| pieces.concat());
        (many.clone(), many, prop::sample::select(vec!["a", "t", "f", "n", "s", "l", "e", "o.k"]), 0..6_u8).prop_map(
            |(one, two, test, form)| match form {
                0 => format!("{{{{#if {test}}}}}{one}{{{{/if}}}}"),
                1 => format!("{{{{#if {test}}}}}{one}{{{{else}}}}{two}{{{{/if}}}}"),
                2 => format!("{{{{#unless {test}}}}}\n{one}{{{{^}}}}{two}{{{{/unless}}}}\n"),
                3 => format!("{{{{#if f}}}}{one}{{{{else if {test}}}}}{two}{{{{else}}}}z{{{{/if}}}}"),
                4 => format!("{{{{~#if {test}~}}}} {one} {{{{~else~}}}} {two} {{{{~/if~}}}}"),
                _ => format!("  {{{{#if {test}}}}}\n{one}\n  {{{{/if}}}}\n{two}"),
            },
        )
    })
}

fn ours(text: &str) -> Result<String, String> {
    let mut scope = Scope::new();
    for (name, value) in data().as_object().unwrap() {
        scope.set(name, value.clone());
    }
    let mut templates = Templates::new();
    let template = templates.compile(text).map_err(|error| error.message)?;
    let value = template.render(&templates, &scope).map_err(|error| error.message)?;
    Ok(crate::model::as_text(&value))
}

fn theirs(text: &str) -> Option<String> {
    let mut handlebars = Handlebars::new();
    handlebars.register_escape_fn(handlebars::no_escape);
    handlebars.render_template(text, &data()).ok()
}

proptest! {
    #[test]
    fn both_render_the_same(pieces in prop::collection::vec(piece(), 1..6)) {
        let text = pieces.concat();
        prop_assert_eq!(ours(&text).ok(), theirs(&text), "{:?}", text);
    }

    #[test]
    fn no_text_panics(tokens in prop::collection::vec(prop::sample::select(vec![
        "{{", "}}", "{{{", "}}}", "{{{{", "}}}}", "\\", "#", "/", "^", "~", "!", "!--", "--", ">", "*", "&", "(", ")", "[", "]",
        "{", "}", "\"", "'", " ", "\n", ".", "..", "../", "@", "=", "|", "as", "else", "if", "each", "with", "row", "row.a",
        "this", "lookup", "lower", "1", "-1", "1.5", "true", "null", "é", "預", ":", ",", "{{else}}", "{{/if}}", "{{#if a}}",
        "{{else if b}}", "{{^}}", "{{/", "{{#", "{{~", "~}}",
    ]), 0..24)) {
        let text: String = tokens.concat();
        let _ = ours(&text);
    }

    #[test]
    fn no_arbitrary_text_panics(text in "\\PC{0,80}") {
        let _ = ours(&format!("{{{{{text}}}}}"));
        let _ = ours(&text);
    }
}
