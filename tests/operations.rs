//! What `operations` shows can be pasted: every example step passes `check` as it is printed.

use crate::program::TestFolder;

#[test]
fn undocumented_failures_are_described_where_an_operation_is_shown() {
    let desk = TestFolder::new();
    for name in ["create_task", "add_moderator", "add_publishers", "update_status"] {
        let shown = desk.run(&format!("operations arctos.{name}")).exits(0).out;
        assert!(shown.contains("If the message names an error of the vendor's own"), "{shown}");
    }
}

#[test]
fn every_example_step_passes_the_check_as_printed() {
    let desk = TestFolder::new();
    let all = desk.run("operations --format json").exits(0).json();
    let names: Vec<String> =
        all.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let shown = desk.run(&format!("operations {name}")).exits(0).out;
        let (_, step) = shown.split_once("\nexample step\n").unwrap_or_else(|| panic!("{name} has no example step"));
        let step = step.split("\n\n").next().unwrap();
        desk.write("playbook.yaml", &format!("version: 1\nname: Pasted\nsteps:\n{step}\n"));
        let said = desk.run("check playbook.yaml --format json").exits(0).json();
        assert_eq!(said["diagnostics"], serde_json::json!([]), "{name}");
    }
}
