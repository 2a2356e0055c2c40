//! Golden folders: the files of `tests/cases/<name>`, the script `cmd` run over them, and what must come of it
//! under `expected`. `UPDATE_CASES=1` writes what came instead of comparing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::program::{TestFolder, root};

fn folder() -> PathBuf {
    root().join("tests/cases")
}

/// Every file below a folder with its text, but for `expected`, the state and the script.
fn files(folder: &Path, skip: &[&str]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(folder).unwrap().to_path_buf();
            if skip.iter().any(|name| relative.starts_with(name)) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(relative, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Replaces what differs from run to run: ids, times, durations, ports, the folder.
fn steady(text: &str, desk: &Path) -> String {
    let folder = desk.display().to_string();
    let mut text = text.replace(&format!("/private{folder}"), "DIR").replace(&folder, "DIR");
    for (pattern, mark) in [
        (r"\b\d{8}-\d{6}-[0-9a-f]{6}\b", "RUN-ID"),
        (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
        (r#""duration_ms":\d+"#, r#""duration_ms":0"#),
        (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) 20\d\d-\d\d-\d\d \d\d:\d\d\b", "WALL"),
        (r"\b\d+ ms\b|\b\d+\.\d+ s\b|\b\d+ min \d+ s\b|\bin \d+ s\b", "SPAN"),
        (r"\b\d+(\.\d+)? (rows|calls)/s\b", "PACE"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    ] {
        text = Regex::new(pattern).unwrap().replace_all(&text, mark).into_owned();
    }
    text
}

fn case(name: &str) {
    let desk = TestFolder::new();
    let case = folder().join(name);
    for (path, bytes) in files(&case, &["expected", "cmd"]) {
        let to = desk.path().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    let before = files(desk.path(), &[]);
    let script = fs::read_to_string(case.join("cmd")).unwrap();
    let came = desk.bash(&script);
    let mut got: BTreeMap<PathBuf, String> = BTreeMap::new();
    got.insert("exit".into(), format!("{}\n", came.code));
    got.insert("stdout".into(), steady(&came.out, desk.path()));
    got.insert("stderr".into(), steady(&came.err, desk.path()));
    for (path, bytes) in files(desk.path(), &["state"]) {
        if !before.contains_key(&path) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            got.insert(Path::new("files").join(path), steady(&text, desk.path()));
        }
    }
    got.retain(|_, text| !text.is_empty());
    let expected = case.join("expected");
    if std::env::var_os("UPDATE_CASES").is_some() {
        let _ = fs::remove_dir_all(&expected);
        for (path, text) in &got {
            let to = expected.join(path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, text).unwrap();
        }
        return;
    }
    let wanted: BTreeMap<PathBuf, String> = files(&expected, &[])
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    for (path, text) in &wanted {
        let came = got.get(path).map_or("(nothing)", String::as_str);
        assert!(came == text, "{name}: {} differs\n--- expected\n{text}\n--- came\n{came}", path.display());
    }
    let more: Vec<&PathBuf> = got.keys().filter(|path| !wanted.contains_key(*path)).collect();
    assert!(more.is_empty(), "{name}: came but was not expected: {more:?}");
}

macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            case(stringify!($name));
        })*

        #[test]
        fn every_folder_is_a_case() {
            let mut found: Vec<String> = fs::read_dir(folder())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
                .collect();
            found.sort();
            assert_eq!(found, [$(stringify!($name)),*], "the folders and the list in tests/cases.rs");
        }
    };
}

cases! {
    bad_bounds,
    bad_cell,
    deadline_in_the_past,
    everyones_yaml,
    exported_cells,
    failing_tests,
    formatting,
    harmed_cells,
    help,
    http_request,
    lost_answers,
    many_mistakes,
    missed_gate,
    mistakes_in_playbooks,
    mistakes_in_providers,
    mistakes_in_rows,
    mistakes_in_settings,
    mistakes_in_tests,
    mistakes_in_yaml,
    newcomer_again,
    newcomer_braces,
    newcomer_column,
    newcomer_credentials,
    newcomer_date,
    newcomer_indent,
    newcomer_key,
    newcomer_operation,
    newcomer_order,
    newcomer_path,
    newcomer_table,
    plan_of_a_run,
    plan_with_bounds,
    playbook_of_a_stranger,
    refused_rows,
    repaired_rows,
    rolled_back,
    rows_in_other_formats,
    rows_of_a_run,
    sent_as_shown,
    skipped_rows,
    stopped_by_failures,
    text_condition,
    used_up_budget,
    wrong_example,
}
