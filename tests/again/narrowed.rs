//! `retry --rows FILE`: the rows in the file alone, whatever file it is; and what a vendor refuses to make again.

use super::log::{effects, last, log, runs};
use crate::program::TestFolder;

const RELEASE: &str = "name: Release
rows: { from: rows.csv, key: id }
steps:
  - id: release
    uses: tencent_ess.create_release_flow
    with: { NeedRelievedFlowId: '{{ row.flow }}', ReliveInfo: { Reason: '{{ row.reason }}' } }
";

fn line(row: u32) -> String {
    format!("R{row},yDCNtUUckpvrcvf4UELZnZDvMS{row:06},原因\n")
}

/// A desk with a run of which R2, R3, R5 and R6 failed, as their contracts are not those of the account.
fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", RELEASE);
    let rows: String = (1..=8).map(line).collect();
    let wrong = [2, 3, 5, 6].iter().fold(rows, |rows, row| {
        rows.replace(&format!("yDCNtUUckpvrcvf4UELZnZDvMS{row:06}"), &format!("yDCNtUUckpvrcvf4UELZnZDv{row:02}denied"))
    });
    desk.write("rows.csv", &format!("id,flow,reason\n{wrong}"));
    desk.run("run playbook.yaml --out out").exits(4);
    assert_eq!(keys(&desk.read("out/failed.csv")), ["R2", "R3", "R5", "R6"]);
    desk
}

fn keys(rows: &str) -> Vec<&str> {
    rows.lines().skip(1).filter_map(|line| line.split(',').next()).collect()
}

/// The effects that a run's log shows, one for each row that succeeded.
fn made(desk: &TestFolder) -> usize {
    effects(&log(desk, &last(desk))).values().map(|times| usize::try_from(*times).unwrap()).sum()
}

#[test]
fn fewer_rows_than_failed_are_retried_alone() {
    let desk = desk();
    let first = last(&desk);
    assert_eq!(made(&desk), 4);
    // The row file of the run, with two of its rows corrected and the others taken out.
    let failed = desk.read("out/failed.csv");
    let kept: Vec<String> = failed
        .lines()
        .filter(|line| !line.starts_with("R2") && !line.starts_with("R6"))
        .map(|line| line.replace("yDCNtUUckpvrcvf4UELZnZDv03denied", "yDCNtUUckpvrcvf4UELZnZDvMS000003"))
        .collect();
    desk.write("fixed.csv", &format!("{}\n", kept.join("\n")));
    let came = desk.run(&format!("retry {first} --rows fixed.csv --out out2 --format json")).exits(4);
    let summary = came.json();
    assert_eq!((&summary["rows"]["total"], &summary["rows"]["failed"]), (&2.into(), &1.into()), "{summary}");
    came.says(&["2 rows left out: the corrected file does not hold them"]);
    // The place of what failed again is in the file that was given.
    let place = summary["failures"].to_string();
    assert!(place.contains("fixed.csv") && !place.contains("rows.csv"), "{place}");
    assert_eq!(keys(&desk.read("out2/results.csv")), ["R3", "R5"]);
    assert_eq!(made(&desk), 5);
    // The others are still there to be retried.
    let came = desk.run(&format!("retry {first} --format json")).exits(4);
    assert_eq!(came.json()["rows"]["total"], 2);
    assert!(came.err.contains("2 rows left out, gone on in the run"), "{}", came.err);
}

#[test]
fn rows_that_did_not_fail_strange_keys_and_an_empty_file_are_told_before_anything_is_sent() {
    let desk = desk();
    let head = "id,flow,reason\n";
    desk.write("mixed.csv", &format!("{head}{}{}{}", line(1), line(2), line(4)));
    desk.write("done.csv", &format!("{head}{}", line(1)));
    desk.write("strange.csv", &format!("{head}{}X9,yDCNtUUckpvrcvf4UELZnZDvMS000009,r\n", line(2)));
    desk.write("empty.csv", head);
    desk.write("twice.csv", &format!("{head}{}{}", line(2), line(2)));
    desk.write("blank.csv", &format!("{head}R2,,r\n"));
    let first = last(&desk);
    for (file, code, says) in [
        ("done.csv", 0, vec!["1 row of the corrected file left out, succeeded", "Nothing of the run"]),
        ("strange.csv", 3, vec!["strange.csv:3:1", "the run has no row with this key"]),
        ("empty.csv", 3, vec!["error[missing-rows]", "`empty.csv` holds no rows"]),
        ("twice.csv", 3, vec!["twice.csv:3:1"]),
        ("blank.csv", 3, vec!["blank.csv:2:4"]),
    ] {
        desk.run(&format!("retry {first} --rows {file}")).exits(code).says(&says);
        assert_eq!(runs(&desk).len(), 1, "{file}");
    }
    let came = desk.run(&format!("retry {first} --rows mixed.csv --format json")).exits(0);
    assert_eq!(came.json()["rows"]["total"], 1, "{}", came.out);
    came.says(&["2 rows of the corrected file left out, succeeded: this retry does not take them"]);
}

