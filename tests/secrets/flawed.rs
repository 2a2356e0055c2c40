//! Secrets that were copied, saved or printed wrongly are told before anything is sent, all at once, and never shown.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use runsheet::internals::provider::auth::{CredentialUse, credential_use};
use runsheet::internals::provider::{Connection, ConnectionScheme, Registry};

use super::parrot::parrot;
use crate::program::TestFolder;

const PLAYBOOK: &str = "name: Say hello
rows: { from: rows.csv, key: id }
steps:
  - { id: one, uses: http.request, connection: one, repeat: never, with: { method: POST, path: /one } }
  - { id: two, uses: http.request, connection: two, repeat: never, with: { method: POST, path: /two } }
";

/// Two connections to one server, which counts what reaches it; the secret of the second is at `token`.
fn desk(token: &str) -> (TestFolder, Arc<AtomicUsize>) {
    let heard = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&heard);
    let url = parrot(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        (200, "{}".to_owned())
    });
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", "id\nA-1\n");
    desk.write(
        "runsheet.yaml",
        &format!(
            "environments:
  near:
    connections:
      one: {{ provider: http, base_url: \"{url}\", auth: {{ scheme: basic, user: {{ env: NAME }}, password: {{ file: password.txt }} }} }}
      two: {{ provider: http, base_url: \"{url}\", auth: {{ scheme: bearer, token: {token} }} }}
"
        ),
    );
    (desk, heard)
}

/// What standard error says, whatever the width at which it is wrapped.
fn said(err: &str) -> String {
    err.split(|c: char| c.is_whitespace() || c == '│').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn all_flaws_are_reported_at_once_before_anything_is_sent() {
    let (desk, heard) = desk("{ command: [sh, -c, \"printf 'hunter2\\\\nhunter3'\"] }");
    let utf16: Vec<u8> = "\u{feff}hunter2\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(desk.path().join("password.txt"), utf16).unwrap();
    let came = desk.run_with("run playbook.yaml --env near", &[("NAME", "'hunter2'")]).exits(3);
    let err = said(&came.err);
    for text in [
        "credential `user` of connection `one`: environment variable `NAME` stands in quotes",
        "credential `password` of connection `one`: the file `",
        "password.txt` is UTF-16, as PowerShell's `>`",
        "iconv -f UTF-16 -t UTF-8 password.txt",
        "credential `token` of connection `two`: the output of command `sh` has several lines",
        "head -n 1",
    ] {
        assert!(err.contains(text), "standard error lacks `{text}`:\n{}", came.err);
    }
    came.never_says(&["hunter"]);
    assert_eq!(heard.load(Ordering::SeqCst), 0, "something was sent");
    assert!(!desk.path().join("state/runs").read_dir().is_ok_and(|mut runs| runs.next().is_some()), "a run was left");
    desk.run("explain credential").exits(0);
}

#[test]
fn a_secret_that_only_looks_odd_is_sent_as_it_is() {
    let (desk, heard) = desk("{ env: TOKEN }");
    desk.write("password.txt", "it's \"a\" = pass word==\r\n");
    desk.run_with("run playbook.yaml --env near", &[("NAME", "n"), ("TOKEN", "QWxhZGRpbg==")]).exits(0);
    assert_eq!(heard.load(Ordering::SeqCst), 2);
}

#[test]
fn a_variable_that_is_no_text_is_not_called_unset() {
    use std::os::unix::ffi::OsStrExt;
    let (desk, _) = desk("{ env: TOKEN }");
    desk.write("password.txt", "fine");
    let mut command = desk.command("runsheet");
    command.args(["run", "playbook.yaml", "--env", "near"]).env("NAME", "n");
    let output = command.env("TOKEN", std::ffi::OsStr::from_bytes(b"hunter\xff2")).output().unwrap();
    let err = said(&String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("environment variable `TOKEN` is not UTF-8") && !err.contains("hunter"), "{err}");
}

#[test]
fn a_pipe_in_the_place_of_a_secret_is_not_waited_for() {
    let (desk, heard) = desk("{ env: TOKEN }");
    desk.bash("mkfifo password.txt").exits(0);
    let came = desk.run_with("run playbook.yaml --env near", &[("NAME", "n"), ("TOKEN", "t")]).exits(3);
    assert!(said(&came.err).contains("is not a regular file but a pipe, a socket or a device"), "{}", came.err);
    assert_eq!(heard.load(Ordering::SeqCst), 0);
}

#[test]
fn what_a_credential_may_look_like_follows_from_where_it_travels() {
    let registry = Registry::builtin();
    let used = |provider: &str, scheme: Option<ConnectionScheme>, credential: &str| {
        let provider = registry.provider(provider).unwrap();
        credential_use(provider, &Connection { scheme, ..Connection::default() }, credential)
    };
    assert_eq!(used("tencent_ess", None, "secret_id"), CredentialUse::InHeader);
    assert_eq!(used("tencent_ess", None, "token"), CredentialUse::InHeader);
    assert_eq!(used("tencent_ess", None, "secret_key"), CredentialUse::Anywhere);
    assert_eq!(used("arctos", None, "token"), CredentialUse::InHeader);
    assert_eq!(used("arctos", None, "license_key"), CredentialUse::Anywhere);
    assert_eq!(used("esignon", None, "password"), CredentialUse::Anywhere);
    assert_eq!(used("fxiaoke", None, "app_secret"), CredentialUse::Anywhere);
    assert_eq!(used("http", Some(ConnectionScheme::Bearer), "token"), CredentialUse::InHeader);
    assert_eq!(used("http", Some(ConnectionScheme::Header), "value"), CredentialUse::WholeHeader);
    assert_eq!(used("http", Some(ConnectionScheme::Basic), "password"), CredentialUse::Anywhere);
    assert_eq!(used("http", None, "token"), CredentialUse::Anywhere);
}
