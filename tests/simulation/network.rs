//! The wire between engine and simulators: authentication as in a real run, delays and random losses.

use std::collections::BTreeMap;
use std::sync::Arc;

use runsheet::internals::engine::{CallResult, SendOrder, TokenResult};
use runsheet::internals::model::{Disposition, Time};
use runsheet::internals::plan::Plan;
use runsheet::internals::provider::auth::{
    ResolvedCredentials, Token, authorize, login_chain, login_request, token_from,
};
use runsheet::internals::provider::{CredentialSource, Registry};
use runsheet::internals::sandbox::{LogEntry, Sandbox};

/// The vendors as one process of a run sees them: credentials and tokens die with it.
pub(crate) struct Vendors {
    plan: Arc<Plan>,
    credentials: Vec<ResolvedCredentials>,
    tokens: Vec<Option<Token>>,
}

impl Vendors {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        let resolve = |source: &CredentialSource| match source {
            CredentialSource::Literal(secret) => secret.clone(),
            other => panic!("the sandbox has literals only, not {other:?}"),
        };
        let credentials = plan
            .connections
            .iter()
            .map(|connection| connection.credentials.iter().map(|(name, from)| (name.clone(), resolve(from))).collect())
            .collect();
        let tokens = plan.connections.iter().map(|_| None).collect();
        Self { plan, credentials, tokens }
    }

    pub(crate) fn needs_token(&self) -> Vec<bool> {
        (0..self.credentials.len()).map(|place| !self.chain(place).is_empty()).collect()
    }

    fn chain(&self, place: usize) -> Vec<runsheet::internals::provider::LoginStep> {
        let registry = Registry::builtin();
        let provider = registry.provider(&self.plan.connections[place].provider).expect("a provider");
        login_chain(provider, &self.credentials[place])
    }

    /// An order reaches its vendor.
    pub(crate) fn deliver(
        &self,
        order: &SendOrder,
        sandbox: &mut Sandbox,
        log: &mut Vec<LogEntry>,
        now: Time,
        random: u128,
    ) -> CallResult {
        let request = authorize(
            &order.operation,
            &self.plan.connections[order.connection],
            &order.settings,
            &order.prepared,
            &self.credentials[order.connection],
            self.tokens[order.connection].as_ref(),
            now,
            || random,
        );
        match request {
            Err(why) => CallResult::Unauthenticated(why),
            Ok(request) => {
                let served = sandbox.answer(now, &request);
                log.push(served.entry.clone());
                match served.into_result() {
                    Ok(response) => CallResult::Answered(response),
                    Err(error) => CallResult::Failed(error),
                }
            }
        }
    }

    /// A token is fetched.
    pub(crate) fn fetch(
        &mut self,
        place: usize,
        sandbox: &mut Sandbox,
        log: &mut Vec<LogEntry>,
        now: Time,
    ) -> TokenResult {
        let failed = |code: &str, message: String| TokenResult::Failed {
            disposition: Disposition::Unavailable,
            code: code.to_owned(),
            message,
            advice: None,
        };
        let mut values = BTreeMap::new();
        let mut token = Token::default();
        for step in self.chain(place) {
            let connection = &self.plan.connections[place];
            let request =
                login_request(&step, connection, &connection.settings, &self.credentials[place], &values, now, 7);
            let served = sandbox.answer(now, &request.expect("a login request"));
            log.push(served.entry.clone());
            let Ok(response) = served.into_result() else { return failed("lost", "no answer".into()) };
            let reading = step.operation.read(&response);
            if !reading.disposition.is_done() {
                return failed("login", reading.message.unwrap_or_default());
            }
            match token_from(&step, &reading, std::mem::take(&mut values), now) {
                Ok(got) => {
                    values = got.values.clone();
                    token = got;
                }
                Err(why) => return failed("login", why),
            }
        }
        let renew_at = token.refresh_at;
        self.tokens[place] = Some(token);
        TokenResult::Ready { renew_at }
    }
}
