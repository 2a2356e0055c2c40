//! Who may ask: the link that works once, the sessions of the page, and requests that come from other pages.

mod access;
mod sessions;
mod token;

pub(super) use access::{Asked, judge};
pub(super) use sessions::Sessions;
