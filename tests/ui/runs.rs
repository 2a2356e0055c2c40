//! The list of runs over the page's interface agrees with `runs list`.

use serde_json::Value;

use super::served::Served;
use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

#[test]
fn the_list_is_that_of_the_command_line() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    let mut served = Served::start(&desk);
    let session = served.open();
    // The folder of the runs need not exist yet.
    assert_eq!(
        served.get("/api/runs", &session).json(),
        serde_json::json!({"runs": [], "unreadable": [], "states": [], "more": false})
    );
    desk.run("run extend-deadlines.yaml --rate 1000/s --format json").exits(0);
    desk.run("run extend-deadlines.yaml --limit 3 --faults refuse=100% --format json");
    let shown = served.get("/api/runs", &session).json();
    let told = desk.run("runs list --format json").exits(0).json();
    let (shown, told) = (shown["runs"].as_array().unwrap(), told.as_array().unwrap());
    assert_eq!((shown.len(), told.len()), (2, 2));
    for (shown, told) in shown.iter().zip(told) {
        for member in ["run_id", "state", "playbook", "environment", "started_at", "rows"] {
            assert_eq!(shown[member], told[member], "{member}");
        }
        assert_eq!((&shown["kind"], &shown["earlier_run"]), (&"run".into(), &Value::Null));
    }
}

#[test]
fn the_list_is_filtered_and_comes_in_pages() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 2 -q").exits(0);
    desk.run("run extend-deadlines.yaml --limit 3 --faults refuse=100% -q");
    desk.run("run close-appointments.yaml --limit 2 -q").exits(0);
    let mut served = Served::start(&desk);
    let session = served.open();
    let ask = |query: &str| {
        let came = served.get(&format!("/api/runs?{query}"), &session);
        assert_eq!(came.status, 200, "{query}: {came:?}");
        came.json()
    };
    let names = |shown: &Value| -> Vec<String> {
        let runs = shown["runs"].as_array().unwrap().iter();
        runs.map(|run| run["run_id"].as_str().unwrap().to_owned()).collect()
    };
    let all = names(&ask(""));
    let [close, failed, extend] = all.as_slice() else { panic!("{all:?}") };
    let (close, failed, extend) = (close.as_str(), failed.as_str(), extend.as_str());
    let stopped = ask(&format!("before={close}&limit=1"))["runs"][0]["state"].as_str().unwrap().to_owned();
    let states = ask("")["states"].clone();
    assert_eq!(states.as_array().unwrap().len(), 2, "{states}");
    for (query, expected, more) in [
        ("limit=2".to_owned(), &[close, failed][..], true),
        ("limit=3".to_owned(), &[close, failed, extend], false),
        (format!("limit=2&before={failed}"), &[extend], false),
        (format!("before={extend}"), &[], false),
        ("playbook=EXTEND".to_owned(), &[failed, extend], false),
        ("playbook=dead&limit=1".to_owned(), &[failed], true),
        ("playbook=nothing".to_owned(), &[], false),
        ("environment=SAND".to_owned(), &[close, failed, extend], false),
        ("environment=prod".to_owned(), &[], false),
        ("outcome=failed".to_owned(), &[failed], false),
        ("outcome=unknown".to_owned(), &[], false),
        (format!("state={}&limit=500", stopped.replace(' ', "+")), &[failed], false),
        ("state=running".to_owned(), &[], false),
    ] {
        let shown = ask(&query);
        assert_eq!(
            (names(&shown), &shown["more"]),
            (expected.iter().map(|run| (*run).to_owned()).collect(), &more.into()),
            "{query}"
        );
    }
    // A state that is filtered away can still be chosen; of what nobody has read, any state may be.
    assert_eq!(ask("state=running")["states"], states);
    assert_eq!(ask("playbook=close")["states"], serde_json::json!(["succeeded"]));
    assert!(ask("limit=1")["states"].as_array().unwrap().len() > 4);
    for wrong in ["limit=0", "limit=501", "state=x", "outcome=x", "before=..", "x=1", "limit=1&limit=1", "playbook=%"] {
        let came = served.get(&format!("/api/runs?{wrong}"), &session);
        assert!(came.status == 400 && came.json()["error"].is_string(), "{wrong}: {came:?}");
    }
}

#[test]
fn a_damaged_run_is_listed_as_such_beside_the_others() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 2 --format json").exits(0);
    desk.run("run extend-deadlines.yaml --limit 3 --format json").exits(0);
    let mut served = Served::start(&desk);
    let session = served.open();
    let runs = served.get("/api/runs", &session).json();
    let harmed = runs["runs"][1]["run_id"].as_str().unwrap().to_owned();
    std::fs::write(desk.path().join(format!("state/runs/{harmed}/journal.sqlite")), "no journal").unwrap();
    let _ = std::fs::remove_file(desk.path().join(format!("state/runs/{harmed}/summary.json")));
    let shown = served.get("/api/runs", &session).json();
    assert_eq!(shown["runs"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown["unreadable"][0]["run_id"], harmed.as_str(), "{shown}");
}

#[test]
fn a_wrong_folder_and_a_taken_port_are_refused_before_a_link_is_shown() {
    let desk = TestFolder::new();
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    let came = desk.run(&format!("ui --port {port}")).exits(1).says(&[&format!("port {port}")]);
    assert_eq!(came.out, "");
    desk.run("ui --port 65536").exits(2);
}
