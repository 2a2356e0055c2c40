//! A run told as events: what the journal holds once it is on the disk, and what passes on the way there.

mod known;
mod teller;
mod words;

pub(super) use teller::Teller;
pub use teller::Telling;
