//! From the YAML of provider files to providers and operations; every mistake is reported at its place.

mod answers;
mod auth;
mod bodies;
mod effects;
mod examples;
mod expressions;
mod inputs;
mod operation_file;
mod provider_file;
mod words;

pub(crate) use operation_file::read_operation;
pub(crate) use provider_file::{ProviderDraft, read_provider};
