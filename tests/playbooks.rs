//! Every playbook of the repository, as it is: on the sandbox inside the process, and against a server on loopback.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::program::{TestFolder, root};

/// A playbook, how many rows it has, and how many calls of each operation its rows make.
type Expected = (&'static str, u64, &'static [(&'static str, u64)]);

const PLAYBOOKS: &[Expected] = &[
    ("approve-documents", 28, &[("esignon.approve", 28), ("esignon.get_workflow", 28)]),
    ("close-appointments", 32, &[("arctos.update_status", 32)]),
    ("extend-deadlines", 40, &[("tencent_essbasic.extend_deadline", 40)]),
    ("extend-signer-deadlines", 28, &[("tencent_essbasic.extend_deadline", 28)]),
    (
        "onboard-appointments",
        24,
        &[("arctos.add_moderator", 31), ("arctos.add_publishers", 24), ("arctos.create_task", 24)],
    ),
    ("release-contracts", 24, &[("tencent_ess.create_release_flow", 24)]),
    ("return-approvals", 30, &[("fxiaoke.get_task", 30), ("fxiaoke.reject_to_node", 30)]),
    ("return-documents", 24, &[("esignon.return", 24)]),
];

/// A sandbox server, ended with its owner.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    pub(crate) credentials: Value,
}

impl Server {
    pub(crate) fn start(desk: &TestFolder, flags: &str) -> Self {
        let mut child = desk
            .command("runsheet")
            .args(["sandbox", "--format", "json"])
            .args(flags.split_whitespace())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let banner: Value = serde_json::from_str(&line).unwrap();
        Self { child, url: banner["url"].as_str().unwrap().to_owned(), credentials: banner["credentials"].clone() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Settings of an environment `near` that sends every vendor's calls to the server.
pub(crate) fn near(server: &Server) -> String {
    let credential = |name: &str| server.credentials[name].as_str().unwrap().to_owned();
    let (url, id, key) = (&server.url, credential("secret_id"), credential("secret_key"));
    format!(
        "environments:
  near:
    connections:
      tencent_essbasic:
        base_url: {url}
        credentials: {{ secret_id: {id}, secret_key: {key} }}
        defaults:
          Agent:
            AppId: yDwhxUUckp3gl8j5UuFX33LSNozpRsbi
            ProxyOrganizationOpenId: org_dianziqian
            ProxyOperator: {{ OpenId: n9527 }}
      tencent_ess:
        base_url: {url}
        credentials: {{ secret_id: {id}, secret_key: {key} }}
        defaults: {{ Operator: {{ UserId: yDxOUUgydkz9yEWA0 }} }}
      fxiaoke:
        base_url: {url}
        credentials: {{ app_id: {}, app_secret: {}, permanent_code: {} }}
        settings: {{ user_id: 1000 }}
      esignon:
        base_url: {url}
        credentials: {{ email: {}, password: {} }}
        settings: {{ company_id: {}, client_id: {} }}
      arctos:
        base_url: {url}
        credentials: {{ token: {} }}
        operations: {{ update_status: {{ path: /api/task/update_status }} }}
",
        credential("app_id"),
        credential("app_secret"),
        credential("permanent_code"),
        credential("email"),
        credential("password"),
        credential("company_id"),
        credential("client_id"),
        credential("token"),
    )
}

/// Copies the playbooks to a desk.
pub(crate) fn copy_playbooks(desk: &TestFolder) {
    for entry in fs::read_dir(root().join("playbooks")).unwrap() {
        let entry = entry.unwrap();
        desk.write(&entry.file_name().to_string_lossy(), &fs::read_to_string(entry.path()).unwrap());
    }
}

fn green(summary: &Value, (name, rows, operations): &Expected, environment: &str) {
    assert_eq!(summary["environment"], environment, "{name}");
    assert_eq!(summary["outcome"], "succeeded", "{name}: {summary}");
    assert_eq!(summary["rows"]["total"], *rows, "{name}");
    assert_eq!(summary["rows"]["succeeded"], *rows, "{name}: {summary}");
    for (operation, calls) in *operations {
        assert_eq!(summary["operations"][operation]["calls"], *calls, "{name}: {operation}: {summary}");
    }
}

#[test]
fn the_list_here_is_the_folder() {
    let mut found: Vec<String> = fs::read_dir(root().join("playbooks"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".yaml") && !path.to_string_lossy().ends_with(".test.yaml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    found.sort();
    let listed: Vec<&str> = PLAYBOOKS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(found, listed);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for name in listed {
        assert!(readme.contains(&format!("\n| `{name}` | ")), "README.md lacks {name}");
    }
}

fn green_inside(expected: &Expected) {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let came = desk.run(&format!("run {}.yaml --format json", expected.0)).exits(0);
    green(&came.json(), expected, "sandbox");
    let lines: Vec<&str> = came.err.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines.first().is_some_and(|line| line.contains("sandbox")), "{}", came.err);
    assert!(lines.last().is_some_and(|line| line.contains("nothing was sent to a vendor")), "{}", came.err);
}

#[test]
fn every_playbook_runs_green_on_the_sandbox_inside() {
    // Side by side: they mostly wait for their turn within the limits.
    std::thread::scope(|scope| {
        for expected in PLAYBOOKS {
            scope.spawn(move || green_inside(expected));
        }
    });
}

#[test]
fn every_playbook_runs_green_against_a_server_on_loopback() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let server = Server::start(&desk, "");
    desk.write("runsheet.yaml", &near(&server));
    let vendor = |expected: &Expected| expected.2[0].0.split('.').next().unwrap();
    let vendors: BTreeSet<&str> = PLAYBOOKS.iter().map(vendor).collect();
    std::thread::scope(|scope| {
        for name in vendors {
            let desk = &desk;
            // One vendor's one after the other, as they share its limits.
            scope.spawn(move || {
                for expected in PLAYBOOKS.iter().filter(|expected| vendor(expected) == name) {
                    let came = desk.run(&format!("run {}.yaml --env near --format json", expected.0)).exits(0);
                    green(&came.json(), expected, "near");
                    came.never_says(&["nothing was sent to a vendor"]);
                }
            });
        }
    });
}
