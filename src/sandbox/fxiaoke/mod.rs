//! Fxiaoke: approvals with tasks and nodes, under an app token and three headers.

mod approval;
mod envelope;
mod reads;
mod service;
#[cfg(test)]
mod tests;
mod token;

pub(super) use service::{answer, refused, throttled};
pub(super) use token::expired;
