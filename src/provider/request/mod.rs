//! Builds requests from checked inputs, before authentication.

mod address;
mod base_url;
mod body;
mod build;
mod head;
mod headers;
mod prepared;
mod wire;

pub(crate) use address::is_whole;
pub(crate) use base_url::{base_origin, check_scheme, host, join, leads_to, leads_to_origin, origin};
pub use base_url::{check_base_url, is_loopback, is_loopback_authority};
pub(crate) use headers::{HeaderRefusal, checked_header, is_of_transport, names_credential};
pub use prepared::PreparedRequest;
pub(crate) use wire::WireType;
