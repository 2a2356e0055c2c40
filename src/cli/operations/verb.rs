//! Lists operations or shows the one that is named.

use std::path::Path;

use serde_json::json;

use super::describe;
use crate::cli::args::{Common, OperationsArgs};
use crate::cli::context::context;
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure};
use crate::cli::screen::Screen;
use crate::model::Value;
use crate::operate;
use crate::provider::{Effect, Operation, Provider, Registry};

/// Runs `operations [NAME]`.
pub(crate) fn operations(args: &OperationsArgs, common: &Common, screen: Screen) -> Ended {
    let registry = operate::registry(Path::new(""), &context(common, screen))?;
    let text = match &args.name {
        None => list(&registry, screen),
        Some(name) => show(&registry, name, screen)?,
    };
    screen.data(text.trim_end())?;
    Ok(Exit::Done)
}

fn list(registry: &Registry, screen: Screen) -> String {
    if screen.json() {
        return Value::Array(registry.operations().map(|operation| describe::json(operation)).collect()).to_string();
    }
    let mut text = String::new();
    for provider in registry.providers() {
        text.push_str(&listing(registry, provider));
        text.push('\n');
    }
    text + "runsheet operations NAME shows one with its inputs and an example step"
}

fn listing(registry: &Registry, provider: &Provider) -> String {
    let own: Vec<&Operation> = of(registry, provider);
    let widest = own.iter().map(|operation| operation.name.len()).max().unwrap_or(0);
    let mut text = format!("{}  {}\n", provider.name, provider.title);
    for operation in own {
        let effect = match operation.effect {
            Effect::Read => "read ",
            Effect::Write => "write",
        };
        let name = format!("{}.{}", provider.name, operation.name);
        let width = provider.name.len() + 1 + widest;
        text.push_str(&format!("  {name:width$}  {effect}  {}\n", operation.summary));
    }
    text
}

fn show(registry: &Registry, name: &str, screen: Screen) -> Result<String, Failure> {
    if let Some(provider) = registry.provider(name) {
        if screen.json() {
            let own: Vec<Value> = of(registry, provider).into_iter().map(describe::json).collect();
            return Ok(json!({"provider": provider.name, "title": provider.title, "operations": own}).to_string());
        }
        return Ok(listing(registry, provider) + &describe::connection(provider));
    }
    let operation = registry.operation(name).map_err(|error| {
        let help = error.help.map(|help| format!(" {help}")).unwrap_or_default();
        Failure::Usage(format!("{}.{help}", error.message.trim_end_matches('.')))
    })?;
    Ok(if screen.json() { describe::json(&operation).to_string() } else { describe::text(&operation) })
}

fn of<'a>(registry: &'a Registry, provider: &Provider) -> Vec<&'a Operation> {
    let own = registry.operations().filter(|operation| operation.provider.name == provider.name);
    own.map(AsRef::as_ref).collect()
}
