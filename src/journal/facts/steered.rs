//! The fact that a person steered the run.

use serde::{Deserialize, Serialize};

use crate::policy::{SteerCommand, SteeredBy};

/// A command that a person gave while the run was under way, or that ends a pause or closes the run later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steered {
    /// The command.
    #[serde(rename = "w")]
    pub what: SteerCommand,
    /// Who gave it, and from where.
    #[serde(rename = "p")]
    pub by: SteeredBy,
}
