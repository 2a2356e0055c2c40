//! `--events`: the events of real runs fit their schema, every kind occurs, and a file that cannot be written stops a run
//! before it begins and never afterwards.

mod kinds;
mod output;

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::Value;

use crate::program::{TestFolder, root};

/// A schema that is checked in.
fn schema(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(root().join(format!("schemas/{name}.schema.json"))).unwrap()).unwrap()
}

pub(crate) fn validator(name: &str) -> Validator {
    jsonschema::draft7::new(&schema(name)).unwrap()
}

/// The events in a file, each of which fits the schema; numbered without gaps from 1 on in each process's part.
fn events_in(text: &str) -> Vec<Value> {
    let (events, summaries) = (validator("events"), validator("summary"));
    let mut last = 0;
    let read = |line: &str| {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let wrong: Vec<String> = events.iter_errors(&event).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}: {line}");
        if event["event"] == "run_ended" {
            assert!(summaries.is_valid(&event["summary"]), "{line}");
        }
        let seq = event["seq"].as_u64().unwrap();
        assert!(seq == last + 1 || seq == 1, "{last}, then {line}");
        last = seq;
        event
    };
    text.lines().map(read).collect()
}

fn of_desk(desk: &TestFolder, file: &str) -> Vec<Value> {
    events_in(&desk.read(file))
}

fn kinds(events: &[Value]) -> BTreeSet<String> {
    events.iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}

fn of_kind<'e>(events: &'e [Value], kind: &str) -> Vec<&'e Value> {
    events.iter().filter(|event| event["event"] == kind).collect()
}

/// A playbook of one step over three rows.
fn small() -> TestFolder {
    let desk = TestFolder::new();
    desk.write(
        "playbook.yaml",
        "name: Extend\nrows: { from: rows.csv, key: flow_id }\nsteps:\n  - id: extend\n    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow_id }}', Deadline: '2035-06-30T23:59:59+08:00' }\n",
    );
    desk.write(
        "rows.csv",
        "flow_id\nyDCNtUUckpvrcvf4UELZnZDvMStFgT7K\nyDCNtUUckpvrezq3UudRJ1LEXDLa8Lga\nyDCNtUUckpvrezq3UudRJ1LEXDLa8Lgb\n",
    );
    desk
}
