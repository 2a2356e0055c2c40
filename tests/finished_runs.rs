//! A run of which nothing is left to be sent: its `resume` draws up its files, and needs no credentials and no vendor.

use std::fs;

use crate::playbooks::Server;
use crate::program::TestFolder;

const PLAYBOOK: &str = "
name: Extend
rows: { from: rows.csv, key: flow_id }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow_id }}', Deadline: '2040-01-31T00:00:00Z' }
";

/// A step that runs once, after the rows.
const AFTER: &str = "after:
  - id: last
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: yDCNtUUckpvrezq3UudRJ1L01succeed, Deadline: '2040-01-31T00:00:00Z' }
";

/// A row that succeeds, and one that the vendor rejects.
const GOOD: &str = "yDCNtUUckpvrezq3UudRJ1L00succeed";
const BAD: &str = "yDCNtUUckpvrezq3UudRJ1L00expired";

/// A desk with an environment that asks before it sends, and whose credentials are in the server's hands, an
/// environment variable and a literal.
fn desk(playbook: &str, row: &str) -> (TestFolder, Server) {
    let desk = TestFolder::new();
    let server = Server::start(&desk, "");
    desk.write("playbook.yaml", playbook);
    desk.write("rows.csv", &format!("flow_id\n{row}\n"));
    let (url, key) = (&server.url, server.credentials["secret_key"].as_str().unwrap());
    let settings = format!(
        "environments:
  asked:
    confirm: true
    connections:
      tencent_essbasic:
        base_url: {url}
        credentials: {{ secret_id: {{ env: OUR_SECRET_ID }}, secret_key: {key} }}
        defaults:
          Agent:
            AppId: yDwhxUUckp3gl8j5UuFX33LSNozpRsbi
            ProxyOrganizationOpenId: org_dianziqian
            ProxyOperator: {{ OpenId: n9527 }}
"
    );
    desk.write("runsheet.yaml", &settings);
    (desk, server)
}

fn secret_id(server: &Server) -> [(&str, &str); 1] {
    [("OUR_SECRET_ID", server.credentials["secret_id"].as_str().unwrap())]
}

#[test]
fn the_resume_of_a_finished_run_asks_for_no_credentials_and_draws_up_its_files() {
    let (desk, server) = desk(&format!("{PLAYBOOK}{AFTER}"), GOOD);
    desk.run_with("run playbook.yaml --env asked --yes --out out", &secret_id(&server)).exits(0);
    drop(server);
    for name in ["runsheet.yaml", "out/results.csv", "out/succeeded.csv"] {
        fs::remove_file(desk.path().join(name)).unwrap();
    }
    let resumed = desk.run("resume latest --format json").exits(0).json();
    assert_eq!((&resumed["outcome"], &resumed["rows"]["succeeded"]), (&"succeeded".into(), &1.into()), "{resumed}");
    assert!(desk.read("out/results.csv").contains(GOOD) && desk.read("out/succeeded.csv").contains(GOOD));
}

#[test]
fn the_resume_of_a_run_whose_rows_all_failed_asks_for_no_credentials_either() {
    let (desk, server) = desk(PLAYBOOK, BAD);
    desk.run_with("run playbook.yaml --env asked --yes", &secret_id(&server)).exits(4);
    drop(server);
    fs::remove_file(desk.path().join("runsheet.yaml")).unwrap();
    desk.run("resume latest").exits(4);
}

#[test]
fn the_resume_of_a_run_with_steps_left_after_its_rows_asks_and_sends_them() {
    let (desk, server) = desk(&format!("{PLAYBOOK}{AFTER}"), BAD);
    desk.run_with("run playbook.yaml --env asked --yes --max-fail 1", &secret_id(&server)).exits(6);
    let run = desk.run("runs show latest --format json").exits(0).json();
    assert_eq!((&run["rows"]["total"], &run["rows"]["failed"]), (&1.into(), &1.into()), "{run}");
    desk.run("resume latest").exits(8).says(&["--yes"]);
    desk.run("resume latest --yes").exits(3).says(&["OUR_SECRET_ID"]);
    let resumed = desk.run_with("resume latest --yes --format json", &secret_id(&server)).exits(4).json();
    let calls = resumed["operations"]["tencent_essbasic.extend_deadline"]["calls"].clone();
    assert_eq!(calls, 2, "the row's and the last one: {resumed}");
    // Now nothing is left.
    drop(server);
    desk.run("resume latest").exits(4);
}
