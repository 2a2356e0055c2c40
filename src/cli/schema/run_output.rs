//! The schemas of the events, the summary, the record and the stories of a run, made from their types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::json;

use crate::model::Value;
use crate::report::{Event, RunRecord, Story, Summary};

/// The schema of one line of `--events`.
pub(in crate::cli) fn events() -> Value {
    of::<Event>("An event of a run of runsheet", "One line of what `--events` writes")
}

/// The schema of what `--format json` prints at the end of a run.
pub(in crate::cli) fn summary() -> Value {
    of::<Summary>(
        "The summary of a run of runsheet",
        "What `--format json` prints at the end, and a run's `summary.json`",
    )
}

/// The schema of what `why --format json` prints.
pub(in crate::cli) fn story() -> Value {
    of::<Story>("The story of a row of a run of runsheet", "What `why --format json` prints")
}

/// The schema of what `report RUN --format json` prints.
pub(in crate::cli) fn report() -> Value {
    of::<RunRecord>("The record of a run of runsheet", "What `runsheet report RUN --format json` prints")
}

fn of<T: JsonSchema>(title: &str, description: &str) -> Value {
    let generator = SchemaGenerator::new(SchemaSettings::draft07());
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    schema["title"] = json!(title);
    schema["description"] = json!(description);
    tidy(&mut schema);
    schema
}

/// Removes the formats that only say how wide a number is in memory.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            let of_width =
                |format: &Value| format.as_str().is_some_and(|text| text.starts_with("uint") || text == "double");
            if map.get("format").is_some_and(of_width) {
                map.remove("format");
            }
            map.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
