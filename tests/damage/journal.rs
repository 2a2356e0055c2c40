//! The journal's own bytes: cut off, changed, taken away.

use std::fs;

use super::bench::{Bench, flip};

/// Where the process dies: late enough that rows have ended, and some are under way.
const PLACE: u64 = 60;

const DAMAGED: &[&str] = &["is damaged", "journal.sqlite", "Nothing", "Do not start the list anew"];

#[test]
fn a_tail_cut_off_anywhere_repeats_nothing() {
    let mut refused = 0;
    let mut went_on = 0;
    for cut in [1, 100, 4_000, 4_200, 9_000, 20_000, 60_000, 120_000, 1_000_000] {
        let bench = Bench::died_at(PLACE);
        let wal = bench.file("journal.sqlite-wal");
        let bytes = fs::read(&wal).unwrap();
        fs::write(&wal, &bytes[..bytes.len().saturating_sub(cut)]).unwrap();
        match bench.resume(DAMAGED).code {
            1 => refused += 1,
            5 => went_on += 1,
            other => panic!("cut by {cut}: exit {other}"),
        }
    }
    assert!(refused >= 3, "{refused} refused, {went_on} went on");
}

#[test]
fn a_run_that_lost_its_tail_is_neither_tried_again_nor_settled() {
    let bench = Bench::died_at(PLACE);
    let (wal, calls) = (bench.file("journal.sqlite-wal"), bench.log().calls());
    fs::write(&wal, "").unwrap();
    for line in ["retry latest", "retry latest --only unknown", "resolve latest", "resume latest"] {
        bench.desk.run(line).exits(1).says(DAMAGED).says(&["were written and are gone"]);
    }
    assert_eq!(bench.log().calls(), calls);
    assert_eq!(fs::read_dir(bench.desk.path().join("state/runs")).unwrap().count(), 1, "a linked run was begun");
}

#[test]
fn a_torn_write_at_the_tail_loses_nothing() {
    let bench = Bench::died_at(PLACE);
    let wal = bench.file("journal.sqlite-wal");
    let mut bytes = fs::read(&wal).unwrap();
    // A transaction whose process died in the middle of writing it.
    let torn = bytes[bytes.len() - 3_000..].to_vec();
    bytes.extend(torn);
    fs::write(&wal, bytes).unwrap();
    let came = bench.resume(&[]);
    assert_eq!(came.code, 5, "{}", came.err);
}

#[test]
fn a_changed_byte_anywhere_is_found_before_anything_is_sent() {
    // Dead for good: everything is in the file itself.
    let whole = Bench::died_at(PLACE);
    whole.desk.run("resume latest").exits(5);
    let file = whole.file("journal.sqlite");
    let bytes = fs::read(&file).unwrap();
    let log = fs::read(whole.file("sandbox.jsonl")).unwrap();
    let mut found = 0;
    let places: Vec<usize> = (0..24).map(|step| bytes.len() - 1 - step * 1_013).collect();
    for place in &places {
        flip(&file, *place);
        let came = whole.resume(&["damaged"]);
        found += usize::from(came.code == 1);
        assert_eq!(fs::read(whole.file("sandbox.jsonl")).unwrap(), log, "byte {place}: {}", came.err);
        fs::write(&file, &bytes).unwrap();
    }
    // Pages have room that nothing stands in.
    assert!(found > places.len() / 4, "{found} of {} found", places.len());
}

#[test]
fn a_journal_that_is_none_any_more_is_told_and_never_passed_over() {
    let bench = Bench::died_at(PLACE);
    bench.desk.run("run playbook.yaml --limit 1").exits(0);
    let newest = bench.folder();
    for name in ["journal.sqlite-wal", "journal.sqlite-shm"] {
        let _ = fs::remove_file(newest.join(name));
    }
    fs::write(newest.join("journal.sqlite"), "a note somebody saved here by mistake\n".repeat(40)).unwrap();
    let name = newest.file_name().unwrap().to_string_lossy().into_owned();
    bench.desk.run("resume latest").exits(1).says(&[&name, "is not a runsheet journal"]);
    bench.desk.run(&format!("runs show {name}")).exits(1).says(&[&name]);
    let listed = bench.desk.run("runs list").exits(0).says(&["warning", &name]);
    assert_eq!(listed.out.lines().count(), 1, "{}", listed.out);
}

#[test]
fn a_process_that_died_before_it_began_leaves_nothing_to_go_on_with() {
    let bench = Bench::new(2);
    fs::create_dir_all(bench.desk.path().join("state/runs/20260101-000000-abcdef")).unwrap();
    fs::write(bench.desk.path().join("state/runs/20260101-000000-abcdef/journal.sqlite"), "").unwrap();
    bench.desk.run("resume latest").exits(2).says(&["there is no run yet"]);
    bench.desk.run("resume 20260101").exits(2).says(&["never began", "nothing of it was sent"]);
}

#[test]
fn a_changed_line_of_the_sandboxs_log_is_told_with_its_number() {
    let bench = Bench::died_at(PLACE);
    let path = bench.file("sandbox.jsonl");
    let mut lines: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    lines[2].truncate(20);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    bench.desk.run("resume latest").exits(1).says(&["sandbox.jsonl", "line 3"]);
}
