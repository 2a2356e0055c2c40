//! The text of the starter's settings: one environment with a connection for each provider of the steps.

use std::path::Path;

use serde_json::json;

use super::draft::{Draft, Step};
use super::inputs::from_connection;
use crate::model::{Map, Value};
use crate::provider::Provider;
use crate::yaml::write_map;

/// The name of the environment, whose addresses are those of the vendors.
pub(super) const ENVIRONMENT: &str = "production";
/// The address where a provider has none of its own.
const ANYWHERE: &str = "https://api.example.com";

/// The text of the settings; `own` is the folder of the user's own providers.
pub(super) fn text(draft: &Draft, own: Option<&Path>) -> String {
    let mut text = String::from(
        "# yaml-language-server: $schema=schemas/settings.schema.json\n\
         # Where a run sends. `--env NAME` chooses; without it a run talks to the built-in sandbox.\n\
         # A credential is never written here: `env`, `file` or `command` say where it comes from.\n\
         # The other values are samples: replace them by your own.\n",
    );
    if let Some(own) = own {
        let entry = Map::from_iter([("providers".to_owned(), own.to_string_lossy().into_owned().into())]);
        write_map(&entry, 0, &mut text);
    }
    text.push_str(&format!("environments:\n  {ENVIRONMENT}:\n"));
    text.push_str("    confirm: true                    # asks before it sends; without a terminal it needs --yes\n");
    text.push_str("    connections:\n");
    let mut done: Vec<&str> = Vec::new();
    for step in &draft.steps {
        let provider = &step.operation.provider;
        if !done.contains(&provider.name.as_str()) {
            done.push(&provider.name);
            let of = draft.steps.iter().filter(|step| step.operation.provider.name == provider.name);
            let entry = Map::from_iter([(provider.name.clone(), connection(provider, &of.collect::<Vec<_>>()).into())]);
            write_map(&entry, 6, &mut text);
        }
    }
    text
}

fn connection(provider: &Provider, steps: &[&Step]) -> Map {
    let mut connection = Map::new();
    let base_url = provider.base_url.as_deref().unwrap_or(ANYWHERE);
    connection.insert("base_url".to_owned(), base_url.into());
    let credential = |name: &str| json!({"env": variable(&provider.name, name)});
    let set = provider.credential_sets.first();
    if let Some(set) = set {
        let credentials: Map = set.credentials.iter().map(|name| (name.clone(), credential(name))).collect();
        connection.insert("credentials".to_owned(), credentials.into());
    } else if steps.iter().any(|step| step.operation.open) {
        connection.insert("auth".to_owned(), json!({"scheme": "bearer", "token": credential("token")}));
    }
    let mut put = |name: &str, values: Map| {
        if !values.is_empty() {
            connection.insert(name.to_owned(), values.into());
        }
    };
    put("settings", settings(provider, steps, set.map_or(&[], |set| set.settings.as_slice())));
    put("defaults", defaults(steps));
    let unknown = steps.iter().filter(|step| step.operation.path.is_none());
    put(
        "operations",
        unknown.map(|step| (step.operation.name.clone(), json!({"path": "/path/told/by/the/vendor"}))).collect(),
    );
    connection
}

/// The required settings of a connection, with the values of the examples.
fn settings(provider: &Provider, steps: &[&Step], for_credentials: &[String]) -> Map {
    let needed = provider
        .settings
        .iter()
        .filter(|decl| decl.default.is_none() && (decl.required || for_credentials.contains(&decl.name)));
    let examples = || steps.iter().flat_map(|step| &step.operation.examples);
    let value = |name: &String| examples().find_map(|example| example.connection.settings.get(name).cloned());
    needed.map(|decl| (decl.name.clone(), value(&decl.name).unwrap_or_else(|| "sample".into()))).collect()
}

/// The `defaults` of a connection, with the values of the examples.
fn defaults(steps: &[&Step]) -> Map {
    let mut defaults = Map::new();
    for step in steps {
        for input in step.operation.inputs.iter().filter(|input| from_connection(&step.operation, &input.name)) {
            let example = step.operation.examples.iter().find_map(|example| {
                example.inputs.get(&input.name).or_else(|| example.connection.defaults.get(&input.name)).cloned()
            });
            if let Some(value) = example.filter(|value| !defaults.contains_key(&input.name) && *value != Value::Null) {
                defaults.insert(input.name.clone(), value);
            }
        }
    }
    defaults
}

/// The name of the environment variable of a credential.
fn variable(provider: &str, credential: &str) -> String {
    let name = format!("{provider}_{credential}").to_uppercase();
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
