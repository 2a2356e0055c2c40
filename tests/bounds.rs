//! Waves and budgets of real processes: killed at any place, resumed, given anew on the command line.

use std::fs;

use serde_json::Value;

use crate::program::TestFolder;

const PLAYBOOK: &str = "name: Release within bounds
rows: { from: rows.csv, key: flow_id }
waves: { sizes: [4, 50%], gate: 75% }
budget: { contract: 9 }
limits: { in_flight: 4 }
steps:
  - id: release
    uses: tencent_ess.create_release_flow
    with: { NeedRelievedFlowId: '{{ row.flow_id }}', ReliveInfo: { Reason: moved } }
";

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    let rows: String = (10..22).map(|row| format!("yDCNtUUckpvrezq3UudRJ1Labcdefg{row}\n")).collect();
    desk.write("rows.csv", &format!("flow_id\n{rows}"));
    desk
}

/// The contracts released so far, in the order in which the vendor saw them.
fn effects(desk: &TestFolder) -> Vec<String> {
    let run = fs::read_dir(desk.path().join("state/runs")).unwrap().flatten().next().unwrap().path();
    let log = fs::read_to_string(run.join("sandbox.jsonl")).unwrap_or_default();
    let entries = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let made = entries.filter(|entry| entry["effect"] == true);
    made.map(|entry| entry["request"]["NeedRelievedFlowId"].as_str().unwrap().to_owned()).collect()
}

/// Which row a contract is, from 0.
fn place(flow: &str) -> usize {
    flow[flow.len() - 2..].parse::<usize>().unwrap() - 10
}

#[test]
fn killed_anywhere_and_resumed_waves_and_budget_hold() {
    let mut killed = 0;
    for at in [2, 5, 9, 12, 17, 22, 28, 33] {
        let desk = desk();
        let first = desk.run_with("run playbook.yaml", &[("RUNSHEET_CRASH_AT", &at.to_string())]);
        killed += u32::from(first.code > 8 || first.code < 0);
        // A call under way when the process died is unknown, which misses the gate of its wave at the most once each.
        let resumed = (0..5).map(|_| desk.run("resume latest --format json")).collect::<Vec<_>>();
        let made = effects(&desk);
        assert!(made.len() <= 9, "killed at {at}: {made:?}");
        let last = resumed.last().unwrap().json();
        assert_eq!(last["stopped"]["kind"], "budget", "killed at {at}: {last}");
        assert_eq!(last["stopped"]["made"], 9, "killed at {at}: {last}");
        // Waves end at rows 4 and 10: what one of them holds comes before all of the next.
        let wave = |flow: &String| usize::from(place(flow) >= 4) + usize::from(place(flow) >= 10);
        let waves: Vec<usize> = made.iter().map(wave).collect();
        assert!(waves.is_sorted(), "killed at {at}: {waves:?}");
        let mut once = made.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), made.len(), "killed at {at}: {made:?}");
    }
    assert!(killed >= 5, "only {killed} were killed");
}

#[test]
fn waves_given_anew_cut_the_rows_that_are_left() {
    let desk = desk();
    desk.write("playbook.yaml", &PLAYBOOK.replace("budget: { contract: 9 }\n", ""));
    let lose_all = "run playbook.yaml --waves 3 --faults 500after=100% --format json";
    let first = desk.run(lose_all).exits(5).json();
    assert_eq!((&first["stopped"]["kind"], &first["stopped"]["wave"]), (&"gate".into(), &1.into()), "{first}");
    assert_eq!((&first["rows"]["unknown"], &first["stopped"]["codes"]["http 500"]), (&3.into(), &3.into()));
    let again = desk.run("resume latest --waves 2,50% --format json");
    again.says(&["missed its gate: 0 of its 3 rows", "That gate no longer applies"]);
    let stopped = desk.run("runs show latest --format json").exits(0).json()["summary"]["stopped"].clone();
    assert_eq!((&stopped["wave"], &stopped["waves"], &stopped["rows"]), (&1.into(), &3.into(), &2.into()), "{stopped}");
    let shown = desk.run("runs show latest").exits(0).out;
    assert!(shown.contains("Stopped: wave 1 of 3 missed its gate") && shown.contains("runsheet resume"), "{shown}");
    let retried = desk.run("retry latest --waves 1 --format json").exits(5).json();
    assert_eq!((&retried["rows"]["total"], &retried["rows"]["unknown"]), (&7.into(), &1.into()), "{retried}");
}
