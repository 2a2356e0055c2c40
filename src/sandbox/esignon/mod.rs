//! eSignon: documents that go from signer to signer; approve, return, read; login by e-mail and password.

mod action;
mod envelope;
mod login;
mod read;
mod service;
#[cfg(test)]
mod tests;
mod workflow;

pub(super) use login::expired;
pub(super) use service::{answer, refused};
pub(super) use workflow::Workflow;
