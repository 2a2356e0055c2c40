//! A run that was opened: locked and loaded, with its calls in doubt.

mod opened;
mod unknown_call;

pub(super) use opened::OpenRun;
pub(super) use unknown_call::UnknownCall;
