//! Templates: compiled with errors inside the text, rendered twice the same, as Handlebars renders them where no helper
//! of ours is called; and what a cell holds is never read as a template.

use std::str;

use handlebars::Handlebars;
use runsheet::internals::diagnostic::Span;
use runsheet::internals::model::{Value, as_text};
use runsheet::internals::template::helpers::HELPERS;
use runsheet::internals::template::{Scope, Templates};
use serde_json::json;

/// What Handlebars and we both know under these names.
const SHARED: [&str; 5] = ["if", "unless", "each", "with", "lookup"];

/// The input is a template, and behind a NUL the text of a cell.
pub(crate) fn holds(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (text, cell) = text.split_once('\0').unwrap_or((text, "{{ row.cell }}{{{x"));
    let scope = scope(cell);
    cell_stays_as_it_is(&scope, cell);
    let mut templates = Templates::new();
    let template = match templates.compile(text) {
        Ok(template) => template,
        Err(error) => {
            lies_in(error.span, text);
            return assert!(!error.message.is_empty());
        }
    };
    assert_eq!(template.text(), text);
    template.names().iter().for_each(|name| {
        lies_in(name.span, text);
        assert!(!name.path.is_empty());
    });
    let rendered = template.render(&templates, &scope);
    assert_eq!(rendered, template.render(&templates, &scope));
    match rendered {
        Err(error) => assert!(!error.message.is_empty() && !template.is_constant()),
        Ok(value) => agrees_with_handlebars(text, &as_text(&value), cell),
    }
}

fn data(cell: &str) -> Value {
    json!({
        "a": "x", "t": true, "f": false, "n": null, "s": "", "l": ["p", "q"], "e": [], "o": {"k": "v", "m": {"z": "w"}},
        "p": [{"k": "1", "l": ["r"]}, {"k": "2", "l": []}],
        "row": {"cell": cell, "id": "00123", "starts_at": "2026-11-22T09:30:00+08:00", "count": "30", "預約": "約"}
    })
}

fn scope(cell: &str) -> Scope {
    let mut scope = Scope::new();
    if let Value::Object(names) = data(cell) {
        names.into_iter().for_each(|(name, value)| scope.set(&name, value));
    }
    scope.set("run", json!({"id": "20260101-000000-abcdef", "started_at": "2026-01-01T00:00:00Z"}));
    scope.set_identity("20260101-000000-abcdef/row/step");
    scope
}

fn cell_stays_as_it_is(scope: &Scope, cell: &str) {
    let mut templates = Templates::new();
    for (text, wanted) in [("{{ row.cell }}", cell.to_owned()), ("<{{{row.cell}}}>", format!("<{cell}>"))] {
        let template = templates.compile(text).expect("a sound template");
        assert_eq!(template.render(&templates, scope), Ok(Value::String(wanted)));
    }
}

fn agrees_with_handlebars(text: &str, ours: &str, cell: &str) {
    let helper = |name: &str| !SHARED.contains(&name) && text.contains(name);
    // Lists and maps are written as JSON by us; `run` is ours alone; numbers written in a tag keep their digits here.
    let differs = ours.contains(['[', '{']) || text.contains("run") || text.contains(|c: char| c.is_ascii_digit());
    if differs || HELPERS.iter().any(|known| helper(known.name)) {
        return;
    }
    let mut handlebars = Handlebars::new();
    handlebars.register_escape_fn(handlebars::no_escape);
    // Where it would only leave out what it does not know, it has nothing to say.
    handlebars.set_strict_mode(true);
    if let Ok(theirs) = handlebars.render_template(text, &data(cell)) {
        assert_eq!(theirs, ours, "{text:?}");
    }
}

fn lies_in(span: Span, text: &str) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} is no part of {text:?}");
}
