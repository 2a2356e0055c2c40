//! Writing a journal: its rows, its entries, and the thread that groups entries into synced transactions.

mod entries;
mod log_folding;
mod reserve;
mod rows;
mod store;
mod writer;

pub use reserve::Reserve;
pub use store::Store;
pub use writer::{WriteResult, Writer};
