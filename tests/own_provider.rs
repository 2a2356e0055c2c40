//! A user's own provider in a folder of its own: equal to the built-in ones, on the sandbox and over the network.

use crate::playbooks::Server;
use crate::program::TestFolder;

pub(crate) const PROVIDER: &str = "title: Acme
base_url: https://api.acme.example
auth: { scheme: bearer }
credentials: { token: { description: A token } }
credential_sets: [{ credentials: [token] }]
answer:
  any_body: true
  otherwise: rejected
  codes: [{ code: http 5*, is: unknown, for_reads: unavailable, means: It failed }]
";

const OPERATION: &str = "summary: Makes a thing
vendor_name: makeThing
effect: write
method: POST
path: /v1/things
repeat: never
inputs:
  required: [num]
  properties:
    num: { type: string, maxLength: 8 }
examples:
  - name: a thing
    with: { num: a1 }
    request: { path: /v1/things, body: { num: a1 } }
    answers: [{ status: 200, body: \"{}\", is: succeeded }]
";

const PLAYBOOK: &str = "name: Make things
rows: { from: things.csv, key: num }
steps:
  - id: make
    uses: acme.make
    with: { num: \"{{ row.num }}\" }
";

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("own/acme/provider.yaml", PROVIDER);
    desk.write("own/acme/make.yaml", OPERATION);
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("things.csv", "num\na1\na2\n");
    desk
}

#[test]
fn a_wrong_provider_file_is_pointed_at() {
    let desk = desk();
    desk.write("own/acme/make.yaml", &OPERATION.replace("vendor_name", "vendorname"));
    desk.run("operations acme --providers own").exits(3).says(&["`vendorname`", "acme/make.yaml:2:"]);
    desk.run("check playbook.yaml").exits(3).says(&["no provider `acme`"]);
    desk.write("empty/readme.txt", "");
    desk.run("operations --providers empty").exits(2).says(&["no provider"]);
}

#[test]
fn an_own_provider_is_listed_planned_and_run_like_any_other() {
    let desk = desk();
    assert!(desk.run("operations acme --providers own").exits(0).out.contains("acme.make"));
    let server = Server::start(&desk, "");
    desk.write(
        "runsheet.yaml",
        &format!(
            "providers: own\nenvironments:\n  near:\n    connections:\n      acme: {{ base_url: \"{}\", credentials: {{ token: t }} }}\n",
            server.url
        ),
    );
    assert!(desk.run("plan playbook.yaml --env near").exits(0).out.contains("/v1/things"));
    let summary = desk.run("run playbook.yaml --env near --format json").exits(0).json();
    assert_eq!(summary["operations"]["acme.make"]["calls"], 2);
    let log = desk.bash(&format!("curl -s {}/_sandbox/log", server.url)).exits(0).out;
    assert_eq!(log.lines().filter(|line| line.contains("/v1/things")).count(), 2, "{log}");
}

#[test]
fn an_example_that_does_not_hold_is_pointed_at_by_every_verb_and_nothing_is_sent() {
    let desk = desk();
    let wrong = [
        ("request: { path: /v1/things,", "request: { path: /v2/things,", "the path is /v1/things, not /v2/things"),
        ("body: { num: a1 }", "body: { num: a2 }", r#"the body is {"num":"a1"}, not {"num":"a2"}"#),
        ("status: 200", "status: 503", "reads as `unknown`, not `succeeded`"),
    ];
    for (from, to, says) in wrong {
        desk.write("own/acme/make.yaml", &OPERATION.replace(from, to));
        for line in ["operations acme", "check playbook.yaml", "plan playbook.yaml", "run playbook.yaml"] {
            let came = desk.run(&format!("{line} --providers own")).exits(3);
            came.says_wrapped(&[says]).says(&["failed-example", "own/acme/make.yaml:12:11"]);
        }
    }
    desk.write("own/acme/make.yaml", OPERATION);
    desk.run("operations acme --providers own").exits(0);
    assert!(!desk.path().join("state/runs").exists(), "a run was kept");
}
