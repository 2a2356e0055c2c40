//! The journal's own bytes: cut off, changed, taken away.

use std::fs;

use super::bench::{Bench, ROWS, flip};

/// Where the process dies: late enough that rows have ended, and some are under way.
const PLACE: u64 = 60;

/// What is said of a journal that lost its tail.
const SHORT: &[&str] =
    &["cannot be resumed as it is", "nothing was sent", "lacks the entries", "60 rows of rows.csv", "--from-copy"];

#[test]
fn a_tail_cut_off_anywhere_repeats_nothing() {
    let mut refused = 0;
    let mut went_on = 0;
    for cut in [1, 100, 4_000, 4_200, 9_000, 20_000, 60_000, 120_000, 1_000_000] {
        let bench = Bench::died_at(PLACE);
        let wal = bench.file("journal.sqlite-wal");
        let bytes = fs::read(&wal).unwrap();
        fs::write(&wal, &bytes[..bytes.len().saturating_sub(cut)]).unwrap();
        match bench.resume(SHORT).code {
            8 => refused += 1,
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
        bench.desk.run(line).exits(8).says(SHORT);
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
    let mark = whole.folder().parent().unwrap().with_file_name("marks").join(whole.folder().file_name().unwrap());
    let (mark, mut found) = (mark.with_extension("synced"), 0);
    let marked = fs::read(&mark).unwrap();
    let places: Vec<usize> = (0..24).map(|step| bytes.len() - 1 - step * 1_013).collect();
    for place in &places {
        flip(&file, *place);
        let came = whole.resume(&["damaged"]);
        found += usize::from(came.code == 1);
        assert_eq!(fs::read(whole.file("sandbox.jsonl")).unwrap(), log, "byte {place}: {}", came.err);
        // Where nothing was found, it went on and says how far.
        fs::write(&file, &bytes).unwrap();
        fs::write(&mark, &marked).unwrap();
    }
    // Pages have room that nothing stands in.
    assert!(found > places.len() / 4, "{found} of {} found", places.len());
}

#[test]
fn a_file_that_is_no_longer_a_journal_is_reported_and_never_passed_over() {
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
fn a_run_whose_own_entries_cannot_be_read_is_listed_with_the_reason() {
    let bench = Bench::died_at(PLACE);
    let journal = rusqlite::Connection::open(bench.file("journal.sqlite")).unwrap();
    // Its first entry says when the run began.
    let first = "(SELECT min(seq) FROM entries)";
    let changed = journal.execute(&format!("UPDATE entries SET facts = 'spoilt' WHERE seq = {first}"), []).unwrap();
    assert_eq!(changed, 1);
    drop(journal);
    let name = bench.folder().file_name().unwrap().to_string_lossy().into_owned();
    bench.desk.run("runs list").exits(0).says(&["warning", &name, "damaged"]);
    bench.desk.run("runs show latest").exits(1).says(&[&name, "damaged"]);
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
fn a_changed_line_of_the_sandboxs_log_is_reported_with_its_number() {
    let bench = Bench::died_at(PLACE);
    let path = bench.file("sandbox.jsonl");
    let mut lines: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    lines[2].truncate(20);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    bench.desk.run("resume latest").exits(1).says(&["sandbox.jsonl", "line 3"]);
}

#[test]
fn what_a_damaged_journal_still_proves_is_written_down_and_the_rest_is_unknown() {
    let bench = Bench::died_at(PLACE);
    let wal = bench.file("journal.sqlite-wal");
    let bytes = fs::read(&wal).unwrap();
    fs::write(&wal, &bytes[..bytes.len() - 60_000]).unwrap();
    bench.desk.run("resume latest").exits(8).says(SHORT);
    let (calls, before) = (bench.log().calls(), fs::read(bench.file("journal.sqlite")).unwrap());
    let came = bench.desk.run("runs export latest --out known --format json").exits(5);
    let told = came.says(&["is damaged", "Ask the vendor"]).json();
    assert_eq!((&told["damaged"], &told["rows"]["total"], &told["lost_rows"]), (&true.into(), &ROWS.into(), &0.into()));
    assert!(told["lost_entries"].as_u64() > Some(0), "{told}");
    let (proven, unknown) = (told["rows"]["succeeded"].as_u64().unwrap(), told["rows"]["unknown"].as_u64().unwrap());
    assert!(proven > 0 && unknown > 0, "{told}");
    // Whatever the vendor's own log shows is proven done or unknown, never "not started".
    let sent = bench.log().calls() as u64;
    assert!(told["rows"]["not_started"] == 0 && proven <= sent && proven + unknown == ROWS, "{told}");
    assert_eq!(bench.desk.read("known/results.csv").lines().count() as u64, ROWS + 1);
    assert!(bench.desk.read("known/unknown.csv").contains(",damaged,the journal is damaged"));
    assert!(fs::read(bench.file("journal.sqlite")).unwrap() == before, "the journal was touched");
    assert_eq!(fs::read_dir(bench.desk.path().join("known")).unwrap().count() as u64, 3, "a copy was left");
    assert_eq!(bench.log().calls(), calls);
}

#[test]
fn a_changed_byte_loses_at_most_what_it_stands_in() {
    let whole = Bench::died_at(PLACE);
    whole.desk.run("resume latest").exits(5);
    let sound = whole.desk.run("runs export latest --out sound --format json").exits(5).json();
    assert_eq!((&sound["damaged"], &sound["rows"]["total"]), (&false.into(), &ROWS.into()));
    let file = whole.file("journal.sqlite");
    let bytes = fs::read(&file).unwrap();
    for step in 0..12 {
        flip(&file, bytes.len() - 1 - step * 2_027);
        let told = whole.desk.run("runs export latest --out after --format json");
        let told = if told.code == 1 { serde_json::json!({}) } else { told.json() };
        if told["damaged"] == true {
            let count = |name: &str| told["rows"][name].as_u64().unwrap();
            let lost = told["lost_rows"].as_u64().unwrap();
            assert!(count("succeeded") <= sound["rows"]["succeeded"].as_u64().unwrap(), "{told}");
            assert_eq!(count("total") + lost, ROWS, "{told}");
            assert!(count("succeeded") + 12 >= sound["rows"]["succeeded"].as_u64().unwrap(), "{told}");
        }
        fs::write(&file, &bytes).unwrap();
    }
}

#[test]
fn a_journal_of_garbage_does_not_say_how_little_was_sent() {
    let bench = Bench::died_at(PLACE);
    let file = bench.file("journal.sqlite");
    let _ = fs::remove_file(bench.file("journal.sqlite-wal"));
    // Its first page says what it is; all else is gone.
    let mut bytes = fs::read(&file).unwrap();
    bytes[4_096..].fill(7);
    fs::write(&file, bytes).unwrap();
    let came = bench.desk.run("runs export latest --out known --format json").exits(5);
    came.says(&["what it sent is unknown", "60 rows of rows.csv", "any of them may have been sent"])
        .never_says(&["0 rows may have been sent"]);
}

#[test]
fn a_journal_of_which_nothing_is_left_says_so() {
    let bench = Bench::died_at(PLACE);
    fs::write(bench.file("journal.sqlite"), vec![7; 5_000]).unwrap();
    let _ = fs::remove_file(bench.file("journal.sqlite-wal"));
    let came = bench.desk.run("runs export latest --out known").exits(1);
    came.says(&["nothing of the run", "60 rows of rows.csv", "any of them may have been sent", "ask the vendor"]);
    bench.desk.run("runs export nonsense --out known").exits(2).says(&["there is no run"]);
}
