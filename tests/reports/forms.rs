//! The forms of a report: what stands in them, what is masked, where they are written.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{agree, desk};
use crate::events::validator;
use crate::program::TestFolder;

#[test]
fn the_record_fits_its_schema_and_the_csv_is_the_file_of_all_rows() {
    let desk = desk();
    desk.run("run playbook.yaml --out out").exits(4);
    let record = agree(&desk, "latest");
    let wrong: Vec<String> = validator("report").iter_errors(&record).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(desk.run("report latest --format csv").exits(0).out, desk.read("out/results.csv"));
    desk.run("report latest --format csv --out rows.csv").exits(0).says(&["is in rows.csv"]);
    assert_eq!(desk.read("rows.csv"), desk.read("out/results.csv"));
    let mode = fs::metadata(desk.path().join("rows.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    desk.run("report latest --format json --out out").exits(2).says(&["it is a folder"]);
    desk.run("report nobody --format json").exits(2).says(&["there is no run `nobody`"]);
}

#[test]
fn rows_of_a_json_file_become_csv() {
    let desk = desk();
    let rows: Vec<String> = super::GOOD.iter().map(|id| format!("{{\"flow_id\":\"{id}\"}}\n")).collect();
    desk.write("rows.jsonl", &rows.concat());
    desk.run("run playbook.yaml --rows rows.jsonl").exits(0);
    let csv = desk.run("report latest --format csv").exits(0).out;
    assert!(csv.starts_with("flow_id,_run,_outcome,"), "{csv}");
    assert_eq!(csv.lines().count(), 4, "{csv}");
    agree(&desk, "latest");
}

#[test]
fn sensitive_values_are_masked_in_every_form_unless_asked_for() {
    let desk = desk();
    let sensitive = super::PLAYBOOK.replace(
        "key: flow_id }",
        "key: flow_id, columns: { flow_id: { sensitive: true }, note: { optional: true } } }",
    );
    desk.write("playbook.yaml", &sensitive);
    let rows: Vec<String> = super::GOOD.iter().chain(&super::BAD).map(|id| format!("{id},of {id}\n")).collect();
    desk.write("rows.csv", &format!("flow_id,note\n{}", rows.concat()));
    desk.run("run playbook.yaml --out out --report-junit r.xml").exits(4);
    let shows = |text: &str| super::GOOD.iter().chain(&super::BAD).any(|id| text.contains(id));
    assert!(!shows(&desk.read("r.xml")), "{}", desk.read("r.xml"));
    for format in ["junit", "json", "markdown", "csv", "html"] {
        let masked = desk.run(&format!("report latest --format {format}")).exits(0).out;
        assert!(!shows(&masked), "{format}: {masked}");
        let whole = desk.run(&format!("report latest --format {format} --unmask")).exits(0).out;
        assert!(shows(&whole), "{format}: {whole}");
    }
    assert!(desk.run("report latest --format csv").exits(0).out.contains("\n***,of ***,"));
    assert_eq!(desk.run("report latest --format csv --unmask").exits(0).out, desk.read("out/results.csv"));
    agree(&desk, "latest");
}

#[test]
fn a_playbook_without_rows_has_one_case() {
    let desk = TestFolder::new();
    let once = "name: Once\nsteps:\n  - id: extend\n    uses: tencent_essbasic.extend_deadline\n    with: { FlowId: yDCNtUUckpvrezq3UudRJ1L00succeed, Deadline: '2040-01-31T00:00:00Z' }\n";
    desk.write("once.yaml", once);
    desk.run("run once.yaml").exits(0);
    let record = agree(&desk, "latest");
    assert_eq!((&record["verdict"], &record["rows_file"]), (&"The steps succeeded.".into(), &serde_json::Value::Null));
    let xml = desk.run("report latest --format junit").exits(0).out;
    assert!(xml.contains("<testcase name=\"steps\" classname=\"Once\" time=\""), "{xml}");
}
