//! The vendors of a run: simulators inside the process for the sandbox, network clients otherwise.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tracing::{debug, info};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::io::{CallBounds, Transport};
use crate::model::{Request, Response, SendError};
use crate::operate::interface::{Context, Notice, Refusal};
use crate::plan::Plan;
use crate::provider::{Connection, Provider, Registry};
use crate::runner::{Vendor, VendorError, network_transport, resolve_credentials};
use crate::sandbox::{Embedded, Faults, SimulatorSettings};

/// Makes the vendor of every connection of the plan. Connections that no step uses get no credentials and cannot send.
///
/// # Errors
/// [`Refusal::Invalid`] with every credential that cannot be read and every client that cannot be made;
/// [`Refusal::Broken`] where the sandbox cannot write its log.
pub(crate) fn make_vendors(
    plan: &Plan,
    registry: &Registry,
    folder: &Path,
    faults: Option<Faults>,
    context: &Context,
) -> Result<Vec<Arc<Vendor>>, Refusal> {
    // The simulators admit the higher rates that settings give to connections of the sandbox.
    let tuning = SimulatorSettings::default().admitting(plan.connections.iter().map(AsRef::as_ref));
    let sandbox: Option<Arc<dyn Transport>> = match plan.environment.is_sandbox() {
        true => Some(Arc::new(Embedded::open(folder, faults, tuning)?)),
        false => None,
    };
    let mut vendors = Vec::new();
    let mut wrong = Diagnostics::new();
    for (place, connection) in plan.connections.iter().enumerate() {
        let provider = provider_of(connection, registry)?;
        let used = plan.rate_buckets.iter().any(|budget| budget.connection == place);
        let vendor = if used {
            let mut tell = |command: &str, words: &str| {
                context.notice(Notice::CommandOutput { connection: &connection.name, command, words });
            };
            let credentials = resolve_credentials(provider, connection, &mut tell);
            let transport = match &sandbox {
                Some(sandbox) => Ok(Arc::clone(sandbox)),
                None => network_transport(plan, place, provider, &mut tell),
            };
            let (credentials, transport) = match (credentials, transport) {
                (Ok(credentials), Ok(transport)) => (credentials, transport),
                (credentials, transport) => {
                    wrong.extend(credentials.err().into_iter().flatten().chain(transport.err()).map(unready));
                    continue;
                }
            };
            info!("connection {}: provider {}, credentials at hand", connection.name, connection.provider);
            let transport = if tracing::enabled!(tracing::Level::DEBUG) {
                Arc::new(TracedTransport { connection: connection.name.clone(), inner: transport })
            } else {
                transport
            };
            Vendor::new(Arc::clone(connection), provider, credentials, transport)
        } else {
            closed(connection, provider)
        };
        vendors.push(Arc::new(vendor));
    }
    if wrong.has_errors() { Err(Refusal::Invalid(wrong)) } else { Ok(vendors) }
}

/// Makes the vendors of a run that has nothing left to send: without credentials, and unable to send.
///
/// # Errors
/// [`Refusal::Broken`] where a provider of the plan is missing.
pub(crate) fn vendors_without_access(plan: &Plan, registry: &Registry) -> Result<Vec<Arc<Vendor>>, Refusal> {
    let connections = plan.connections.iter();
    connections.map(|connection| Ok(Arc::new(closed(connection, provider_of(connection, registry)?)))).collect()
}

fn provider_of<'a>(connection: &Connection, registry: &'a Registry) -> Result<&'a Provider, Refusal> {
    let provider = registry.provider(&connection.provider);
    provider
        .map(AsRef::as_ref)
        .ok_or_else(|| Refusal::broken(format!("the provider `{}` is gone", connection.provider)))
}

fn closed(connection: &Arc<Connection>, provider: &Provider) -> Vendor {
    Vendor::new(Arc::clone(connection), provider, BTreeMap::new(), Arc::new(NoTransport))
}

/// Parses the faults that the sandbox makes.
///
/// # Errors
/// [`Refusal::Usage`] with what is wrong with the text.
pub(crate) fn parse_faults(spec: Option<&str>) -> Result<Option<Faults>, Refusal> {
    spec.map(Faults::parse).transpose().map_err(Refusal::Usage)
}

fn unready(error: VendorError) -> Diagnostic {
    let help = match &error {
        VendorError::Credential { error, .. } => error.advice(),
        VendorError::Client { .. } => "Correct the settings of the connection.".to_owned(),
    };
    let code = match &error {
        VendorError::Credential { .. } => "credential",
        VendorError::Client { .. } => "connection",
    };
    Diagnostic::error(code, error.to_string()).help(help)
}

/// The transport of a connection that must not send.
struct NoTransport;

impl Transport for NoTransport {
    fn send<'a>(&'a self, _: Request, _: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        async { Err(SendError::NotSent("nothing is sent over this connection".to_owned())) }.boxed()
    }
}

/// A transport that writes one line per call to the log (`-vv`), without anything that could hold a secret or a person's
/// data.
struct TracedTransport {
    /// The connection's name.
    connection: String,
    /// The transport that sends.
    inner: Arc<dyn Transport>,
}

impl Transport for TracedTransport {
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        let (method, bytes) = (request.method.as_str(), request.body.len());
        async move {
            let from = Instant::now();
            let came = self.inner.send(request, bounds).await;
            let took = from.elapsed().as_millis();
            let name = &self.connection;
            match &came {
                Ok(response) => debug!("{name}: {method} {bytes} bytes, answered {} in {took} ms", response.status),
                Err(SendError::NotSent(_) | SendError::Shortage(_) | SendError::Untrusted(_)) => {
                    debug!("{name}: {method} not sent, after {took} ms")
                }
                Err(SendError::NoAnswer(_)) => debug!("{name}: {method} {bytes} bytes, no answer after {took} ms"),
            }
            came
        }
        .boxed()
    }

    fn keeps_time(&self) -> bool {
        self.inner.keeps_time()
    }
}
