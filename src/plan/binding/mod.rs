//! Builds the plan from playbook and settings, and reports every mistake that needs no row.

mod bind;
mod forbidden_headers;
mod forgotten_braces;
mod inputs;
mod names;
mod step_settings;
mod vars;

pub use bind::{Binding, bind};
pub(super) use forbidden_headers::{LITERAL_CREDENTIAL, header_problems};
pub use vars::resolve_vars;
