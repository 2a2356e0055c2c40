//! The page of codes: exit codes, outcomes, dispositions, codes of rows, codes of messages.

use serde_json::Value;

use super::is_current;
use super::markdown::{block, outside_code, table};
use crate::program::TestFolder;

/// The kinds of codes, each with the heading and what stands below it.
const KINDS: [(&str, &str, &str); 5] = [
    ("exit", "Exit codes", "What a command ends with, for scripts and CI."),
    ("outcome", "Outcomes of rows", "How a row ends, in the order in which one outcome wins over another."),
    ("disposition", "What an answer means", "What one answer of a vendor means for the call."),
    (
        "row_code",
        "Codes of rows",
        "What `_code` says in row files where the code is runsheet's own and not the vendor's.",
    ),
    ("diagnostic", "Codes of messages", "The word in brackets after `error` and `warning`."),
];

#[test]
fn the_page_of_codes_is_current() {
    let all = TestFolder::new().run("explain --format json").exits(0).json();
    let all = all["found"].as_array().unwrap();
    let mut text =
        "# Codes\n\n`runsheet explain CODE` shows each of these on a terminal, and the codes of vendors as well.\n\n"
            .to_owned();
    for (kind, heading, says) in KINDS {
        let own: Vec<&Value> = all.iter().filter(|one| one["kind"] == kind).collect();
        assert!(!own.is_empty(), "{kind}");
        text.push_str(&format!("## {heading}\n\n{says}\n\n"));
        if kind == "diagnostic" {
            own.into_iter().for_each(|one| text.push_str(&in_full(one)));
        } else {
            let row =
                |one: &&Value| vec![format!("`{}`", word(one, "name")), word(one, "meaning"), word(one, "advice")];
            text.push_str(&table(&["code", "what it means", "what to do"], own.iter().map(row)));
        }
    }
    is_current("codes.md", &format!("{}\n", text.trim_end()));
}

fn word(one: &Value, key: &str) -> String {
    one[key].as_str().unwrap_or_default().to_owned()
}

fn in_full(one: &Value) -> String {
    let mut text = format!("### {}\n\n{}\n\n", word(one, "name"), outside_code(&word(one, "meaning")));
    if let Some(example) = one["example"].as_str() {
        text.push_str(&block("text", example));
    }
    text.push_str(&format!("{}\n\n", outside_code(&word(one, "advice"))));
    text
}
