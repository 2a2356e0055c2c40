//! Runs a playbook over rows that are made in memory, against the built-in sandbox, and prints how each row came out.
//!
//! `cargo run --example embed`

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use runsheet::operate::{
    Context, GivenRows, Notice, Observer, PlaybookFrom, Refusal, RowsFrom, RowsReport, RowsRequest, RunInput,
    RunRequest, rows, run,
};
use serde_json::json;

/// What is done for each row. A file works as well: `PlaybookFrom::File`.
pub(crate) const PLAYBOOK: &str = r#"
version: 1
name: Extend deadlines
rows:
  key: contract
  columns:
    deadline: { type: date }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with:
      FlowId: "{{ row.contract }}"
      Deadline: "{{ end_of_day row.deadline 'Asia/Shanghai' }}"
"#;

/// A contract as the surrounding program knows it.
pub(crate) struct Contract {
    pub(crate) id: &'static str,
    pub(crate) deadline: &'static str,
}

pub(crate) const CONTRACTS: [Contract; 3] = [
    Contract { id: "yDCWcmAvsrGbFSetW4Hxu4n6CKtuvRYH", deadline: "2035-01-15" },
    Contract { id: "yDCTvRgLDL5i7jFYi8AzjJ3nsNooMMay", deadline: "2035-02-28" },
    Contract { id: "yDCDhWZ3bnALEQEetZwR644QQyhq8oqE", deadline: "2035-03-31" },
];

/// Says when a run starts; a program with a window would draw its progress here.
struct Printer;

impl Observer for Printer {
    fn notice(&self, notice: Notice<'_>) {
        if let Notice::Started(start) = notice {
            println!("{}: {} rows to `{}`", start.playbook, start.rows, start.destination.environment);
        }
    }
}

/// Runs the playbook; runs are kept in `state`. Gives the rows as they came out.
///
/// # Errors
/// A refusal: what is wrong with the request, the files or the machine.
pub(crate) fn extend(state: &Path) -> Result<RowsReport, Refusal> {
    let context = Context::new().state_folder(state).observed_by(Arc::new(Printer));
    let request = RunRequest {
        input: RunInput {
            rows: vec![GivenRows {
                list: None,
                from: RowsFrom::of_objects(
                    "contracts",
                    CONTRACTS.iter().map(|contract| json!({"contract": contract.id, "deadline": contract.deadline})),
                ),
            }],
            ..RunInput::default()
        },
        ..RunRequest::new(PlaybookFrom::Text { path: PathBuf::from("extend.yaml"), text: PLAYBOOK.to_owned() })
    };
    let report = run(&request, &context)?;
    rows(&RowsRequest::new(report.summary.run_id.as_str()), &context)
}

fn main() -> Result<(), Box<dyn Error>> {
    let state = tempfile::tempdir()?;
    for row in extend(state.path())?.rows {
        let message = row.message.unwrap_or_default();
        println!("row {}, {}: {} {message}", row.number, row.key, row.outcome);
    }
    Ok(())
}
