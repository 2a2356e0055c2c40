//! `report` and `--report-junit`: a report of a run in any state agrees, count for count, with the summary and the row
//! files; hostile words stay text in every form, and sensitive values stay masked.

mod forms;
pub(crate) mod page;
mod states;

use serde_json::Value;

use crate::program::TestFolder;

/// A run of five rows: three succeed, the vendor refuses two with messages that differ in an id.
const PLAYBOOK: &str = "
name: Extend
rows: { from: rows.csv, key: flow_id }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow_id }}', Deadline: '2040-01-31T00:00:00Z' }
";

const GOOD: [&str; 3] =
    ["yDCNtUUckpvrezq3UudRJ1L00succeed", "yDCNtUUckpvrezq3UudRJ1L01succeed", "yDCNtUUckpvrezq3UudRJ1L02succeed"];
const BAD: [&str; 2] = ["yDCNtUUckpvrezq3UudRJ1L00expired", "yDCNtUUckpvrezq3UudRJ1L01expired"];

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    let rows: Vec<String> = GOOD.iter().chain(&BAD).map(|row| format!("{row}\n")).collect();
    desk.write("rows.csv", &format!("flow_id\n{}", rows.concat()));
    desk
}

/// The attribute of the first element with this name in an XML text.
fn attribute(xml: &str, element: &str, name: &str) -> String {
    let from = xml.find(&format!("<{element} ")).unwrap_or_else(|| panic!("no <{element}>: {xml}"));
    let tag = &xml[from..from + xml[from..].find('>').unwrap()];
    let at = tag.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name}: {tag}")) + name.len() + 3;
    tag[at..at + tag[at..].find('"').unwrap()].to_owned()
}

/// Holds that all forms of the latest run's report have the same counts, and those of its row file. Gives its record.
fn agree(desk: &TestFolder, run: &str) -> Value {
    let record = desk.run(&format!("report {run} --format json")).exits(0).json();
    let rows = &record["rows"];
    let count = |name: &str| rows[name].as_u64().unwrap();
    let of = |names: &[&str]| names.iter().map(|name| count(name)).sum::<u64>();
    let outcomes = ["succeeded", "unchanged", "skipped", "failed", "partial", "unknown", "not_started"];
    assert_eq!(of(&outcomes), count("total"), "{record}");
    // Rows that a process works on have no outcome yet, except in the row file.
    let open = |name: &str| record["under_way"][name].as_u64().unwrap_or(0);
    let at_rest = |name: &str| count(name) - open(name);
    let of = |names: &[&str]| names.iter().map(|name| at_rest(name)).sum::<u64>();

    let xml = desk.run(&format!("report {run} --format junit")).exits(0).out;
    let cases = &xml[xml.find("</testsuite>").unwrap() + 1..];
    for (name, wanted) in [
        ("tests", count("total")),
        ("failures", of(&["failed", "partial"])),
        ("errors", at_rest("unknown")),
        ("skipped", of(&["skipped", "not_started"]) + open("total")),
    ] {
        assert_eq!(attribute(cases, "testsuite", name), wanted.to_string(), "{name}: {xml}");
        let element = ["failures", "errors"].contains(&name).then(|| name.trim_end_matches('s'));
        if let Some(element) = element {
            assert_eq!(cases.matches(&format!("<{element} ")).count() as u64, wanted, "{xml}");
        }
        assert!(xml.contains(&format!("<property name=\"rows.total\" value=\"{}\"/>", count("total"))), "{xml}");
    }

    let csv = desk.run(&format!("report {run} --format csv")).exits(0).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|head| head == "_outcome").unwrap();
    let in_csv: Vec<String> = reader.records().map(|record| record.unwrap()[at].to_owned()).collect();
    for outcome in outcomes {
        let found = in_csv.iter().filter(|word| *word == outcome).count() as u64;
        assert_eq!(found, count(outcome), "{outcome}: {csv}");
    }

    let markdown = desk.run(&format!("report {run} --format markdown")).exits(0).out;
    for outcome in outcomes {
        let line = format!("| {outcome} | {} |\n", at_rest(outcome));
        assert_eq!(markdown.contains(&line), at_rest(outcome) > 0, "{outcome}: {markdown}");
    }
    assert!(markdown.contains(&format!("| total | {} |\n", count("total"))), "{markdown}");
    let page = desk.run(&format!("report {run} --format html")).exits(0).out;
    for outcome in outcomes {
        let grouped = format!("<b>{}</b><span>{}</span>", at_rest(outcome), outcome.replace('_', " "));
        assert_eq!(page.contains(&grouped), at_rest(outcome) > 0, "{outcome}: {grouped}");
    }
    let kinds: u64 = record["failures"].as_array().unwrap().iter().map(|kind| kind["rows"].as_u64().unwrap()).sum();
    let other = record["other_failures"]["rows"].as_u64().unwrap();
    assert_eq!(kinds + other, of(&["failed", "partial", "unknown"]), "{record}");
    record
}
