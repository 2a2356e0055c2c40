//! What touches the world: transport, journal store, credentials, clock, files.

mod clock;
mod crash_point;
mod credential_command;
mod credentials;
mod descriptors;
mod event_log;
mod files;
mod http;
mod ignored_signals;
pub mod journal;
mod ledger;
pub mod marks;
mod ownership;
mod secret_text;
mod transport;
mod user;

pub use clock::{Clock, random_u128};
pub use crash_point::crash_point;
pub use credentials::{CredentialError, SecretPlace, resolve};
pub use descriptors::Descriptors;
pub use event_log::{EventLog, Patience, open_target};
pub use files::{SmallFileError, make_private_dir, private_file, read_small, replace};
pub use http::{CaFileError, HttpTransport, authorities};
pub use ignored_signals::IgnoredSignals;
pub use ledger::{Ledger, LedgerError};
pub use ownership::{NotOurs, Untrusted, check_ours, check_ours_or_link, looser_parent};
pub use secret_text::SecretFlaw;
pub use transport::{CallBounds, Transport};
pub use user::user_name;
