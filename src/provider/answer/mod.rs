//! Reads answers: disposition, outputs, waits, redirects, results of lookups.

mod body;
mod deciding_rule;
mod http_date;
mod lone_surrogates;
mod output;
mod read;
mod reading;
mod redirect;
mod retry_after;
mod verdict;

pub use deciding_rule::{DecidingRule, PastAnswer, RuleKind};
pub use reading::{Reading, Remedy};
pub use redirect::Redirect;
pub use retry_after::RetryAfter;
pub use verdict::LookupResult;
