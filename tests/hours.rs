//! Send windows of real runs, by the clock on the wall.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use crate::program::TestFolder;

/// A playbook whose window begins so many hours from now and lasts so many.
fn desk(from: i64, hours: i64) -> TestFolder {
    let desk = TestFolder::new();
    let time = |hours: i64| Timestamp::now().checked_add(hours.hours()).unwrap().to_zoned(TimeZone::UTC);
    let (from, to) = (time(from).strftime("%H:%M").to_string(), time(from + hours).strftime("%H:%M").to_string());
    desk.write(
        "playbook.yaml",
        &format!(
            "name: In its hours
rows: {{ from: rows.csv, key: flow_id }}
window: {{ hours: \"{from}-{to}\", timezone: UTC }}
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: {{ FlowId: '{{{{ row.flow_id }}}}', Deadline: '2035-06-30T23:59:59+08:00' }}
"
        ),
    );
    desk.write("rows.csv", "flow_id\nyDCNtUUckpvrcvf4UELZnZDvMStFgT7K\nyDCNtUUckpvrezq3UudRJ1LEXDLa8Lga\n");
    desk
}

#[test]
fn outside_its_window_a_run_waits_says_until_when_and_ends_cleanly() {
    let desk = desk(6, 2);
    let mut command = desk.ignoring("");
    command.args(["run", "playbook.yaml", "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut until = |what: &str| {
        let mut line = String::new();
        while !line.contains(what) {
            line.clear();
            assert!(told.read_line(&mut line).unwrap() > 0, "it ended and did not say `{what}`");
        }
        line
    };
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    assert!(until("Outside its send window").contains("is sent until"));
    signal("-USR1");
    let line = until("of 2 rows");
    assert!(line.contains("0 of 2 rows; 0 of 2 calls; waits for the window until "), "{line}");
    signal("-INT");
    until("Stopped: interrupted");
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{rest}");
    let summary: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&summary["rows"]["not_started"], &summary["stopped"]["kind"]), (&2.into(), &"interrupted".into()));
    assert_eq!(summary["operations"], serde_json::json!({}));
    assert!(rest.contains("runsheet resume"), "{rest}");
    // Who takes back a mistake waits for no office hours, and what was never sent needs none.
    desk.run("undo latest").exits(0).says(&["is left to take back"]);
    let plan = desk.run("plan playbook.yaml --format json").exits(0).json();
    assert_eq!(plan["window"]["open"], false, "{plan}");
}

#[test]
fn inside_its_window_a_run_runs() {
    let desk = desk(-6, 12);
    let summary = desk.run("run playbook.yaml --format json").exits(0).json();
    assert_eq!(summary["rows"]["succeeded"], 2, "{summary}");
}
