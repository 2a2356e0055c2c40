//! Answers whose status and body contradict each other, over the network: an error status around a body that says
//! success.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::crashes::{count, run_folder};
use crate::program::{CommandResult, TestFolder};
use crate::single_calls::vendor;

/// Status and body for the n-th request of a path, from 1.
type Answer = fn(&str, usize) -> (u16, String);

fn in_bytes((status, body): (u16, String)) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n");
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A step over rows whose ids are the statuses that the vendor answers with.
fn run(step: &str, rows: &[&str], answer: Answer) -> (TestFolder, CommandResult, BTreeMap<String, usize>) {
    let (url, asked) = vendor(move |path, times| in_bytes(answer(path, times)), Duration::ZERO);
    let desk = TestFolder::new();
    let head = "name: Contradictions\nrows: { from: rows.csv, key: id }\nsteps:\n";
    desk.write("playbook.yaml", &format!("{head}{step}"));
    desk.write("rows.csv", &format!("id\n{}\n", rows.join("\n")));
    let connection = format!("{{ http: {{ base_url: '{url}' }} }}");
    desk.write("runsheet.yaml", &format!("environments: {{ here: {{ connections: {connection} }} }}\n"));
    let came = desk.run("run playbook.yaml --env here --yes --confirm 99 --format json");
    let asked = asked.lock().unwrap().clone();
    (desk, came, asked)
}

fn file(desk: &TestFolder, name: &str) -> String {
    std::fs::read_to_string(run_folder(desk).unwrap().join(name)).unwrap()
}

const STATUSES: [&str; 7] = ["401", "403", "404", "409", "429", "500", "503"];

/// The path's own number as status, around a body that says success.
fn contradiction(path: &str, _: usize) -> (u16, String) {
    (path.trim_start_matches('/').parse().unwrap(), r#"{"code":0,"message":"done"}"#.to_owned())
}

#[test]
fn a_write_that_must_not_be_repeated_is_sent_once() {
    let step = "  - id: tell
    uses: http.request
    with: { method: POST, path: '/{{ row.id }}', body: { id: '{{ row.id }}' }, success: { path: code, is: 0 } }
";
    let (desk, came, asked) = run(step, &STATUSES, contradiction);
    assert_eq!(came.code, 5, "{}{}", came.out, came.err);
    assert_eq!(count(&came.json(), "unknown"), STATUSES.len() as u64, "{}", came.out);
    assert!(asked.len() == STATUSES.len() && asked.values().all(|times| *times == 1), "{asked:?}");
    let unknown = file(&desk, "unknown.csv");
    for status in STATUSES {
        let says = format!("HTTP status {status}, and a body that says success");
        assert!(unknown.lines().any(|line| line.starts_with(status) && line.contains(&says)), "{unknown}");
    }
}

#[test]
fn a_refusal_of_the_second_send_of_a_repeatable_write_proves_nothing() {
    let step = "  - id: tell
    uses: http.request
    repeat: safe
    retry: { delay: 1ms, max_delay: 2ms }
    with: { method: PUT, path: '/{{ row.id }}', body: { id: '{{ row.id }}' }, success: { present: made } }
";
    let (_, came, asked) = run(step, &["403", "429", "503"], |path, times| match times {
        1 => (path.trim_start_matches('/').parse().unwrap(), r#"{"made":7}"#.to_owned()),
        _ => (409, r#"{"message":"it is there already"}"#.to_owned()),
    });
    assert_eq!(came.code, 5, "{}{}", came.out, came.err);
    assert_eq!(count(&came.json(), "unknown"), 3, "{}", came.out);
    assert!(asked.values().all(|times| *times == 2), "{asked:?}");
}

#[test]
fn a_status_that_refuses_around_any_other_body_is_believed() {
    let step = "  - id: tell
    uses: http.request
    retry: { attempts: 1, delay: 1ms, max_delay: 2ms }
    with: { method: POST, path: '/{{ row.id }}', body: { id: '{{ row.id }}' } }
";
    let (_, came, asked) = run(step, &["400", "404", "429"], |path, times| match (path, times) {
        ("/429", 2..) => (200, "{}".to_owned()),
        _ => contradiction(path, times),
    });
    let summary: Value = came.json();
    assert_eq!((count(&summary, "failed"), count(&summary, "succeeded")), (2, 1), "{}", came.out);
    assert_eq!(asked["/429"], 2, "{asked:?}");
}
