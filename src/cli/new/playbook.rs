//! The texts of the starter's playbook and row file.

use super::draft::{Draft, Step};
use super::sample;
use crate::model::{Map, Value};
use crate::yaml::{flow_map, write_map};

/// The number of sample rows.
pub(super) const ROWS: u32 = 3;

/// The text of the playbook.
pub(super) fn text(draft: &Draft) -> String {
    let names: Vec<&str> = draft.steps.iter().map(|step| step.operation.full_name()).collect();
    let mut text = String::from(
        "# yaml-language-server: $schema=schemas/playbook.schema.json\n\
         # A starter: for each row of rows.csv, the steps below run in their order.\n\
         # Without `--env` it runs on the built-in sandbox: nothing reaches a vendor.\n\
         version: 1\n",
    );
    write_map(&map("name", format!("Starter for {}", names.join(", "))), 0, &mut text);
    text.push_str(
        "\nrows:\n  from: rows.csv                     # beside this file; `--rows FILE` takes another one\n",
    );
    rows(draft, &mut text);
    text.push_str("\n# Many failures mean that something is wrong with the whole list: stop and look.\nstop_when: { failed: 5 }\n\nsteps:\n");
    for (number, step) in draft.steps.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        one(step, &mut text);
    }
    let results = draft.results();
    if !results.is_empty() {
        text.push_str("\n# Further columns of the result files.\nresults:\n");
        write_map(&results, 2, &mut text);
    }
    text
}

fn map(key: &str, value: impl Into<Value>) -> Map {
    Map::from_iter([(key.to_owned(), value.into())])
}

fn rows(draft: &Draft, text: &mut String) {
    text.push_str("  # The key names a row in the results: unique, never blank.\n");
    let key = match draft.key.as_slice() {
        [one] => Value::from(one.as_str()),
        several => several.to_vec().into(),
    };
    write_map(&map("key", key), 2, text);
    text.push_str(
        "  columns:                           # one that is not declared is text; `optional: true` may be blank\n",
    );
    for column in &draft.columns {
        let mut declared = map("type", column.kind);
        if column.sensitive {
            declared.insert("sensitive".to_owned(), true.into());
        }
        if let Some(said) = column.description.lines().next().filter(|line| !line.is_empty()) {
            declared.insert("description".to_owned(), said.into());
        }
        text.push_str(&format!("    {}: {}\n", column.name, flow_map(&declared)));
    }
}

fn one(step: &Step, text: &mut String) {
    let operation = &step.operation;
    text.push_str(&format!("  # More: runsheet operations {}\n", operation.full_name()));
    for danger in &operation.dangers {
        let when = danger.when.as_ref().map(|when| format!(", when {}", when.source())).unwrap_or_default();
        comment(&format!("Danger: {}{when}", danger.description.trim_end_matches('.')), 2, text);
    }
    text.push_str(&format!("  - id: {}\n", step.id));
    write_map(&map("name", operation.summary.as_str()), 4, text);
    text.push_str(&format!("    uses: {}\n", operation.full_name()));
    step.notes.iter().for_each(|note| comment(note, 4, text));
    if !step.with.is_empty() {
        text.push_str("    with:\n");
        write_map(&step.with, 6, text);
    }
}

fn comment(said: &str, indent: usize, text: &mut String) {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    text.push_str(&format!("{}# {line}\n", " ".repeat(indent)));
}

/// The text of the row file.
pub(super) fn cells(draft: &Draft) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(draft.columns.iter().map(|column| &column.name))?;
    for row in 0..ROWS {
        writer.write_record(draft.columns.iter().map(|column| {
            let is_distinct = row > 0 && (column.distinct || draft.key.contains(&column.name));
            if is_distinct { sample::later_cell(&column.input, &column.sample, row) } else { column.sample.clone() }
        }))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}
