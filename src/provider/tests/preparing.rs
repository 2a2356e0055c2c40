//! Inputs that are wrong are told at their place; the others arrive as the file declares them.

use serde_json::json;

use super::acme::{NOW, connection, inputs, map, operation};
use crate::model::{Map, Time, Value, contains_deferred, deferred};
use crate::provider::InputProblem;

fn prepare(changes: Value) -> Result<Map, Vec<InputProblem>> {
    operation("create").prepare(&connection(), inputs(changes), NOW)
}

/// The one problem that a change makes: its place, its code, its message.
fn problem(changes: Value) -> (String, &'static str, InputProblem) {
    let problems = prepare(changes.clone()).expect_err(&changes.to_string());
    let [problem] = <[InputProblem; 1]>::try_from(problems).unwrap();
    (problem.path.join("."), problem.code, problem)
}

#[test]
fn every_kind_of_mistake_is_reported_at_its_place() {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    for (changes, path, code) in [
        (json!({"nmu": "x"}), "nmu", "unknown-input"),
        (json!({"owner": {"name": "n", "phnoe": "1"}}), "owner.phnoe", "unknown-input"),
        (json!({"people": [{"id": "1"}, {"id": "2", "x": 1}]}), "people.1.x", "unknown-input"),
        (json!({"num": null}), "num", "missing-input"),
        (json!({"owner": {}}), "owner.name", "missing-input"),
        (json!({"owner": null}), "owner", "missing-input"),
        (json!({"people": [{}]}), "people.0.id", "missing-input"),
        (json!({"kind": "normal"}), "at", "missing-input"),
        (json!({"num": ["a1b2"]}), "num", "bad-type"),
        (json!({"owner": "n"}), "owner", "bad-type"),
        (json!({"people": {"id": "1"}}), "people", "bad-type"),
        (json!({"size": "3.0"}), "size", "bad-type"),
        (json!({"size": "03"}), "size", "bad-type"),
        (json!({"notify": "maybe"}), "notify", "bad-type"),
        (json!({"weight": "1,5"}), "weight", "bad-type"),
        (json!({"day": "2027-02-30"}), "day", "bad-type"),
        (json!({"at": "1703141398000"}), "at", "bad-type"),
        (json!({"at": "2027-01-31"}), "at", "bad-type"),
        (json!({"num": "a1b"}), "num", "bad-value"),
        (json!({"num": "a1b23"}), "num", "bad-value"),
        (json!({"num": "A1B2"}), "num", "bad-value"),
        (json!({"kind": "cancelled"}), "kind", "bad-value"),
        (json!({"size": 0}), "size", "bad-value"),
        (json!({"size": 11}), "size", "bad-value"),
        (json!({"people": []}), "people", "bad-value"),
        (json!({"people": [{"id": "1"}, {"id": "2"}, {"id": "3"}]}), "people", "bad-value"),
        (json!({"remark": "a", "remarks": "b"}), "remarks", "bad-value"),
        (json!({"people": deep}), "people.0", "bad-type"),
        (json!({"at": "1699999999"}), "at", "too-late"),
        (json!({"until": 1_700_000_000}), "until", "too-late"),
    ] {
        let (found_path, found_code, _) = problem(changes.clone());
        assert_eq!((found_path.as_str(), found_code), (path, code), "{changes}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let problems = prepare(json!({"nmu": 1, "size": "x", "kind": "cancelled", "owner": {"phone": "x"}})).unwrap_err();
    assert_eq!(problems.len(), 5, "{problems:?}");
}

#[test]
fn a_near_miss_is_named() {
    let help = |changes: Value| problem(changes).2.help.unwrap_or_default();
    assert_eq!(help(json!({"nmu": "x"})), "Did you mean `num`?");
    assert_eq!(help(json!({"Who": "x"})), "Did you mean `who`?");
    assert_eq!(help(json!({"kind": "cancelled"})), "Did you mean `canceled`?");
    assert!(help(json!({"zzzzzz": "x"})).contains("`owner`"));
}

#[test]
fn messages_hold_no_personal_data() {
    for changes in [
        json!({"owner": {"name": "n", "phone": "0911-secret"}}),
        json!({"owner": {"name": ["secret"]}}),
        json!({"owner": {"name": {"secret": "secret"}}}),
    ] {
        let problem = problem(changes).2;
        assert!(!format!("{problem:?}").contains("secret"), "{problem:?}");
    }
}

#[test]
fn types_are_converted_without_loss_and_in_declared_order() {
    let prepared = prepare(json!({
        "until": "2023-12-21T14:49:58+08:00",
        "at": 1_703_141_398,
        "weight": "1.50",
        "size": "7",
        "num": "0123",
        "notify": "YES",
        "day": "2027-01-31",
        "people": [{"id": 1}, {"id": "2"}],
        "remarks": "r",
        "extra": {"z": null, "a": [null, 1]},
        "page": "2",
    }))
    .unwrap();
    let text = Value::Object(prepared).to_string();
    assert_eq!(
        text,
        r#"{"num":"0123","owner":{"name":"n"},"notify":true,"size":7,"weight":1.50,"at":"1703141398","until":1703141398,"day":"2027-01-31","people":[{"id":"1"},{"id":"2"}],"remark":"r","extra":{"a":[1]},"page":2}"#
    );
}

#[test]
fn the_order_in_which_inputs_are_written_changes_nothing() {
    let operation = operation("create");
    let one = map(json!({"num": "a1b2", "size": 3, "owner": {"name": "n", "phone": "1"}}));
    let other = map(json!({"owner": {"phone": "1", "name": "n"}, "size": "3", "num": "a1b2"}));
    let hash = |with: Map| {
        let inputs = operation.prepare(&connection(), with, NOW).unwrap();
        operation.request(&connection(), &connection().settings, &inputs).unwrap().hash()
    };
    assert_eq!(hash(one), hash(other));
}

#[test]
fn given_values_override_defaults_and_null_removes_them() {
    let mut connection = connection();
    connection.defaults = map(json!({
        "owner": {"name": "default", "phone": "1"}, "remark": "d", "people": [{"id": "d"}], "nothing": 1, "notify": true,
    }));
    let operation = operation("create");
    let prepare = |with: Value| operation.prepare(&connection, map(with), NOW).map(Value::Object);
    let all = prepare(json!({"num": "a1b2", "size": 3})).unwrap();
    assert_eq!(
        all,
        json!({"num": "a1b2", "owner": {"name": "default", "phone": "1"}, "notify": true, "size": 3, "people": [{"id": "d"}], "remark": "d"})
    );
    let merged = prepare(json!({
        "num": "a1b2", "size": 3, "owner": {"name": "own", "phone": null}, "remark": null, "people": [{"id": "own"}],
        "notify": false,
    }));
    assert_eq!(
        merged.unwrap(),
        json!({"num": "a1b2", "owner": {"name": "own"}, "notify": false, "size": 3, "people": [{"id": "own"}]})
    );
    let spelt = prepare(json!({"num": "a1b2", "size": 3, "remarks": "own"})).unwrap();
    assert_eq!(spelt["remark"], "own");
    let required = prepare(json!({"num": "a1b2", "size": 3, "notify": null})).unwrap_err();
    assert_eq!(required[0].code, "missing-input");
}

#[test]
fn what_is_prepared_can_be_prepared_again() {
    let operation = operation("create");
    let first = prepare(json!({
        "at": "2027-01-31T00:00:00Z", "until": "1800000001", "moments": {"from": "2027-01-31T00:00:00.5Z", "all": [1_800_000_002]},
        "day": "2027-01-31", "weight": "1.50", "people": [{"id": 1}],
    }))
    .unwrap();
    assert_eq!(first["moments"], json!({"from": 1_801_353_600_500_i64, "all": ["2027-01-15T08:00:02Z"]}));
    assert_eq!(operation.prepare(&connection(), first.clone(), NOW).unwrap(), first);
    let ahead: Vec<String> = operation.deadlines(&first).into_iter().map(|(name, at)| format!("{name} {at}")).collect();
    assert_eq!(
        ahead,
        [
            "at 2027-01-31T00:00:00Z",
            "until 2027-01-15T08:00:01Z",
            "moments.from 2027-01-31T00:00:00Z",
            "moments.all.0 2027-01-15T08:00:02Z"
        ]
    );
}

#[test]
fn a_converted_time_is_never_guessed_at_again() {
    // Each in every form that goes out: before 1973, before 1970, the epoch itself, the last second that has passed.
    for moment in [
        "0001-01-01T00:00:00Z",
        "1899-12-31T00:00:00+08:00",
        "1900-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "1970-01-01T08:00:00+08:00",
        "1973-03-03T09:46:39Z",
        "1973-03-03T09:46:40Z",
        "2001-09-09T01:46:39Z",
        "2023-11-14T22:13:20Z",
    ] {
        for (changes, path) in [
            (json!({"at": moment}), "at"),
            (json!({"until": moment}), "until"),
            (json!({"moments": {"from": moment}}), "moments.from"),
            (json!({"moments": {"all": [moment]}}), "moments.all.0"),
        ] {
            let (found, code, _) = problem(changes.clone());
            assert_eq!((found.as_str(), code), (path, "too-late"), "{changes}");
        }
    }
    for number in [json!(0), json!(-1), json!(-2_209_017_944_i64), json!("-1"), json!("19700101"), json!("0")] {
        for name in ["at", "until"] {
            assert!(prepare(json!({name: number})).is_err(), "{name} {number}");
        }
        assert!(prepare(json!({"moments": {"from": number}})).is_err(), "{number}");
    }
}

#[test]
fn an_empty_text_is_sent() {
    assert_eq!(prepare(json!({"remark": ""})).unwrap()["remark"], "");
    assert_eq!(problem(json!({"owner": {"name": ""}})).1, "bad-value");
}

#[test]
fn values_that_are_not_known_yet_are_accepted_everywhere() {
    let unknown = prepare(json!({
        "num": deferred(), "size": deferred(), "kind": deferred(), "people": deferred(), "at": deferred(),
        "owner": {"name": deferred()}, "extra": {"x": [deferred()]},
    }))
    .unwrap();
    assert!(contains_deferred(&unknown["extra"]) && contains_deferred(&unknown["num"]));
    let operation = operation("create");
    assert_eq!(operation.natural_key(&unknown), None);
    assert!(operation.deadlines(&unknown).is_empty());
    assert_eq!(problem(json!({"num": deferred(), "nmu": deferred()})).1, "unknown-input");
    // Whether it is required cannot be known either.
    assert!(prepare(json!({"kind": deferred()})).is_ok());
    let mut connection = connection();
    connection.defaults = map(json!({"owner": {"phone": "1"}}));
    let laid = operation.prepare(&connection, inputs(json!({"owner": deferred()})), NOW).unwrap();
    assert_eq!(laid["owner"], deferred());
}

#[test]
fn the_properties_of_a_call_follow_from_its_inputs() {
    let operation = operation("create");
    let plain = prepare(json!({})).unwrap();
    let full =
        prepare(json!({"who": "me", "notify": true, "kind": "canceled", "at": 1_800_000_000, "until": "1800000001"}));
    let full = full.unwrap();
    use crate::model::Repeat;
    assert_eq!((operation.repeat(&plain), operation.repeat(&full)), (Repeat::Lookup, Repeat::Safe));
    assert_eq!((operation.widened(&plain), operation.widened(&full)), (vec!["who"], vec![]));
    let kinds = |inputs: &Map| operation.dangers(inputs).iter().map(|danger| danger.kind.as_str()).collect::<Vec<_>>();
    assert_eq!((kinds(&plain), kinds(&full)), (vec!["bills"], vec!["bills", "notifies"]));
    assert_eq!(kinds(&inputs(json!({"notify": deferred()}))), vec!["bills", "notifies"]);
    assert_eq!(operation.natural_key(&plain), None);
    assert_eq!(operation.natural_key(&full).as_deref(), Some(r#"["a1b2","canceled"]"#));
    let ahead =
        vec![("at".to_owned(), Time::from_secs(1_800_000_000)), ("until".to_owned(), Time::from_secs(1_800_000_001))];
    assert_eq!(operation.deadlines(&full), ahead);
    assert!(operation.lookup_for(&plain).is_some() && operation.lookup_for(&full).is_none());
}

#[test]
fn a_playbooks_scalars_take_the_declared_type() {
    let operation = operation("create");
    let literal = |path: &str, text: &str, plain: bool| {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        operation.literal(&path, text, plain)
    };
    assert_eq!(literal("remark", "0911", true), Ok(json!("0911")));
    assert_eq!(literal("remark", "no", true), Ok(json!("no")));
    assert_eq!(literal("people.[].id", "1.50", true), Ok(json!("1.50")));
    assert_eq!(literal("people.0.id", "7", true), Ok(json!("7")));
    assert_eq!(literal("remarks", "15", true), Ok(json!("15")));
    assert_eq!(literal("size", "7", false), Ok(json!(7)));
    assert_eq!(literal("notify", "no", true), Ok(json!(false)));
    assert_eq!(literal("remark", "null", true), Ok(json!(null)));
    assert_eq!(literal("remark", "null", false), Ok(json!("null")));
    assert_eq!(literal("extra.x", "7", true), Ok(json!(7)));
    assert_eq!(literal("extra.x", "7", false), Ok(json!("7")));
    assert_eq!(literal("until", "2023-12-21T14:49:58+08:00", true), Ok(json!("2023-12-21T14:49:58+08:00")));
    assert_eq!(literal("until", "1703141398", true), Ok(json!("1703141398")));
    for (path, text) in [("size", "x"), ("notify", "maybe"), ("day", "soon"), ("at", "soon")] {
        assert!(literal(path, text, true).is_err(), "{path}");
    }
}

#[test]
fn advice_is_given_for_inputs_that_the_vendor_no_longer_supports() {
    let operation = operation("create");
    let advice = |path: &str| operation.advice(&path.split('.').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(advice("remarks").as_deref(), Some("Write `remark`."));
    assert_eq!(advice("old").as_deref(), Some("Use `kind`."));
    assert_eq!(advice("remark"), None);
    assert_eq!(advice("owner.name"), None);
    assert_eq!(advice("nothing"), None);
}

#[test]
fn every_input_that_a_rule_names_is_a_deciding_input() {
    let operation = operation("create");
    let deciding: Vec<&str> = operation.deciding_inputs().into_iter().collect();
    assert_eq!(deciding, ["at", "kind", "notify", "num", "who"]);
}

#[test]
fn a_value_is_accepted_unseen_only_where_no_bound_could_refuse_it() {
    use crate::provider::KnownLength::{Any, Elements, Filled};
    let operation = operation("create");
    let accepts = |name: &str, length| operation.input(&[name.to_owned()]).unwrap().accepts_any(length);
    for (name, length, wanted) in [
        ("remark", Any, true),
        ("num", Any, false),
        ("size", Any, false),
        ("kind", Any, false),
        ("at", Any, false),
        ("people", Any, false),
        ("people", Filled, false),
        ("people", Elements(0), false),
        ("people", Elements(2), true),
        ("people", Elements(3), false),
    ] {
        assert_eq!(accepts(name, length), wanted, "{name} {length:?}");
    }
}
