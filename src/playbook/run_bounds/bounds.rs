//! What bounds the damage of a run: stop rules, waves, a budget of effects, the hours in which it sends.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::window::SendWindow;
use crate::model::Share;

/// All bounds of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunBounds {
    /// When it stops by itself.
    pub stop_when: StopWhen,
    /// Its waves.
    pub waves: Option<Waves>,
    /// How many effects of a kind it may make, by the word that operations count them under.
    pub budget: BTreeMap<String, u64>,
    /// When it sends.
    pub window: Option<SendWindow>,
}

/// When a run stops by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct StopWhen {
    /// At so many failed rows.
    pub failed: Option<u64>,
    /// At such a share of failed rows, between 0 and 1.
    pub failed_ratio: Option<f64>,
    /// At so many unknown rows.
    pub unknown: Option<u64>,
    /// At a kind of failure that the first wave did not show.
    #[serde(default)]
    pub new_kind: bool,
}

/// Rows in waves: the next begins when the one before has ended and passed its gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waves {
    /// The first waves; the rest follows as the last one.
    pub sizes: Vec<WaveSize>,
    /// The share of a wave's rows that must have succeeded.
    pub gate: Share,
}

/// How many rows a wave has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum WaveSize {
    /// So many.
    Rows(u64),
    /// Such a share of all rows.
    Share(Share),
}

impl WaveSize {
    /// Reads `3` or `10%`.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not the size of a wave: write a number of rows (`3`) or a share (`10%`)");
        let text = text.trim();
        let size = match text.ends_with('%') {
            true => Share::parse(text).ok().filter(|share| !share.is_nothing()).map(Self::Share),
            false => text.parse().ok().filter(|rows| *rows > 0).map(Self::Rows),
        };
        size.ok_or_else(wrong)
    }
}

impl fmt::Display for WaveSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(rows) => write!(f, "{rows}"),
            Self::Share(share) => write!(f, "{share}"),
        }
    }
}

impl TryFrom<String> for WaveSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<WaveSize> for String {
    fn from(size: WaveSize) -> Self {
        size.to_string()
    }
}
