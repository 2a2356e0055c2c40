//! `fmt` over every YAML file of the repository: what ships is formatted, and what is hostile is kept or left.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Desk, root};

#[test]
fn what_ships_is_formatted() {
    let paths = ["playbooks", "schemas/providers"].map(|path| root().join(path).display().to_string());
    Desk::new().run(&format!("fmt --check {}", paths.join(" "))).exits(0).says(&["nothing to change"]);
}

#[test]
fn starters_are_formatted() {
    let desk = Desk::new();
    let operations = desk.run("operations --format json").exits(0).json();
    let names: Vec<&str> = operations.as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.len() > 10, "{operations}");
    for (number, name) in names.iter().enumerate() {
        desk.run(&format!("new starter-{number} --from {name}")).exits(0);
    }
    let told = desk.run("fmt --check .");
    assert_eq!(told.code, 0, "{}", told.out);
}

#[test]
fn hostile_files_come_out_the_same_or_are_left_alone() {
    let desk = Desk::new();
    let mut formatted = 0;
    for (number, file) in yaml_files(&root().join("tests")).into_iter().enumerate() {
        let before = fs::read(&file).unwrap();
        let name = format!("{number}.yaml");
        fs::write(desk.path().join(&name), &before).unwrap();
        let once = desk.run(&format!("fmt {name}"));
        let after = fs::read(desk.path().join(&name)).unwrap();
        assert!(matches!(once.code, 0 | 3), "{}: {}", file.display(), once.err);
        if once.code == 3 {
            assert_eq!(after, before, "{}", file.display());
            continue;
        }
        formatted += 1;
        let twice = desk.run(&format!("fmt --check {name}"));
        assert_eq!(twice.code, 0, "{}: {}", file.display(), twice.out);
    }
    assert!(formatted > 20, "{formatted}");
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            found.extend(yaml_files(&path));
        } else if path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            found.push(path);
        }
    }
    found
}
