//! A rehearsal's stage: who stands in for the vendors, and sees each order with the calls that it is for.

use std::sync::Arc;

use crate::engine::{AskedBy, SendOrder};
use crate::io::Transport;
use crate::model::Time;

/// Who answers in place of the vendors.
pub trait Stage: Send + Sync {
    /// The way out of an order that goes out now. Asked once for each, in the order in which they go out.
    fn way_out(&self, order: &SendOrder, asked_by: Vec<AskedBy>, at: Time) -> Arc<dyn Transport>;
}
