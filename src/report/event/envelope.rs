//! The members that every event has: version, number, instant, run.

use schemars::JsonSchema;
use serde::Serialize;

use super::kind::EventKind;
use crate::model::{RunId, Time};

/// The version of the format. Keys and kinds may be added within a version; none is removed or changed.
pub const EVENTS_VERSION: u32 = 1;

/// An event.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Event {
    /// The version of the format: 1. Further keys and kinds may be added within a version
    pub v: u32,
    /// The number of the event in this process, from 1; a gap means events that could not be written in time
    pub seq: u64,
    /// When it happened: RFC 3339 in UTC, to the millisecond
    pub at: String,
    /// The run; absent before it has begun
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

impl Event {
    /// Formats an instant as events do.
    #[must_use]
    pub fn instant(at: Time) -> String {
        format!("{:.3}", at.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_milliseconds() {
        assert_eq!(Event::instant(Time::from_micros(1_700_000_000_000_000)), "2023-11-14T22:13:20.000Z");
        assert_eq!(Event::instant(Time::from_micros(1_700_000_000_123_999)), "2023-11-14T22:13:20.123Z");
    }
}
