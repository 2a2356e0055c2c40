//! A person states what became of a lost run, and the rest of the list is run.

use std::fs;

use sha2::{Digest, Sha256};

use super::damages::Damage;
use super::shop::Shop;
use crate::crashes::{BOOK, RELEASE};

const NOTE: &str = "--note by-phone";

/// A shop whose run died before its end and whose folder is gone.
fn gone() -> (Shop, String) {
    let shop = Shop::new(&RELEASE, 40);
    let run = shop.died_at(30);
    fs::remove_dir_all(shop.folder(&run)).unwrap();
    (shop, run)
}

#[test]
fn the_rows_that_were_done_are_named_and_the_others_are_run() {
    let (shop, run) = gone();
    let done = shop.done();
    let count = shop.list("done.csv", |key| done.contains(key));
    shop.list("rest.csv", |key| !done.contains(key));
    shop.sends_nothing("run playbook.yaml --env near --rows rest.csv").exits(8).says(&[&run]);
    let told = shop.sends_nothing(&format!("resolve {run} --lost --as done --rows done.csv {NOTE} --format json"));
    assert_eq!(told.exits(0).json()["rows"], count);
    let came = shop.sends_nothing("run playbook.yaml --env near").exits(8);
    came.says(&[&format!("{count} calls"), &run, "done, as a person stated", "`--again`"]);
    shop.desk.run("run playbook.yaml --env near --rows rest.csv").exits(0);
    shop.everything_once();
    shop.sends_nothing("run playbook.yaml --env near").exits(8);
}

#[test]
fn a_whole_list_that_is_said_to_be_done_is_refused_row_by_row() {
    let (shop, run) = gone();
    shop.desk.run(&format!("resolve {run} --lost --as done {NOTE}")).exits(0).says(&[]);
    shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&["40 calls", &run, "done, as a person stated"]);
    // A row that the list did not have is no row of it.
    shop.desk.write("new.csv", "flow\nyDCNtUUckpvrcvf4UELZnZDvMS777777\n");
    shop.desk.run("run playbook.yaml --env near --rows new.csv").exits(0);
}

#[test]
fn nothing_was_done_and_the_whole_list_is_run() {
    let shop = Shop::new(&RELEASE, 12);
    // The first intents are on the disk, and no call has gone out.
    let run = shop.died_at(4);
    assert_eq!(shop.log().calls(), 0);
    fs::remove_dir_all(shop.folder(&run)).unwrap();
    shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&[&run]);
    shop.sends_nothing(&format!("resolve {run} --lost --as failed {NOTE}")).exits(0);
    shop.desk.run("run playbook.yaml --env near").exits(0);
    shop.everything_once();
}

#[test]
fn what_the_rest_of_a_journal_proves_stays_done_whatever_is_said() {
    let shop = Shop::new(&RELEASE, 40);
    let run = shop.died_at(30);
    let older = shop.desk.path().join("older");
    super::shop::copy(&shop.folder(&run), &older);
    shop.dies(&format!("resume {run}"), 30);
    Damage::OlderCopy.spoil(&shop.folder(&run), 0, &older, &older);
    let told = shop.desk.run(&format!("runs show {run} --format json")).exits(0).json();
    let proven = told["rows"]["succeeded"].as_u64().unwrap();
    assert!(proven > 0 && told["lost"].as_str().is_some_and(|lost| lost.contains("lacks the entries")), "{told}");
    shop.desk.run(&format!("resolve {run} --lost --as failed {NOTE}")).exits(0);
    let came = shop.sends_nothing("run playbook.yaml --env near").exits(8);
    came.says(&[&format!("{proven} calls"), &run, "succeeded"]);
}

