//! Files of certificate authorities that the settings name, read before anything is asked or sent.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::io::authorities;
use crate::plan::Plan;
use crate::provider::Registry;

/// Reports the `ca_file`s that cannot be used, of those that calls of the plan need.
pub(super) fn check_authorities(plan: &Plan, registry: &Registry, diagnostics: &mut Diagnostics) {
    if plan.environment.is_sandbox() {
        return;
    }
    for (place, connection) in plan.connections.iter().enumerate() {
        let Some(path) = &connection.ca_file else { continue };
        let own = registry.provider(&connection.provider).and_then(|provider| provider.base_url.as_deref());
        let over_tls = connection.base_url.as_deref().or(own).is_none_or(|url| url.starts_with("https:"));
        let is_used = plan.rate_buckets.iter().any(|budget| budget.connection == place);
        if let (true, Err(error)) = (over_tls && is_used, authorities(path)) {
            let message = format!("connection `{}`: {error}", connection.name);
            diagnostics.push(Diagnostic::error("connection", message).help(error.advice()));
        }
    }
}
