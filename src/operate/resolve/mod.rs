//! `resolve`: settles unknown calls, and runs of which something is lost.

mod filled_file;
mod lost;
mod person;
mod request;
mod use_case;

pub use lost::{ResolveLostReport, ResolveLostRequest, resolve_lost};
pub use request::{
    CallFilter, CallInDoubt, CallOwner, ResolveReport, ResolveRequest, SettleAs, SettledBy, SettledCall,
};
pub use use_case::resolve;
