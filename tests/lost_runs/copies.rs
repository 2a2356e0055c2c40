//! A folder that was put back from a copy: refused, and gone on with as if everything after the copy had been lost.

use std::fs;
use std::path::PathBuf;

use super::shop::{Shop, copy, put_back};
use crate::across_runs::log_text;
use crate::crashes::{BOOK, EXTEND, Job, Log, RELEASE};
use crate::own_provider::PROVIDER;
use crate::playbooks::{Server, copy_playbooks, near};
use crate::program::TestFolder;

/// A shop whose run died, went on and died again, and whose folder was then put back as it was after the first death.
fn put_back_after(job: &'static Job, rows: u64, places: [u64; 2]) -> (Shop, String, PathBuf) {
    let shop = Shop::new(job, rows);
    let run = shop.died_at(places[0]);
    let (folder, older, later) = (shop.folder(&run), shop.desk.path().join("older"), shop.desk.path().join("later"));
    copy(&folder, &older);
    shop.dies(&format!("resume {run}"), places[1]);
    copy(&folder, &later);
    put_back(&older, &folder);
    (shop, run, later)
}

#[test]
fn a_copy_is_refused_by_every_verb_that_would_send() {
    let (shop, run, later) = put_back_after(&RELEASE, 40, [30, 30]);
    let way_on = format!("runsheet resume {run} --from-copy");
    for verb in ["resume", "retry", "undo", "resolve"] {
        let came = shop.sends_nothing(&format!("{verb} {run}")).exits(8);
        came.says(&[
            &run,
            "lacks the entries",
            "older copy was put back",
            "playbook.yaml, 40 rows of rows.csv",
            &way_on,
        ]);
    }
    shop.sends_nothing(&format!("run playbook.yaml --env near --rows run:{run}")).exits(8).says(&[&way_on]);
    assert_eq!(shop.runs().len(), 1, "a linked run was begun");
    // The latest folder is the best of all ways.
    put_back(&later, &shop.folder(&run));
    shop.sends_nothing(&format!("resume {run} --from-copy")).exits(8).says(&["nothing of the run", "is lost"]);
    shop.desk.run(&format!("resume {run}")).exits(5);
    shop.nothing_doubled();
}

#[test]
fn calls_that_must_not_be_repeated_are_unknown_after_a_copy_and_settled_by_the_truth() {
    let (shop, run, later) = put_back_after(&RELEASE, 40, [30, 30]);
    let before = shop.done();
    let came = shop.sends_nothing(&format!("resume {run} --from-copy --format json")).exits(5);
    let came = came.says(&["Going on from a copy"]);
    let told = came.json();
    let count = |word: &str| told["rows"][word].as_u64().unwrap();
    assert!(count("succeeded") > 0 && count("succeeded") < before.len() as u64, "{}", came.out);
    assert_eq!(count("succeeded") + count("unknown"), 40, "{told}");
    let unknown = fs::read_to_string(shop.folder(&run).join("unknown.csv")).unwrap();
    assert!(unknown.contains(",copy,it may have been sent after the copy"), "{unknown}");
    // The copy is the run now: other runs see what it may have made, and the folder of before is not taken for it.
    shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&["40 calls", &run, "unknown"]);
    let now = shop.desk.path().join("now");
    copy(&shop.folder(&run), &now);
    put_back(&later, &shop.folder(&run));
    shop.sends_nothing(&format!("resume {run}")).exits(8).says(&["lacks the entries"]);
    put_back(&now, &shop.folder(&run));
    // A person looks at what the vendor has, and the rest is done.
    let mut lines = unknown.lines();
    let mut filled = format!("{},_settle\n", lines.next().unwrap());
    for line in lines {
        let done = before.contains(line.split(',').next().unwrap());
        filled.push_str(&format!("{line},{}\n", if done { "done" } else { "failed" }));
    }
    shop.desk.write("filled.csv", &filled);
    shop.sends_nothing(&format!("resolve {run} --from filled.csv")).exits(0);
    shop.desk.run(&format!("resume {run}")).exits(4);
    shop.desk.run(&format!("retry {run}")).exits(0);
    shop.everything_once();
}

#[test]
fn calls_that_may_be_repeated_are_sent_again_after_a_copy() {
    let (shop, run, _) = put_back_after(&EXTEND, 40, [30, 30]);
    let told = shop.desk.run(&format!("resume {run} --from-copy --format json")).exits(0).json();
    assert_eq!(told["rows"]["succeeded"], 40, "{told}");
    assert_eq!(shop.done().len(), 40);
    shop.nothing_doubled();
    shop.desk.run(&format!("resume {run}")).exits(0);
}

