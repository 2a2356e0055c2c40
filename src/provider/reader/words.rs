//! The words of provider files, in one place: what the reader takes and what the schemas offer.

use crate::model::{Disposition, Repeat};
use crate::provider::danger::DangerKind;
use crate::provider::input::Place;
use crate::provider::operation::Effect;
use crate::provider::output::OutputKind;

/// What an answer means.
pub(crate) const DISPOSITIONS: [(&str, Disposition); 10] = [
    ("succeeded", Disposition::Succeeded),
    ("warning", Disposition::Warning),
    ("unchanged", Disposition::Unchanged),
    ("throttled", Disposition::Throttled),
    ("unavailable", Disposition::Unavailable),
    ("expired_token", Disposition::ExpiredToken),
    ("rejected", Disposition::Rejected),
    ("refused", Disposition::Refused),
    ("quota_exhausted", Disposition::QuotaExhausted),
    ("unknown", Disposition::Unknown),
];

/// The word for what an answer means.
pub(crate) fn word_of(disposition: Disposition) -> &'static str {
    DISPOSITIONS.iter().find(|(_, known)| *known == disposition).map_or("", |(word, _)| word)
}

/// How calls are authenticated.
pub(crate) const SCHEMES: [(&str, &str); 8] = [
    ("none", "none"),
    ("bearer", "bearer"),
    ("basic", "basic"),
    ("header", "header"),
    ("oauth_app", "oauth_app"),
    ("login", "login"),
    ("tc3", "tc3"),
    ("connection", "connection"),
];

/// What an output is.
pub(crate) const OUTPUT_KINDS: [(&str, OutputKind); 7] = [
    ("string", OutputKind::String),
    ("integer", OutputKind::Integer),
    ("number", OutputKind::Number),
    ("boolean", OutputKind::Boolean),
    ("array", OutputKind::List),
    ("object", OutputKind::Object),
    ("any", OutputKind::Any),
];

/// What may follow a lost answer.
pub(crate) const REPEATS: [(&str, Repeat); 4] =
    [("safe", Repeat::Safe), ("keyed", Repeat::Keyed), ("lookup", Repeat::Lookup), ("never", Repeat::Never)];

/// What an operation does that is not taken back lightly.
pub(crate) const DANGERS: [(&str, DangerKind); 5] = [
    ("bills", DangerKind::Bills),
    ("cancels", DangerKind::Cancels),
    ("notifies", DangerKind::Notifies),
    ("signs", DangerKind::Signs),
    ("irreversible", DangerKind::Irreversible),
];

/// Whether an operation changes something.
pub(crate) const EFFECTS: [(&str, Effect); 2] = [("read", Effect::Read), ("write", Effect::Write)];

/// Where an input goes.
pub(crate) const PLACES: [(&str, Place); 4] =
    [("body", Place::Body), ("named", Place::Named), ("query", Place::Query), ("header", Place::Header)];

/// What an input is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum TypeWord {
    String,
    Integer,
    Number,
    Boolean,
    Object,
    Array,
    Any,
}

/// The words for it.
pub(crate) const TYPES: [(&str, TypeWord); 7] = [
    ("string", TypeWord::String),
    ("integer", TypeWord::Integer),
    ("number", TypeWord::Number),
    ("boolean", TypeWord::Boolean),
    ("object", TypeWord::Object),
    ("array", TypeWord::Array),
    ("any", TypeWord::Any),
];

/// How an input's time is written on the wire.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Format {
    UnixSeconds,
    UnixMillis,
    DateTime,
    Date,
}

/// The words for it.
pub(crate) const FORMATS: [(&str, Format); 4] = [
    ("unix-seconds", Format::UnixSeconds),
    ("unix-millis", Format::UnixMillis),
    ("date-time", Format::DateTime),
    ("date", Format::Date),
];
