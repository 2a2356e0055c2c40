//! The parts of schemas that depend on the known providers: operations, inputs, settings, credentials.

use std::collections::BTreeMap;

use serde_json::json;

use super::generate::{Generator, or_null};
use super::with::with;
use crate::language::settings::{CONNECTION, CONNECTION_AUTH, OPERATION_OVERRIDE, REPLACED_PROVIDER, WIRE_SPELLING};
use crate::language::{KeyMap, Shape, Slot};
use crate::model::{Map, Value};
use crate::provider::{ConnectionScheme, Operation, Provider, Registry};

impl Generator<'_> {
    /// What stands in a slot; `None` where the provider of the connection has no such key.
    pub(super) fn slot(&mut self, slot: Slot) -> Option<Value> {
        Some(match slot {
            Slot::OperationName => json!({"enum": operation_names(self.registry)}),
            Slot::Inputs | Slot::StepSettings => json!({"type": "object"}),
            Slot::Budget => budget(self.registry),
            Slot::OwnProviders => self.own_providers(),
            Slot::Connections => self.connections(),
            Slot::ProviderName => json!({"const": self.provider?.name}),
            Slot::ConnectionSettings => settings_of(self.provider?),
            Slot::Credentials => return self.credentials(),
            Slot::ConnectionAuth => return self.auth(),
            Slot::DailyQuota => {
                self.provider?.quota.as_ref()?;
                json!({"type": "integer", "minimum": 1})
            }
            Slot::Defaults => self.defaults()?,
            Slot::ConnectionOperations => self.operations()?,
            Slot::TestOperation => {
                let names: Vec<&str> = self.registry.operations().map(|operation| operation.full_name()).collect();
                json!({"anyOf": [{"enum": names}, {"type": "string"}]})
            }
        })
    }

    /// For a map that names an operation: what its `with` and `settings` take, operation by operation.
    pub(super) fn rules_of_operations(&mut self, map: &'static KeyMap) -> Vec<Value> {
        if !map.keys.iter().any(|key| matches!(key.shape, Shape::Slot(Slot::OperationName, _))) {
            return Vec::new();
        }
        for provider in self.registry.providers() {
            let name = format!("settings-{}", provider.name);
            self.definitions.entry(name).or_insert_with(|| or_null(settings_of(provider)));
        }
        for operation in self.registry.operations() {
            self.definitions.entry(operation.full_name().to_owned()).or_insert_with(|| with(operation));
        }
        let registry = self.registry;
        let each = registry.operations().map(|operation| {
            let name = operation.full_name();
            let mut names = vec![name.to_owned()];
            names.extend(vendor_name(registry, operation));
            json!({
                "if": {"properties": {"uses": {"enum": names}}, "required": ["uses"]},
                "then": {"properties": {
                    "with": {"$ref": format!("#/definitions/{name}")},
                    "settings": {"$ref": format!("#/definitions/settings-{}", operation.provider.name)},
                }},
            })
        });
        each.collect()
    }

    /// A folder, or a map of the folder and the built-in providers that its files may replace.
    fn own_providers(&mut self) -> Value {
        let replaced = self.map(&REPLACED_PROVIDER);
        let names = Registry::builtin().providers().map(|provider| (provider.name.clone(), replaced.clone()));
        let folder = json!({"type": ["string", "number", "boolean"]});
        let properties: Map = std::iter::once(("from".to_owned(), or_null(folder.clone()))).chain(names).collect();
        json!({"anyOf": [folder, {"type": "object", "properties": properties, "additionalProperties": false}]})
    }

    /// The connections, each with what its provider takes.
    fn connections(&mut self) -> Value {
        let mut named = Map::new();
        let mut by_provider = Vec::new();
        for provider in self.registry.providers() {
            let own = json!({"$ref": format!("#/definitions/{}", provider.name)});
            self.provider = Some(provider);
            let mut connection = or_null(self.keys(&CONNECTION));
            connection["description"] = json!(provider.title);
            connection["properties"]["base_url"]["description"] = json!(address(provider));
            self.provider = None;
            self.definitions.insert(provider.name.clone(), connection);
            by_provider.push(json!({
                "if": {"properties": {"provider": {"const": provider.name}}, "required": ["provider"]},
                "then": own,
            }));
            // A connection is named for its provider, unless it names another.
            named.insert(
                provider.name.clone(),
                json!({
                    "if": {"type": "object", "required": ["provider"]},
                    "then": {"$ref": "#/definitions/connection"},
                    "else": own,
                }),
            );
        }
        let names: Vec<&str> = self.registry.providers().map(|provider| provider.name.as_str()).collect();
        let provider = CONNECTION.key("provider").map_or("", |key| key.doc);
        self.definitions.insert(
            "connection".to_owned(),
            json!({
                "type": "object",
                "description": CONNECTION.doc,
                "required": ["provider"],
                "properties": {"provider": {"enum": names, "description": provider}},
                "allOf": by_provider,
            }),
        );
        json!({
            "type": "object",
            "properties": named,
            "additionalProperties": {"$ref": "#/definitions/connection"},
        })
    }

    fn credentials(&mut self) -> Option<Value> {
        let provider = self.provider?;
        if provider.auth.scheme.is_of_connection() {
            return None;
        }
        let value = self.credential_value()?;
        let named = provider
            .credentials
            .iter()
            .map(|one| (one.name.clone(), json!({"allOf": [value], "description": one.description})));
        Some(closed(named))
    }

    /// `auth`: the scheme, with the keys of every scheme.
    fn auth(&mut self) -> Option<Value> {
        if !self.provider?.auth.scheme.is_of_connection() {
            return None;
        }
        let mut auth = self.keys(&CONNECTION_AUTH);
        let needs = ConnectionScheme::ALL.into_iter().map(|scheme| {
            let needed: Vec<&str> = scheme.credentials().iter().copied().chain(scheme.setting()).collect();
            json!({
                "if": {"properties": {"scheme": {"const": scheme.as_str()}}, "required": ["scheme"]},
                "then": {"required": needed},
            })
        });
        auth["allOf"] = needs.collect();
        Some(auth)
    }

    fn credential_value(&mut self) -> Option<Value> {
        self.shape(&CONNECTION.key("proxy")?.shape)
    }

    /// `defaults`: the inputs of all operations of the provider.
    fn defaults(&self) -> Option<Value> {
        let mut properties: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for operation in self.own_operations()? {
            if let Value::Object(inputs) = &with(operation)["properties"] {
                for (name, schema) in inputs {
                    let known = properties.entry(name.clone()).or_default();
                    if !known.contains(schema) {
                        known.push(schema.clone());
                    }
                }
            }
        }
        Some(closed(properties.into_iter().map(|(name, mut known)| match known.len() {
            1 => (name, known.remove(0)),
            _ => (name, json!({"anyOf": known})),
        })))
    }

    /// `operations`: what differs for single operations of the provider.
    fn operations(&mut self) -> Option<Value> {
        let spelling = json!({"anyOf": [{"type": ["string", "number", "boolean"]}, self.map(&WIRE_SPELLING)]});
        let made = self.keys(&OPERATION_OVERRIDE);
        let each = self.own_operations()?.into_iter().map(|operation| {
            let mut own = made.clone();
            let wire = operation.inputs.iter().map(|input| (input.name.clone(), spelling.clone()));
            let described = own["properties"]["wire"]["description"].clone();
            own["properties"]["wire"] = or_null(closed(wire));
            own["properties"]["wire"]["description"] = described;
            (operation.name.clone(), own)
        });
        Some(closed(each))
    }

    fn own_operations(&self) -> Option<Vec<&Operation>> {
        let provider = self.provider?;
        let own = self.registry.operations().filter(|operation| operation.provider.name == provider.name);
        Some(own.map(AsRef::as_ref).collect())
    }
}