#[test]
fn a_chain_with_rollbacks_doubles_nothing_wherever_the_copy_was_taken() {
    for places in [[6, 20], [20, 8], [34, 16], [47, 5]] {
        let (shop, run, _) = put_back_after(&BOOK, 9, places);
        // Rows that were being taken back are taken back further: that may be repeated.
        shop.desk.run(&format!("resume {run} --from-copy")).exits(5);
        let results = fs::read_to_string(shop.folder(&run).join("results.csv")).unwrap();
        // A row that is taken back whole may be tried again; it depends on where the process died whether there is one.
        if !results.contains(",failed,") {
            shop.sends_nothing(&format!("retry {run}"));
        }
        shop.sends_nothing(&format!("undo {run} --dry-run"));
        shop.nothing_doubled();
        // What is told of each row is borne by the vendor's log.
        let made = shop.log().by_row();
        for row in 0..9 {
            let key = (BOOK.key)(row);
            let effects: Vec<&str> = made.get(&key).into_iter().flatten().map(String::as_str).collect();
            let line = results.lines().find(|line| line.starts_with(&key)).unwrap();
            let whole = (BOOK.effects)(row);
            assert!(
                line.contains(",unknown,") || effects == whole,
                "{places:?}: {line} and the vendor has {effects:?} of {whole:?}"
            );
        }
    }
}

/// Calls that can be looked up and are known from the row alone.
const REJECT: &str = "name: Reject
rows: { from: return-approvals.csv, key: current_task_id }
steps:
  - id: reject
    uses: fxiaoke.reject_to_node
    with:
      currentTaskId: '{{ row.current_task_id }}'
      rejectToTaskId: '{{ row.reject_to_task_id }}'
      rejectOpinion: '{{ row.opinion }}'
";

/// A few rows of a playbook against a served sandbox: the process dies as it begins, another one brings the run to its end, and the
/// folder is put back as the first one left it.
fn put_back_after_the_end(playbook: &str) -> (TestFolder, Server, String, PathBuf) {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let server = Server::start(&desk, "");
    desk.write("runsheet.yaml", &near(&server));
    desk.write("reject.yaml", REJECT);
    let line = format!("run {playbook}.yaml --env near --in-flight 2 --limit 6 --confirm 6");
    let came = desk.run_with(&line, &[("RUNSHEET_CRASH_AT", "1")]);
    assert_eq!(came.code, -1, "{}", came.err);
    let folder = crate::crashes::run_folder(&desk).unwrap();
    let run = folder.file_name().unwrap().to_string_lossy().into_owned();
    copy(&folder, &desk.path().join("older"));
    desk.run(&format!("resume {run}")).exits(0);
    put_back(&desk.path().join("older"), &folder);
    (desk, server, run, folder)
}

#[test]
fn calls_that_can_be_looked_up_are_looked_up_after_a_copy() {
    let (desk, server, run, folder) = put_back_after_the_end("reject");
    let came = desk.run(&format!("resume {run} --from-copy")).exits(0);
    let log = Log::read(&log_text(&server));
    assert!(log.doubled().is_empty(), "{:?}", log.doubled());
    let results = fs::read_to_string(folder.join("results.csv")).unwrap();
    assert_eq!(results.matches(",succeeded,").count(), 6, "{}\n{results}", came.err);
    assert_eq!(log.effects_made(), 6);
}

#[test]
fn what_depends_on_an_answer_that_came_since_is_unknown() {
    // The read that is made anew tells of the next approval, or that there is nothing left to do.
    for playbook in ["return-approvals", "approve-documents"] {
        let (desk, server, run, folder) = put_back_after_the_end(playbook);
        desk.run(&format!("resume {run} --from-copy")).exits(5);
        let log = Log::read(&log_text(&server));
        let results = fs::read_to_string(folder.join("results.csv")).unwrap();
        let (unknown, succeeded) = (results.matches(",unknown,").count(), results.matches(",succeeded,").count());
        assert!(unknown > 0 && succeeded <= log.effects_made(), "{playbook}: {results}");
        assert!(!results.contains(",skipped,") && log.doubled().is_empty(), "{playbook}: {results}");
    }
}

