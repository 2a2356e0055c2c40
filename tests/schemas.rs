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
    assert_eq!(names, ["playbook", "settings", "test", "provider", "operation", "events", "summary"]);
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

/// Keys of the language that the reader knows only to refuse them.
const NOT_BUILT: [&str; 2] = ["serialize_by", "verify"];

#[test]
fn the_schema_of_playbooks_has_the_keys_that_the_reader_knows() {
    let desk = TestFolder::new();
    desk.write(
        "playbook.yaml",
        "zzzz: 1\nname: n\nvars: { v: { zzzz: 1 } }\nlimits: { zzzz: 1 }\nstop_when: { zzzz: 1 }\nwaves: { zzzz: 1, sizes: [1] }
window: { zzzz: 1, timezone: Asia/Taipei }
rows: { zzzz: 1, from: r.csv, key: id, columns: { c: { zzzz: 1 } }, lists: { l: { zzzz: 1, match: id } } }
steps:
  - { zzzz: 1, id: a, uses: http.request, until: { zzzz: 1, is: '{{ run.id }}' }, retry: { zzzz: 1 }, rollback: { zzzz: 1, uses: http.request } }\n",
    );
    let schema = desk.run("schema playbook").exits(0).json();
    let found = desk.run("check playbook.yaml --format json").exits(3).json();
    let mut seen = 0;
    for (what, place) in [
        ("a playbook", ""),
        ("the variable `v`", "/properties/vars/additionalProperties/anyOf/1"),
        ("`limits`", "/properties/limits"),
        ("`stop_when`", "/properties/stop_when"),
        ("`waves`", "/properties/waves"),
        ("`window`", "/properties/window"),
        ("`rows`", "/properties/rows"),
        ("the column `c`", "/properties/rows/properties/columns/additionalProperties"),
        ("the list `l`", "/properties/rows/properties/lists/additionalProperties"),
        ("a step", "/definitions/step"),
        ("`until`", "/definitions/step/properties/until"),
        ("`retry`", "/definitions/step/properties/retry"),
        ("`rollback`", "/definitions/rollback"),
    ] {
        same_keys(&schema, &found, what, place);
        seen += 1;
    }
    assert_eq!(seen, 13);
}

#[test]
fn the_schema_of_tests_has_the_keys_that_the_reader_knows() {
    let desk = TestFolder::new();
    desk.write("a.yaml", "name: n\nsteps:\n  - { id: a, uses: http.request, with: { method: GET, path: / } }\n");
    desk.write(
        "a.test.yaml",
        "zzzz: 1\ntests:
  - { zzzz: 1, name: n, rows: { zzzz: 1 }, sandbox: { zzzz: 1 }, answers: [{ zzzz: 1, to: { zzzz: 1 }, lost: true }],
      expect: { zzzz: 1, rows: { once: { zzzz: 1 } } } }\n",
    );
    let schema = desk.run("schema test").exits(0).json();
    let found = desk.run("test a.test.yaml --format json").exits(3).json();
    let test = "/properties/tests/items";
    for (what, place) in [
        ("a test file", String::new()),
        ("a test", test.to_owned()),
        ("`rows`", format!("{test}/properties/rows/anyOf/2")),
        ("`sandbox`", format!("{test}/properties/sandbox/anyOf/1")),
        ("an answer", format!("{test}/properties/answers/items")),
        ("a request", "/definitions/request/anyOf/1".to_owned()),
        ("`expect`", format!("{test}/properties/expect")),
        ("an expected row", "/definitions/expected_row/anyOf/1".to_owned()),
    ] {
        same_keys(&schema, &found, what, &place);
    }
}

/// The keys that the reader names when it meets one that it does not know, and those of the schema at a place.
fn same_keys(schema: &Value, found: &Value, what: &str, place: &str) {
    let message = format!("`zzzz` is no key of {what}");
    let all = found["diagnostics"].as_array().unwrap();
    let help = all.iter().find(|one| one["message"] == message.as_str()).map(|one| one["help"].as_str().unwrap());
    let help = help.unwrap_or_else(|| panic!("{message}: {all:#?}"));
    let mut known: Vec<&str> = help.split('`').skip(1).step_by(2).filter(|key| !NOT_BUILT.contains(key)).collect();
    let mut has: Vec<&str> =
        schema.pointer(place).unwrap()["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    known.sort_unstable();
    has.sort_unstable();
    assert_eq!(has, known, "the schema (left) and the reader (right) of {what}");
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