#[test]
fn a_second_statement_replaces_the_first_and_both_are_kept() {
    let (shop, run) = gone();
    shop.desk.run(&format!("resolve {run} --lost --as done {NOTE}")).exits(0);
    let told =
        shop.desk.run(&format!("resolve {run} --lost --as failed --note mistaken --format json")).exits(0).json();
    assert_eq!(told["replaces"], true);
    let listed = shop.desk.run("runs list").exits(0);
    listed.says(&[&run, "its journal is gone", "nothing of what is lost was done, said", "mistaken"]);
    let mark = shop.desk.read(&format!("state/marks/{run}.json"));
    assert!(mark.contains("by-phone") && mark.contains("mistaken"), "{mark}");
    shop.desk.run(&format!("runs show {run}")).exits(8).says(&["its journal is gone", "mistaken"]);
}

#[test]
fn an_impossible_statement_is_refused() {
    let (shop, run) = gone();
    shop.desk.write("strange.csv", "flow\nyDCNtUUckpvrcvf4UELZnZDvMS777777\n");
    let word = |rest: &str| shop.sends_nothing(&format!("resolve {run} --lost {rest}"));
    word("--as done --rows strange.csv --note n").exits(3).says(&["the list of the run", "has no such row"]);
    word("--as failed --rows rows.csv --note n").exits(2).says(&["goes with `--as done`"]);
    word("--as failed").exits(2).says(&["--note"]);
    word("--note n").exits(2).says(&["--as"]);
    shop.sends_nothing("run playbook.yaml --env near").exits(8);
    // Nothing of another run is lost.
    let other = Shop::new(&RELEASE, 3);
    other.desk.run("run playbook.yaml --env near").exits(0);
    let whole = other.desk.run("resolve latest --lost --as failed --note n").exits(8);
    whole.says(&["nothing of the run", "is lost"]);
}

#[test]
fn a_mark_that_is_spoilt_or_missing_stops_every_real_environment() {
    for spoil in ["about", "synced", "gone"] {
        let shop = Shop::new(&RELEASE, 12);
        let run = shop.died_at(14);
        let path = |end: &str| shop.desk.path().join(format!("state/marks/{run}.{end}"));
        let words = match spoil {
            "about" => {
                fs::write(path("json"), "{}").unwrap();
                "was cut or changed"
            }
            "synced" => {
                fs::write(path("synced"), "0").unwrap();
                "was cut or changed"
            }
            _ => {
                fs::remove_dir_all(shop.desk.path().join("state/marks")).unwrap();
                "its mark is gone"
            }
        };
        shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&[&run, words]);
        if spoil == "about" {
            shop.sends_nothing("run playbook.yaml --env far").exits(8).says(&[&run, words, ".json"]);
        }
        shop.sends_nothing(&format!("resume {run}")).exits(8).says(&[words, "--from-copy"]);
        shop.desk.run(&format!("resolve {run} --lost --as failed {NOTE}")).exits(0);
        let rest = shop.list("rest.csv", |key| !shop.done().contains(key));
        assert!(rest > 0);
        shop.desk.run("run playbook.yaml --env near --rows rest.csv");
        shop.nothing_doubled();
    }
}

#[test]
fn a_run_whose_mark_is_spoilt_goes_on_as_from_a_copy_and_has_a_mark_again() {
    for spoilt in ["json", "synced", "rows"] {
        let shop = Shop::new(&RELEASE, 12);
        let run = shop.died_at(14);
        fs::write(shop.desk.path().join(format!("state/marks/{run}.{spoilt}")), "spoilt").unwrap();
        if spoilt == "rows" {
            // The list is only wanted where the journal is lost.
            shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&["calls", &run]);
            fs::remove_dir_all(shop.folder(&run)).unwrap();
            shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&["is no longer known", &run]);
            let word = format!("resolve {run} --lost --as done {NOTE}");
            shop.sends_nothing(&word).exits(2).says(&["the list of rows", "is lost"]);
            continue;
        }
        shop.sends_nothing(&format!("resume {run} --from-copy")).exits(5);
        shop.sends_nothing(&format!("resume {run}")).exits(5);
        shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&["12 calls", &run]);
        fs::remove_dir_all(shop.folder(&run)).unwrap();
        shop.sends_nothing("run playbook.yaml --env near")
            .exits(8)
            .says(&["is no longer known", "12 rows of rows.csv"]);
    }
}

