//! The stand-in for the vendors in a rehearsal.

use std::sync::Arc;

use crate::engine::{AskedBy, SendOrder};
use crate::io::Transport;
use crate::model::Time;

/// Answers calls instead of the vendors.
pub trait FakeVendors: Send + Sync {
    /// The transport that answers `order`, which is sent now for the calls of `asked_by`. Called once for each order, in
    /// the order in which they are sent.
    fn transport_for(&self, order: &SendOrder, asked_by: Vec<AskedBy>, at: Time) -> Arc<dyn Transport>;
}
