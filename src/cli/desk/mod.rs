//! A run that was opened for a closer look: its plan, its journal, the calls of it that are in doubt.

mod case;
mod opened;

pub(crate) use case::Case;
pub(crate) use opened::Desk;
