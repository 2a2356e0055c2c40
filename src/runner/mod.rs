//! The local driver of the engine: rows into the journal, the loop between engine and vendors, the closing of a run.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `frozen` | the description of a run in its journal; its folder and its mark |
//! | `intake` | rows on their way into the journal: read, checked, counted, compared with other runs |
//! | `vendors` | one connection each: credentials, logins, client |
//! | `summary` | the end of a run: row files, counts, kinds of failure, why it stopped |
//! | `events` | reports a run as events |
//! | `driver` | the loop between engine, journal and vendors; signals |
#![doc = ""]
#![doc = include_str!("scale.md")]

mod driver;
mod events;
mod frozen;
mod intake;
mod summary;
#[cfg(test)]
pub(crate) mod tests;
mod vendors;

pub use driver::{
    Control, Drive, DriveError, FakeVendors, StopSignals, drive, listen, recorded_stops, rehearse, restore_counts,
};
pub use events::RunEvents;
pub use frozen::{FrozenRun, FrozenText, Link, LinkKind, RunFolder, rebuild_mark, write_mark};
pub use intake::{
    Carryover, EarlierRowText, EarlierRows, Intake, IntakeTally, RepeatedCall, Repeats, RowSource, Selection,
    freeze_rows, take_rows,
};
pub use summary::{
    CloseError, LeftAt, RecordedRow, RowMasks, RowReader, RunEnd, RunStanding, close_run, collect_failures,
    gather_failures, locate_failures, report_unended, summarize_run,
};
pub use vendors::{Vendor, VendorError, network_transport, resolve_credentials};
