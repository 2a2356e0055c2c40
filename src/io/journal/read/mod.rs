//! Reading a journal, also while its run goes on, and verifying that it holds what was written.

mod checksum_batch;
mod effect_list;
mod merge;
mod reader;
mod row_walks;
mod run_state;
mod scan;
mod stored_row;
mod verify;

pub use merge::{KeyedPair, KeyedRow};
pub use reader::Reader;
pub(super) use reader::frozen;
pub use row_walks::RowEnd;
pub(super) use scan::scan;
pub use stored_row::StoredRow;
