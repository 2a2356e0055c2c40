//! Rows for a whole contract and for one signer in one list: a key of several columns, of which one may be blank.

use std::fs;

use serde_json::Value;

use crate::program::TestFolder;

const PLAYBOOK: &str = r#"name: Whole and part
rows:
  from: rows.csv
  key: [flow_id, recipient_id]
  columns: { recipient_id: { optional: true }, day: { type: date } }
limits: { in_flight: 1 }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow_id }}', RecipientId: '{{ row.recipient_id }}', Deadline: '{{ end_of_day row.day "Asia/Shanghai" }}' }
"#;

const FLOW: &str = "yDCNtUUckpvrezq3UudRJ1LEXDLa8Lg";
const SIGNER: &str = "yDwhyUUckp2cmuh4Uu2bfpvRH48OvSw";

/// Six contracts: of each one row for the whole and one for a signer.
fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    let rows: String =
        (1..7).map(|at| format!("{FLOW}{at},,2035-03-31\n{FLOW}{at},{SIGNER}{at},2035-03-20\n")).collect();
    desk.write("rows.csv", &format!("flow_id,recipient_id,day\n{rows}"));
    desk
}

/// The contract and the signer of every call that took effect in the latest run and those that it goes on from.
fn effects(desk: &TestFolder) -> Vec<(String, Option<String>)> {
    let runs = fs::read_dir(desk.path().join("state/runs")).unwrap().flatten();
    let latest = runs.map(|run| run.path()).max().unwrap();
    let log = fs::read_to_string(latest.join("sandbox.jsonl")).unwrap();
    let entries: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let made = entries.iter().filter(|entry| entry["effect"] == true).map(|entry| &entry["request"]);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut made: Vec<_> =
        made.map(|request| (text(&request["FlowId"]).unwrap(), text(&request["RecipientId"]))).collect();
    made.sort();
    made
}

fn all() -> Vec<(String, Option<String>)> {
    let each = |at: u32| [(format!("{FLOW}{at}"), None), (format!("{FLOW}{at}"), Some(format!("{SIGNER}{at}")))];
    (1..7).flat_map(each).collect()
}

#[test]
fn a_blank_part_is_checked_planned_counted_apart_and_run() {
    let desk = desk();
    desk.run("check playbook.yaml").exits(0);
    let plan = desk.run("plan playbook.yaml").exits(0).out;
    let words = "6 × tencent_essbasic.extend_deadline without `RecipientId` (the whole contract is moved), 6 with it";
    assert!(plan.contains(words), "{plan}");
    let told = desk.run("plan playbook.yaml --format json").exits(0).json();
    assert_eq!(told["widened"][0]["count"], 6, "{told}");
    desk.run("run playbook.yaml --out out").exits(0);
    assert_eq!(effects(&desk), all());
    // One of them alone, by its key.
    desk.run(&format!("run playbook.yaml --only {FLOW}3: --out one")).exits(0);
    let one = desk.read("one/results.csv");
    assert!(one.lines().count() == 2 && one.contains(&format!("{FLOW}3,,2035-03-31")), "{one}");
}

#[test]
fn a_confirmation_counts_the_rows_without_the_part() {
    let desk = desk();
    desk.write(
        "runsheet.yaml",
        "environments:\n  live:\n    confirm: true\n    connections:\n      tencent_essbasic:\n        base_url: http://127.0.0.1:9\n        credentials: { secret_id: a, secret_key: b }\n        defaults: { Agent: { AppId: yDwhxUUckp3gl8j5UuFX33LSNozpRsbi, ProxyOrganizationOpenId: o, ProxyOperator: { OpenId: n } } }\n",
    );
    let terminal = desk.bash("script -qec 'runsheet run playbook.yaml --env live' /dev/null < /dev/null");
    let plain = terminal.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        plain.contains("12 rows, 12 calls, of them 6 × tencent_essbasic.extend_deadline without `RecipientId`"),
        "{plain}"
    );
}

#[test]
fn killed_anywhere_and_resumed_each_part_is_done_once() {
    for at in [3, 7, 12, 18, 25] {
        let desk = desk();
        desk.run_with("run playbook.yaml", &[("RUNSHEET_CRASH_AT", &at.to_string())]);
        for _ in 0..3 {
            desk.run("resume latest --out out");
        }
        let mut made = effects(&desk);
        made.dedup();
        assert_eq!(made, all(), "killed at {at}");
        assert_eq!(desk.read("out/succeeded.csv").lines().count(), 13, "killed at {at}");
    }
}

#[test]
fn a_retry_corrects_the_part_and_leaves_the_whole() {
    let desk = desk();
    let whole = format!("{FLOW}4,,2035-03-31");
    desk.write("rows.csv", &desk.read("rows.csv").replace(&whole, &format!("{FLOW}4,,soon")));
    desk.run("run playbook.yaml --skip-invalid --out out").exits(4);
    let failed = desk.read("out/failed.csv");
    assert!(failed.lines().count() == 2 && failed.contains(&format!("{FLOW}4,,soon")), "{failed}");
    desk.write("right.csv", &failed.replace("soon", "2035-03-31"));
    desk.run("retry latest --rows right.csv --out again").exits(0);
    assert_eq!(effects(&desk), all());
}

#[test]
fn a_file_of_rows_with_blank_parts_is_run_again_as_it_is() {
    let desk = desk();
    desk.run("run playbook.yaml --faults refuse=100% --out out").exits(4);
    assert_eq!(desk.read("out/failed.csv").lines().count(), 13);
    desk.run("run playbook.yaml --rows out/failed.csv").exits(0);
    assert_eq!(effects(&desk), all());
}
