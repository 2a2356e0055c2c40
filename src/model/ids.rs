//! Ids of runs, and of places inside a run.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::Time;

/// The id of a run: sorts by time, and is safe as the name of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RunId(String);

impl RunId {
    /// Makes an id from the run's start, to the millisecond, and randomness: `20261122-004610-0423fa`.
    #[must_use]
    pub(crate) fn new(started_at: Time, random: u32) -> Self {
        let at = started_at.timestamp().strftime("%Y%m%d-%H%M%S").to_string();
        let millis = started_at.as_micros().rem_euclid(1_000_000) / 1_000;
        Self(format!("{at}-{millis:03}{:03x}", random & 0xfff))
    }

    /// Takes the id of an existing run.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The part of a run that a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepScope {
    /// The steps that run once, before the rows.
    Before,
    /// A row, by its position in the input, counted from 0.
    Row(u64),
    /// The steps that run once, after the rows.
    After,
    /// The run itself.
    Run,
}

/// Whether a call makes an effect or undoes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The step's own call.
    #[default]
    Do,
    /// Its rollback.
    Rollback,
}

/// An RFC 4122 version 4 UUID made from the given random bits.
#[must_use]
pub fn fresh_uuid(random: u128) -> String {
    let bits = (random & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time() {
        let early = RunId::new(Time::from_secs(1_700_000_000), 0xffff_ffff);
        let late = RunId::new(Time::from_secs(1_700_000_001), 0);
        assert!(early < late);
        assert_eq!(early.as_str(), "20231114-221320-000fff");
        assert!(late < RunId::new(Time::from_micros(1_700_000_001_001_000), 0));
    }

    #[test]
    fn uuids_carry_version_and_variant() {
        assert_eq!(fresh_uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(fresh_uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
