//! The process and the machine it runs on: time, randomness, the user, open files, signals, crash points.

mod clock;
mod crash_point;
mod descriptors;
mod ignored_signals;
mod key_mode;
mod random;
mod user;

pub use clock::Clock;
pub use crash_point::crash_point;
pub use descriptors::Descriptors;
pub use ignored_signals::IgnoredSignals;
pub use key_mode::{KeyMode, leave_key_mode};
pub use random::random_u128;
pub(super) use user::name_of_user;
pub use user::{user_id, user_name};
