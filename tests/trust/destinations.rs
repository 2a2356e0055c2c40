//! The settings file and the host of every connection used stand where a person looks before anything is sent.

use crate::playbooks::{Server, near};
use crate::program::{CommandResult, TestFolder};

const PLAYBOOK: &str = "name: Read a task
rows: { from: rows.csv, key: id }
steps: [{ id: look, uses: fxiaoke.get_task, with: { objectDataId: \"{{ row.id }}\" } }]
";

/// A desk with an environment on this machine, and one that asks and is nowhere.
fn desk() -> (TestFolder, Server, String) {
    let desk = TestFolder::new();
    let server = Server::start(&desk, "");
    let host = server.url.trim_start_matches("http://").to_owned();
    let far = "  far:
    confirm: true
    connections:
      fxiaoke:
        base_url: https://open.fxiaoke.example:8443/v1
        credentials: { app_id: { env: NONE }, app_secret: { env: NONE }, permanent_code: { env: NONE } }
        settings: { user_id: 1000 }
      arctos: { base_url: https://unused.example, credentials: { token: { env: NONE } } }
";
    desk.write("conf/runsheet.yaml", &format!("{}{far}", near(&server)));
    desk.write("conf/playbook.yaml", PLAYBOOK);
    desk.write("conf/rows.csv", "id\n6183b1b622794e6865bca8ce\n");
    (desk, server, host)
}

/// The first line that a run says of itself.
fn first_line(came: &CommandResult) -> &str {
    came.err.lines().find(|line| line.starts_with("Run ")).unwrap_or_else(|| panic!("no run began: {}", came.err))
}

#[test]
fn the_first_line_of_every_run_names_settings_and_hosts() {
    let (desk, _server, host) = desk();
    let ran = desk.run("run conf/playbook.yaml --env near --faults x=1");
    assert!(!ran.err.contains("Run "), "{}", ran.err);
    let ran = desk.run("run conf/playbook.yaml --env near --events events.jsonl");
    let wanted = format!("environment `near` of conf/runsheet.yaml (fxiaoke at {host})");
    assert!(first_line(&ran).ends_with(&wanted), "{}", ran.err);
    let started = desk.read("events.jsonl").lines().next().unwrap().to_owned();
    let started: serde_json::Value = serde_json::from_str(&started).unwrap();
    assert_eq!(
        (&started["settings"], &started["hosts"]["fxiaoke"]),
        (&"conf/runsheet.yaml".into(), &host.clone().into())
    );
    // Whoever goes on with it may sit in another folder.
    for again in ["resume latest", "retry latest --only failed", "resolve latest"] {
        let came = desk.run(again);
        if let Some(line) =
            came.err.lines().find(|line| line.starts_with("Run ") && line.contains("environment `near` of"))
        {
            assert!(line.contains("/conf/runsheet.yaml (fxiaoke at "), "{line}");
        }
    }
    assert!(first_line(&desk.run("resume latest")).contains(&format!("/conf/runsheet.yaml (fxiaoke at {host})")));
}

#[test]
fn a_plan_names_them_in_text_and_json_and_only_what_is_used() {
    let (desk, ..) = desk();
    let text = desk.run("plan conf/playbook.yaml --env far").exits(0).out;
    assert!(
        text.contains("environment `far` of conf/runsheet.yaml (fxiaoke at open.fxiaoke.example:8443)\n"),
        "{text}"
    );
    let json = desk.run("plan conf/playbook.yaml --env far --format json").exits(0).json();
    assert_eq!(json["settings"], "conf/runsheet.yaml");
    assert_eq!(json["hosts"], serde_json::json!({ "fxiaoke": "open.fxiaoke.example:8443" }));
    // The sandbox sends nothing to any host.
    let text = desk.run("plan conf/playbook.yaml").exits(0).out;
    assert!(text.contains("environment `sandbox`\n"), "{text}");
}

#[test]
fn every_question_names_them() {
    let (desk, ..) = desk();
    let place = "environment `far` of conf/runsheet.yaml (fxiaoke at open.fxiaoke.example:8443)";
    desk.run("run conf/playbook.yaml --env far").exits(8).says(&[place, "--yes"]);
    let contracts = "name: Cancel
rows: { from: rows.csv, key: id }
steps: [{ id: c, uses: tencent_ess.cancel_flow, with: { FlowId: yDCNtUUckpvrcvf4UELZnZDvMStFgT7K, CancelMessage: m } }]
";
    desk.write("conf/cancel.yaml", contracts);
    desk.write(
        "conf/runsheet.yaml",
        "environments:
  far:
    connections:
      tencent_ess:
        base_url: https://ess.example
        credentials: { secret_id: { env: ID }, secret_key: { env: KEY } }
        defaults: { Operator: { UserId: u } }
",
    );
    let came = desk.run("run conf/cancel.yaml --env far");
    came.exits(8).says(&["environment `far` of conf/runsheet.yaml (tencent_ess at ess.example)", "--confirm 1"]);
}
