//! One environment: its name, whether it asks first, its connections.

use crate::provider::Connection;

/// An environment of the settings, or the built-in sandbox.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// Its name.
    pub(crate) name: String,
    /// Whether a run asks before it sends.
    pub(crate) confirm: bool,
    /// Its connections.
    pub(crate) connections: Vec<Connection>,
}
