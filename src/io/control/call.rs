//! A command on its way to the run, and its answer.

use tokio::sync::oneshot;

use crate::policy::{SteerDone, SteerRefusal, SteerWish, SteeredBy};

/// The answer to a command: given once the command is on disk, or refused.
pub type SteerReply = Result<SteerDone, SteerRefusal>;

/// A command of a person to a run under way.
#[derive(Debug)]
pub struct SteerCall {
    /// What the person wants.
    pub wish: SteerWish,
    /// The person.
    pub by: SteeredBy,
    /// Takes the answer. It is dropped without one if the run breaks off.
    pub reply: oneshot::Sender<SteerReply>,
}
