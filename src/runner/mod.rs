//! The local driver of the engine: rows into the journal, the loop between engine and vendors, the closing of a run.
#![doc = ""]
#![doc = include_str!("scale.md")]

mod closing;
mod driving;
mod failing;
mod freezing;
mod frozen;
mod intake;
mod kept_rows;
mod kept_text;
mod local;
mod login_pace;
mod marking;
mod others;
mod pause;
mod repeats;
mod row_source;
mod secrets;
mod shortage;
mod signals;
mod so_far;
mod stage;
mod stop_told;
mod telling;
mod vendors;
mod when_words;
mod widened;

pub use closing::{CloseError, RunEnd, close_run, sum_up};
pub use driving::{Control, Drive, DriveError};
pub use failing::{failures, place_failures};
pub use freezing::freeze_rows;
pub use frozen::{FrozenRun, FrozenText, Link, LinkKind, RunFolder};
pub use intake::{Intake, Selection, Tally, take_rows};
pub use kept_rows::{Kept, KeptRows};
pub use kept_text::KeptText;
pub use local::{drive, rehearse};
pub use marking::{begin_mark, mark_anew};
pub use repeats::{RepeatedCall, Repeats};
pub use row_source::RowSource;
pub use signals::{StopSignals, listen};
pub use so_far::{counts_so_far, stops};
pub use stage::Stage;
pub use telling::Telling;
pub use vendors::{Vendor, VendorError, network_transport, resolve_credentials};
