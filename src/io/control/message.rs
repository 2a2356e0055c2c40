//! What goes over the socket: one line of JSON for the question and one for the answer.

use serde::{Deserialize, Serialize};

use crate::model::Value;
use crate::policy::{SteerDone, SteerOrigin, SteerWish};

/// The version of the messages.
pub(super) const VERSION: u32 = 1;

/// The longest question in bytes, its line end included.
pub(super) const LONGEST_QUESTION: usize = 4 * 1_024;

/// The longest answer in bytes, its line end included.
pub(super) const LONGEST_ANSWER: usize = 256 * 1_024;

/// What is asked of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlAsk {
    /// To do this.
    Steer(SteerWish),
    /// How far it is.
    Status,
}

/// A question with its version.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Question {
    pub v: u32,
    /// Where it was asked: `ctl` or `page`.
    pub from: SteerOrigin,
    pub ask: ControlAsk,
}

/// What the run answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlAnswer {
    /// It obeyed, and that is on disk.
    Done(SteerDone),
    /// It does not do that, and why.
    Refused(String),
    /// How far it is.
    Status(Value),
}

/// An answer with its version.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    pub v: u32,
    pub answer: ControlAnswer,
}

/// A message as a line.
pub(super) fn line(message: &impl Serialize) -> std::io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(message)?;
    bytes.push(b'\n');
    Ok(bytes)
}
