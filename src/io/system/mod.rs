//! The process and the machine it runs on: time, randomness, the user, open files, signals, priority, load, crash points.

mod busy_processors;
mod clock;
mod crash_point;
mod descriptors;
mod ignored_signals;
mod key_mode;
mod priority;
mod random;
mod thread_time;
mod user;

pub use busy_processors::BusyProcessors;
pub use clock::Clock;
pub use crash_point::crash_point;
pub use descriptors::Descriptors;
pub use ignored_signals::IgnoredSignals;
pub use key_mode::{KeyMode, leave_key_mode};
pub use priority::lower_priority;
pub use random::random_u128;
pub use thread_time::thread_time;
pub(super) use user::name_of_user;
pub use user::{user_id, user_name};
