//! One connection of a run, ready to be used: authenticates and sends calls, and fetches tokens.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::login_pace::LoginPace;
use super::secrets::Secrets;
use crate::engine::{CallResult, SendOrder, TokenResult};
use crate::io::{CallBounds, Clock, Ledger, LedgerError, Transport, crash_point, random_u128};
use crate::model::{Disposition, Request, Response, SendError, Time};
use crate::policy::refusal_advice;
use crate::provider::auth::{ResolvedCredentials, Token, authorize, login_chain, login_request, token_from};
use crate::provider::{Connection, LoginStep, Provider};

/// The largest answer that is read, in bytes.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// A connection with its credentials in memory, its token and its client.
pub struct Vendor {
    connection: Arc<Connection>,
    credentials: ResolvedCredentials,
    login: Vec<(LoginStep, LoginPace)>,
    token: Mutex<Option<Arc<Token>>>,
    secrets: Secrets,
    transport: Arc<dyn Transport>,
}

impl Vendor {
    /// A connection with its credentials and its client.
    #[must_use]
    pub fn new(
        connection: Arc<Connection>,
        provider: &Provider,
        credentials: ResolvedCredentials,
        transport: Arc<dyn Transport>,
    ) -> Self {
        let login = login_chain(provider, &credentials);
        let secrets = Secrets::of(provider, &credentials, &login);
        let login = login.into_iter().map(|step| (step.clone(), LoginPace::of(&step, &connection))).collect();
        Self { connection, credentials, login, token: Mutex::new(None), secrets, transport }
    }

    /// Whether calls need a token that must be fetched.
    #[must_use]
    pub fn needs_token(&self) -> bool {
        !self.login.is_empty()
    }

    /// The rate limits of its logins, by their keys in the ledger.
    pub fn login_rates(&self) -> impl Iterator<Item = &str> {
        self.login.iter().map(|(_, pace)| pace.key())
    }

    /// Authenticates a call and sends it, over `transport` instead of its own client if one is given.
    pub(in crate::runner) async fn send(
        &self,
        order: &SendOrder,
        transport: Option<Arc<dyn Transport>>,
        at: Time,
    ) -> CallResult {
        let transport = transport.as_ref().unwrap_or(&self.transport);
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = authorize(
            &order.operation,
            &self.connection,
            &order.settings,
            &order.prepared,
            &self.credentials,
            token.as_deref(),
            at,
            random_u128,
        );
        let bounds = CallBounds { timeout: order.timeout, max_body: MAX_BODY, once: order.once };
        match request {
            Err(why) => CallResult::Unauthenticated(why),
            // Credentials that the vendor echoes are masked before anything else sees the answer.
            Ok(request) => match call(transport.as_ref(), request, bounds).await {
                Ok(response) => CallResult::Answered(self.secrets.redactor().response(response)),
                Err(error) => CallResult::Failed(self.secrets.redactor().error(error)),
            },
        }
    }

    /// Fetches a token by the provider's login operations, one after the other, each within its rate limit.
    ///
    /// # Errors
    /// [`LedgerError`] if the ledger cannot be used; nothing was sent then.
    pub(in crate::runner) async fn fetch_token(
        &self,
        ledger: Option<&Ledger>,
        clock: Clock,
    ) -> Result<TokenResult, LedgerError> {
        let mut values = BTreeMap::new();
        let mut token = Token::default();
        for (step, pace) in &self.login {
            pace.wait(ledger, clock).await?;
            match self.login_step(step, std::mem::take(&mut values), clock.now()).await {
                Ok(got) => {
                    self.secrets.learn(&got);
                    values = got.values.clone();
                    token = got;
                }
                Err(failed) => return Ok(self.without_secrets(failed)),
            }
        }
        let renew_at = token.refresh_at;
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(token));
        Ok(TokenResult::Ready { renew_at })
    }

    /// Masks credentials that the vendor may echo in a failed login.
    fn without_secrets(&self, failed: TokenResult) -> TokenResult {
        let redactor = self.secrets.redactor();
        match failed {
            TokenResult::Failed { disposition, code, message, advice } => TokenResult::Failed {
                disposition,
                code: redactor.text(&code),
                message: redactor.text(&message),
                advice,
            },
            TokenResult::Redirected { code, message } => {
                TokenResult::Redirected { code, message: redactor.text(&message) }
            }
            TokenResult::Untrusted { message } => TokenResult::Untrusted { message: redactor.text(&message) },
            ready @ TokenResult::Ready { .. } => ready,
        }
    }

    async fn login_step(
        &self,
        step: &LoginStep,
        values: BTreeMap<String, crate::model::Secret>,
        now: Time,
    ) -> Result<Token, TokenResult> {
        let failed = |disposition, code: &str, message: String| TokenResult::Failed {
            disposition,
            code: code.to_owned(),
            message,
            advice: None,
        };
        let request = login_request(
            step,
            &self.connection,
            &self.connection.settings,
            &self.credentials,
            &values,
            now,
            random_u128(),
        )
        .map_err(|why| failed(Disposition::Refused, "login", why))?;
        let timeout = step.operation.timeout_over(&self.connection);
        let bounds = CallBounds { timeout, max_body: MAX_BODY, once: false };
        let answer = call(self.transport.as_ref(), request, bounds).await.map_err(|error| match error {
            SendError::Untrusted(message) => TokenResult::Untrusted { message },
            SendError::NotSent(_) | SendError::Shortage(_) | SendError::NoAnswer(_) => {
                failed(Disposition::Unavailable, "login", error.to_string())
            }
        })?;
        let reading = step.operation.read(&answer);
        if reading.disposition.is_done() {
            return token_from(step, &reading, values, now).map_err(|why| failed(Disposition::Refused, "login", why));
        }
        let refuses = refuses(answer.status);
        // Read again after masking, because a message that is cut short may contain half a secret.
        let reading = step.operation.read(&self.secrets.redactor().response(answer));
        if let Some(redirect) = reading.redirect {
            return Err(TokenResult::Redirected { code: reading.code.unwrap_or_default(), message: redirect.message });
        }
        // A rejected login fails for every row.
        let disposition = match reading.disposition {
            Disposition::Rejected | Disposition::ExpiredToken | Disposition::Refused => Disposition::Refused,
            Disposition::Unknown if refuses => Disposition::Refused,
            Disposition::Succeeded
            | Disposition::Warning
            | Disposition::Unchanged
            | Disposition::Throttled
            | Disposition::Unavailable
            | Disposition::QuotaExhausted
            | Disposition::Unknown => Disposition::Unavailable,
        };
        Err(TokenResult::Failed {
            disposition,
            code: reading.code.unwrap_or_else(|| "login".to_owned()),
            message: reading.message.unwrap_or_default(),
            advice: reading.remedy.and_then(|remedy| refusal_advice(&remedy, now)),
        })
    }
}

/// Whether a status that the provider file does not list means that the same login will not work later either.
fn refuses(status: u16) -> bool {
    (400..500).contains(&status) && ![408, 425, 429].contains(&status)
}

/// Sends a request within its timeout, whatever the transport does.
async fn call(transport: &dyn Transport, request: Request, bounds: CallBounds) -> Result<Response, SendError> {
    crash_point();
    let sending = transport.send(request, bounds);
    let answer = if transport.keeps_time() {
        sending.await
    } else {
        // The transport has its own timeout; this one applies if that fails.
        let longest = bounds.timeout + Duration::from_secs(1);
        let late = |_| Err(SendError::NoAnswer("no answer within the time allowed".to_owned()));
        tokio::time::timeout(longest, sending).await.unwrap_or_else(late)
    };
    crash_point();
    answer
}
