//! The schema of a playbook, with the inputs of each step by its operation.

use serde_json::json;

use super::parts::{closed, condition, count, duration, file, flag, keyed, limits, or_null, text, word};
use super::rows::{expect, rows, variable};
use super::with::with;
use crate::model::{Map, Repeat, Value};
use crate::playbook::OnFailure;
use crate::provider::Registry;

/// The schema of playbooks for the known providers.
pub(in crate::cli) fn playbook(registry: &Registry) -> Value {
    let steps = json!({"type": "array", "items": {"$ref": "#/definitions/step"}});
    let some = |description: &str| json!({"type": ["array", "null"], "items": {"$ref": "#/definitions/step"}, "description": description});
    let mut at_least_one = steps;
    at_least_one["minItems"] = json!(1);
    at_least_one["description"] = json!("What is done for each row, in order");
    let body = closed(
        vec![
            ("version", json!({"enum": [1, null], "description": "The version of the language"})),
            ("name", json!({"type": ["string", "number", "boolean"], "description": "What it is called"})),
            ("description", text("What it does, for people")),
            ("vars", keyed(variable())),
            ("rows", rows()),
            ("limits", limits("For this run, on top of each provider's own")),
            ("stop_when", stop_when()),
            ("waves", waves()),
            ("budget", budget(registry)),
            ("window", window()),
            ("before", some("Steps that run once, ahead of the rows")),
            ("steps", at_least_one),
            ("after", some("Steps that run once, when the rows are done")),
            ("results", keyed(json!({"description": "An extra column of the row files"}))),
        ],
        &["name", "steps"],
    );
    file("A playbook of runsheet", body, definitions(registry))
}

fn stop_when() -> Value {
    let ratio =
        json!({"type": ["string", "number", "null"], "description": "Stop at this share of failed rows: `10%`"});
    or_null(closed(
        vec![
            ("failed", count(1, "Stop at this number of failed rows")),
            ("failed_ratio", ratio),
            ("unknown", count(1, "Stop at this number of rows with an unknown outcome")),
            ("new_kind", flag("Stop at a kind of failure that did not occur in the first wave")),
        ],
        &[],
    ))
}

fn waves() -> Value {
    let size = json!({"type": ["string", "integer"], "description": "A number of rows, or a share: `3`, `10%`"});
    let sizes = json!({"type": "array", "items": size, "minItems": 1, "description": "The sizes of the first waves; all other rows are the last wave"});
    let gate = json!({"type": ["string", "number", "null"], "description": "The share of a wave that must have succeeded: `99%`"});
    or_null(closed(vec![("sizes", sizes), ("gate", gate)], &["sizes"]))
}

/// The schema of `budget`: the kinds that operations count, and any other kind.
fn budget(registry: &Registry) -> Value {
    let kinds =
        registry.operations().flat_map(|operation| &operation.dangers).filter_map(|danger| danger.counts_as.clone());
    let most = count(0, "The most that a run may make");
    json!({
        "type": ["object", "null"],
        "properties": kinds.map(|kind| (kind, most.clone())).collect::<Map>(),
        "additionalProperties": most,
        "description": "The most effects of each kind that a run may make",
    })
}

fn window() -> Value {
    or_null(closed(
        vec![
            ("days", text("Days such as `Mon-Fri`")),
            ("hours", text("Hours such as `09:00-18:00`")),
            ("timezone", json!({"type": "string", "description": "The zone of the hours: `Asia/Shanghai`"})),
        ],
        &["timezone"],
    ))
}

fn definitions(registry: &Registry) -> Map {
    let mut definitions = Map::new();
    definitions.insert("step".to_owned(), step(registry));
    definitions.insert("rollback".to_owned(), rollback(registry));
    for provider in registry.providers() {
        let known = provider.settings.iter().map(|one| (one.name.clone(), json!({"description": one.description})));
        let own = json!({
            "type": ["object", "null"],
            "properties": known.collect::<Map>(),
            "additionalProperties": false,
            "description": "Settings of the connection that this step overrides",
        });
        definitions.insert(format!("settings-{}", provider.name), own);
    }
    for operation in registry.operations() {
        definitions.insert(operation.full_name().to_owned(), with(operation));
    }
    definitions
}

