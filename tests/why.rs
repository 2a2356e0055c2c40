//! `why`: the story of one row, told from the journal, through the program.

mod agreement;
mod hostile;
mod refused;
pub(crate) mod shop;
mod told;
