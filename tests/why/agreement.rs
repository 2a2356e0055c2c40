//! Stories agree with the row files: outcome, step, code and attempts of every row, under every fault.

use std::collections::BTreeMap;

use runsheet::operate::{Context, WhichRow, WhyRequest, why};

use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

/// The rows of `results.csv` by their numbers, each with its cells by column.
fn results(desk: &TestFolder) -> BTreeMap<u64, BTreeMap<String, String>> {
    let text = desk.read("out/results.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        head.iter().cloned().zip(record.iter().map(str::to_owned)).collect::<BTreeMap<_, _>>()
    });
    (2..).zip(rows).collect()
}

#[test]
fn the_story_of_every_row_agrees_with_its_result() {
    for (playbook, faults, seed) in [
        ("onboard-appointments.yaml", "lose=6%,500=6%,expire=6%,refuse=10%,garble=5%", 3),
        ("return-approvals.yaml", "lose=20%,expire=10%,refuse=10%", 5),
        ("approve-documents.yaml", "refuse=20%,expire=20%,503=5%", 7),
        ("extend-deadlines.yaml", "refuse=20%,cut=10%,500after=10%", 2),
    ] {
        let desk = TestFolder::new();
        copy_playbooks(&desk);
        desk.run(&format!("run {playbook} --faults {faults},seed={seed} --yes --limit 10 --out out"));
        let context = Context::new().state_folder(desk.path().join("state"));
        let results = results(&desk);
        assert!(results.len() > 2, "{playbook}: {results:?}");
        let mut checked = 0;
        for (number, result) in results {
            let request = WhyRequest { run: "latest".to_owned(), which: WhichRow::Number(number), step: None };
            let story = serde_json::to_value(why(&request, &context).unwrap()).unwrap();
            let state = &story["state"];
            let text = |name: &str| state[name].as_str().unwrap_or_default().to_owned();
            let of_row = |name: &str| result[name].trim_start_matches('\'').to_owned();
            assert_eq!(text("outcome"), of_row("_outcome"), "{playbook}, row {number}");
            assert_eq!(text("step"), of_row("_step"), "{playbook}, row {number}");
            assert_eq!(text("code"), of_row("_code"), "{playbook}, row {number}");
            assert_eq!(state["attempts"].to_string(), of_row("_attempts"), "{playbook}, row {number}");
            for moment in story["timeline"].as_array().unwrap() {
                let check = moment["request"]["check"].as_str();
                assert!(matches!(check, None | Some("same" | "no_hash")), "{playbook}, row {number}: {moment}");
                checked += usize::from(check == Some("same"));
                if let Some(rule) = moment.get("rule").filter(|rule| !rule["file"].is_null()) {
                    assert!(rule["line"].as_u64().is_some_and(|line| line > 0), "{rule}");
                }
            }
        }
        assert!(checked > 2, "{playbook}: no request was compared");
    }
}