fn step(registry: &Registry) -> Value {
    let may_be_said = Repeat::ALL.into_iter().filter(|repeat| repeat.may_be_said_by_a_step());
    let said: Vec<&str> = may_be_said.map(Repeat::as_str).collect();
    let until = closed(
        vec![
            ("is", condition("The read is repeated until this holds")),
            ("every", duration("The wait between two reads")),
            ("within", duration("After how long it gives up")),
        ],
        &["is"],
    );
    let retry = closed(
        vec![
            (
                "attempts",
                json!({"type": ["integer", "null"], "minimum": 1, "maximum": 100, "description": "The most sends of one call"}),
            ),
            ("delay", duration("The first wait")),
            ("max_delay", duration("The longest wait")),
        ],
        &[],
    );
    let keys = vec![
        (
            "id",
            json!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "description": "Its name in templates; unique"}),
        ),
        ("name", text("For people")),
        ("uses", uses(registry)),
        ("with", json!({"type": ["object", "null"], "description": "The operation's inputs"})),
        ("when", condition("Whether the step is wanted; null, false, 0, \"\" and [] skip it")),
        ("for_each", condition("A list: the step is made once per element, as `item`")),
        ("until", or_null(until)),
        ("expect", expect()),
        ("on_failure", word(&OnFailure::WORDS, "What its failure means")),
        ("rollback", json!({"$ref": "#/definitions/rollback"})),
        ("retry", or_null(retry)),
        ("timeout", duration("How long a call may take")),
        ("connection", text("Which connection, where a provider has several")),
        (
            "settings",
            json!({"type": ["object", "null"], "description": "Settings of the connection that this step overrides"}),
        ),
        ("repeat", word(&said, "What may follow a lost answer of `http.request`")),
    ];
    by_operation(closed(keys, &["id", "uses"]), registry)
}

fn rollback(registry: &Registry) -> Value {
    let keys = vec![
        ("uses", uses(registry)),
        ("with", json!({"type": ["object", "null"], "description": "The operation's inputs"})),
        ("connection", text("Which connection, where a provider has several")),
        (
            "settings",
            json!({"type": ["object", "null"], "description": "Settings of the connection that it overrides"}),
        ),
    ];
    let mut schema = by_operation(or_null(closed(keys, &["uses"])), registry);
    schema["description"] = json!("What takes the step back when a later step of the row fails for good");
    schema
}

/// The schema of `uses`: every operation by its name, and by the vendor's name where that is unique.
fn uses(registry: &Registry) -> Value {
    let own = registry.operations().map(|operation| operation.full_name().to_owned());
    let vendors = registry.operations().filter_map(|operation| {
        let name = format!("{}.{}", operation.provider.name, operation.vendor_name);
        (name != operation.full_name() && registry.operation(&name).is_ok()).then_some(name)
    });
    let mut words: Vec<String> = own.chain(vendors).collect();
    words.dedup();
    json!({"enum": words, "description": "The operation: `runsheet operations` lists them"})
}

fn by_operation(mut schema: Value, registry: &Registry) -> Value {
    let each = registry.operations().map(|operation| {
        let name = operation.full_name();
        let vendors = format!("{}.{}", operation.provider.name, operation.vendor_name);
        let mut names = vec![name.to_owned()];
        names.extend((vendors != name && registry.operation(&vendors).is_ok()).then_some(vendors));
        json!({
            "if": {"properties": {"uses": {"enum": names}}, "required": ["uses"]},
            "then": {"properties": {
                "with": {"$ref": format!("#/definitions/{name}")},
                "settings": {"$ref": format!("#/definitions/settings-{}", operation.provider.name)},
            }},
        })
    });
    schema["allOf"] = Value::Array(each.collect());
    schema
}
