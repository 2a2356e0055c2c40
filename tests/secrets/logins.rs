//! Tokens are asked for under the vendor's limit, by all processes together.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::parrot::parrot;
use crate::program::TestFolder;

const PROVIDER: &str = "title: Acme
base_url: https://api.acme.example
auth:
  scheme: oauth_app
  headers: { Authorization: \"Bearer {{ token.access_token }}\" }
  login:
    - credentials: [key]
      steps: [{ operation: get_token, inputs: { key: \"{{ credentials.key }}\" } }]
credentials: { key: { description: A key } }
credential_sets: [{ credentials: [key] }]
answer: { any_body: true, otherwise: rejected }
";

const LOGIN: &str = "summary: Fetches a token
vendor_name: getToken
internal: true
effect: read
auth: none
method: POST
path: /token
limits: { rate: 4/s }
inputs:
  required: [key]
  properties: { key: { type: string, minLength: 1, sensitive: true } }
outputs:
  access_token: { path: token, type: string, required: true, sensitive: true }
examples:
  - name: a token
    with: { key: k }
    request: { path: /token, body: { key: k } }
    answers: [{ status: 200, body: { token: t, ok: true }, is: succeeded, outputs: { access_token: t } }]
";

const READ: &str = "summary: Reads a thing
vendor_name: readThing
effect: read
method: GET
path: /things
examples:
  - name: a thing
    with: {}
    request: { method: GET, path: /things }
    answers: [{ status: 200, body: { ok: true }, is: succeeded }]
";

/// A folder whose playbook reads one thing of that provider.
fn desk(provider: &str, url: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("own/acme/provider.yaml", provider);
    desk.write("own/acme/get_token.yaml", LOGIN);
    desk.write("own/acme/read.yaml", READ);
    desk.write("playbook.yaml", "name: Read\nsteps: [{ id: read, uses: acme.read }]\n");
    let near = format!("{{ acme: {{ base_url: \"{url}\", credentials: {{ key: a-key-of-acme }} }} }}");
    desk.write("runsheet.yaml", &format!("providers: own\nenvironments: {{ near: {{ connections: {near} }} }}\n"));
    desk
}

#[test]
fn a_login_that_is_refused_by_its_status_alone_stops_the_run_at_once() {
    for status in [401, 403, 404] {
        let asked: Arc<Mutex<u32>> = Arc::default();
        let heard = Arc::clone(&asked);
        let url = parrot(move |_| {
            *heard.lock().unwrap() += 1;
            (status, "<html>no</html>".to_owned())
        });
        // A provider whose file knows nothing of statuses.
        let provider =
            PROVIDER.replace("{ any_body: true, otherwise: rejected }", "{ success: { path: ok, is: [true] } }");
        let run = desk(&provider, &url).run("run playbook.yaml --env near").exits(7);
        run.says(&[&format!("http {status}")]);
        assert_eq!(*asked.lock().unwrap(), 1, "{status}");
    }
}

#[test]
fn logins_of_several_processes_stay_under_their_limit_together() {
    let asked: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let heard = Arc::clone(&asked);
    let url = parrot(move |request| {
        if request.path == "/token" {
            heard.lock().unwrap().push(Instant::now());
        }
        (200, "{\"token\": \"a-token-of-acme\"}".to_owned())
    });
    let desk = desk(PROVIDER, &url);
    let mut runs: Vec<_> = (0..6)
        .map(|_| {
            let mut command = desk.command("runsheet");
            command.args(["run", "playbook.yaml", "--env", "near"]).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    assert!(runs.iter_mut().all(|run| run.wait().unwrap().success()));
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 6);
    let busiest = asked
        .iter()
        .map(|from| asked.iter().filter(|at| **at >= *from && at.duration_since(*from).as_millis() < 950).count());
    assert!(busiest.max() <= Some(4), "{asked:?}");
}
