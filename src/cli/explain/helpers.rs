//! Explains a helper of templates.

use serde_json::json;

use crate::diagnostic::{padded, widest};
use crate::model::Value;
use crate::template::helpers::{HELPERS, Helper};

/// The helper with this name; `None` where there is none.
pub(super) fn helper_called(name: &str) -> Option<&'static Helper> {
    HELPERS.iter().find(|helper| helper.name == name)
}

/// A helper as text.
pub(super) fn text(helper: &Helper) -> String {
    let mut text =
        format!("{}: a helper of templates\n\n{}\n\nusage      {}\n", helper.name, helper.about, helper.usage);
    for example in helper.examples {
        text.push_str(&format!("\n    {}\n    gives {}\n", example.template, example.result));
    }
    text.trim_end().to_owned()
}

/// All helpers, for the list of everything.
pub(super) fn list() -> String {
    let width = widest(HELPERS.iter().map(|helper| helper.name));
    let lines = HELPERS.iter().map(|helper| format!("  {}  {}\n", padded(helper.name, width), helper.about));
    format!("a helper of templates\n{}", lines.collect::<String>())
}

/// A helper as JSON.
pub(super) fn json(helper: &Helper) -> Value {
    let examples = helper.examples.iter().map(|example| json!({"template": example.template, "gives": example.result}));
    json!({
        "kind": "helper",
        "name": helper.name,
        "usage": helper.usage,
        "meaning": helper.about,
        "examples": examples.collect::<Vec<_>>(),
    })
}
