//! The rows of a run over the page's interface: all of them, and what changed since; each as the row files have it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::Child;
use std::time::Instant;

use serde_json::{Value, json};

use super::served::Served;
use super::under_way::{PATIENCE, start_run};
use crate::playbooks::copy_playbooks;
use crate::program::{TestFolder, ended};

/// The places of what is looked at in the array of a row.
const NUMBER: usize = 1;
const KEY: usize = 2;
const CELLS: usize = 3;
const OUTCOME: usize = 4;
const CODE: usize = 6;
const MESSAGE: usize = 7;
const KIND: usize = 8;
const OPEN: usize = 11;

/// The rows of a run as a page knows them, by their positions.
#[derive(Default)]
struct KnownRows {
    entry: u64,
    rows: BTreeMap<u64, Value>,
}

impl KnownRows {
    /// Asks for what has changed. Returns the first line, and how many rows came.
    fn ask(&mut self, served: &Served, run: &str, session: &str) -> (Value, usize) {
        let came = served.get(&format!("/api/runs/{run}/rows?after={}", self.entry), session);
        assert_eq!(came.status, 200, "{came:?}");
        let mut lines = came.lines();
        assert_eq!(lines.pop(), Some(json!({"end": true})), "the answer was cut");
        let head = lines.remove(0);
        let positions: Vec<u64> = lines.iter().map(|row| row[0].as_u64().unwrap()).collect();
        assert!(positions.is_sorted_by(|one, other| one < other), "{positions:?}");
        self.entry = head["entry"].as_u64().unwrap();
        let count = lines.len();
        self.rows.extend(positions.into_iter().zip(lines));
        assert!(head["all"] == false || count as u64 == head["total"], "{head}");
        (head, count)
    }

    fn count(&self, outcome: &str) -> usize {
        self.rows.values().filter(|row| row[OUTCOME] == outcome).count()
    }

    /// Compares them with the file of all rows, and with what a page sees that asks for the first time.
    fn are_those_of(&self, served: &Served, run: &str, session: &str) {
        let file = served.get(&format!("/api/runs/{run}/files/results.csv"), session).text();
        let mut lines = csv::Reader::from_reader(file.as_bytes());
        let heads = lines.headers().unwrap().clone();
        let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
        let told: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
        assert_eq!(told.len(), self.rows.len());
        for (row, told) in self.rows.values().zip(&told) {
            assert_eq!(row[KEY], told[0], "{row}");
            assert_eq!(row[OUTCOME], told[at("_outcome")], "{row}");
            assert_eq!(row[CODE].as_str().unwrap_or_default(), &told[at("_code")], "{row}");
        }
        let mut fresh = KnownRows::default();
        fresh.ask(served, run, session);
        assert_eq!(fresh.rows, self.rows);
    }
}

/// Follows the rows of a run until its process has ended. Returns how many answers had rows.
fn follow(rows: &mut KnownRows, served: &Served, run: &str, session: &str, mut child: Child) -> usize {
    let (limit, mut answers) = (Instant::now() + PATIENCE, 0);
    loop {
        let over = child.try_wait().unwrap().is_some();
        let (_, changed) = rows.ask(served, run, session);
        answers += usize::from(changed > 0);
        if over {
            ended(child);
            return answers;
        }
        assert!(Instant::now() < limit, "the run did not end");
    }
}

#[test]
fn rows_that_change_while_a_run_goes_on_come_once_each_and_end_as_its_files_have_them() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let (child, run) = start_run(&desk);
    let mut rows = KnownRows::default();
    let (head, count) = rows.ask(&served, &run, &session);
    assert_eq!((&head["all"], &head["total"], count), (&json!(true), &json!(40), 40));
    assert!(rows.rows.values().any(|row| row[OPEN] == true && row[OUTCOME] == "not_started"), "{:?}", rows.rows);
    let answers = follow(&mut rows, &served, &run, &session, child);
    assert!(answers > 3, "{answers} answers had rows");
    assert!(rows.rows.values().all(|row| row[OPEN] == false));
    assert_eq!(rows.count("succeeded"), 40);
    rows.are_those_of(&served, &run, &session);
    // Nothing changes any more, and an entry that the journal does not have is no reason to leave rows out.
    let (head, count) = rows.ask(&served, &run, &session);
    assert_eq!((&head["all"], count), (&json!(false), 0));
    rows.entry += 1_000;
    assert_eq!(rows.ask(&served, &run, &session).0["all"], true);
}

#[test]
fn what_a_resolve_and_a_resume_change_comes_and_nothing_else() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run onboard-appointments.yaml --faults lose=6%,close=4%,seed=3 --in-flight 1 -q").exits(5);
    let (served, session, run) = Served::with_newest_run(&desk);
    let mut rows = KnownRows::default();
    rows.ask(&served, &run, &session);
    rows.are_those_of(&served, &run, &session);
    let unknown: Vec<Value> = rows.rows.values().filter(|row| row[OUTCOME] == "unknown").cloned().collect();
    assert!(!unknown.is_empty(), "{:?}", rows.rows);
    assert!(unknown.iter().all(|row| row[KIND].as_str().is_some_and(|key| key.len() == 32)), "{unknown:?}");
    assert!(rows.rows.values().filter(|row| row[OUTCOME] == "succeeded").all(|row| row[KIND].is_null()));
    let key = unknown[0][KEY].as_str().unwrap();
    desk.run(&format!("resolve {run} --key {key} --as failed"));
    let before = rows.rows.clone();
    let (head, count) = rows.ask(&served, &run, &session);
    assert_eq!((&head["all"], count), (&json!(false), 1), "only the row that a person settled");
    desk.run(&format!("resume {run} -q"));
    rows.ask(&served, &run, &session);
    assert_ne!(rows.rows, before);
    rows.are_those_of(&served, &run, &session);
}

