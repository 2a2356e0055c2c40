//! What `new` writes, a starter or an example: it passes `check` as it is, runs on the sandbox, and never takes the place of
//! a file.

use std::fs;

use crate::program::{CommandResult, TestFolder};

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
fn a_starter_says_what_to_try_and_has_its_schemas_beside_it() {
    let desk = TestFolder::new();
    desk.write("runsheet.yaml", "environments: {}\n");
    fs::create_dir(desk.path().join("my trial")).unwrap();
    let came = desk.bash("cd 'my trial' && runsheet new . && cd .. && runsheet new 'a b' --format json").exits(0);
    came.out.lines().filter(|line| line.starts_with("  runsheet run")).for_each(|line| assert!(!line.contains("./")));
    for line in ["  playbook.yaml", "  runsheet check playbook.yaml", "  runsheet run playbook.yaml"] {
        assert!(came.out.contains(&format!("{line}\n")), "{}", came.out);
    }
    assert!(came.out.contains("runsheet plan 'a b/playbook.yaml'"), "{}", came.out);
    assert!(came.out.contains("runsheet plan playbook.yaml --env production\n"), "{}", came.out);
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

/// The examples that the program lists.
fn examples(desk: &TestFolder) -> Vec<serde_json::Value> {
    desk.run("new --example --format json").exits(0).json().as_array().unwrap().clone()
}

#[test]
fn the_examples_are_listed_with_one_line_each() {
    let desk = TestFolder::new();
    let listed = examples(&desk);
    assert!(listed.len() >= 8, "{listed:?}");
    let text = desk.run("new --example").exits(0).out;
    for example in &listed {
        let (name, said) = (example["name"].as_str().unwrap(), example["description"].as_str().unwrap());
        let line = text.lines().find(|line| line.starts_with(&format!("{name}  "))).unwrap();
        assert!(line.ends_with(&format!("  {said}")) && !said.is_empty(), "{line}");
    }
    assert_eq!(desk.run("new elsewhere --example").exits(0).out, text);
    assert_eq!(desk.run_with("new", &[("RUNSHEET_EXAMPLE", "")]).exits(0).out, text);
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 0);
}

#[test]
fn every_example_passes_check_and_test_and_runs_as_it_is_written() {
    let listed = examples(&TestFolder::new());
    // Side by side: they mostly wait for their turn within the limits.
    std::thread::scope(|scope| {
        for example in &listed {
            scope.spawn(move || example_works(example));
        }
    });
}

