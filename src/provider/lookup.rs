//! How to find out whether a call took effect whose answer never came.

use std::time::Duration;

use super::answer::Reading;
use crate::model::{Map, Time};

/// Several lookups asked in one call.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The read's input that takes a list of ids.
    pub input: String,
    /// How many ids one call takes.
    pub max: usize,
    /// Where an element of the answer's list says whose it is.
    pub matches: String,
}

/// What a lookup found.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It took effect; the outputs as far as the lookup knows them.
    TookEffect(Map),
    /// It did not.
    DidNot,
    /// The answer doesn't tell.
    Undecided,
}

/// How an operation's effect is looked up.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The read that tells, of the same provider.
    pub operation: String,
    /// Whether [`Verdict::DidNot`] is proof enough to send again.
    pub conclusive: bool,
    /// How long after the lost call the read can be trusted.
    pub settle: Duration,
    /// How several are asked in one call.
    pub batch: Option<Batch>,
}

impl Lookup {
    /// The inputs of the read.
    ///
    /// # Errors
    /// What the inputs lack.
    pub fn inputs(&self, inputs: &Map, intent_at: Time) -> Result<Map, String> {
        let _ = (inputs, intent_at);
        Ok(Map::new())
    }

    /// What the read's answer says about the call.
    #[must_use]
    pub fn verdict(&self, inputs: &Map, intent_at: Time, reading: &Reading) -> Verdict {
        let _ = (inputs, intent_at, reading);
        Verdict::Undecided
    }
}
