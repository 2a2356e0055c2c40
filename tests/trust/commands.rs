//! Who runs a credential's command, and what the command gets and may say.

use crate::program::TestFolder;

const PLAYBOOK: &str = "name: n
rows: { from: rows.csv, key: id }
steps:
  - { id: a, uses: http.request, connection: told, with: { method: GET, path: \"/{{ row.id }}\" } }
  - { id: b, uses: http.request, connection: set, with: { method: GET, path: \"/{{ row.id }}\" } }
  - { id: c, uses: http.request, connection: kept, with: { method: GET, path: \"/{{ row.id }}\" } }
";

const TEST: &str = "environment: near
tests:
  - { name: t, answers: [{ to: a, body: {} }, { to: b, body: {} }, { to: c, body: {} }], expect: { rows: { 1: succeeded } } }
";

/// A desk with a credential from a command of this script, one from a variable and one from a file that are not there.
fn desk(script: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("playbook.test.yaml", TEST);
    desk.write("rows.csv", "id\n1\n");
    desk.write("credential.sh", script);
    let connection = |name: &str, token: &str| {
        let auth = format!("auth: {{ scheme: bearer, token: {{ {token} }} }}");
        format!("      {name}: {{ provider: http, base_url: \"http://127.0.0.1:9\", ca_file: none.pem, {auth} }}\n")
    };
    let connections = [
        connection("told", "command: [sh, credential.sh]"),
        connection("set", "env: NOT_SET"),
        connection("kept", "file: none.txt"),
    ];
    desk.write("runsheet.yaml", &format!("environments:\n  near:\n    connections:\n{}", connections.concat()));
    desk
}

#[test]
fn whatever_does_not_send_runs_no_command_and_reads_no_credential() {
    let desk = desk("touch ran; echo key\n");
    let verbs = [
        "check playbook.yaml --env near",
        "check playbook.yaml --env near --fix fixed.csv",
        "check playbook.test.yaml",
        "plan playbook.yaml --env near",
        "plan playbook.yaml --env near --format json",
        "run playbook.yaml --env near --dry-run",
        "test playbook.yaml",
        "operations",
        "explain literal-credential",
        "schema settings",
        "runs list",
    ];
    for verb in verbs {
        desk.run(verb).exits(0);
        assert!(!desk.path().join("ran").exists(), "`{verb}` ran the command");
    }
    // A run that is refused for its rows has run none either; one that sends does, and misses the others.
    desk.run("run playbook.yaml --env near --only 7").exits(2);
    assert!(!desk.path().join("ran").exists());
    desk.run("run playbook.yaml --env near").exits(3).says(&["`NOT_SET` is not set"]);
    assert!(desk.path().join("ran").exists(), "the command is one that runs at all");
}

#[test]
fn a_question_comes_before_the_command() {
    let desk = desk("touch ran; echo key\n");
    let settings = desk.read("runsheet.yaml").replace("  near:\n", "  near:\n    confirm: true\n");
    desk.write("runsheet.yaml", &settings);
    desk.run("run playbook.yaml --env near").exits(8);
    assert!(!desk.path().join("ran").exists());
}

#[test]
fn a_command_gets_a_small_environment() {
    let desk = desk("env > got; echo key\n");
    let given = [
        ("RUNSHEET_QUIET", "1"),
        ("RUNSHEET_UNMASK", "1"),
        ("OTHER_SECRET", "hunter2"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ("LD_LIBRARY_PATH", "/nowhere"),
        ("BASH_ENV", "/nowhere"),
        ("LC_MESSAGES", "C"),
        ("XDG_RUNTIME_DIR", "/run/user/1"),
        ("SSH_AUTH_SOCK", "/run/agent"),
        ("TZ", "Asia/Taipei"),
    ];
    desk.run_with("run playbook.yaml --env near", &given);
    let got = desk.read("got");
    let names: Vec<&str> = got.lines().filter_map(|line| line.split('=').next()).collect();
    for name in ["PATH", "HOME", "LANG", "LC_MESSAGES", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK", "TZ"] {
        assert!(names.contains(&name), "{name} is missing: {got}");
    }
    for name in [
        "RUNSHEET_QUIET",
        "RUNSHEET_UNMASK",
        "RUNSHEET_STATE_DIR",
        "OTHER_SECRET",
        "AWS_SECRET_ACCESS_KEY",
        "LD_LIBRARY_PATH",
        "BASH_ENV",
    ] {
        assert!(!names.contains(&name), "{name} was passed: {got}");
    }
}

#[test]
fn what_a_command_says_is_masked() {
    let desk = desk("echo 'debug: password=hunter2 and sent s3cr3t-value-0815 to the vault' >&2; exit 3\n");
    let came = desk.run("run playbook.yaml --env near").exits(3);
    came.says_wrapped(&["`sh` failed: exit status: 3, saying: debug: password=***", "[env, NAME=VALUE, PROGRAM]"])
        .never_says(&["hunter2", "s3cr3t"]);
    desk.write("credential.sh", "echo 'the key is s3cr3t-value, touch it' >&2; echo s3cr3t-value\n");
    let came = desk.run("run playbook.yaml --env near");
    came.says_wrapped(&["sh, for the connection told: the key is ***, touch it"]).never_says(&["s3cr3t"]);
}
