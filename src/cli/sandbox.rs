//! The verb `sandbox`: serves the vendors' simulators until Ctrl-C.

use std::path::Path;

use anyhow::Context;

use super::context::context;
use crate::cli::args::{Common, SandboxArgs};
use crate::cli::output::{Exit, Failure, Output, Screen, VerbResult};
use crate::model::{Map, Value};
use crate::provider::{Connection, CredentialSource};
use crate::runner::StopSignals;
use crate::sandbox::{Faults, ServeOptions, environment, serve};
use crate::yaml::write_map;

/// Runs `sandbox`: serves until a signal stops it.
pub(crate) fn sandbox(args: &SandboxArgs, common: &Common, screen: Screen) -> VerbResult {
    let faults = args.faults.as_deref().map(Faults::parse).transpose().map_err(Failure::Usage)?;
    let tls = if args.tls { Some(context(common, screen).state()?.to_owned()) } else { None };
    let options = ServeOptions { port: args.port, faults, tls, ..ServeOptions::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let mut signals = StopSignals::catch()?;
        let serving =
            serve(options).await.with_context(|| format!("the sandbox cannot be served on port {}", args.port))?;
        if screen.json() {
            screen.data(Output::json(&Value::Object(serving.banner())))?;
        } else {
            screen.data(welcome(&serving.url(), serving.ca_file(), &environment()))?;
        }
        tokio::select! {
            _ = signals.next() => {}
            () = serving.wait() => {}
        }
        Ok(Exit::Done)
    })
}

/// The text for a person: the address, and settings to paste.
fn welcome(url: &str, ca_file: Option<&Path>, connections: &[Connection]) -> String {
    let mut text = format!(
        "The sandbox answers at {url}. Nothing sent there reaches a vendor. Ctrl-C ends it.\n\
         What came in: {url}/_sandbox/log\n\n\
         To send a run there, put this into runsheet.yaml and add `--env rehearsal`:\n\n\
         environments:\n  rehearsal:\n    connections:\n"
    );
    for connection in connections {
        text.push_str(&format!("      {}:\n        base_url: {url}\n", connection.name));
        if let Some(path) = ca_file {
            // YAML reads a text as JSON writes it, so any path can be written this way.
            text.push_str(&format!("        ca_file: {}\n", Value::from(path.display().to_string())));
        }
        if connection.provider != connection.name {
            text.push_str(&format!("        provider: {}\n", connection.provider));
        }
        let credentials: Map = connection
            .credentials
            .iter()
            .filter_map(|(name, source)| match source {
                CredentialSource::Literal(secret) => Some((name.clone(), Value::from(secret.expose()))),
                CredentialSource::Env(_) | CredentialSource::File(_) | CredentialSource::Command(_) => None,
            })
            .collect();
        for (key, entries) in
            [("credentials", &credentials), ("settings", &connection.settings), ("defaults", &connection.defaults)]
        {
            if !entries.is_empty() {
                text.push_str(&format!("        {key}:\n"));
                write_map(entries, 10, &mut text);
            }
        }
        let paths = connection.operations.iter().filter_map(|(name, laid)| Some((name, laid.path.as_ref()?)));
        for (at, (name, path)) in paths.enumerate() {
            if at == 0 {
                text.push_str("        operations:\n");
            }
            text.push_str(&format!("          {name}: {{ path: {path} }}\n"));
        }
    }
    text.trim_end().to_owned()
}
