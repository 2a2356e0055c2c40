//! Words that every floor shares: ids, values, times, rates, secrets, requests, dispositions, outcomes.

mod decimal;
mod deferred;
mod disposition;
mod effect_key;
mod hex;
mod ids;
mod masking;
mod outcome;
mod percent;
mod rate;
mod request;
mod secret;
mod share;
mod text_encoding;
mod time;
mod time_pattern;
mod unreadable;
mod value;
mod word;

pub use decimal::Decimal;
pub use deferred::{contains_deferred, deferred, is_deferred};
pub use disposition::{Disposition, Repeat};
pub use effect_key::{EFFECT_KEY_LEN, EffectKey};
pub(crate) use hex::hex;
pub use ids::{Phase, RunId, StepScope, fresh_uuid};
pub use masking::{CredentialRedactor, MASK, Masks};
pub use outcome::{RowOutcome, StepOutcome};
pub(crate) use percent::{add_query, percent_decoded, percent_encoded};
pub use rate::{Limits, Rate};
pub use request::{Method, Request, Response, SendError};
pub use secret::Secret;
pub use share::Share;
pub use text_encoding::TextEncoding;
pub use time::{Time, parse_duration, show_duration};
pub use time_pattern::{Moment, TimePattern};
pub(crate) use unreadable::{unreadable, why_unreadable};
pub use value::{Map, Value, as_text, is_truthy, value_at};
pub use word::{UnknownWord, Word};
#[cfg(test)]
pub(crate) use word::{assert_read, assert_serialized};
pub(crate) use word::{distinct, same, words};
