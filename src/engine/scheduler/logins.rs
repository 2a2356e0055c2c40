//! Processes the results of logins: a token, a login to try again, or a reason to stop the run.

use super::action::TokenResult;
use super::engine::{Engine, LoginWatch};
use crate::engine::observe::LoginTrouble;
use crate::model::{Disposition, Time};
use crate::playbook::Retry;
use crate::policy::{StopReason, wait_to_resend};

/// The code of a login that no vendor answered.
const LOGIN_WITHOUT_ANSWER: &str = "login";

impl Engine {
    /// Processes the result of a login.
    pub fn on_token(&mut self, connection: usize, result: TokenResult, now: Time) {
        self.logins[connection].since = None;
        match result {
            TokenResult::Ready { renew_at } => {
                self.logins[connection] = LoginWatch::default();
                self.token_fetched_at[connection] = now;
                self.tokens.ready(connection, renew_at);
            }
            TokenResult::Failed { disposition: Disposition::Refused, code, message, advice } => {
                let operation = format!("{} login", self.plan.connections[connection].name);
                self.stop_for(StopReason::Refused { code, message, operation, advice }, now);
            }
            TokenResult::Failed { code, message, .. } => self.token_failed(connection, code, message, now),
            TokenResult::Redirected { code, message } => {
                let operation = format!("{} login", self.plan.connections[connection].name);
                self.stop_for(StopReason::Redirected { code, message, operation }, now);
            }
            TokenResult::Untrusted { message } => self.stop_out_of_reach(connection, message, now),
        }
        self.news = true;
    }

    /// Sets when to try a login again that may succeed later. After too many, the run stops.
    fn token_failed(&mut self, connection: usize, code: String, message: String, now: Time) {
        let name = self.plan.connections[connection].name.clone();
        let watch = &mut self.logins[connection];
        watch.failures += 1;
        watch.trouble = Some(match code == LOGIN_WITHOUT_ANSWER {
            true => LoginTrouble::Network(message.clone()),
            false => LoginTrouble::Code(code.clone()),
        });
        match self.tokens.failed(connection) {
            Some(failures) => {
                let fraction = self.rng.fraction(&[u64::MAX - 3, connection as u64, failures.into()]);
                let wait = wait_to_resend(&Retry::default(), failures, fraction, None);
                self.tokens.try_again_at(connection, now.plus(wait));
            }
            None => self.stop_for(StopReason::NoToken { connection: name, code, message }, now),
        }
    }
}
