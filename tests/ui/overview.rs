//! The overview of a run over the page's interface: it agrees with the rows, the record and the row files in every state of
//! a run, and is made again while the run is followed.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::served::Served;
use super::under_way::{States, start_run, start_run_with, steer};
use crate::playbooks::copy_playbooks;
use crate::program::{TestFolder, ended};

/// The outcomes in the order of the overview's counts.
const OUTCOMES: [&str; 7] = ["unknown", "partial", "failed", "not_started", "succeeded", "unchanged", "skipped"];

fn overview(served: &Served, run: &str, session: &str) -> Value {
    let came = served.get(&format!("/api/runs/{run}/overview"), session);
    assert_eq!(came.status, 200, "{came:?}");
    came.json()
}

/// The newest run, with the overview and the rows of it, which must agree with each other, the record and the row files.
fn agreed(served: &Served, session: &str, state: &str) -> (String, Value) {
    let run = served.newest_run(session);
    let seen = overview(served, &run, session);
    assert_eq!(seen["state"], state, "{seen}");
    let record = served.get(&format!("/api/runs/{run}/report/json"), session).json();
    let lines = served.get(&format!("/api/runs/{run}/rows"), session).lines();
    let rows = &lines[1..lines.len() - 1];
    assert_eq!(lines[0]["entry"], seen["entry"]);
    let table = &seen["head"]["table"];
    assert_eq!((&table["total"], &table["kept"]), (&record["rows"]["total"], &record["rows"]["total"]));
    for (at, outcome) in OUTCOMES.into_iter().enumerate() {
        let counted = rows.iter().filter(|row| row[4] == outcome).count();
        assert_eq!(
            (&table["counts"][at], &json!(counted)),
            (&record["rows"][outcome], &record["rows"][outcome]),
            "{outcome}"
        );
    }
    // Every kind of failure has its rows, and each such row its kind.
    let failures = record["failures"].as_array().unwrap();
    assert_eq!(seen["head"]["kinds"].as_array().unwrap().len(), failures.len());
    for kind in failures {
        let keys: Vec<&Value> = seen["kinds"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["number"] == kind["number"])
            .map(|one| &one["rows"])
            .collect();
        let counted = rows.iter().filter(|row| keys.contains(&&row[8])).count();
        assert_eq!(json!(counted), kind["rows"], "{kind}");
    }
    assert_eq!(seen["failures_html"].as_str().unwrap().starts_with("<section id=\"failures\""), !failures.is_empty());
    // The first section is that of the report page, apart from the moment.
    let page = served.get(&format!("/api/runs/{run}/report/html"), session).text();
    let without_time = |text: &str| {
        let of_now = ["Report made", "报告时间", "<dt>Took", "<dt>耗时"];
        let lines = text.lines().filter(|line| !of_now.iter().any(|name| line.contains(name)));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let verdict = without_time(seen["verdict_html"].as_str().unwrap());
    let page = without_time(&page);
    if state != "running" {
        assert!(page.windows(verdict.len()).any(|part| part == verdict), "{verdict:?}");
    }
    assert!(seen["title"]["en"].is_string() && seen["title"]["zh"].is_string(), "{seen}");
    (run, seen)
}

#[test]
fn the_overview_agrees_with_rows_record_and_files_in_every_state() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let mut served = Served::start(&desk);
    let session = served.open();
    desk.run("run onboard-appointments.yaml --faults lose=6%,close=4%,refuse=10%,seed=3 --in-flight 1 -q");
    let (run, seen) = agreed(&served, &session, state_of(&served, &session));
    assert!(!seen["kinds"].as_array().unwrap().is_empty(), "{seen}");
    assert!(seen["pace"]["operations"].as_array().is_some_and(|all| !all.is_empty()), "{seen}");
    assert_eq!(seen["head"]["run_id"], run.as_str());
    assert_eq!(seen["head"]["table"]["key_column"], 0);
    desk.run("run extend-deadlines.yaml --limit 9 --faults refuse=60%,seed=3 -q");
    agreed(&served, &session, state_of(&served, &session));
    desk.run("undo latest --dry-run -q");
    desk.run("run close-appointments.yaml -q").exits(0);
    let (_, seen) = agreed(&served, &session, "finished");
    assert_eq!((&seen["failures_html"], &seen["kinds"]), (&json!(""), &json!([])));
}

/// Where the newest run stands, as the record has it.
fn state_of(served: &Served, session: &str) -> &'static str {
    let run = served.newest_run(session);
    let record = served.get(&format!("/api/runs/{run}/report/json"), session).json();
    if record["state"] == "stopped" { "stopped" } else { "finished" }
}

