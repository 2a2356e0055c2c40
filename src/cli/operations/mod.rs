//! The verb `operations`: the catalogue, one provider, or one operation in full.

mod describe;
mod kinds;
mod verb;

pub(crate) use verb::operations;
