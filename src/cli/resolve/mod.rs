//! The verb `resolve`: what became of calls whose answers never came, by lookups or by a person's word.

mod asking;
mod filled;
mod telling;
mod verb;
mod word;

pub(crate) use asking::ask;
pub(crate) use verb::resolve;
