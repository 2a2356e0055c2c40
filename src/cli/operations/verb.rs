//! Lists operations, or shows one.

use std::path::Path;

use serde_json::json;

use super::describe;
use crate::cli::args::{Common, OperationsArgs};
use crate::cli::context::context;
use crate::cli::output::{Exit, Failure, Output, Screen, VerbResult};
use crate::diagnostic::{padded, widest};
use crate::model::Value;
use crate::operate;
use crate::provider::{Effect, Operation, Provider, Registry};

/// Runs `operations [NAME]`.
pub(crate) fn operations(args: &OperationsArgs, common: &Common, screen: Screen) -> VerbResult {
    let registry = operate::registry(Path::new(""), &context(common, screen))?;
    screen.data(match &args.name {
        None => list(&registry, screen),
        Some(name) => show(&registry, name, screen)?,
    })?;
    Ok(Exit::Done)
}

fn list(registry: &Registry, screen: Screen) -> Output {
    if screen.json() {
        let all = registry.operations().map(|operation| describe::json(operation));
        return Output::json(&Value::Array(all.collect()));
    }
    let mut text = String::new();
    for provider in registry.providers() {
        text.push_str(&listing(registry, provider));
        text.push('\n');
    }
    (text + "runsheet operations NAME shows one with its inputs and an example step").into()
}

fn listing(registry: &Registry, provider: &Provider) -> String {
    let own: Vec<&Operation> = operations_of(registry, provider);
    let width = widest([&provider.name]) + 1 + widest(own.iter().map(|operation| &operation.name));
    let mut text = format!("{}  {}\n", provider.name, provider.title);
    for operation in own {
        let effect = match operation.effect {
            Effect::Read => "read ",
            Effect::Write => "write",
        };
        let name = format!("{}.{}", provider.name, operation.name);
        text.push_str(&format!("  {}  {effect}  {}\n", padded(&name, width), operation.summary));
    }
    text
}

fn show(registry: &Registry, name: &str, screen: Screen) -> Result<Output, Failure> {
    if let Some(provider) = registry.provider(name) {
        if screen.json() {
            let own: Vec<Value> = operations_of(registry, provider).into_iter().map(describe::json).collect();
            let told = json!({"provider": provider.name, "title": provider.title, "operations": own});
            return Ok(Output::json(&told));
        }
        let text = listing(registry, provider) + &describe::connection(provider);
        return Ok(text.trim_end().into());
    }
    let operation = registry.operation(name).map_err(|error| {
        let help = error.help.map(|help| format!(" {help}")).unwrap_or_default();
        Failure::Usage(format!("{}.{help}", error.message.trim_end_matches('.')))
    })?;
    Ok(match screen.json() {
        true => Output::json(&describe::json(&operation)),
        false => describe::text(&operation).trim_end().into(),
    })
}

fn operations_of<'a>(registry: &'a Registry, provider: &Provider) -> Vec<&'a Operation> {
    let own = registry.operations().filter(|operation| operation.provider.name == provider.name);
    own.map(AsRef::as_ref).collect()
}
