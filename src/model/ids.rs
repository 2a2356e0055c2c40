//! Names of runs and of places inside a run.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::Time;

/// A run's id: sorts by time, safe as a folder's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RunId(String);

impl RunId {
    /// Makes an id from the run's start, to the millisecond, and randomness: `20261122-004610-0423fa`.
    #[must_use]
    pub fn new(started_at: Time, random: u32) -> Self {
        let at = started_at.timestamp().strftime("%Y%m%d-%H%M%S").to_string();
        let millis = started_at.as_micros().rem_euclid(1_000_000) / 1_000;
        Self(format!("{at}-{millis:03}{:03x}", random & 0xfff))
    }

    /// Takes a text that names a run already.
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

/// Whose steps: the run's own ahead of the rows, a row's, or the run's own after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepScope {
    /// The steps that run once, ahead of the rows.
    Before,
    /// One row, by its place in the input counted from 0.
    Row(u64),
    /// The steps that run once, when the rows are done.
    After,
    /// The run itself.
    Run,
}

/// Whether a call makes an effect or takes one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The step's own call.
    #[default]
    Do,
    /// Its rollback.
    Rollback,
}

/// An RFC 4122 version 4 UUID made of the given random bits.
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
