//! TLS as a run meets it: a certificate that is not trusted stops it at once, and a wrong `ca_file` is told by `check`.

use std::fs;
use std::path::PathBuf;

use runsheet::internals::sandbox::{Background, ServeOptions, serve_on_thread};

use crate::program::{CommandResult, TestFolder};

const ROWS: usize = 200;

const PLAYBOOK: &str = "name: Say hello
rows: { from: rows.csv, key: id }
steps:
  - { id: hello, uses: http.request, repeat: never, with: { method: POST, path: /anything, body: { id: \"{{ row.id }}\" } } }
";

/// A folder with a run of many rows over TLS; `more` are further settings of its connection.
fn desk(url: &str, more: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    let rows: String = (0..ROWS).map(|row| format!("A-{row}\n")).collect();
    desk.write("rows.csv", &format!("id\n{rows}"));
    let settings =
        format!("environments: {{ near: {{ connections: {{ http: {{ base_url: \"{url}\"{more} }} }} }} }}\n");
    desk.write("runsheet.yaml", &settings);
    desk
}

fn server(folder: &TestFolder) -> Background {
    let options = ServeOptions { tls: Some(folder.path().to_owned()), ..ServeOptions::default() };
    serve_on_thread(options).unwrap()
}

/// What standard error says, whatever the width at which it is wrapped.
fn said(came: &CommandResult) -> String {
    let words = came.err.split(|c: char| c.is_whitespace() || c == '│').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_certificate_that_is_not_trusted_stops_the_run_at_once_and_fails_no_row() {
    let own = TestFolder::new();
    let server = server(&own);
    let desk = desk(server.url(), "");
    let came = desk.run("run playbook.yaml --env near --out out --in-flight 1 --format json").exits(6);
    let summary = came.json();
    assert_eq!(summary["rows"]["not_started"], ROWS, "{}", came.out);
    assert_eq!(summary["operations"]["http.request"]["attempts"], 1, "nothing is tried again: {}", came.out);
    let told = said(&came);
    for text in [
        "Stopped: the vendor of connection `http` cannot be reached: its certificate is signed by an authority that this machine does not trust",
        "A proxy on the way that opens TLS",
        "name its file as `ca_file` of the connection in `runsheet.yaml`",
        "`SSL_CERT_FILE=FILE runsheet resume RUN`",
    ] {
        assert_eq!(told.matches(text).count(), 1, "standard error lacks `{text}`, or has it often:\n{}", came.err);
    }
    // The cure that is shown goes on with the run.
    let authority = server.ca_file().unwrap().display().to_string();
    desk.run_with("resume latest --in-flight 1", &[("SSL_CERT_FILE", &authority)]).exits(0);
}

#[test]
fn a_login_over_a_certificate_that_is_not_trusted_is_not_tried_again() {
    let own = TestFolder::new();
    let server = server(&own);
    let desk = TestFolder::new();
    desk.write(
        "playbook.yaml",
        "name: Read one task
rows: { from: rows.csv, key: id }
steps:
  - { id: look, uses: fxiaoke.get_task, with: { objectDataId: \"{{ row.id }}\" } }
",
    );
    desk.write("rows.csv", "id\n6183b1b622794e6865bca8ce\n");
    let settings = format!(
        "environments:
  near:
    connections:
      fxiaoke:
        base_url: {}
        settings: {{ user_id: 1000 }}
        credentials: {{ app_id: a, app_secret: b, permanent_code: c }}
",
        server.url()
    );
    desk.write("runsheet.yaml", &settings);
    let came = desk.run("run playbook.yaml --env near --events events.jsonl").exits(6);
    let told = said(&came);
    assert!(
        told.contains("the vendor of connection `fxiaoke` cannot be reached: its certificate is signed by"),
        "{told}"
    );
    assert_eq!(desk.read("events.jsonl").matches("login_failed").count(), 1);
}

#[test]
fn an_authority_that_the_file_lacks_is_added_and_the_run_resumed() {
    let own = TestFolder::new();
    let server = server(&own);
    let desk = desk(server.url(), ", ca_file: ours.pem");
    desk.bash("openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=x -out ours.pem").exits(0);
    let came = desk.run("run playbook.yaml --env near --in-flight 1").exits(6);
    assert!(said(&came).contains("nor the connection's `ca_file` `ours.pem` holds"), "{}", came.err);
    let more: PathBuf = server.ca_file().unwrap().to_owned();
    desk.bash(&format!("cat {} >> ours.pem", more.display())).exits(0);
    desk.run("resume latest --in-flight 1").exits(0);
}

#[test]
fn an_authority_with_a_new_key_is_distinguished_from_an_unknown_one() {
    let own = TestFolder::new();
    let (server, before) = (server(&own), server(&own));
    let desk = desk(server.url(), ", ca_file: ours.pem");
    fs::copy(before.ca_file().unwrap(), desk.path().join("ours.pem")).unwrap();
    let came = desk.run("run playbook.yaml --env near --in-flight 1").exits(6);
    let told = said(&came);
    assert!(
        told.contains("another key (BadSignature)") && told.contains("replace the old one with it, `ours.pem`"),
        "{told}"
    );
    fs::copy(server.ca_file().unwrap(), desk.path().join("ours.pem")).unwrap();
    desk.run("resume latest --in-flight 1").exits(0);
}

#[test]
fn an_invalid_ca_file_is_reported_by_every_verb_that_would_use_it() {
    let desk = desk("https://127.0.0.1:9", ", ca_file: ours.der");
    desk.bash("openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=x -outform der -out ours.der")
        .exits(0);
    for verb in ["check", "plan", "run"] {
        let came = desk.run(&format!("{verb} playbook.yaml --env near")).exits(3);
        let told = said(&came);
        assert!(told.contains("connection `http`: `ca_file` `ours.der` is a certificate in DER, not in PEM"), "{told}");
        assert!(told.contains("`openssl x509 -inform der -in ours.der -out ours.der.pem`"), "{told}");
    }
    desk.bash("openssl x509 -inform der -in ours.der -out ours.der.pem && sed -i 's/ours.der/&.pem/' runsheet.yaml")
        .exits(0);
    desk.run("check playbook.yaml --env near").exits(0);
}