#[test]
fn a_mark_of_a_later_version_is_left_alone() {
    let shop = Shop::new(&RELEASE, 3);
    shop.desk.run("run playbook.yaml --env near").exits(0);
    let run = shop.runs().into_iter().next().unwrap();
    let path = shop.desk.path().join(format!("state/marks/{run}.json"));
    let line = fs::read_to_string(&path).unwrap().lines().next().unwrap().replace("\"format\":1", "\"format\":3");
    let sum: String = Sha256::digest(line.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let later = format!("{line}\n{sum}\n");
    fs::write(&path, &later).unwrap();
    shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&[&run, "use a newer runsheet"]);
    shop.sends_nothing(&format!("resolve {run} --lost --as failed {NOTE}")).exits(1).says(&["use a newer runsheet"]);
    shop.sends_nothing(&format!("resume {run} --from-copy")).exits(1).says(&["use a newer runsheet"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), later);
}

#[test]
fn a_run_that_never_began_stops_no_other_run() {
    let shop = Shop::new(&RELEASE, 3);
    fs::create_dir_all(shop.folder("20260101-000000-abcdef")).unwrap();
    fs::write(shop.folder("20260101-000000-abcdef").join("journal.sqlite"), "").unwrap();
    fs::create_dir_all(shop.folder("20260101-000000-abcdee")).unwrap();
    shop.desk.run("run playbook.yaml --env near").exits(0);
}

#[test]
fn every_verb_that_would_send_is_stopped_by_a_lost_run_of_its_environment() {
    let shop = Shop::new(&RELEASE, 12);
    let lost = shop.died_at(8);
    shop.desk.write("other.csv", "flow\nyDCNtUUckpvrcvf4UELZnZDvMS999998\nyDCNtUUckpvrcvf4UELZnZDvMS999999\n");
    shop.dies("run playbook.yaml --env near --rows other.csv --in-flight 1", 3);
    let other = shop.runs().into_iter().find(|run| *run != lost).unwrap();
    shop.desk.write("third.csv", "flow\nyDCNtUUckpvrcvf4UELZnZDvMS999997\n");
    let third = shop.desk.run("run playbook.yaml --env near --rows third.csv --format json").exits(0).json();
    fs::remove_dir_all(shop.folder(&lost)).unwrap();
    for line in [
        "run playbook.yaml --env near --rows other.csv".to_owned(),
        "run playbook.yaml --env near --rows other.csv --again".to_owned(),
        format!("resume {other}"),
        format!("retry {other} --only not_started"),
        format!("undo {} --yes --confirm 1", third["run_id"].as_str().unwrap()),
    ] {
        let came = shop.sends_nothing(&line);
        // Nothing takes a release back, so that an undo of it would send nothing anyway.
        assert!(came.code == 8 && came.err.contains(&lost) || line.starts_with("undo"), "{line}: {}", came.err);
    }
    let planned = shop.sends_nothing("plan playbook.yaml --env near").exits(0);
    planned.says(&["warning", &lost, "has sent is unknown"]);
}

#[test]
fn an_undo_is_stopped_by_a_lost_run_of_its_environment() {
    let shop = Shop::new(&BOOK, 3);
    let came = shop.desk.run("run playbook.yaml --env near --format json");
    let first = came.json()["run_id"].as_str().unwrap().to_owned();
    shop.desk.run("run playbook.yaml --env near --again --limit 1");
    let second = shop.runs().into_iter().find(|run| *run != first).unwrap();
    fs::remove_dir_all(shop.folder(&second)).unwrap();
    let undo = format!("undo {first} --yes --confirm 2");
    shop.sends_nothing(&undo).exits(8).says(&[&second, "is no longer known"]);
    shop.desk.run(&format!("resolve {second} --lost --as failed {NOTE}")).exits(0);
    let before = shop.log().calls();
    let undone = shop.desk.run(&undo);
    assert!(shop.log().calls() > before, "{}", undone.err);
}
