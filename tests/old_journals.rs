//! Journals that earlier versions made stay readable. `tests/fixtures/journal_N` holds two of format N: a run that was
//! killed in the sandbox inside, and one that ended in another environment. They are never made anew: a journal that
//! this version cannot read needs a new format, which reads the old one too, and fixtures of its own.

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
    copy(&root().join("tests/fixtures").join(fixture), &desk.path().join("state/runs"));
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
