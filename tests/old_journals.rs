//! Journals that earlier versions made stay readable. `tests/fixtures/journal_N` holds two of format N: a run that was
//! killed in the sandbox inside, and one that ended in another environment. From format 2 on, people steered both, and
//! their marks lie beside them. They are never made anew: a journal that this version cannot read needs a new format,
//! which reads the old one too, and fixtures of its own.

use std::fs;
use std::path::Path;

use crate::playbooks::{Server, near};
use crate::program::{TestFolder, root};

const PLAYBOOK: &str = "name: Onboard
rows: { from: rows.csv, key: number }
steps:
  - id: task
    uses: arctos.create_task
    with:
      business_id: 15
      out_task_num: \"{{ row.number }}\"
      task_type: normal
      task_notify: false
      task_time: \"2099-01-31T09:00:00+08:00\"
      branch_code: \"943\"
      room_type: normal
      video: true
";

/// A desk whose state folder holds the runs of a fixture.
fn desk(fixture: &str) -> TestFolder {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if from.is_dir() { copy(&from, &to) } else { fs::copy(&from, &to).map(|_| ()).unwrap() }
        }
    }
    let desk = TestFolder::new();
    let fixture = root().join("tests/fixtures").join(fixture);
    // A run of format 1 has nothing outside its folder.
    let to = if fixture.join("marks").is_dir() { "state" } else { "state/runs" };
    copy(&fixture, &desk.path().join(to));
    desk
}

#[test]
fn a_run_that_format_1_broke_off_is_shown_and_goes_on() {
    let desk = desk("journal_1/sandbox");
    desk.run("runs show latest").exits(0);
    let summary = desk.run("resume latest --format json").exits(5).json();
    assert_eq!(summary["run_id"], "20261122-031234-65730d");
    assert_eq!((&summary["rows"]["total"], &summary["rows"]["succeeded"]), (&6.into(), &4.into()), "{summary}");
    assert_eq!(summary["rows"]["unknown"], 2, "what was in flight when it was killed: {summary}");
}

#[test]
fn what_format_1_sent_is_not_sent_again() {
    let desk = desk("journal_1/near");
    let server = Server::start(&desk, "");
    desk.write("runsheet.yaml", &near(&server));
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", "number\nA-2\nA-3\n");
    let came = desk.run("run playbook.yaml --env near").exits(8);
    came.says(&["1 call ", "row 2 (`A-2`)", "20261122-031236-290c41", "succeeded"]).never_says(&["(`A-3`)"]);
}

/// The run of format 2 that broke off: nine rows, of which two succeeded and one was sent and not answered.
const BROKEN_OFF: &str = "20261129-094047-739e4d";

#[test]
fn a_run_that_format_2_broke_off_tells_who_steered_it_and_what_calls_waited_for() {
    let desk = desk("journal_2/sandbox");
    let record = desk.run("report latest --format json").exits(0).json();
    assert_eq!((&record["run_id"], &record["state"]), (&BROKEN_OFF.into(), &"broken_off".into()));
    let rows = &record["rows"];
    assert_eq!((&rows["total"], &rows["succeeded"], &rows["unknown"]), (&9.into(), &2.into(), &1.into()), "{rows}");
    let steered: Vec<&str> =
        record["steered"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(steered, ["pause", "resume", "rate"]);
    assert_eq!((&record["steered"][2]["rate"], &record["steered"][2]["from"]), (&"3/s".into(), &"ctl".into()));
    assert!(record["operations"]["arctos.create_task"]["latency_ms"]["requests"].as_u64() > Some(3), "{record}");
    for format in ["junit", "markdown", "csv", "html"] {
        let report = desk.run(&format!("report latest --format {format}")).exits(0).out;
        assert!(report.contains("A-5"), "{format}: {report}");
    }

    let story = desk.run("why latest A-4 --format json").exits(0).json();
    assert_eq!(story["notes"], serde_json::json!([]), "{story}");
    let timeline = story["timeline"].as_array().unwrap();
    let of = |what: &str| timeline.iter().filter(|moment| moment["what"] == what).collect::<Vec<_>>();
    let attempt = of("attempt")[0];
    assert!(attempt["took_ms"].is_u64() && attempt["sent_at"].is_string(), "{attempt}");
    assert_eq!(attempt["request"]["check"], "same");
    let waited: Vec<&str> =
        attempt["waited"].as_array().unwrap().iter().map(|wait| wait["reason"].as_str().unwrap()).collect();
    assert_eq!(waited, ["limit", "throttled", "paused"]);
    let in_doubt = desk.run("why latest A-5 --format json").exits(0).json();
    assert_eq!(
        (&in_doubt["state"]["outcome"], &in_doubt["timeline"][0]["what"]),
        (&"unknown".into(), &"intended".into())
    );
    let told = desk.run("why latest A-2").exits(0).out;
    assert!(told.contains("3/s by root"), "{told}");
}

#[test]
fn a_run_that_format_2_broke_off_goes_on_and_is_taken_back() {
    let desk = desk("journal_2/sandbox");
    let resumed = desk.run("resume latest --format json").exits(5);
    resumed.says(&["keeps what was set", "rate set to 3/s"]);
    let shown = desk.run(&format!("runs show {BROKEN_OFF} --format json")).exits(0).json();
    let rows = &shown["summary"]["rows"];
    assert_eq!((&rows["succeeded"], &rows["unknown"]), (&8.into(), &1.into()), "{rows}");
    assert_eq!(shown["summary"]["steered"].as_array().map(Vec::len), Some(3), "{shown}");
    let undone = desk.run(&format!("undo {BROKEN_OFF} --yes --confirm 99 --format json")).exits(0).json();
    assert_eq!((&undone["rows"]["total"], &undone["rows"]["succeeded"]), (&8.into(), &8.into()), "{undone}");
    let story = desk.run(&format!("why {BROKEN_OFF} A-4 --format json")).exits(0).json();
    assert_eq!(story["elsewhere"][0]["kind"], "undo", "{story}");
}

#[test]
fn what_format_2_sent_is_not_sent_again() {
    let desk = desk("journal_2/near");
    let server = Server::start(&desk, "");
    desk.write("runsheet.yaml", &near(&server));
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", "number\nA-2\nA-3\n");
    let came = desk.run("run playbook.yaml --env near").exits(8);
    came.says(&["1 call ", "row 2 (`A-2`)", "20261129-094135-175282", "succeeded"]).never_says(&["(`A-3`)"]);
    let listed = desk.run("runs list").exits(0).out;
    assert!(listed.contains("20261129-094135-175282  succeeded") && listed.contains("4 succeeded"), "{listed}");
}
