//! Reports of runs that finished, stopped, crashed, were resumed, retried or undone.

use std::fs;

use serde_json::Value;

use super::{agree, attribute, desk};
use crate::program::{TestFolder, held_at};

/// The summary of a run and its record say the same.
fn same_as_summary(desk: &TestFolder, run: &str) -> Value {
    let record = agree(desk, run);
    let summary = desk.run(&format!("runs show {run} --format json")).exits(0).json()["summary"].clone();
    assert_eq!(record["rows"], summary["rows"]);
    assert_eq!(record["outcome"], summary["outcome"]);
    assert_eq!(record["failures"].as_array().map(Vec::len), Some(summary["failures"].as_array().map_or(0, Vec::len)));
    for (name, counts) in summary["operations"].as_object().unwrap() {
        for (what, count) in counts.as_object().unwrap() {
            assert_eq!(&record["operations"][name][what], count, "{name} {what}");
        }
    }
    assert_eq!(record["files"], summary["files"]);
    record
}

#[test]
fn a_finished_run_its_retry_and_its_undo() {
    let desk = desk();
    desk.run("run playbook.yaml --report-junit r.xml").exits(4);
    let record = same_as_summary(&desk, "latest");
    assert_eq!(
        (&record["kind"], &record["state"], &record["outcome"]),
        (&"run".into(), &"finished".into(), &"failed".into())
    );
    assert_eq!(record["verdict"], "3 of 5 rows succeeded; 2 failed.");
    assert!(record["started_by"].is_string() && record["processes"].as_array().unwrap().len() == 1, "{record}");
    let first = record["run_id"].as_str().unwrap().to_owned();
    // Both messages name the flow, so they differ and are of one kind.
    let kinds = record["failures"].as_array().unwrap();
    assert_eq!(kinds.len(), 1, "{record}");
    assert_eq!((&kinds[0]["number"], &kinds[0]["rows"]), (&1.into(), &2.into()));
    assert_eq!(kinds[0]["keys"].as_array().unwrap().len(), 2);
    assert_eq!(kinds[0]["command"], format!("runsheet retry {first}"));
    // The report that the run wrote is the one that `report` writes, but for the moment of writing.
    assert_eq!(desk.read("r.xml"), desk.run(&format!("report {first} --format junit")).exits(0).out);

    desk.run(&format!("retry {first} --report-junit r.xml")).exits(4);
    let retry = same_as_summary(&desk, "latest");
    assert_eq!((&retry["kind"], &retry["earlier_run"]), (&"retry".into(), &first.as_str().into()));
    assert_eq!(attribute(&desk.read("r.xml"), "testsuites", "tests"), "3", "two rows and the run");
    let later = agree(&desk, &first)["later_runs"].clone();
    assert_eq!(later, serde_json::json!([retry["run_id"]]));

    desk.run(&format!("undo {first} --report-junit r.xml --yes"));
    assert!(desk.read("r.xml").contains("<testcase "), "a report of what could be undone, or of why nothing was");
}

#[test]
fn a_run_that_stopped_and_was_resumed() {
    let desk = desk();
    desk.run("run playbook.yaml --max-fail 1 --in-flight 1 --report-junit r.xml --from-row 5").exits(6);
    let record = same_as_summary(&desk, "latest");
    assert_eq!((&record["state"], &record["outcome"]), (&"stopped".into(), &"stopped".into()));
    assert!(record["verdict"].as_str().unwrap().contains("The run stopped: "), "{record}");
    assert_eq!(record["next"][0]["command"], format!("runsheet resume {}", record["run_id"].as_str().unwrap()));
    let xml = desk.read("r.xml");
    assert_eq!(attribute(&xml, "testsuite", "failures"), "1", "the run as a whole failed: {xml}");
    assert!(xml.contains("<skipped message=\"not started"), "{xml}");
    desk.run("resume latest --max-fail 50").exits(4);
    let record = same_as_summary(&desk, "latest");
    assert_eq!((&record["state"], record["processes"].as_array().map(Vec::len)), (&"finished".into(), Some(2)));
}

