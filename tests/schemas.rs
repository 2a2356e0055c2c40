//! The schemas that are checked in are those that the program makes; `UPDATE_SCHEMAS=1` writes them anew. What they take
//! and refuse is proven with foreign validators and in an editor, by `tests/run`.

mod provider_files;

use std::fs;

use serde_json::Value;

use crate::program::{TestFolder, root};

#[test]
fn the_schemas_checked_in_are_not_stale() {
    let desk = TestFolder::new();
    let list = desk.run("schema").exits(0).out;
    let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(
        names,
        ["playbook", "settings", "test", "provider", "operation", "events", "summary", "story", "report"]
    );
    for name in names {
        let made = desk.run(&format!("schema {name}")).exits(0).out;
        let path = root().join(format!("schemas/{name}.schema.json"));
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == made, "{} is stale: UPDATE_SCHEMAS=1 writes it anew", path.display());
    }
    desk.run("schema playbok").exits(2).says(&["playbook"]);
}

#[test]
fn every_operation_stands_in_the_schema_with_its_inputs() {
    let desk = TestFolder::new();
    let schema = desk.run("schema playbook").exits(0).json();
    for operation in desk.run("operations --format json").exits(0).json().as_array().unwrap() {
        let name = operation["name"].as_str().unwrap();
        let inputs = &schema["definitions"][name]["properties"];
        for input in operation["inputs"].as_array().unwrap() {
            assert!(inputs[input["name"].as_str().unwrap()].is_object(), "{name} {input}");
        }
        assert!(
            schema["definitions"]["step"]["properties"]["uses"]["enum"]
                .as_array()
                .unwrap()
                .contains(&operation["name"])
        );
    }
}

#[test]
fn an_own_providers_operations_stand_in_it_too() {
    let desk = TestFolder::new();
    desk.write("own/acme/provider.yaml", "title: Acme\nbase_url: https://api.example.com\nauth: { scheme: none }\nanswer: { success: { path: code, is: [0] }, otherwise: rejected }\n");
    desk.write(
        "own/acme/make.yaml",
        "summary: Makes a thing\nvendor_name: make\neffect: write\nmethod: POST\npath: /things\nbody: { $inputs: all }\ninputs: { required: [id], properties: { id: { type: string } } }\nexamples:\n  - { name: One, with: { id: a }, request: { path: /things, body: { id: a } }, answers: [{ body: { code: 0 }, is: succeeded }] }\n",
    );
    let schema = desk.run("schema playbook --providers own").exits(0).json();
    assert!(schema["definitions"]["acme.make"]["properties"]["id"].is_object());
    assert_eq!(desk.run("schema playbook").exits(0).json()["definitions"]["acme.make"], Value::Null);
}