/// Every operation by its name, and by the vendor's name where that is unique.
fn operation_names(registry: &Registry) -> Vec<String> {
    let own = registry.operations().map(|operation| operation.full_name().to_owned());
    let vendors = registry.operations().filter_map(|operation| vendor_name(registry, operation));
    let mut names: Vec<String> = own.chain(vendors).collect();
    names.dedup();
    names
}

/// `provider.VendorName`, where it differs from the operation's own name and means no other operation.
fn vendor_name(registry: &Registry, operation: &Operation) -> Option<String> {
    let name = format!("{}.{}", operation.provider.name, operation.vendor_name);
    (name != operation.full_name() && registry.operation(&name).is_ok()).then_some(name)
}

/// `budget`: the kinds that operations count, and any other kind.
fn budget(registry: &Registry) -> Value {
    let kinds =
        registry.operations().flat_map(|operation| &operation.dangers).filter_map(|danger| danger.counts_as.clone());
    let most = json!({"type": ["integer", "null"], "minimum": 0, "description": "The most that a run may make"});
    json!({
        "type": "object",
        "properties": kinds.map(|kind| (kind, most.clone())).collect::<Map>(),
        "additionalProperties": most,
    })
}

fn settings_of(provider: &Provider) -> Value {
    closed(provider.settings.iter().map(|one| (one.name.clone(), json!({"description": one.description}))))
}

/// The provider's own address, for the description of `base_url`.
fn address(provider: &Provider) -> String {
    match &provider.base_url {
        Some(url) => format!("The address that every call goes to; by default `{url}`"),
        None => "The address that every call goes to".to_owned(),
    }
}

/// A map of these keys and no other.
fn closed(keys: impl Iterator<Item = (String, Value)>) -> Value {
    json!({"type": "object", "properties": keys.collect::<Map>(), "additionalProperties": false})
}
