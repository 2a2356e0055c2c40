//! Where a run sends: an environment's name and its connections.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::provider::Connection;

/// The name of the built-in environment whose vendors are simulators.
pub const SANDBOX: &str = "sandbox";

/// An environment, as settings and defaults together make it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Whether it asks before it sends.
    pub confirm: bool,
    /// Its connections.
    pub connections: Vec<Connection>,
    /// The settings file that was in force when it was read; `None` where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

impl Environment {
    /// Whether its vendors are simulators inside the process, unless a connection says otherwise.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.name == SANDBOX
    }
}
