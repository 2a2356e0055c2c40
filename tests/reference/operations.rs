//! The page of operations: every call of every built-in provider, with an example.

use serde_json::Value;

use super::is_current;
use super::markdown::{block, outside_code, table};
use crate::program::TestFolder;

#[test]
fn the_page_of_operations_is_current() {
    let desk = TestFolder::new();
    let all = desk.run("operations --format json").exits(0).json();
    let mut text = "# Operations\n\nEvery call that a step can make, by provider. `runsheet operations` lists them, `runsheet operations NAME` \
        shows one, and `runsheet new DIR --from NAME` writes a playbook for it. A key `uses` takes the name of an operation, \
        or the vendor's own name for it.\n\n"
        .to_owned();
    let mut provider = "";
    for operation in all.as_array().unwrap() {
        let name = operation["name"].as_str().unwrap();
        let own = name.split('.').next().unwrap();
        if own != provider {
            text.push_str(&format!("## {own}\n\n"));
            provider = own;
        }
        let shown = desk.run(&format!("operations {name}")).exits(0).out;
        text.push_str(&described(operation, &shown));
    }
    is_current("operations.md", &format!("{}\n", text.trim_end()));
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn described(operation: &Value, shown: &str) -> String {
    let mut text = format!("### {}\n\n{}.\n\n", word(operation, "name"), word(operation, "summary"));
    // Between the summary and the facts stands what else the provider's file says.
    let description: Vec<&str> = shown.lines().skip(2).take_while(|line| !line.is_empty()).collect();
    if !description.is_empty() {
        text.push_str(&format!("{}\n\n", outside_code(&description.join("\n"))));
    }
    let fact = |label: &str| {
        let line = shown.lines().find(|line| line.starts_with(label) && line[label.len()..].starts_with(' '))?;
        Some(vec![label.to_owned(), format!("`{}`", line[label.len()..].trim())])
    };
    let facts =
        ["vendor name", "call", "effect", "repeat", "lookup", "undo", "limits"].iter().filter_map(|label| fact(label));
    text.push_str(&table(&["fact", "value"], facts));
    for danger in operation["dangers"].as_array().unwrap() {
        let when = danger["when"].as_str().map(|when| format!(" (when `{when}`)")).unwrap_or_default();
        let counted = danger["counts_as"].as_str();
        let counted = counted.map(|kind| format!(" A budget counts it as `{kind}`.")).unwrap_or_default();
        text.push_str(&format!(
            "**{}**: {}{when}.{counted}\n\n",
            word(danger, "kind"),
            word(danger, "description").trim_end_matches('.')
        ));
    }
    let inputs = operation["inputs"].as_array().unwrap();
    if !inputs.is_empty() {
        let rows = inputs.iter().map(|input| {
            let required = if input["required"] == true { "yes" } else { "" };
            let mut says = vec![word(input, "description").to_owned()];
            says.extend(input["bounds"].as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned));
            says.extend(input["widens_when_absent"].as_str().map(|wider| format!("without it {wider}")));
            says.extend(input["deprecated"].as_str().map(str::to_owned));
            says.retain(|part| !part.is_empty());
            vec![
                format!("`{}`", word(input, "name")),
                word(input, "type").to_owned(),
                required.to_owned(),
                says.join("; "),
            ]
        });
        text.push_str(&table(&["input", "type", "required", "what it says"], rows));
    }
    let outputs = operation["outputs"].as_array().unwrap();
    if !outputs.is_empty() {
        let rows = outputs.iter().map(|output| {
            vec![
                format!("`{}`", word(output, "name")),
                word(output, "type").to_owned(),
                word(output, "description").to_owned(),
            ]
        });
        text.push_str(&table(&["output", "type", "what it is"], rows));
    }
    let step = shown.split("example step\n").nth(1).unwrap_or_default();
    let step: String = step.lines().map(|line| format!("{}\n", line.strip_prefix("  ").unwrap_or(line))).collect();
    let step = step.split("\n\n").next().unwrap_or_default();
    text.push_str(&format!("<!-- fragment: step -->\n{}", block("yaml", step)));
    text
}
