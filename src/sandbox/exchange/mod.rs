//! What every simulator works with: the call, what it may look at, the reply.

pub(in crate::sandbox) mod body_fields;
pub(in crate::sandbox) mod broken_answers;
mod call;
mod desk;
mod rate_windows;
mod reply;
pub(in crate::sandbox) mod tokens;

pub(in crate::sandbox) use body_fields::{Field, Kind, Wrong, may, must, text};
pub(in crate::sandbox) use call::{Call, decode, without_scheme};
pub(in crate::sandbox) use desk::Desk;
pub(in crate::sandbox) use rate_windows::Gates;
pub(in crate::sandbox) use reply::Reply;
pub(in crate::sandbox) use tokens::Standing;