#[test]
fn the_file_may_be_of_any_form_and_holds_the_columns_that_it_corrects() {
    for (name, text) in [
        ("fixed.jsonl", "{\"id\": \"R2\", \"flow\": \"yDCNtUUckpvrcvf4UELZnZDvMS000002\"}\n"),
        ("fixed.json", "[{\"id\": \"R2\", \"flow\": \"yDCNtUUckpvrcvf4UELZnZDvMS000002\", \"reason\": \"r\"}]"),
        ("fixed.tsv", "flow\tid\nyDCNtUUckpvrcvf4UELZnZDvMS000002\tR2\n"),
        ("fixed.csv", "\u{feff}id;flow\r\nR2;yDCNtUUckpvrcvf4UELZnZDvMS000002\r\n"),
    ] {
        let desk = desk();
        desk.write(name, text);
        let came = desk.run(&format!("retry latest --rows {name} --out out2 --format json")).exits(0);
        assert_eq!(came.json()["rows"], desk.run("runs show latest --format json").json()["rows"], "{name}");
        assert_eq!(came.json()["rows"]["total"], 1, "{name}: {}", came.out);
        assert_eq!(keys(&desk.read("out2/results.csv")), ["R2"], "{name}: {}", desk.read("out2/results.csv"));
        assert_eq!(made(&desk), 5, "{name}");
    }
}

const BOOK: &str = "name: Book
rows: { from: rows.csv, key: number, columns: { name: { optional: true }, other: { optional: true } } }
steps:
  - id: task
    uses: arctos.create_task
    with: { business_id: 15, out_task_num: '{{ coalesce row.name row.number }}', task_type: normal, task_notify: false, task_time: '2040-01-31T09:00:00+08:00', branch_code: '943', room_type: normal, video: true }
    rollback:
      uses: arctos.update_status
      with: { task_num: '{{ steps.task.outputs.task_num }}', task_status: canceled }
  - id: staff
    uses: arctos.add_moderator
    with: { task_num: '{{ coalesce row.other steps.task.outputs.task_num }}', emp_id: a }
";

#[test]
fn after_a_rollback_a_retry_says_what_the_vendor_may_refuse() {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", BOOK);
    desk.write("rows.csv", "number,name,other\nA-1,,\nA-2,,111\nA-3,,222\n");
    desk.run("run playbook.yaml").exits(4);
    let first = last(&desk);
    let told = "arctos.create_task was made and taken back, and is sent again under the same `out_task_num`";
    // Under another natural key nothing stands in the way.
    desk.write("renamed.csv", "number,name,other\nA-2,A-2b,\n");
    desk.run(&format!("retry {first} --rows renamed.csv")).exits(0).never_says(&[told]);
    desk.write("fixed.csv", "number,name,other\nA-3,,\n");
    let came = desk.run(&format!("retry {first} --rows fixed.csv --format json"));
    came.says(&[&format!("1 row: {told}")]);
    // A run whose rows were never taken back says nothing of it.
    let releases = self::desk();
    releases.run("retry latest").exits(4).never_says(&["taken back"]);
}

#[test]
fn a_key_that_a_step_made_anew_gives_is_a_new_key() {
    let desk = TestFolder::new();
    let more = "  - id: more
    uses: arctos.add_moderator
    with: { task_num: '{{ coalesce row.third steps.task.outputs.task_num }}', emp_id: b }
";
    let columns = BOOK.replace("other: { optional: true } }", "other: { optional: true }, third: { optional: true } }");
    assert_ne!(columns, BOOK);
    desk.write("playbook.yaml", &format!("{columns}{more}"));
    desk.write("rows.csv", "number,name,other,third\nA-1,,,111\n");
    desk.run("run playbook.yaml").exits(4);
    desk.write("fixed.csv", "number,name,other,third\nA-1,,,\n");
    let came = desk.run("retry latest --rows fixed.csv");
    // The member of staff went away with the first appointment, and goes to the second one.
    came.says(&["arctos.create_task was made and taken back"]).never_says(&["arctos.add_moderator was made"]);
}