#[test]
fn a_run_that_is_under_way_and_then_killed() {
    let desk = desk();
    let pipe = desk.pipe("hold");
    let mut command = desk.command("runsheet");
    command.args(["run", "playbook.yaml", "--in-flight", "1", "--report-junit", "r.xml"]);
    let mut child = command.env("RUNSHEET_HOLD_AT", format!("9:{}", pipe.display())).spawn().unwrap();
    let held = held_at(&pipe, &mut child);
    assert!(held.is_some(), "it ended first");
    let record = agree(&desk, "latest");
    assert_eq!((&record["state"], &record["outcome"]), (&"running".into(), &Value::Null));
    assert_eq!(record["finished_at"], Value::Null);
    assert!(record["verdict"].as_str().unwrap().ends_with("The run is under way."), "{record}");
    child.kill().unwrap();
    child.wait().unwrap();
    drop(held);
    let record = agree(&desk, "latest");
    assert_eq!(record["state"], "broken_off");
    assert_eq!(record["next"][0]["command"], format!("runsheet resume {}", record["run_id"].as_str().unwrap()));
    let xml = desk.read("r.xml");
    assert_eq!(
        attribute(&xml, "testsuites", "errors"),
        "1",
        "nobody takes it for the report of a run that ended: {xml}"
    );
    desk.run("resume latest").exits(4);
    assert_eq!(same_as_summary(&desk, "latest")["state"], "finished");
}

#[test]
fn a_run_with_lost_answers_and_a_persons_word() {
    let desk = desk();
    desk.run("run playbook.yaml --faults lose=100%,seed=3 --in-flight 1");
    agree(&desk, "latest");
    desk.run("resolve latest");
    agree(&desk, "latest");
}

#[test]
fn a_run_that_cannot_start_leaves_a_report_of_the_reason() {
    let desk = desk();
    desk.write("r.xml", "<testsuites>of an earlier run</testsuites>");
    desk.write("wrong.yaml", &super::PLAYBOOK.replace("FlowId:", "FlowIdd:"));
    desk.run("run wrong.yaml --report-junit r.xml").exits(3);
    let xml = desk.read("r.xml");
    assert_eq!(
        (attribute(&xml, "testsuites", "errors"), attribute(&xml, "error", "type")),
        ("1".into(), "invalid".into())
    );
    assert!(xml.contains("FlowIdd"), "{xml}");
    fs::create_dir(desk.path().join("folder")).unwrap();
    for bad in ["folder", "nowhere/r.xml"] {
        desk.run(&format!("run playbook.yaml --report-junit {bad}")).exits(2).says(&["nothing was sent"]);
        assert_eq!(desk.run("runs list").exits(0).out.trim(), "", "{bad}");
    }
    desk.run("retry 2 --report-junit r.xml").exits(2);
    assert_eq!(attribute(&desk.read("r.xml"), "error", "type"), "usage");
    desk.run("run playbook.yaml --only yDCNtUUckpvrezq3UudRJ1L00succeed").exits(0);
    desk.run("retry latest --report-junit r.xml").exits(0);
    let xml = desk.read("r.xml");
    assert_eq!(
        (attribute(&xml, "testsuites", "tests"), attribute(&xml, "testsuites", "errors")),
        ("1".into(), "0".into())
    );
}

/// Kills, faults, stops, resumes, retries and undos in an order that the seed draws; after each, all forms of the report
/// of every run agree. `RUNSHEET_SEEDS=N` draws more.
#[test]
fn whatever_happens_to_a_run_its_reports_agree() {
    let seeds = std::env::var("RUNSHEET_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4_u64);
    for seed in 0..seeds {
        let desk = desk();
        let faults = ["lose=30%", "refuse=30%", "lose=20%,refuse=20%", "500after=40%"][seed as usize % 4];
        let crash = [("RUNSHEET_CRASH_AT", (4 + 3 * seed).to_string())];
        let crash: Vec<(&str, &str)> = crash.iter().map(|(name, at)| (*name, at.as_str())).collect();
        desk.run_with(&format!("run playbook.yaml --faults {faults},seed={seed} --in-flight 2"), &crash);
        let first = agree(&desk, "latest")["run_id"].as_str().unwrap().to_owned();
        desk.run("resume latest");
        let resumed = agree(&desk, &first);
        assert_ne!(resumed["state"], "running", "{faults} {seed}");
        let (retry, undo) = (format!("retry {first}"), format!("undo {first} --yes --confirm 5"));
        for verb in if seed % 2 == 0 { [retry, undo] } else { [undo, retry] } {
            desk.run(&verb);
            agree(&desk, &first);
            agree(&desk, "latest");
        }
    }
}
