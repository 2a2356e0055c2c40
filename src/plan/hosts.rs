//! Where a plan's calls go: the host of every connection that a step uses.

use super::bound::Plan;
use crate::provider::host;

/// What stands for the host of a connection that leaves it to its steps.
const ANY: &str = "any host that a step names";

impl Plan {
    /// The name and the host of every connection over which something is sent, in the order of the settings; empty for
    /// the sandbox, whose calls stay inside the process.
    #[must_use]
    pub fn hosts(&self) -> Vec<(String, String)> {
        if self.environment.is_sandbox() {
            return Vec::new();
        }
        let steps = || self.before.iter().chain(&self.steps).chain(&self.after);
        let calls = || steps().flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
        let connections = self.connections.iter().enumerate();
        let used = connections.filter_map(|(place, connection)| {
            let call = calls().find(|call| call.connection == place)?;
            let base = connection.base_url.as_deref().or(call.operation.provider.base_url.as_deref());
            Some((connection.name.clone(), base.and_then(host).unwrap_or_else(|| ANY.to_owned())))
        });
        used.collect()
    }
}
