//! What every simulator works with: the call, the view of the sandbox, the reply.

pub(in crate::sandbox) mod body_fields;
pub(in crate::sandbox) mod broken_answers;
mod call;
mod rate_windows;
mod reply;
pub(in crate::sandbox) mod tokens;
mod view;

pub(in crate::sandbox) use body_fields::{BodyMistake, FieldSpec, FieldType, may, must, text};
pub(in crate::sandbox) use call::{Call, decode, without_scheme};
pub(in crate::sandbox) use rate_windows::RateWindows;
pub(in crate::sandbox) use reply::Reply;
pub(in crate::sandbox) use tokens::TokenStatus;
pub(in crate::sandbox) use view::SandboxView;
