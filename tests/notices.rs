//! Notices of the end of a run: to an address, and to a program. Whatever becomes of them, the run's outcome and its exit
//! code stay, and no address or secret is shown.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{TestFolder, ended};
use crate::recorder::{Recorder, answer};

const POST: &str = "name: Post
rows: { from: rows.csv, key: id }
steps:
  - id: post
    uses: http.request
    with: { method: POST, path: /things, body: { id: \"{{ row.id }}\" } }
";

/// A server that takes things, except one called `no`, and answers notices with the statuses in turn, the last one from then
/// on. Status 0 never answers.
fn server(statuses: &'static [u16]) -> Recorder {
    Recorder::start(move |request, before| match request.path() {
        "/things" if String::from_utf8_lossy(&request.body).contains("\"no\"") => answer(422, &[], b"{}"),
        "/things" => answer(200, &[], b"{}"),
        _ => match statuses[before.min(statuses.len() - 1)] {
            0 => Vec::new(),
            status @ 300..=399 => answer(status, &["Location: /elsewhere"], b""),
            status => answer(status, &[], b"s3cret words"),
        },
    })
}

/// A folder whose environment `near` calls the server; `notify` is the rest of the settings.
fn desk(server: &Recorder, notify: &str) -> TestFolder {
    let desk = TestFolder::new();
    let notify = notify.replace("URL", &server.url);
    desk.write(
        "runsheet.yaml",
        &format!("{notify}\nenvironments:\n  near: {{ connections: {{ http: {{ base_url: {} }} }} }}\n", server.url),
    );
    desk.write("post.yaml", POST);
    desk.write("rows.csv", "id\na\nb\n");
    desk
}

/// The notices that came to the server.
fn notices(server: &Recorder) -> Vec<Value> {
    let posted = server.requests().into_iter().filter(|request| request.path() != "/things");
    posted.map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

#[test]
fn the_end_of_a_run_is_posted_with_its_counts_and_without_rows() {
    let server = server(&[204]);
    let desk = desk(&server, "notify: { url: URL/s3cret?key=s3cret, token: { env: OPS_TOKEN } }");
    desk.write("rows.csv", "id\nMeiLin-0911222333\nno\n");
    let came = desk.run_with("run post.yaml --env near --format json", &[("OPS_TOKEN", "t0ken")]).exits(4);
    let summary = came.json();
    let sent = server.requests().into_iter().find(|request| request.path() != "/things").unwrap();
    assert_eq!(sent.line, "POST /s3cret?key=s3cret HTTP/1.1");
    assert_eq!(sent.header("Authorization"), Some("Bearer t0ken"));
    assert_eq!(sent.header("Content-Type"), Some("application/json"));
    let notice = &notices(&server)[0];
    assert_eq!(notice["run_id"], summary["run_id"]);
    assert_eq!((&notice["events"], &notice["outcome"]), (&serde_json::json!(["ended"]), &"failed".into()));
    assert_eq!((&notice["rows"], &notice["playbook"]), (&summary["rows"], &"post.yaml".into()));
    assert!(notice["text"].as_str().unwrap().contains("2 rows: 1 succeeded, 1 failed"), "{notice}");
    for private in ["MeiLin", "0911222333", "rows.csv"] {
        assert!(!notice.to_string().contains(private), "{notice}");
    }
    // The run's first line names the host to which notices go, and nothing else of the address.
    let host = server.url.trim_start_matches("http://");
    assert!(came.err.contains(&format!("notices to {host}")), "{}", came.err);
    for secret in ["s3cret", "t0ken"] {
        assert!(!came.err.contains(secret) && !came.out.contains(secret), "{}", came.err);
    }
    let run = summary["run_id"].as_str().unwrap();
    let journal = fs::read(desk.path().join(format!("state/runs/{run}/journal.sqlite"))).unwrap();
    assert!(!String::from_utf8_lossy(&journal).contains("t0ken"));
}

#[test]
fn two_failures_are_followed_by_a_third_try_and_then_by_one_line() {
    let server_a = server(&[503, 500, 200]);
    let desk_a = desk(&server_a, "notify: { url: URL/hook }");
    desk_a.run("run post.yaml --env near").exits(0).never_says(&["no notice"]);
    assert_eq!(notices(&server_a).len(), 3);
    let server_b = server(&[503]);
    let desk_b = desk(&server_b, "notify: { url: URL/hook }");
    let came = desk_b.run("run post.yaml --env near").exits(0);
    assert_eq!(notices(&server_b).len(), 3, "tried three times and no more");
    let told: Vec<&str> = came.err.lines().filter(|line| line.contains("no notice")).collect();
    assert_eq!(told.len(), 1, "{}", came.err);
    assert!(told[0].contains("HTTP 503") && !told[0].contains("hook"), "{}", told[0]);
    assert!(!came.err.contains("s3cret words"), "the answer is not shown: {}", came.err);
}

#[test]
fn a_redirect_is_not_followed_and_what_is_refused_is_not_tried_again() {
    for (status, says) in [(307, "redirects"), (404, "HTTP 404")] {
        let server = server(if status == 307 { &[307] } else { &[404] });
        let desk = desk(&server, "notify: { url: URL/hook }");
        desk.run("run post.yaml --env near").exits(0).says(&["no notice", says]);
        let paths: Vec<String> = server.paths().into_iter().filter(|path| path != "/things").collect();
        assert_eq!(paths, ["/hook"], "{status}");
    }
}

#[test]
fn a_server_and_a_program_that_hang_hold_nobody_up_for_longer_than_the_bound() {
    let server = server(&[0]);
    let notify = "notify:\n  - { url: URL/hook }\n  - { command: [sh, -c, 'echo $$ >> pids; sleep 600 & sleep 600'] }";
    let desk = desk(&server, notify);
    let begun = Instant::now();
    let mut command = desk.command("runsheet");
    command.args(["run", "post.yaml", "--env", "near", "--format", "json"]);
    let came = ended(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()).exits(0);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!(came.json()["outcome"], "succeeded");
    let told = came.err.lines().filter(|line| line.contains("no notice")).count();
    assert_eq!(told, 2, "{}", came.err);
    // What hung is gone, with what it had started.
    let pids = desk.read("pids");
    for pid in pids.lines() {
        let alive = desk.bash(&format!("ps -o stat= -g {pid} | grep -v Z")).out;
        assert_eq!(alive, "", "the group of {pid}");
    }
}

#[test]
fn a_program_gets_the_notice_and_a_small_environment() {
    let server = server(&[200]);
    let notify = "notify: { on: [ended], command: [sh, -c, 'cat > notice.json; env > environment.txt'] }";
    let desk = desk(&server, notify);
    desk.run_with("run post.yaml --env near", &[("VENDOR_SECRET", "hunter2")]).exits(0).never_says(&["no notice"]);
    let notice: Value = serde_json::from_str(&desk.read("notice.json")).unwrap();
    assert_eq!(notice["rows"]["succeeded"], 2);
    let environment = desk.read("environment.txt");
    assert!(!environment.contains("hunter2") && !environment.contains("RUNSHEET"), "{environment}");
}

#[test]
fn a_program_that_floods_fails_or_is_missing_changes_no_exit_code() {
    for (command, says) in [
        ("[sh, -c, 'yes token=hunter2hunter2 | head -c 20000000 >&2; exit 3']", "exit status: 3"),
        ("[sh, -c, 'yes | head -c 20000000; exit 4']", "exit status: 4"),
        ("[/no/such/program]", "could not be started"),
    ] {
        let server = server(&[200]);
        let desk = desk(&server, &format!("notify: {{ command: {command} }}"));
        let came = desk.run("run post.yaml --env near").exits(0).says(&["no notice", says]);
        assert!(came.err.len() < 4_000 && !came.err.contains("hunter2"), "{}", came.err);
    }
}

#[test]
fn only_the_named_ends_are_told_and_an_environment_speaks_for_itself() {
    let server = server(&[200]);
    let desk = desk(&server, "notify: { on: [stopped], url: URL/file }");
    desk.run("run post.yaml --env near").exits(0);
    assert_eq!(notices(&server).len(), 0, "it came to its end");
    desk.write("rows.csv", "id\nno\nc\nd\n");
    desk.write("post.yaml", &format!("{POST}stop_when: {{ failed: 1 }}\n"));
    let stopped = desk.run("run post.yaml --env near --in-flight 1").exits(6);
    let told = notices(&server);
    assert_eq!((told.len(), &told[0]["stopped"]), (1, &"threshold".into()), "{}", stopped.err);
    let text = desk.read("runsheet.yaml").replace("near: {", "near: { notify: [],");
    desk.write("runsheet.yaml", &text);
    desk.run("run post.yaml --env near --only d --again").exits(0);
    desk.write("rows.csv", "id\nno\ne\nf\n");
    desk.run("run post.yaml --env near --in-flight 1 --again").exits(6);
    assert_eq!(notices(&server).len(), 1, "the environment names nobody");
}

#[test]
fn what_sends_nothing_notifies_nobody() {
    let server = server(&[200]);
    let desk = desk(&server, "notify: { url: URL/hook }");
    desk.write("post.test.yaml", "tests:\n  - name: it posts\n    playbook: post.yaml\n    rows: [{ id: a }]\n");
    for line in ["check post.yaml", "plan post.yaml --env near", "run post.yaml --env near --dry-run"] {
        desk.run(line).exits(0);
    }
    desk.run("test .");
    // The sandbox is where a playbook from elsewhere is tried.
    desk.run("run post.yaml").exits(0);
    assert_eq!(server.requests().len(), 0);
    // A finished run that is closed again is no news.
    desk.run("run post.yaml --env near").exits(0);
    desk.run("resume latest").exits(0);
    assert_eq!(notices(&server).len(), 1);
    // One that is resumed, retried or undone has an end of its own.
    desk.write("rows.csv", "id\nno\n");
    desk.run("run post.yaml --env near").exits(4);
    desk.run("retry latest").exits(4);
    let told = notices(&server);
    assert_eq!((told.len(), &told[2]["retry_of"]), (3, &told[1]["run_id"]));
}

#[test]
fn mistakes_in_notify_are_found_before_anything_is_sent_and_show_no_address() {
    let server = server(&[200]);
    for (notify, says) in [
        ("notify: { url: http://ops.example.com/s3cret }", "https://"),
        ("notify: { url: https://mei:s3cret@ops.example.com/ }", "no user or password"),
        ("notify: { url: URL/s3cret, command: [mail] }", "exactly one"),
        ("notify: { on: [ended] }", "exactly one"),
        ("notify: { on: [finished], url: URL/s3cret }", "`finished` is no end of a run"),
        ("notify: { on: [], url: URL/s3cret }", "names no end"),
        ("notify: { command: mail }", "`command`"),
        ("notify: { url: URL/s3cret, token: s3cret }", "written in the file itself"),
        ("notify: { command: [mail], token: { env: X } }", "`token`"),
        ("notify: { url: URL/s3cret, urls: x }", "`urls`"),
        ("notify: yes please", "must be a map"),
    ] {
        let desk = desk(&server, notify);
        let came = desk.run("run post.yaml --env near").exits(3).says_wrapped(&[says]);
        assert!(!came.err.contains("s3cret"), "{notify}: {}", came.err);
    }
    let desk = desk(&server, "");
    desk.write("runsheet.yaml", "environments:\n  sandbox: { notify: { command: [touch, started] } }\n");
    desk.run("run post.yaml").exits(3).says(&["The sandbox sends no notices"]);
    assert!(!desk.path().join("started").exists());
    assert_eq!(server.requests().len(), 0);
    // A secret that cannot be read does not stop the run; a message after the run names it.
    let desk = self::desk(&server, "notify: { url: { env: NO_SUCH_HOOK } }");
    desk.run("run post.yaml --env near").exits(0).says(&["no notice", "NO_SUCH_HOOK"]);
}
