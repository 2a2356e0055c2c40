//! `fmt` over every YAML file of the repository: what ships is formatted, and what is hostile is kept or left.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{TestFolder, root};

#[test]
fn what_ships_is_formatted() {
    let paths = ["playbooks", "schemas/providers"].map(|path| root().join(path).display().to_string());
    TestFolder::new().run(&format!("fmt --check {}", paths.join(" "))).exits(0).says(&["nothing to change"]);
}

#[test]
fn starters_are_formatted() {
    let desk = TestFolder::new();
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
    let desk = TestFolder::new();
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

#[test]
fn a_link_that_leads_out_of_a_folder_is_left_alone_unless_it_is_named() {
    const UNEVEN: &str = "a:   1\n";
    let desk = TestFolder::new();
    for name in ["outside/a.yaml", "outside/kept.yaml", "in/own.yaml", "in/.hidden/shared.yaml"] {
        desk.write(name, UNEVEN);
    }
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, desk.path().join(from)).unwrap();
    let is_link = |name: &str| desk.path().join(name).is_symlink();
    link("../outside/a.yaml", "in/file.yaml");
    link("../outside", "in/folder");
    link(".hidden/shared.yaml", "in/stays.yaml");
    link("own.yaml", "in/zz.yaml");
    link("nowhere.yaml", "in/dangling.yaml");
    link("in", "named");

    desk.run("fmt --check in").exits(4).says(&["2 files, 2 not formatted"]);
    let came = desk.run("fmt in").exits(0).says(&["2 files, 2 formatted", "note: 1 link leads out", "in/file.yaml"]);
    assert_eq!(came.err.matches("left alone").count(), 1, "{}", came.err);
    assert_eq!((desk.read("outside/a.yaml"), desk.read("outside/kept.yaml")), (UNEVEN.to_owned(), UNEVEN.to_owned()));
    assert_eq!((desk.read("in/own.yaml"), desk.read("in/.hidden/shared.yaml")), ("a: 1\n".into(), "a: 1\n".into()));
    let told = desk.run("fmt in --format json").exits(0).json();
    assert_eq!(told["links_left_alone"], serde_json::json!(["in/file.yaml"]));

    // A folder that is a link itself was named, and so was the file behind this link.
    desk.run("fmt named").exits(0).says(&["note: 1 link leads out"]);
    desk.run("fmt in/file.yaml").exits(0).says(&["1 file, 1 formatted"]).never_says(&["note:"]);
    assert_eq!((desk.read("outside/a.yaml"), desk.read("outside/kept.yaml")), ("a: 1\n".into(), UNEVEN.to_owned()));
    // What leads out of one folder may lie in another that is named.
    desk.run("fmt in outside").exits(0).says(&["4 files"]).never_says(&["note:"]);
    for name in ["in/file.yaml", "in/folder", "in/stays.yaml", "in/zz.yaml", "in/dangling.yaml", "named"] {
        assert!(is_link(name), "{name} is no link any more");
    }
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
