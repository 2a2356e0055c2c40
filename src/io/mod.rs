//! What touches the world: transport, journal store, credentials, clock, files.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `system` | the process and the machine: clock, randomness, user name, open files, ignored signals, crash points |
//! | `control` | the socket over which a run is steered from elsewhere |
//! | `files` | private files and folders, small files read whole, whether others could change a path |
//! | `credentials` | secrets from environment, file or command, checked for how they were copied |
//! | `http` | the transport over the network |
//! | `notify` | notices of the end of a run, posted or written to a program |
//! | `event_log` | the file of events, written by a thread of its own |
//! | `marks` | what is known of each run outside its folder |
//! | `journal` | the journal on disk: writing, reading, verifying, what is lost of one, effects of other runs |
//!
//! `transport` is the trait that the network and the simulators implement; `ledger` holds the rate limits that all
//! processes on this machine share.

pub mod control;
mod credentials;
mod event_log;
mod files;
mod http;
pub mod journal;
mod ledger;
pub mod marks;
mod notify;
mod system;
mod transport;

pub use credentials::{CredentialError, SecretFlaw, SecretPlace, resolve};
pub use event_log::{EventLog, Patience, open_target};
pub use files::{
    NotOurs, SmallFileError, Untrusted, check_ours, check_ours_or_link, looser_parent, make_private_dir, private_file,
    read_small, replace,
};
pub use http::{CaFileError, HttpTransport, authorities};
pub use ledger::{Ledger, LedgerError};
pub use notify::{NotifyFailure, WHOLE as NOTICE_TIME, send_notice};
pub use system::{
    BusyProcessors, Clock, Descriptors, IgnoredSignals, KeyMode, crash_point, leave_key_mode, lower_priority,
    random_u128, thread_time, user_id, user_name,
};
pub use transport::{CallBounds, Transport};
