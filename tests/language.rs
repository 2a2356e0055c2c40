//! The tables of the language against the readers and the schemas, both ways: every key of a table is read, every key
//! that is read stands in a table, every example is taken, and every default is what holds without the key.

pub(crate) mod documents;

use std::collections::BTreeSet;

use runsheet::internals::language::{KeyDefault, LanguageFile, every_place, keys_called, keys_read};
use serde_json::{Value, json};

use crate::program::TestFolder;
use documents::{document, read, smallest, with_key};

/// Maps whose keys beside those of the table are the author's own; their readers look at the keys themselves.
const OPEN: [&str; 3] = ["each", "own_providers", "body"];

#[test]
fn every_example_of_a_map_and_of_a_key_is_taken_by_its_reader() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for place in every_place() {
        let mut examples = vec![("the map", smallest(place))];
        for key in place.map.built() {
            examples.push((key.name, with_key(place, key)));
        }
        for (name, example) in examples {
            let read = read(place.file, &document(place, example));
            seen += 1;
            if !read.errors.is_empty() {
                wrong.push(format!("{} at `{}`, {name}: {:#?}", place.map.name, place.dotted(), read.errors));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen > 300, "{seen}");

    let of_tables: BTreeSet<(&str, &str)> = every_place()
        .iter()
        .filter(|place| !OPEN.contains(&place.map.name))
        .flat_map(|place| place.map.built().map(|key| (place.map.name, key.name)))
        .collect();
    let unread: Vec<_> = of_tables.difference(&keys_read()).copied().collect();
    assert!(unread.is_empty(), "no reader asks for {unread:?}");
}

#[test]
fn a_key_that_no_table_has_is_refused_in_every_map() {
    for place in every_place().iter().filter(|place| !OPEN.contains(&place.map.name)) {
        let mut example = smallest(place);
        example["zzzz"] = json!(1);
        let read = read(place.file, &document(place, example));
        let said = read.errors.iter().find(|error| error.message.starts_with("`zzzz` is not a key of"));
        let said = said.unwrap_or_else(|| panic!("{} at `{}`: {:#?}", place.map.name, place.dotted(), read.errors));
        assert_eq!(said.code, "unknown-key");
        for name in place.map.names() {
            assert!(said.help.contains(&format!("`{name}`")), "{}: {}", place.map.name, said.help);
        }
    }
}

#[test]
fn a_key_that_a_table_requires_is_missed_by_the_reader() {
    let mut seen = 0;
    for place in every_place() {
        for key in place.map.built().filter(|key| key.required) {
            let mut example = smallest(place);
            if example.as_object_mut().unwrap().remove(key.name).is_none() || place.map.name == "each" {
                continue;
            }
            let read = read(place.file, &document(place, example));
            assert!(!read.errors.is_empty(), "`{}` of {} at `{}`", key.name, place.map.name, place.dotted());
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn a_default_that_is_written_changes_nothing() {
    let mut seen = 0;
    for place in every_place() {
        for key in place.map.built() {
            let Some(KeyDefault::Value(default)) = key.without() else { continue };
            // Beside the example of the map, or beside what the key's own example needs.
            let compared = [smallest(place), with_key(place, key)].into_iter().find_map(|mut without| {
                without.as_object_mut().unwrap().remove(key.name);
                let mut with = without.clone();
                with[key.name] = documents::yaml(default);
                let without = read(place.file, &document(place, without));
                let with = read(place.file, &document(place, with));
                (without.errors.is_empty() && with.errors.is_empty()).then_some((without.shown, with.shown))
            });
            let what = format!("`{}: {default}` of {} at `{}`", key.name, place.map.name, place.dotted());
            let (without, with) = compared.unwrap_or_else(|| panic!("{what} is not taken"));
            assert_eq!(without, with, "{what}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn the_schemas_take_every_example_and_refuse_unknown_keys() {
    let desk = TestFolder::new();
    for file in LanguageFile::ALL {
        let schema = desk.run(&format!("schema {}", documents::schema_name(file))).exits(0).json();
        let schema = jsonschema::draft7::new(&schema).unwrap();
        for place in every_place().iter().filter(|place| place.file == file) {
            for example in std::iter::once(smallest(place)).chain(place.map.built().map(|key| with_key(place, key))) {
                let whole = document(place, example);
                let wrong: Vec<String> = schema.iter_errors(&whole).map(|error| error.to_string()).collect();
                assert!(wrong.is_empty(), "{} at `{}`: {wrong:#?}\n{whole}", place.map.name, place.dotted());
            }
            if !OPEN.contains(&place.map.name) {
                let mut example = smallest(place);
                example["zzzz"] = json!(1);
                assert!(!schema.is_valid(&document(place, example)), "{} at `{}`", place.map.name, place.dotted());
            }
        }
    }
}

#[test]
fn every_key_has_a_sentence_and_an_example_that_names_it() {
    for place in every_place() {
        assert!(place.map.doc.ends_with('.'), "{}: {}", place.map.name, place.map.doc);
        for key in place.map.keys {
            let what = format!("`{}` of {}", key.name, place.map.name);
            assert!(!key.doc.ends_with('.') && key.doc.len() > 5, "{what}: {}", key.doc);
            let example = documents::yaml(key.example);
            let names: Vec<&String> = example.as_object().unwrap().keys().collect();
            assert_eq!(names, [key.name], "{what}");
            for word in key.shape.words() {
                assert!(!word.doc.ends_with('.') && word.doc.len() > 3, "{what}: {}", word.word);
            }
        }
        for rule in place.map.rules {
            let schema: Result<Value, _> = serde_json::from_str(rule.schema);
            assert!(schema.is_ok_and(|schema| schema.is_object()), "{}: {}", place.map.name, rule.doc);
        }
    }
}

#[test]
fn a_name_means_one_map() {
    let mut maps: Vec<(&str, usize)> = Vec::new();
    for place in every_place() {
        let at = std::ptr::from_ref(place.map).addr();
        match maps.iter().find(|(name, _)| *name == place.map.name) {
            Some((_, first)) => assert_eq!(*first, at, "two maps are called `{}`", place.map.name),
            None => maps.push((place.map.name, at)),
        }
    }
    assert!(maps.len() > 50, "{}", maps.len());
}

#[test]
fn a_key_is_found_by_its_name_and_by_the_end_of_its_path() {
    let found = |path: &str| {
        let mut found: Vec<String> = keys_called(path).iter().map(|one| one.dotted()).collect();
        found.sort();
        found.dedup();
        found
    };
    assert_eq!(found("lists"), ["rows.lists", "tests.lists"]);
    assert_eq!(found("rows.lists"), ["rows.lists"]);
    assert_eq!(found("columns.format"), ["rows.columns.COLUMN.format", "rows.lists.LIST.columns.COLUMN.format"]);
    assert_eq!(found("rows.columns.format"), ["rows.columns.COLUMN.format"]);
    assert_eq!(found("rows.columns.phone.format"), ["rows.columns.COLUMN.format"]);
    assert_eq!(found("waves.steps"), [""; 0]);
    assert!(found("$each").contains(&"steps.with.INPUT.$each".to_owned()));
    assert!(found("env").iter().any(|path| path.ends_with("credentials.CREDENTIAL.env")));
}

#[test]
fn a_key_in_the_wrong_place_is_told_where_it_stands() {
    let desk = TestFolder::new();
    let steps = "steps:\n  - { id: call, uses: http.request, with: { method: GET, path: / } }\n";
    desk.write("lists.yaml", &format!("name: n\nlists: {{}}\n{steps}"));
    desk.run("check lists.yaml").exits(3).says(&["`lists` is not a key of a playbook", "`lists` belongs under `rows`"]);
    desk.write("until.yaml", &format!("name: n\n{steps}    max_delay: 3s\n"));
    desk.write("rollback.yaml", "name: n\nsteps:\n  - { id: call, uses: http.request, with: { method: GET, path: / }, rollback: http.request }\n");
    desk.run("check rollback.yaml").exits(3).says(&["`rollback` must be a map of keys", "The keys are `uses`, `with`"]);
    desk.write(
        "retry.yaml",
        "name: n\nsteps:\n  - { id: call, uses: http.request, with: { method: GET, path: / }, max_delay: 3s }\n",
    );
    desk.run("check retry.yaml").exits(3).says(&["`max_delay` is not a key of a step", "`max_delay` belongs under"]);
}

#[test]
fn explain_knows_every_key_and_every_map() {
    let desk = TestFolder::new();
    let each = desk.run("explain $each").exits(0).out;
    assert!(
        each.contains("$each: a key of") && each.contains("stands at  `steps.with.INPUT.$each` of a playbook"),
        "{each}"
    );
    let lists = desk.run("explain lists").exits(0).out;
    assert!(lists.contains("keys of a list\n") && lists.contains("match    "), "{lists}");
    let format = desk.run("explain rows.columns.format --format json").exits(0).json();
    assert_eq!(format["found"][0]["map"], "column");
    assert!(desk.run("explain step").exits(0).out.contains("on_failure"));
    // `unknown` is an outcome, a disposition and a key; one kind can be picked.
    let all = desk.run("explain unknown --format json").exits(0).json()["found"].as_array().unwrap().len();
    let keys = desk.run("explain key:unknown --format json").exits(0).json()["found"].as_array().unwrap().len();
    let codes = desk.run("explain code:unknown --format json").exits(0).json()["found"].as_array().unwrap().len();
    assert!(keys > 0 && codes > 0 && all == keys + codes, "{all} {keys} {codes}");
    assert!(desk.run("explain helper:add").exits(0).out.contains("usage      add VALUE"));
    let mut names = BTreeSet::new();
    for place in every_place() {
        names.insert(place.map.name);
        names.extend(place.map.keys.iter().map(|key| key.name));
    }
    let listed: Value = desk.run("explain --format json").exits(0).json();
    let listed: BTreeSet<&str> =
        listed["found"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    for name in names {
        assert!(listed.contains(name), "`runsheet explain --format json` lacks `{name}`");
    }
}
