//! eSignon: documents that go from signer to signer; approve, return, read; login by e-mail and password.

mod action;
mod envelope;
mod find;
mod login;
mod read;
mod service;
#[cfg(test)]
mod tests;

pub(super) use login::expired;
pub(super) use service::{answer, refused};
