//! What `new` writes: it passes `check` as it is, runs on the sandbox, and never takes the place of a file.

use std::fs;

use crate::program::TestFolder;

const PROVIDER: &str = "title: A shop
base_url: https://shop.example.com
auth: { scheme: none }
answer: { otherwise: rejected, any_body: true }
";

const OPERATION: &str = "summary: Sells
vendor_name: sell
effect: write
path: /sell
repeat: never
inputs:
  required: [thingId, tags]
  properties:
    thingId: { type: string, minLength: 1 }
    tags: { type: object, additionalProperties: true }
examples:
  - name: One
    with: { thingId: a, tags: { b: 1 } }
    request: { path: /sell, body: { thingId: a, tags: { b: 1 } } }
    answers: [{ status: 200, body: \"{}\", is: succeeded }]
";

/// Writes a starter for these operations, checks it for both environments and runs it.
#[track_caller]
fn works(desk: &TestFolder, folder: &str, from: &str) -> serde_json::Value {
    desk.run(&format!("new {folder} --from {from}")).exits(0);
    for environment in ["sandbox", "production"] {
        let line = format!("check {folder}/playbook.yaml --env {environment} --format json");
        let came = desk.run(&line).exits(0).json();
        assert_eq!(came["diagnostics"], serde_json::json!([]), "{from}");
        assert_eq!(came["playbooks"][0]["rows"], 3, "{from}");
    }
    let tested = desk.run(&format!("test {folder} --format json")).exits(0).json();
    assert_eq!(tested["failed"], 0, "{from}");
    let came = desk.run(&format!("run {folder}/playbook.yaml --out {folder}/out --format json")).exits(0).json();
    assert_eq!(came["rows"]["succeeded"], 3, "{from}");
    came
}

#[test]
fn nothing_is_written_where_a_file_is_there() {
    for file in ["playbook.yaml", "rows.csv", "playbook.test.yaml", "runsheet.yaml", "schemas/settings.schema.json"] {
        let desk = TestFolder::new();
        desk.write(&format!("mine/{file}"), "# mine\n");
        let came = desk.run("new mine --from http.request").exits(2);
        came.says(&[&format!("`mine/{file}` exists already"), "nothing was written"]);
        assert_eq!(desk.read(&format!("mine/{file}")), "# mine\n");
        desk.run("new other").exits(0);
        desk.run("new other").exits(2).says(&["`other/rows.csv`, ", "`other/schemas/test.schema.json` exist already"]);
        let top = fs::read_dir(desk.path().join("mine")).unwrap().count();
        assert_eq!(top, 1, "{file}");
    }
}

#[test]
fn half_a_starter_is_taken_away_again() {
    let desk = TestFolder::new();
    desk.write("mine/schemas", "a file where a folder should be\n");
    desk.run("new mine").exits(2).says(&["mine/schemas/playbook.schema.json"]);
    assert_eq!(fs::read_dir(desk.path().join("mine")).unwrap().count(), 1);
    desk.run("new mine/schemas").exits(2).says(&["mine/schemas/playbook.yaml"]);
}

#[test]
fn every_misspelt_operation_is_named_with_the_nearest_one() {
    let desk = TestFolder::new();
    let came = desk.run("new trial --from arctos.create_tusk http.request fxiaoko.get_task").exits(2);
    came.says(&["`create_tusk`", "Did you mean `arctos.create_task`?", "Did you mean `fxiaoke`?"]);
    desk.run("new trial --from arctos.login").exits(2).says(&["no operation `login`"]);
    assert!(!desk.path().join("trial").exists());
}

#[test]
fn every_operation_alone_passes_check_and_runs() {
    let desk = TestFolder::new();
    let listed = desk.run("operations --format json").exits(0).json();
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        let came = works(&desk, &format!("alone/{name}"), name);
        assert_eq!(came["operations"][name]["calls"], 3, "{name}: {came}");
    }
}

#[test]
fn outputs_of_a_step_go_into_later_ones() {
    let desk = TestFolder::new();
    for (number, (from, fed)) in [
        (
            "arctos.create_task arctos.add_moderator arctos.add_publishers",
            "task_num: \"{{ steps.create_task.outputs.task_num }}\"",
        ),
        ("arctos.create_task,arctos.update_status", "task_num: \"{{ steps.create_task.outputs.task_num }}\""),
        ("esignon.get_workflow esignon.approve", "action_id: \"{{ steps.get_workflow.outputs.action_id }}\""),
        (
            "tencent_ess.create_release_flow tencent_ess.describe_flow_info",
            "- \"{{ steps.create_release_flow.outputs.FlowId }}\"",
        ),
        ("tencent_ess.extend_deadline tencent_ess.cancel_flow", "FlowId: \"{{ row.flow_id }}\""),
        ("fxiaoke.get_task fxiaoke.cancel_approval", "objectId: \"{{ row.object_id }}\""),
        ("fxiaoke.get_task fxiaoke.reject_to_node", "rejectToTaskId: \"{{ row.reject_to_task_id }}\""),
        ("arctos.update_status arctos.create_task", "task_num: \"{{ row.task_num }}\""),
        ("arctos.create_task arctos.create_task", "out_task_num: \"{{ row.create_task_2_out_task_num }}\""),
        ("http.request http.request arctos.create_task", "id: request_2"),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = format!("together/{number}");
        works(&desk, &folder, from);
        let playbook = desk.read(&format!("{folder}/playbook.yaml"));
        assert!(playbook.contains(fed), "{from}: {playbook}");
    }
}

#[test]
fn without_a_word_it_writes_here_and_says_what_to_try() {
    let desk = TestFolder::new();
    desk.write("runsheet.yaml", "environments: {}\n");
    fs::create_dir(desk.path().join("my trial")).unwrap();
    let came = desk.bash("cd 'my trial' && runsheet new && cd .. && runsheet new 'a b' --format json").exits(0);
    came.out.lines().filter(|line| line.starts_with("  runsheet run")).for_each(|line| assert!(!line.contains("./")));
    for line in ["  playbook.yaml", "  runsheet check playbook.yaml", "  runsheet run playbook.yaml"] {
        assert!(came.out.contains(&format!("{line}\n")), "{}", came.out);
    }
    assert!(came.out.contains("runsheet plan 'a b/playbook.yaml'"), "{}", came.out);
    came.says(&["runsheet.yaml no longer applies"]);
    let settings = desk.read("my trial/runsheet.yaml");
    assert!(settings.contains("env: HTTP_TOKEN"), "{settings}");
    for (file, schema) in [("playbook.yaml", "playbook"), ("runsheet.yaml", "settings")] {
        let first = format!("# yaml-language-server: $schema=schemas/{schema}.schema.json\n");
        assert!(desk.read(&format!("a b/{file}")).starts_with(&first));
        let printed = desk.run(&format!("schema {schema}")).exits(0).json();
        let written = desk.read(&format!("a b/schemas/{schema}.schema.json"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), printed);
    }
}

#[test]
fn providers_of_ones_own_are_named_in_the_settings() {
    let desk = TestFolder::new();
    desk.write("own/shop/provider.yaml", PROVIDER);
    desk.write("own/shop/sell.yaml", OPERATION);
    desk.run("new trial --from shop.sell --providers own").exits(0);
    desk.run("check trial/playbook.yaml --env production").exits(0);
    assert!(desk.read("trial/playbook.yaml").contains("thingId: \"{{ row.thing_id }}\""));
}
