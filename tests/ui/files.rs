//! The files of a run over the page's interface are those of the command line, byte for byte.

use std::fs;

use super::served::Served;
use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

#[test]
fn row_files_come_as_they_are_on_the_disk_and_nothing_else_comes() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 9 --faults refuse=50%,seed=3 -q").exits(4);
    let (served, session, run) = Served::with_newest_run(&desk);
    let folder = desk.path().join(format!("state/runs/{run}"));
    let listed = served.get(&format!("/api/runs/{run}/files"), &session).json();
    assert_eq!(listed, serde_json::json!({"files": ["results.csv", "succeeded.csv", "failed.csv"]}));
    for name in ["results.csv", "succeeded.csv", "failed.csv"] {
        let came = served.get(&format!("/api/runs/{run}/files/{name}"), &session);
        assert_eq!((came.status, &came.body), (200, &fs::read(folder.join(name)).unwrap()), "{name}");
        assert_eq!(came.header("content-disposition"), Some(format!("attachment; filename=\"{run}-{name}\"").as_str()));
        assert_eq!(served.ask("GET", &format!("/api/runs/{run}/files/{name}"), "").status, 401);
    }
    for name in ["journal.sqlite", "summary.json", "sandbox.jsonl", "unknown.csv", "control", "lock"] {
        let came = served.get(&format!("/api/runs/{run}/files/{name}"), &session);
        assert_eq!(came.status, 404, "{name}: {came:?}");
    }
    // A link in the place of a row file leads nowhere.
    desk.write("private.csv", "private");
    fs::remove_file(folder.join("failed.csv")).unwrap();
    std::os::unix::fs::symlink(desk.path().join("private.csv"), folder.join("failed.csv")).unwrap();
    let came = served.get(&format!("/api/runs/{run}/files/failed.csv"), &session);
    assert!(came.status >= 400 && !came.text().contains("private"), "{came:?}");
}

#[test]
fn reports_are_those_of_the_command_line() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk.run("run extend-deadlines.yaml --limit 9 --faults refuse=50%,seed=3 -q").exits(4);
    let (served, session, run) = Served::with_newest_run(&desk);
    for format in ["csv", "junit", "markdown"] {
        let told = desk.run(&format!("report latest --format {format}")).exits(0).out;
        let came = served.get(&format!("/api/runs/{run}/report/{format}"), &session);
        assert_eq!((came.status, came.text().trim_end()), (200, told.trim_end()), "{format}");
        assert!(came.header("content-disposition").unwrap().starts_with("attachment"), "{came:?}");
        assert_eq!(served.ask("GET", &format!("/api/runs/{run}/report/{format}"), "").status, 401);
    }
    let record = served.get(&format!("/api/runs/{run}/report/json"), &session).json();
    let listed = served.get("/api/runs", &session).json()["runs"][0].clone();
    assert_eq!((&record["rows"], &record["run_id"]), (&listed["rows"], &listed["run_id"]));
    let page = served.get(&format!("/api/runs/{run}/report/html"), &session);
    assert!(page.text().starts_with("<!doctype html>"), "{page:?}");
}
