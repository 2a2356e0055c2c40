//! What touches the world: transport, journal store, credentials, clock, files.

mod clock;
mod crash_point;
mod credential_command;
mod credentials;
mod event_log;
mod files;
mod http;
mod ignored_signals;
pub mod journal;
mod ledger;
mod ownership;
mod transport;
mod user;

pub use clock::{Clock, random_u128};
pub use crash_point::crash_point;
pub use credentials::{CredentialError, resolve};
pub use event_log::{EventLog, Patience, open_target};
pub use files::{make_private_dir, private_file, replace};
pub use http::HttpTransport;
pub use ignored_signals::IgnoredSignals;
pub use ledger::{Ledger, LedgerError};
pub use ownership::{NotOurs, Untrusted, check_ours, check_ours_or_link, looser_parent};
pub use transport::{CallBounds, Transport};
pub use user::user_name;
