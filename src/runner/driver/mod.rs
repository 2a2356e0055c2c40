//! The loop between engine, journal and vendors, with what steers it from outside.
//!
//! `shortages`, `other_runs` and `journal_progress` decide and touch nothing; `driver_loop` and `calls` carry out.

mod acknowledgements;
mod calls;
mod delay;
mod drive;
mod driver_loop;
mod fake_vendors;
mod journal_progress;
mod other_runs;
mod restore_counters;
mod shortages;
mod signals;
mod start;

pub use drive::{Control, Drive, DriveError};
pub use fake_vendors::FakeVendors;
pub use restore_counters::{recorded_stops, restore_counts};
pub use signals::{StopSignals, listen};
pub use start::{drive, rehearse};