#[test]
fn rows_that_a_copy_leaves_open_are_taken_for_sent_before_the_run_has_come_to_them() {
    let (shop, run, _) = put_back_after(&RELEASE, 40, [30, 30]);
    // It dies as soon as it is known to be a copy.
    shop.dies(&format!("resume {run} --from-copy"), 1);
    shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&[&run, "unknown"]);
    shop.sends_nothing("run playbook.yaml --env near --only yDCNtUUckpvrcvf4UELZnZDvMS000039").exits(8).says(&[&run]);
    shop.sends_nothing(&format!("retry {run}")).says(&["unknown"]);
    let shown = shop.desk.run(&format!("runs show {run}")).exits(0);
    assert!(shown.out.contains("broken off"), "{}", shown.out);
    shop.sends_nothing(&format!("resume {run}")).exits(5);
    shop.nothing_doubled();
}

#[test]
fn a_run_that_was_moved_goes_on_with_its_mark_and_is_a_copy_without_it() {
    for with_mark in [true, false] {
        let shop = Shop::new(&RELEASE, 12);
        let run = shop.died_at(14);
        let elsewhere = shop.desk.path().join("elsewhere");
        copy(&shop.folder(&run), &elsewhere.join("runs").join(&run));
        if with_mark {
            copy(&shop.desk.path().join("state/marks"), &elsewhere.join("marks"));
        }
        let resume = format!("--state-dir elsewhere resume {run}");
        if with_mark {
            shop.desk.run(&resume).exits(5);
        } else {
            shop.sends_nothing(&resume).exits(8).says(&["its mark is gone", "its files in `marks`", "--from-copy"]);
            shop.sends_nothing(&format!("{resume} --from-copy")).exits(5);
            shop.sends_nothing(&resume).exits(5);
            shop.sends_nothing("--state-dir elsewhere run playbook.yaml --env near").exits(8).says(&["12 calls"]);
        }
        shop.nothing_doubled();
    }
}

#[test]
fn a_finished_run_without_its_mark_is_believed() {
    let shop = Shop::new(&RELEASE, 6);
    shop.desk.run("run playbook.yaml --env near").exits(0);
    fs::remove_dir_all(shop.desk.path().join("state/marks")).unwrap();
    shop.desk.run("resume latest").exits(0);
    shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&["6 calls", "succeeded"]);
    shop.desk.write("other.csv", "flow\nyDCNtUUckpvrcvf4UELZnZDvMS999999\n");
    shop.desk.run("run playbook.yaml --env near --rows other.csv").exits(0);
}

/// An operation that knows by a key what it has done already.
const KEYED: &str = "summary: Makes a thing
vendor_name: makeThing
effect: write
method: POST
path: /v1/things
repeat: keyed
inputs:
  required: [num, key]
  properties:
    num: { type: string, maxLength: 8 }
    key: { type: string }
examples:
  - name: a thing
    with: { num: a1, key: k }
    request: { path: /v1/things, body: { num: a1, key: k } }
    answers: [{ status: 200, body: \"{}\", is: succeeded }]
";

#[test]
fn a_call_with_a_key_is_sent_again_under_the_same_key() {
    let shop = Shop::new(&RELEASE, 1);
    let near = format!("acme: {{ base_url: \"{}\", credentials: {{ token: t }} }}", shop.url);
    shop.desk
        .write("runsheet.yaml", &format!("providers: own\nenvironments:\n  near: {{ connections: {{ {near} }} }}\n"));
    shop.desk.write("own/acme/provider.yaml", PROVIDER);
    shop.desk.write("own/acme/make.yaml", KEYED);
    let playbook = "name: Make things
rows: { from: keyed.csv, key: id }
steps:
  - id: make
    uses: acme.make
    with: { num: '{{ row.id }}', key: '{{ uuid row.id }}' }
";
    shop.desk.write("playbook.yaml", playbook);
    shop.desk.write("keyed.csv", "id\na\nb\nc\n");
    let run = shop.died_at(1);
    let (folder, older) = (shop.folder(&run), shop.desk.path().join("older"));
    copy(&folder, &older);
    shop.desk.run(&format!("resume {run}")).exits(0);
    put_back(&older, &folder);
    shop.desk.run(&format!("resume {run} --from-copy")).exits(0);
    let mut sent: Vec<String> = shop.requests().into_iter().map(|request| request.to_string()).collect();
    assert_eq!(sent.len(), 6, "{sent:?}");
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 3, "{sent:?}");
}
