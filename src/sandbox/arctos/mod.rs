//! arctos: appointments with moderators and publishers, under a bearer token.

mod auth;
mod envelope;
mod service;
mod tasks;
#[cfg(test)]
mod tests;

pub(super) use auth::expired;
pub(super) use service::{UPDATE_STATUS, answer, claims_status_update, operation, refused};