#[test]
fn an_undone_run_and_its_undo_have_overviews() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run onboard-appointments.yaml --limit 4 -q").exits(0);
    let mut served = Served::start(&desk);
    let session = served.open();
    let (run, before) = agreed(&served, &session, "finished");
    desk.run("undo latest --yes -q").exits(0);
    let (undo, seen) = agreed(&served, &session, "finished");
    assert_ne!(run, undo);
    assert!(seen["verdict_html"].as_str().unwrap().contains(&run), "{seen}");
    let after = overview(&served, &run, &session);
    assert!(after["verdict_html"].as_str().unwrap().contains(&undo), "{after}");
    assert!(after["entry"].as_u64() > before["entry"].as_u64(), "{after}");
}

/// Kills a process as a crash would.
fn kill(mut child: Child) {
    assert!(Command::new("kill").args(["-KILL", &child.id().to_string()]).status().unwrap().success());
    child.wait().unwrap();
}

#[test]
fn the_overview_of_a_followed_run_is_made_again_when_its_state_changes() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let (child, run) = start_run(&desk);
    assert_eq!(steer(&served, &run, &session, r#"{"what":"pause"}"#).status, 200);
    let mut states = States::follow(&served, &run, &session);
    states.until("paused", |state| state["progress"]["paused"].is_object());
    let paused = overview(&served, &run, &session);
    assert_eq!((&paused["state"], &paused["head"]["table"]["total"]), (&json!("running"), &json!(40)));
    kill(child);
    let version = paused["version"].as_u64();
    states.until("broken off", |state| state["state"] == "broken off" && state["overview"].as_u64() > version);
    let broken = overview(&served, &run, &session);
    assert_eq!(broken["state"], "broken_off", "{broken}");
    agreed(&served, &session, "broken_off");
    // The call that was under way may be unknown.
    desk.run("ctl latest resume").exits(0);
    desk.run("resume latest --rate 1000/s --in-flight 20 -q");
    let version = broken["version"].as_u64();
    states.until("told again", |state| state["overview"].as_u64() > version);
    states.until("at its end", |state| {
        state["driven"] == false && overview(&served, &run, &session)["state"] == "finished"
    });
    agreed(&served, &session, "finished");
}

#[test]
fn rows_with_a_call_under_way_are_no_failures_until_the_run_breaks_off() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let slow = ["--faults", "slow=100%:60s", "--in-flight", "4"];
    let (child, run) = start_run_with(&desk, &slow);
    let told = |what: &str| served.get(&format!("/api/runs/{run}/report/{what}"), &session);
    let limit = Instant::now() + Duration::from_secs(60);
    let record = loop {
        let record = told("json").json();
        if record["under_way"]["total"] == 4 {
            break record;
        }
        assert!(Instant::now() < limit, "{record}");
    };
    assert_eq!((&record["failures"], &record["rows"]["unknown"]), (&json!([]), &json!(4)), "{record}");
    assert_eq!(record["verdict"], "0 of 40 rows succeeded; 4 under way; 36 not started. The run is under way.");
    assert!(told("markdown").text().contains("| under way | 4 |\n| total | 40 |"));
    let junit = told("junit").text();
    assert!(junit.contains("errors=\"0\"") && junit.matches("under way: it has not ended").count() == 4, "{junit}");
    let seen = overview(&served, &run, &session);
    assert_eq!((&seen["failures_html"], &seen["kinds"]), (&json!(""), &json!([])), "{seen}");
    assert_eq!(seen["head"]["table"]["counts"], json!([0, 0, 0, 36, 0, 0, 0]));
    let verdict = seen["verdict_html"].as_str().unwrap();
    for part in ["href=\"#open=1\"><b>4</b><span>under way</span>", "<b>4</b><span>进行中</span>", "4 行正在进行"]
    {
        assert!(verdict.contains(part), "{part}: {verdict}");
    }
    kill(child);
    let (_, seen) = agreed(&served, &session, "broken_off");
    assert_eq!(seen["head"]["table"]["counts"], json!([4, 0, 0, 36, 0, 0, 0]));
    assert!(told("json").json()["under_way"].is_null());
}

#[test]
fn a_run_that_is_drained_has_a_stopped_overview() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let (child, run) = start_run(&desk);
    assert_eq!(steer(&served, &run, &session, r#"{"what":"drain"}"#).status, 200);
    ended(child).exits(6);
    let (_, seen) = agreed(&served, &session, "stopped");
    assert!(seen["head"]["table"]["counts"][3].as_u64() > Some(0), "{seen}");
}

#[test]
fn an_overview_needs_a_whole_id_and_no_query() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 2 -q").exits(0);
    let (served, session, run) = Served::with_newest_run(&desk);
    for id in [&run[..10], "latest", "20200101-000000-000000"] {
        assert_eq!(served.get(&format!("/api/runs/{id}/overview"), &session).status, 404, "{id}");
    }
    assert_eq!(served.get(&format!("/api/runs/{run}/overview?x=1"), &session).status, 400);
    // A hostile name of a vendor or a cell stays text.
    let html = overview(&served, &run, &session)["verdict_html"].as_str().unwrap().to_owned();
    assert!(!html.contains("<script") && html.ends_with("</section>\n"), "{html}");
}
