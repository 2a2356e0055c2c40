//! One entry: what became known about one scope at one instant, written as one record.

use serde::{Deserialize, Serialize};

use super::fact::Fact;
use crate::model::{Scope, Time};

/// Facts that go to disk together. A call's result and the next call's intent share an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the journal, from 1, without gaps.
    pub seq: u64,
    /// When it was decided.
    pub at: Time,
    /// Whose facts these are.
    pub scope: Scope,
    /// The facts, in order.
    pub facts: Vec<Fact>,
}
