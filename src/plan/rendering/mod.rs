//! Renders values, before a run and in it.

mod render;

pub use render::{Answers, RenderFailure, is_counted_ahead, render};
pub(super) use render::{always_waits, cannot_hold, kind_of, render_one};
