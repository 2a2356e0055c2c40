//! What can be asked of a compiled text, and the bounds of compiling.

use crate::template::{Template, Templates, spell_name};

fn compiled(text: &str) -> Template {
    Templates::new().compile(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn one_expression_is_whole_and_a_text_around_it_is_not() {
    for text in ["{{ row.x }}", "{{{ row.x }}}", "{{~ row.x ~}}", "{{ lower row.x }}", "{{! note }}{{ row.x }}"] {
        assert!(compiled(text).is_whole(), "{text}");
    }
    for text in ["", "x", " {{ row.x }}", "{{ row.x }}{{ row.x }}", "{{#if row.x}}y{{/if}}", "{{! note }}"] {
        assert!(!compiled(text).is_whole(), "{text}");
    }
    assert!(compiled("{{! note }}").is_constant() && compiled("").is_constant());
}

#[test]
fn only_a_cell_handed_on_as_it_is_counts_as_a_column() {
    assert_eq!(compiled("{{ row.name }}").column(), Some("name"));
    assert_eq!(compiled("{{ row.[Agent Id] }}").column(), Some("Agent Id"));
    assert_eq!(compiled("{{ @root.row.name }}").column(), Some("name"));
    for text in ["{{ row }}", "{{ row.a.b }}", "{{ vars.a }}", "{{ lower row.a }}", "x{{ row.a }}", "x"] {
        assert_eq!(compiled(text).column(), None, "{text}");
    }
}

#[test]
fn columns_joined_to_a_text_are_listed_where_nothing_else_is_in_it() {
    assert_eq!(compiled("{{ row.a }}-{{ row.b }}").joined_columns(), Some(vec!["a", "b"]));
    assert_eq!(compiled("x{{ row.a }}").joined_columns(), Some(vec!["a"]));
    for text in
        ["{{ row.a }}", "x", "{{ row.a }}{{ vars.b }}", "{{ row.a }}{{ lower row.b }}", "x{{#if row.a}}y{{/if}}"]
    {
        assert_eq!(compiled(text).joined_columns(), None, "{text}");
    }
}

#[test]
fn a_single_name_is_given_with_its_parts() {
    let name = |text: &str| compiled(text).as_name().map(|parts| parts.join("|"));
    assert_eq!(name("{{ row.a.0.[b c] }}").as_deref(), Some("row|a|0|b c"));
    assert_eq!(name("{{ vars.x }}").as_deref(), Some("vars|x"));
    for text in ["{{ lower row.a }}", "x{{ row.a }}", "x", "{{ now }}"] {
        assert_eq!(name(text), None, "{text}");
    }
}

#[test]
fn an_expression_that_would_be_encoded_is_spelled_without_encoding() {
    for (text, raw) in [
        ("{{ row.a }}", Some("{{ raw row.a }}")),
        ("{{~ row.a ~}}", Some("{{ raw row.a }}")),
        ("{{ lower row.a }}", Some("{{ raw (lower row.a) }}")),
        ("{{ raw row.a }}", None),
        ("{{{ row.a }}}", None),
        ("x{{ row.a }}", None),
        ("x", None),
    ] {
        assert_eq!(compiled(text).as_raw().as_deref(), raw, "{text}");
        let rewritten = raw.map(|raw| compiled(raw).is_whole());
        assert!(rewritten.is_none_or(|whole| whole), "{text}");
    }
}

#[test]
fn an_expression_gives_private_values_unless_it_tells_only_yes_no_or_a_length() {
    let mut templates = Templates::new();
    let mut gives = |text: &str| {
        let template = templates.compile(text).unwrap();
        template.gives_private(&templates, &|name| name == ["row", "name"])
    };
    for text in ["{{ row.name }}", "{{ lower row.name }}", "{{ concat \"x\" (upper row.name) }}"] {
        assert!(gives(text), "{text}");
    }
    for text in [
        "{{ row.city }}",
        "{{ len row.name }}",
        "{{ eq row.name \"x\" }}",
        "{{ concat (len row.name) }}",
        "x{{ row.name }}",
    ] {
        assert!(!gives(text), "{text}");
    }
}

#[test]
fn a_name_is_spelled_so_that_it_reads_back_with_the_same_parts() {
    for path in [
        &["row", "name"][..],
        &["row", "Agent Id"],
        &["row", "a.b", "0"],
        &["row", "預約"],
        &["row", ""],
        &["row", "1st"],
    ] {
        let spelled = spell_name(path).unwrap();
        assert_eq!(compiled(&format!("{{{{ {spelled} }}}}")).as_name().unwrap(), path, "{spelled}");
    }
    assert_eq!(spell_name(&["row", "a]b"]), None, "no spelling has a closing bracket in it");
}

#[test]
fn nesting_is_bounded_at_24_blocks_and_24_brackets() {
    let blocks = |depth: usize| format!("{}x{}", "{{#if row.x}}".repeat(depth), "{{/if}}".repeat(depth));
    let brackets = |depth: usize| format!("{{{{ lower {}row.x{} }}}}", "(lower ".repeat(depth), ")".repeat(depth));
    for text in [blocks(24), brackets(24)] {
        assert!(Templates::new().compile(&text).is_ok(), "{}", &text[..40]);
    }
    for text in [blocks(25), brackets(25)] {
        let error = Templates::new().compile(&text).unwrap_err();
        assert!(error.message.contains("nested deeper than 24"), "{error}");
    }
}

#[test]
fn a_text_with_a_template_in_it_is_bounded_at_256_kib() {
    let tag = "{{ row.x }}";
    let text = |bytes: usize| format!("{}{tag}", "x".repeat(bytes - tag.len()));
    assert!(Templates::new().compile(&text(256 * 1024)).is_ok());
    assert!(Templates::new().compile(&text(256 * 1024 + 1)).is_err());
}
