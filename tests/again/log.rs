//! What the sandboxes of a desk's runs logged, and where the runs lie.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::program::TestFolder;

/// The ids of the runs, oldest first.
pub(crate) fn runs(desk: &TestFolder) -> Vec<String> {
    let entries = fs::read_dir(desk.path().join("state/runs")).into_iter().flatten().flatten();
    let mut ids: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    ids.sort();
    ids
}

/// The last run.
pub(crate) fn last(desk: &TestFolder) -> String {
    runs(desk).pop().unwrap()
}

/// The log of a run's sandbox; a linked run's begins with that of the run before it.
pub(crate) fn log(desk: &TestFolder, run: &str) -> Vec<Value> {
    let text = fs::read_to_string(desk.path().join("state/runs").join(run).join("sandbox.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How often each effect was made.
pub(crate) fn effects(log: &[Value]) -> BTreeMap<String, u32> {
    let mut made = BTreeMap::new();
    for entry in log.iter().filter(|entry| entry["effect"] == true) {
        *made.entry(entry["effect_id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    made
}

/// Effects whose id begins so.
pub(crate) fn count(made: &BTreeMap<String, u32>, begins: &str) -> u32 {
    made.iter().filter(|(id, _)| id.starts_with(begins)).map(|(_, count)| count).sum()
}

/// The number that the vendor gave an appointment.
pub(crate) fn task_num(log: &[Value], key: &str) -> Option<String> {
    let id = format!("create_task:{key}");
    let entry = log.iter().find(|entry| entry["effect_id"] == id.as_str())?;
    entry["puts"].as_array()?.iter().find_map(|put| put["appointment"]["task_num"].as_str()).map(str::to_owned)
}
