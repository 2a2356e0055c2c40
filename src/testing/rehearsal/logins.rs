//! Made-up credentials, and logins answered from the operations' own examples.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::io::{CallBounds, Transport};
use crate::model::{Disposition, Request, Response, Secret, SendError};
use crate::plan::Plan;
use crate::provider::auth::{ResolvedCredentials, login_chain};
use crate::provider::{Connection, CredentialSource, LoginStep, Registry};
use crate::runner::Vendor;
use crate::settings::Environment;
use crate::testing::file::example;

/// An environment with made-up credentials, so that no real one is resolved. The simulators' credentials stay.
#[must_use]
pub fn stand_ins(mut environment: Environment) -> Environment {
    if !environment.is_sandbox() {
        for connection in &mut environment.connections {
            for (name, source) in &mut connection.credentials {
                *source = CredentialSource::Literal(Secret::new(format!("test-{name}")));
            }
            connection.proxy = None;
            connection.ca_file = None;
        }
    }
    environment
}

/// The vendors of a rehearsal. Their own transport is used for logins only; calls go to the scripted vendors.
pub(in crate::testing) fn vendors(
    plan: &Plan,
    registry: &Registry,
    sandbox: Option<&Arc<dyn Transport>>,
) -> Vec<Arc<Vendor>> {
    let vendor = |connection: &Arc<Connection>| {
        let provider = registry.provider(&connection.provider)?;
        let credentials = literals(connection);
        let transport = match sandbox {
            Some(sandbox) => sandbox.clone(),
            None => Arc::new(FakeLogin::new(login_chain(provider, &credentials))),
        };
        Some(Arc::new(Vendor::new(connection.clone(), provider, credentials, transport)))
    };
    plan.connections.iter().filter_map(vendor).collect()
}

fn literals(connection: &Connection) -> ResolvedCredentials {
    let literal = |(name, source): (&String, &CredentialSource)| match source {
        CredentialSource::Literal(secret) => Some((name.clone(), secret.clone())),
        CredentialSource::Env(_) | CredentialSource::File(_) | CredentialSource::Command(_) => None,
    };
    connection.credentials.iter().filter_map(literal).collect()
}

/// Answers the calls of a token exchange in order.
struct FakeLogin {
    chain: Vec<LoginStep>,
    calls: AtomicUsize,
}

impl FakeLogin {
    fn new(chain: Vec<LoginStep>) -> Self {
        Self { chain, calls: AtomicUsize::new(0) }
    }
}

impl Transport for FakeLogin {
    fn send<'a>(&'a self, _: Request, _: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let step = call.checked_rem(self.chain.len()).and_then(|place| self.chain.get(place));
        let answer = step.and_then(|step| example(&step.operation, Disposition::Succeeded));
        async move { answer.ok_or_else(|| SendError::NotSent("its login has no example of a success".to_owned())) }
            .boxed()
    }
}