fn texts(list: &serde_json::Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn example_works(example: &serde_json::Value) {
    let desk = TestFolder::new();
    let name = example["name"].as_str().unwrap();
    let written = desk.run(&format!("new --example {name} --format json")).exits(0).json();
    let mut files: Vec<String> = texts(&example["files"]).iter().map(|file| format!("{name}/{file}")).collect();
    assert_eq!(files[..2], [format!("{name}/{name}.yaml"), format!("{name}/{name}.test.yaml")]);
    assert!(files.len() > 2, "{name} has no list");
    files.extend(["playbook", "test"].map(|schema| format!("{name}/schemas/{schema}.schema.json")));
    assert_eq!(texts(&written["files"]), files);
    for (file, schema) in [(&files[0], "playbook"), (&files[1], "test")] {
        let first = format!("# yaml-language-server: $schema=schemas/{schema}.schema.json\n");
        assert!(desk.read(file).starts_with(&first), "{file}");
        let printed = desk.run(&format!("schema {schema}")).exits(0).json();
        let schema = desk.read(&format!("{name}/schemas/{schema}.schema.json"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&schema).unwrap(), printed);
    }
    let next = texts(&written["next"]);
    assert_eq!(next, ["check", "test", "plan", "run"].map(|verb| format!("runsheet {verb} {name}/{name}.yaml")));
    for line in next.iter().chain(&texts(&written["then"])) {
        let came = desk.bash(&format!("{line} --format json")).exits(0).json();
        if line.starts_with("runsheet check") {
            assert_eq!(came["diagnostics"], serde_json::json!([]), "{name}");
        }
        if line.starts_with("runsheet run") {
            assert_eq!(came["rows"]["succeeded"], came["rows"]["total"], "{name}: {came}");
        }
    }
    // Commands in its comments are right in the folder of the playbook, with lists of the user's own.
    let comments = desk.read(&files[0]) + &desk.read(&files[1]);
    for line in comments.lines().filter_map(|line| line.strip_prefix("#   runsheet ")) {
        let (_, args) = line.split_once(' ').unwrap();
        let ready = "cp customers.csv my-customers.csv; cp appointments.csv mine.csv";
        let verb = if line.starts_with("test") { "test" } else { "check" };
        desk.bash(&format!("cd {name}; {{ {ready}; }} 2> /dev/null; runsheet {verb} {args}")).exits(0);
    }
}

#[test]
fn an_example_never_takes_the_place_of_a_file_and_half_of_one_is_taken_away_again() {
    let desk = TestFolder::new();
    for file in ["onboard-appointments.yaml", "onboard-appointments.test.yaml", "appointments.csv", "customers.csv"] {
        let folder = format!("mine-{}", file.replace('.', "-"));
        desk.write(&format!("{folder}/{file}"), "mine\n");
        let came = desk.run(&format!("new {folder} --example onboard-appointments")).exits(2);
        came.says(&[&format!("`{folder}/{file}` exists already"), "nothing was written"]);
        assert_eq!(desk.read(&format!("{folder}/{file}")), "mine\n");
        assert_eq!(fs::read_dir(desk.path().join(folder)).unwrap().count(), 1);
    }
    desk.write("half/schemas", "a file where a folder should be\n");
    desk.run("new half --example close-appointments").exits(2).says(&["half/schemas/playbook.schema.json"]);
    assert_eq!(fs::read_dir(desk.path().join("half")).unwrap().count(), 1);
}

#[test]
fn several_examples_may_share_a_folder_and_its_schemas_stay() {
    let desk = TestFolder::new();
    desk.write("schemas/playbook.schema.json", "{}\n");
    let first = desk.run("new . --example close-appointments").exits(0);
    assert!(first.out.contains("\n  runsheet run close-appointments.yaml\n"), "{}", first.out);
    let second = desk.run("new . --example return-documents --format json").exits(0).json();
    assert_eq!(second["files"].as_array().unwrap().len(), 3, "{second}");
    assert_eq!(desk.read("schemas/playbook.schema.json"), "{}\n");
    desk.run("check close-appointments.yaml return-documents.yaml").exits(0);
}

#[test]
fn an_unknown_example_and_operations_beside_an_example_are_refused() {
    let desk = TestFolder::new();
    desk.run("new --example close-apointments").exits(2).says(&["Did you mean `close-appointments`?"]);
    desk.run("new --example mine").exits(2).says(&["no example `mine`", "`runsheet new --example` lists them"]);
    desk.run("new --example close-appointments --from http.request").exits(2).says(&["cannot be used with"]);
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 0);
}

/// Runs `new` at a terminal where these lines are typed.
fn typed(desk: &TestFolder, lines: &str) -> CommandResult {
    desk.bash(&format!("printf '{lines}' | script -qec 'runsheet new' /dev/null"))
}

#[test]
fn at_a_terminal_it_asks_what_to_write_and_where() {
    let desk = TestFolder::new();
    let came = typed(&desk, "2\\n\\n").exits(0);
    assert!(came.out.contains("1  extend-deadlines  ") && came.out.contains("Into which folder?"), "{}", came.out);
    desk.run("check extend-signer-deadlines/extend-signer-deadlines.yaml").exits(0);
    typed(&desk, "close-appointments\\nmine\\n").exits(0);
    desk.run("check mine/close-appointments.yaml").exits(0);
    typed(&desk, "arctos.create_task arctos.add_moderator\\n\\n").exits(0);
    desk.run("test trial").exits(0);
    // A wrong answer is asked for once more, three times at most.
    let came = typed(&desk, "close-apointments\\nreturn-documents\\n\\n").exits(0);
    assert!(came.out.contains("Did you mean `close-appointments`?"), "{}", came.out);
    desk.run("check return-documents/return-documents.yaml").exits(0);
    typed(&desk, "9\\n0\\nnothing\\n1\\n\\n").exits(2);
    for none in ["", "\\n", "1\\n"] {
        typed(&desk, none).exits(2);
    }
    assert!(!desk.path().join("extend-deadlines").exists());
}

#[test]
fn alone_and_without_a_terminal_it_says_what_there_is_and_writes_nothing() {
    let desk = TestFolder::new();
    let came = desk.run("new").exits(2);
    assert_eq!(came.out, "");
    for example in examples(&desk) {
        let line = format!("  runsheet new --example {} ", example["name"].as_str().unwrap());
        assert!(came.err.contains(&line), "{}", came.err);
    }
    assert_eq!(desk.run("new --format json").exits(2).json()["outcome"], "usage");
    assert_eq!(fs::read_dir(desk.path()).unwrap().count(), 0);
    let proposed = came.err.lines().find(|line| line.starts_with("  runsheet new trial")).unwrap();
    desk.bash(proposed).exits(0);
}
