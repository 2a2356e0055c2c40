//! The moments of a row's story: what happened when.

use schemars::JsonSchema;
use serde::Serialize;

use super::row_story::StoryCell;
use super::shown_value::ShownValue;
use crate::model::{Disposition, RowOutcome, RunId, StepOutcome};
use crate::policy::{LookupVerdict, WaitReason};
use crate::report::steering::SteeringEntry;

/// Something that happened at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Moment {
    /// When it was recorded: RFC 3339 in UTC, to the millisecond
    pub at: String,
    /// What happened
    #[serde(flatten)]
    pub kind: MomentKind,
}

/// The call that a moment is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallName {
    /// The step's id
    pub step: String,
    /// The number of the `for_each` element, from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<u32>,
    /// Whether it takes the step back
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rollback: bool,
    /// The operation
    pub operation: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum MomentKind {
    /// A process began to drive the run
    ProcessBegan {
        /// The id of the process
        process: u32,
        /// Whether an earlier process had begun the run
        resumed: bool,
    },
    /// A person steered the run: paused it, changed its rate, or stopped it
    Steered {
        /// The command and the person
        command: SteeringEntry,
    },
    /// The run stopped early
    RunStopped {
        /// The reason
        message: String,
    },
    /// The run finished
    RunFinished,
    /// The run went on from a copy of its journal; calls since then may have been sent before
    FromCopy,
    /// A call is about to be sent, and no answer is recorded
    Intended {
        /// The call
        #[serde(flatten)]
        call: CallName,
        /// The number of the send, from 1
        attempt: u32,
        /// The request
        request: StoryRequest,
    },
    /// An attempt of a call or of its lookup ended
    Attempt(Box<StoryAttempt>),
    /// A step ended
    StepEnded {
        /// The step's id
        step: String,
        /// How it ended
        outcome: StepOutcome,
        /// The reason, if no answer gives it
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The reason as a sentence
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The condition of the playbook that decided
        #[serde(skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
    },
    /// The rollback of the row began
    RollbackStarted,
    /// A person settled a call in doubt
    Settled {
        /// The call
        #[serde(flatten)]
        call: CallName,
        /// `succeeded` if it took effect, `failed` if it did not
        outcome: StepOutcome,
        /// The person
        who: String,
        /// The reason, in the person's words
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// The outputs that the person gave
        outputs: Vec<StoryCell>,
    },
    /// A call that had ended as unknown is looked up again
    Reopened {
        /// The call
        #[serde(flatten)]
        call: CallName,
    },
    /// An earlier run made this call, and it is not made again
    Imported {
        /// The call
        #[serde(flatten)]
        call: CallName,
        /// The earlier run
        from: RunId,
        /// When that run first sent it
        made_at: String,
        /// How it ended
        outcome: StepOutcome,
        /// The vendor's code, or runsheet's
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The message
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The vendor's id of the request
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
        /// The outputs
        outputs: Vec<StoryCell>,
    },
    /// The row goes on in a later run
    ContinuedIn {
        /// The later run
        run: RunId,
        /// The row's outcome when it was handed over
        outcome: RowOutcome,
    },
    /// The row ended
    RowEnded {
        /// How it ended
        outcome: RowOutcome,
        /// The step that decided the outcome
        #[serde(skip_serializing_if = "Option::is_none")]
        step: Option<String>,
        /// The vendor's code, or runsheet's
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The reason as a sentence
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoryEnd {
    /// With an answer
    Answered,
    /// It was sent, and no answer came
    Lost,
    /// It did not reach the vendor
    Unsent,
    /// The lookup was answered
    LookedUp,
    /// The lookup gave no verdict
    LookupFailed,
    /// It was not sent; the code says why
    NotMade,
}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptThen {
    /// The call has ended
    Ended,
    /// It is sent again
    SentAgain,
    /// It is looked up
    LookedUp,
    /// A new token is fetched, and it is sent again
    TokenRenewed,
    /// It is read again until its condition holds
    ReadAgain,
    /// It is sent later
    SentLater,
    /// The run stopped first; the call goes on when the run is resumed
    RunStopped,
}

/// An attempt of a call or of its lookup.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryAttempt {
    /// The call
    #[serde(flatten)]
    pub call: CallName,
    /// The operation that was sent, if it is the call's lookup
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<String>,
    /// The number of the send, lookups included, from 1; absent if it was not sent
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// What it waited for before it was sent; waits under 100 ms are not kept
    pub waited: Vec<StoryWait>,
    /// When it was sent; absent if it was not, or if that was not kept
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
    /// The time from sending to its end, in milliseconds
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// The request; absent if it is the one that was shown before, or if nothing was sent
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<StoryRequest>,
    /// How it ended
    pub end: StoryEnd,
    /// The HTTP status, if it is not 200
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// The answer; absent if it was empty, or too large to be kept
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<ShownValue>,
    /// The meaning of the answer
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Disposition>,
    /// The verdict of a lookup
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<LookupVerdict>,
    /// The rule that decided
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<StoryRule>,
    /// The vendor's code, or runsheet's
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The vendor's message, or runsheet's
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vendor's id of the request
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The outputs
    pub outputs: Vec<StoryCell>,
    /// How the call ended; absent if it goes on
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<StepOutcome>,
    /// What follows
    pub then: AttemptThen,
}

/// A wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StoryWait {
    /// What it waited for
    pub reason: WaitReason,
    /// How long, in milliseconds
    pub ms: u64,
}

/// How a rebuilt request compares with the hash that the journal keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestCheck {
    /// The hashes are equal: this is what was sent
    Same,
    /// The hashes differ: something else was sent
    Differs,
    /// The journal keeps no hash of it, because it only reads
    NoHash,
    /// It cannot be rebuilt
    Lost,
}

/// A request, rebuilt from the frozen playbook and provider files.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryRequest {
    /// How it compares with the hash that the journal keeps
    pub check: RequestCheck,
    /// Why it differs or cannot be rebuilt
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The method
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The address; only the path for the sandbox
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The headers without credentials, each as a name and a value
    pub headers: Vec<(String, String)>,
    /// The body; absent if there is none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<ShownValue>,
}

/// The kind of a rule that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoryRuleKind {
    /// A rule of success holds
    Success,
    /// The step's own rule of success holds
    SuccessOfStep,
    /// A table of codes lists the code
    Code,
    /// No table lists the code, and `otherwise` says what such codes mean
    OtherCode,
    /// Single items of the answer failed
    Items,
    /// The answer lacks a required output
    MissingOutput,
    /// No rule fits the answer
    Unlisted,
    /// The lookup found that the call took effect
    TookEffect,
    /// The lookup found that the call had no effect
    NoEffect,
    /// The lookup cannot tell
    Undecided,
}

/// The rule of a provider file that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StoryRule {
    /// Its kind
    pub kind: StoryRuleKind,
    /// What the rule is, in words
    pub what: String,
    /// The provider file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in it, from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What the code means, by the provider file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<String>,
    /// What to do, by the provider file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// A condition of the playbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Condition {
    /// The key: `when`, `for_each` or `expect`
    pub key: String,
    /// Its text
    pub text: String,
    /// The playbook
    pub file: String,
    /// The line in it, from 1
    pub line: usize,
}
