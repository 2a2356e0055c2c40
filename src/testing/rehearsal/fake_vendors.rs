//! The fake vendors of a test: its own answers, then the simulators.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, pending};
use tokio::sync::mpsc::UnboundedSender;

use super::script::Script;
use super::sent::SentRequest;
use crate::engine::{AskedBy, SendOrder};
use crate::io::{CallBounds, Transport};
use crate::model::{Disposition, Request, Response, SendError, Time};
use crate::plan::Plan;
use crate::provider::Operation;
use crate::runner::{Control, FakeVendors};
use crate::testing::file::{AnswerContent, TAKES, TestAnswer, example};

/// The most requests of one test. More of them mean an endless loop.
pub(in crate::testing) const MOST_REQUESTS: usize = 10_000;

/// Why a rehearsal is aborted.
#[derive(Debug, Clone)]
pub(in crate::testing) enum HaltReason {
    /// No answer is left for the last request. Contains a disposition of which its operation has an example, if any.
    Unanswered(Option<&'static str>),
    /// The answer to the last request names an example that its operation does not have.
    NoExample(Disposition),
    /// There are more requests than [`MOST_REQUESTS`].
    TooMany,
}

/// What has happened in the rehearsal.
#[derive(Debug)]
pub(in crate::testing) struct RehearsalState {
    pub(in crate::testing) script: Script,
    pub(in crate::testing) sent: Vec<SentRequest>,
    pub(in crate::testing) halt: Option<HaltReason>,
}

/// The fake vendors of one test.
pub(in crate::testing) struct ScriptedVendors {
    pub(in crate::testing) plan: Arc<Plan>,
    /// The rows' keys by position.
    pub(in crate::testing) keys: BTreeMap<u64, String>,
    /// Answers requests that have no answer in the test; `None` to abort on them.
    pub(in crate::testing) sandbox: Option<Arc<dyn Transport>>,
    pub(in crate::testing) state: Mutex<RehearsalState>,
    pub(in crate::testing) control: UnboundedSender<Control>,
}

impl ScriptedVendors {
    pub(in crate::testing) fn state(&self) -> MutexGuard<'_, RehearsalState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Aborts the rehearsal.
    fn halt(&self, why: HaltReason) -> Arc<dyn Transport> {
        self.state().halt.get_or_insert(why);
        // Without a receiver the run is over already.
        let _ = self.control.send(Control::Abort { signal: 0 });
        Arc::new(NeverAnswers)
    }

    fn play(&self, answer: &TestAnswer, operation: &Operation) -> Arc<dyn Transport> {
        let lost = |why: &str| Err(SendError::NoAnswer(why.to_owned()));
        let (says, then_to) = match &answer.content {
            AnswerContent::Response(response) => (Ok(response.clone()), None),
            AnswerContent::Lost => (lost("connection closed before the answer"), self.sandbox.clone()),
            AnswerContent::Unsent => (Err(SendError::NotSent("connection refused".to_owned())), None),
            AnswerContent::Like(like) => match example(operation, like.value) {
                Some(response) => (Ok(response), None),
                None => return self.halt(HaltReason::NoExample(like.value)),
            },
        };
        Arc::new(ScriptedAnswer { says, takes: answer.takes, then_to })
    }
}

impl FakeVendors for ScriptedVendors {
    fn transport_for(&self, order: &SendOrder, asked_by: Vec<AskedBy>, _: Time) -> Arc<dyn Transport> {
        let sent = SentRequest::of(order, &asked_by, &self.plan, |position| self.keys.get(&position).cloned());
        let mut state = self.state();
        let answer = state.script.take(&sent);
        state.sent.push(sent);
        let count = state.sent.len();
        drop(state);
        match (answer, &self.sandbox) {
            _ if count > MOST_REQUESTS => self.halt(HaltReason::TooMany),
            (Some(answer), _) => self.play(&answer, &order.operation),
            (None, Some(sandbox)) => Arc::new(DelayedSandbox { sandbox: sandbox.clone() }),
            (None, None) => self.halt(HaltReason::Unanswered(example_word(&order.operation))),
        }
    }
}

/// The word for the first of an operation's examples.
fn example_word(operation: &Operation) -> Option<&'static str> {
    let first = operation.examples.iter().flat_map(|example| &example.answers).next()?;
    Some(first.disposition.as_str())
}

/// Gives one answer after a delay. If the answer is to be lost, the request still reaches `then_to`.
struct ScriptedAnswer {
    says: Result<Response, SendError>,
    takes: Duration,
    then_to: Option<Arc<dyn Transport>>,
}

impl Transport for ScriptedAnswer {
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        async move {
            if let Some(sandbox) = &self.then_to {
                // Its answer is the one that gets lost.
                let _ = sandbox.send(request, bounds).await;
            }
            wait(self.takes, bounds.timeout).await?;
            self.says.clone()
        }
        .boxed()
    }
}

/// The sandbox with the default delay.
struct DelayedSandbox {
    sandbox: Arc<dyn Transport>,
}

impl Transport for DelayedSandbox {
    fn send<'a>(&'a self, request: Request, bounds: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        async move {
            wait(TAKES, bounds.timeout).await?;
            self.sandbox.send(request, bounds).await
        }
        .boxed()
    }
}

/// Waits for the delay of an answer, or for the timeout if that is shorter.
async fn wait(takes: Duration, timeout: Duration) -> Result<(), SendError> {
    tokio::time::sleep(takes.min(timeout)).await;
    if takes < timeout { Ok(()) } else { Err(SendError::NoAnswer("timed out".to_owned())) }
}

/// Never answers: the rehearsal is being aborted.
struct NeverAnswers;

impl Transport for NeverAnswers {
    fn send<'a>(&'a self, _: Request, _: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        pending().boxed()
    }
}
