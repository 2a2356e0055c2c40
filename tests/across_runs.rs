//! Nothing twice across runs: what one run sent, another is refused, whether that is known before it begins or only
//! when an answer is there.

mod at_once;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use serde_json::Value;

use crate::playbooks::Server;
use crate::program::TestFolder;

/// Posts a thing per row; its natural identity is the whole request.
const POST: &str = "name: Post
rows: { from: rows.csv, key: id }
steps:
  - id: post
    uses: http.request
    with: { method: POST, path: /things, body: { id: \"{{ row.id }}\" } }
";

/// The same request, known only when a read has been answered.
const POST_LATER: &str = "name: Post later
rows: { from: rows.csv, key: key }
steps:
  - id: read
    uses: http.request
    with: { method: GET, path: \"/read/{{ row.id }}\", query: { id: \"{{ row.id }}\" } }
  - id: post
    uses: http.request
    with: { method: POST, path: /things, body: { id: \"{{ steps.read.body.query.id }}\" } }
";

fn desk() -> (TestFolder, Server) {
    let desk = TestFolder::new();
    let server = Server::start(&desk, "");
    let http = format!("connections: {{ http: {{ base_url: {} }} }}", server.url);
    desk.write("runsheet.yaml", &format!("environments:\n  near: {{ {http} }}\n  far: {{ {http} }}\n"));
    desk.write("post.yaml", POST);
    desk.write("later.yaml", POST_LATER);
    desk.write("rows.csv", "id,key\na,1\nb,2\nc,3\n");
    (desk, server)
}

/// What the server took in, a line each.
pub(crate) fn log_text(server: &Server) -> String {
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.write_all(b"GET /_sandbox/log HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    body.to_owned()
}

fn log(server: &Server) -> Vec<Value> {
    log_text(server).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The bodies that were posted.
fn posted(server: &Server) -> Vec<String> {
    let entries = log(server);
    let posts = entries.iter().filter(|entry| entry["effect"] == true);
    let mut made: Vec<String> = posts.map(|entry| entry["request"].to_string()).collect();
    made.sort();
    made
}

/// What was made, each effect once; `made` is sorted.
fn without_doubles(made: &[String]) -> Vec<String> {
    let mut once = made.to_vec();
    once.dedup();
    once
}

#[test]
fn what_was_sent_is_refused_before_anything_is_sent_again() {
    let (desk, server) = desk();
    let run = desk.run("run post.yaml --env near --limit 2 --format json").exits(0).json()["run_id"].to_string();
    let before = posted(&server);
    let came = desk.run("run post.yaml --env near").exits(8);
    came.says(&["2 calls", "row 2 (`a`)", "row 3 (`b`)", run.trim_matches('"'), "succeeded", "`--again`"])
        .never_says(&["(`c`)"]);
    assert_eq!(posted(&server), before);
    // What is not the same is not refused: another row, another environment, the sandbox inside.
    desk.run("run post.yaml --env near --only c").exits(0);
    desk.run("run post.yaml --env far").exits(0);
    desk.run("run post.yaml").exits(0);
    desk.run("run post.yaml").exits(0);
    let again = desk.run("run post.yaml --env near --again --format json").exits(0).json();
    assert_eq!(again["rows"]["succeeded"], 3);
}

#[test]
fn what_waits_for_an_answer_is_refused_when_its_turn_comes() {
    let (desk, server) = desk();
    desk.run("run post.yaml --env near --only b").exits(0);
    let came = desk.run("run later.yaml --env near --out out --format json").exits(4).json();
    assert_eq!((&came["rows"]["succeeded"], &came["rows"]["failed"]), (&2.into(), &1.into()));
    assert_eq!(posted(&server).len(), 3);
    assert!(
        desk.read("out/failed.csv").contains(",failed,post,done_before,the run 2"),
        "{}",
        desk.read("out/failed.csv")
    );
    assert_eq!(came["operations"]["http.request"]["attempts"], 5, "three reads, two posts: {came}");
}

#[test]
fn a_resumed_run_does_not_make_what_another_made_meanwhile() {
    let (desk, server) = desk();
    let crashed = desk.run_with("run post.yaml --env near --in-flight 1", &[("RUNSHEET_CRASH_AT", "8")]);
    assert_ne!(crashed.code, 0);
    let first = std::fs::read_dir(desk.path().join("state/runs")).unwrap().flatten().next().unwrap();
    let first = first.file_name().into_string().unwrap();
    let sent = posted(&server).len();
    assert!(sent == 1 || sent == 2, "{sent}");
    desk.run("run post.yaml --env near").exits(8).says(&["row 2 (`a`)"]);
    desk.run("run post.yaml --env near --only c").exits(0);
    let came = desk.run(&format!("resume {first} --format json")).json();
    assert_eq!(came["rows"]["failed"], 1, "{came}");
    let made = posted(&server);
    let once = without_doubles(&made);
    assert_eq!(made, once);
}

#[test]
fn two_runs_at_one_time_make_nothing_twice() {
    let (desk, server) = desk();
    let rows: String = (0..60).map(|n| format!("row-{n},{n}\n")).collect();
    desk.write("rows.csv", &format!("id,key\n{rows}"));
    let start = || {
        let mut command = desk.command("runsheet");
        command.args(["run", "post.yaml", "--env", "near", "--in-flight", "4"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..3).map(|_| start()).collect();
    for child in children {
        let ended = child.wait_with_output().unwrap();
        let code = ended.status.code().unwrap();
        assert!([0, 4, 6, 8].contains(&code), "{code}: {}", String::from_utf8_lossy(&ended.stderr));
    }
    let made = posted(&server);
    let once = without_doubles(&made);
    assert_eq!(made, once);
    assert_eq!(made.len(), 60, "an effect was left by all of them");
}

#[test]
fn a_journal_that_cannot_be_read_stops_every_real_environment_until_a_person_settles_it() {
    let (desk, server) = desk();
    let name = "20300101-000000-abcdef";
    desk.write(&format!("state/runs/{name}/journal.sqlite"), "this is no journal, and it is long enough to be one");
    for line in ["run post.yaml --env near", "run post.yaml --env far", "run post.yaml --env near --again"] {
        let way_out = format!("runsheet resolve {name} --lost --as failed --note TEXT");
        desk.run(line).exits(8).says(&[name, "is not a runsheet journal", "it may have sent anything", &way_out]);
    }
    desk.run("plan post.yaml --env near").exits(0).says(&["warning", name, "has sent is unknown"]);
    desk.run("run post.yaml").exits(0);
    assert!(posted(&server).is_empty());
    let word = format!("resolve {name} --lost --note said --as");
    desk.run(&format!("{word} done")).exits(2).says(&["the list of rows", "is lost"]);
    desk.run(&format!("{word} failed")).exits(0);
    desk.run("run post.yaml --env near").exits(0);
    desk.run("runs list").exits(0).says(&["warning", name, "nothing of what is lost was done, said"]);
}

/// How many calls came in within a window that is a little shorter than the limit's, so that their travel counts for
/// nothing.
fn most_within(at: &[i64], micros: i64) -> usize {
    at.iter().map(|from| at.iter().filter(|at| (*from..from + micros).contains(at)).count()).max().unwrap_or(0)
}

#[test]
fn a_limit_binds_two_processes_together() {
    let (desk, server) = desk();
    let http = format!("http: {{ base_url: {}, limits: {{ rate: 20/s }} }}", server.url);
    desk.write("runsheet.yaml", &format!("environments:\n  near: {{ connections: {{ {http} }} }}\n"));
    let children: Vec<_> = (0..2)
        .map(|who| {
            let rows: String = (0..40).map(|n| format!("{who}-{n},{n}\n")).collect();
            desk.write(&format!("{who}.csv"), &format!("id,key\n{rows}"));
            let mut command = desk.command("runsheet");
            command.args(["run", "post.yaml", "--env", "near", "--rows", &format!("{who}.csv")]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    let time = |entry: &Value| entry["time"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let at: Vec<i64> = log(&server).iter().map(time).collect();
    assert_eq!(at.len(), 80);
    // Each by itself would bring 40. What is exact stands in virtual time; here a busy machine delays arrivals.
    assert!(most_within(&at, 950_000) <= 26, "{} calls in less than a second", most_within(&at, 950_000));
}

#[test]
fn a_plan_shows_what_was_sent_before() {
    let (desk, server) = desk();
    let nothing = desk.run("plan post.yaml --env near --format json").exits(0).json();
    assert_eq!((&nothing["sent_before"]["rows"], &nothing["sent_before"]["refused"]), (&0.into(), &false.into()));
    let run = desk.run("run post.yaml --env near --limit 2 --format json").exits(0).json()["run_id"].clone();
    let before = posted(&server);
    for line in ["plan post.yaml --env near", "run post.yaml --env near --dry-run"] {
        let plan = desk.run(line).exits(0).out;
        let told = format!("2 of 3 rows were sent before by run {}: succeeded", run.as_str().unwrap());
        assert!(plan.contains(&told) && plan.contains("`run` would be refused without `--again`"), "{plan}");
    }
    let plan = desk.run("plan post.yaml --env near --format json --again").exits(0).json();
    assert_eq!((&plan["sent_before"]["runs"][0]["rows"], &plan["sent_before"]["refused"]), (&2.into(), &false.into()));
    assert!(!desk.run("plan post.yaml --env far").exits(0).out.contains("sent before"));
    assert_eq!(posted(&server), before);
}

/// Makes a thing and knows how to take it back; a flag in the row has the way back refused.
const THERE_AND_BACK: &str = "name: There and back
rows: { from: back.csv, key: id }
before:
  - { id: open, uses: http.request, with: { method: POST, path: /open } }
steps:
  - id: post
    uses: http.request
    with: { method: POST, path: /things, body: { id: \"{{ row.id }}\" } }
    rollback:
      uses: http.request
      with: { method: DELETE, path: \"{{ raw row.back }}\" }
";

#[test]
fn what_was_taken_back_may_be_sent_again_and_what_was_not_may_not() {
    let (desk, server) = desk();
    desk.write("back.yaml", THERE_AND_BACK);
    desk.write("back.csv", "id,back\na,/things/a\nb,/status/422\nc,/status/500\n");
    let first = desk.run("run back.yaml --env near --format json").exits(0).json()["run_id"].clone();
    let first = first.as_str().unwrap();
    desk.run("run back.yaml --env near").exits(8);
    let plan = desk.run(&format!("undo {first} --dry-run --format json")).exits(0).json();
    assert_eq!(
        plan["left"][0],
        serde_json::json!({"operation": "http.request", "step": "open", "list": "before", "calls": 1})
    );
    desk.run(&format!("undo {first}")).exits(5).says(&["Not undone", "step `open` of `before`"]);
    let rows = desk.write("rows.csv", "id,key\na,1\nb,2\nc,3\n");
    let came = desk.run(&format!("run post.yaml --env near --rows {}", rows.display())).exits(8);
    came.says(&["2 calls", "row 3 (`b`)", "row 4 (`c`)", "succeeded", "unknown"]).never_says(&["(`a`)"]);
    let sent = posted(&server).len();
    desk.run("run post.yaml --env near --only a").exits(0);
    assert_eq!(posted(&server).len(), sent + 1);
    desk.run("run post.yaml --env near --only a").exits(8);
}
