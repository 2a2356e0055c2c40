//! Quotas of a day: counted over runs and processes, and a run that used one up is held and says until when.

use crate::playbooks::{Server, near};
use crate::program::TestFolder;

const PLAYBOOK: &str = "name: Read tasks
rows: { from: rows.csv, key: id }
steps:
  - id: read
    uses: fxiaoke.get_task
    with: { objectDataId: \"{{ row.id }}\" }
";

fn desk(quota: &str) -> (TestFolder, Server) {
    let desk = TestFolder::new();
    let server = Server::start(&desk, "");
    let settings = near(&server)
        .replace("settings: { user_id: 1000 }", &format!("settings: {{ user_id: 1000 }}\n        {quota}"));
    desk.write("runsheet.yaml", &settings);
    desk.write("playbook.yaml", PLAYBOOK);
    let rows: String = (0..5).map(|n| format!("6183b1b622794e6865bca8c{n}\n")).collect();
    desk.write("rows.csv", &format!("id\n{rows}"));
    (desk, server)
}

#[test]
fn a_used_up_quota_holds_the_run_and_every_other_until_midnight() {
    let (desk, _server) = desk("daily_quota: 3");
    let came = desk.run("run playbook.yaml --env near --format json").exits(6);
    let summary = came.json();
    assert_eq!((&summary["outcome"], &summary["rows"]["succeeded"]), (&"stopped".into(), &3.into()), "{summary}");
    assert_eq!(summary["rows"]["not_started"], 2, "{summary}");
    came.says(&["the daily quota of 3 calls over `fxiaoke` is used up", "it comes back at 2", "runsheet resume"]);
    desk.run("resume latest").exits(6).says(&["used up"]);
    desk.run("run playbook.yaml --env near").exits(6).says(&["used up"]);
}

#[test]
fn a_quota_where_the_vendor_has_none_is_refused() {
    let (desk, _server) = desk("daily_quota: 0");
    desk.run("run playbook.yaml --env near").exits(3).says(&["`daily_quota`", "from 1 on"]);
    let settings = desk
        .read("runsheet.yaml")
        .replace("daily_quota: 0", "")
        .replace("      arctos:\n", "      arctos:\n        daily_quota: 10\n");
    desk.write("runsheet.yaml", &settings);
    desk.run("run playbook.yaml --env near").exits(3).says(&["`arctos` has no quota of a day"]);
}
