//! The verb `operations`: all operations, one provider, or one operation in full.

mod describe;
mod verb;
mod wording;

pub(crate) use verb::operations;