#[test]
fn queries_are_taken_as_they_are_written_or_not_at_all() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 2 -q").exits(0);
    let (served, session, run) = Served::with_newest_run(&desk);
    for (address, status) in [
        ("rows", 200),
        ("rows?after=0", 200),
        ("rows?after=", 400),
        ("rows?after=-1", 400),
        ("rows?after=1&after=2", 400),
        ("rows?after=1&x=2", 400),
        ("rows?After=1", 400),
        ("rows?after=99999999999999999999", 400),
        ("rows?row=2", 400),
        ("rows?after=%", 400),
        ("rows/..", 404),
        ("rows/2", 404),
        ("story?row=2", 200),
        ("story?row=3", 200),
        ("story?row=1", 404),
        ("story?row=4", 404),
        ("story?row=18446744073709551615", 404),
        ("story", 400),
        ("story?row=two", 400),
        ("story?row=2&row=2", 400),
        ("story?key=x", 400),
        ("events?x=1", 400),
        ("files?x=1", 400),
        ("report/json?unmask=true", 400),
    ] {
        let came = served.get(&format!("/api/runs/{run}/{address}"), &session);
        assert_eq!(came.status, status, "{address}: {came:?}");
        assert!(status == 200 || came.json()["error"].is_string(), "{address}: {came:?}");
    }
    for id in [&run[..10], "latest", "20200101-000000-000000"] {
        for what in ["rows", "story?row=2"] {
            let came = served.get(&format!("/api/runs/{id}/{what}"), &session);
            assert_eq!(came.status, 404, "{id} {what}: {came:?}");
        }
    }
    let told = desk.run("why latest --row 2 --format json").exits(0).json();
    assert_eq!(served.get(&format!("/api/runs/{run}/story?row=2"), &session).json(), told);
}

/// A playbook with a sensitive column, whose values stand in other cells too.
const PRIVATE: &str = "version: 1
name: Extend
rows:
  from: private.csv
  key: flow_id
  columns: { flow_id: {}, new_deadline: { type: date }, customer: { sensitive: true } }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow_id }}', Deadline: '{{ end_of_day row.new_deadline \"Asia/Shanghai\" }}' }
";

#[test]
fn sensitive_values_are_masked_in_rows_and_stories_unless_they_are_asked_for() {
    let desk = TestFolder::new();
    desk.write("private.yaml", PRIVATE);
    let rows = "flow_id,customer,new_deadline,note\n\
        yDCWcmAvsrGbFSetW4Hxu4n6CKtuvRYH,Anneliese Muster,2035-01-15,ask Anneliese Muster\n";
    desk.write("private.csv", rows);
    desk.run("run private.yaml -q").exits(0);
    for (options, shown) in [("", false), ("--unmask", true)] {
        let mut served = Served::start_with(&desk, options);
        let session = served.open();
        let run = served.newest_run(&session);
        let rows = served.get(&format!("/api/runs/{run}/rows"), &session);
        let row = rows.lines()[1].clone();
        assert_eq!((&row[NUMBER], &row[OUTCOME], &row[MESSAGE]), (&json!(2), &json!("succeeded"), &Value::Null));
        assert_eq!(row[CELLS][2], "2035-01-15", "{row}");
        let story = served.get(&format!("/api/runs/{run}/story?row=2"), &session);
        for text in [rows.text(), story.text()] {
            assert_eq!(text.contains("Anneliese"), shown, "{text}");
        }
    }
}

/// A run of many rows that stopped soon: it has them all, and most are not started.
fn long_run(desk: &TestFolder, rows: usize) {
    copy_playbooks(desk);
    let mut list = String::from("flow_id,contract_no,contract_name,customer,new_deadline\n");
    for at in 0..rows {
        let filler = "合同".repeat(140);
        writeln!(list, "yD{at:030},HT-{at}{filler},{filler},{filler},2035-01-15").unwrap();
    }
    desk.write("extend-deadlines.csv", &list);
    desk.run("run extend-deadlines.yaml --faults refuse=100%,seed=1 -q");
}

#[test]
fn readers_that_are_slow_or_leave_hold_up_neither_others_nor_memory() {
    let desk = TestFolder::new();
    long_run(&desk, 2_000);
    let (served, session, run) = Served::with_newest_run(&desk);
    let path = format!("/api/runs/{run}/rows");
    let first = served.get(&path, &session);
    assert!(first.body.len() > 2_000_000 && first.lines().last() == Some(&json!({"end": true})));
    let before = served.memory();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nRunsheet-Session: {session}\r\n\r\n", served.host());
    // Readers that leave in the middle give their turns back.
    for _ in 0..10 {
        let mut stream = served.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut begin = [0; 1_000];
        stream.read_exact(&mut begin).unwrap();
    }
    // One reader takes nothing; three others get all rows at the same time, and other questions have turns of their own.
    let mut stuck = served.connect();
    stuck.write_all(request.as_bytes()).unwrap();
    let (served, session) = (&served, &session);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(|| served.get(&path, session))).collect();
        for _ in 0..5 {
            assert_eq!(served.get("/api/runs", session).status, 200);
        }
        for reader in readers {
            assert_eq!(reader.join().unwrap().body, first.body);
        }
    });
    let more = served.memory().saturating_sub(before);
    assert!(more < 48 * 1024, "{more} KiB more");
}
