//! The bounds of a run: stop rules, waves, effect budget, send window.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::window::SendWindow;
use crate::model::Share;

/// All bounds of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunBounds {
    /// The rules for stopping by itself.
    pub stop_when: StopWhen,
    /// The waves; `None` if all rows run as one.
    pub waves: Option<Waves>,
    /// The effect budget: the most effects of each kind, by the word that operations count them under.
    pub budget: BTreeMap<String, u64>,
    /// The send window; `None` if it may always send.
    pub window: Option<SendWindow>,
}

/// The rules for a run to stop by itself. `None` disables a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct StopWhen {
    /// Stop at this number of failed rows.
    pub failed: Option<u64>,
    /// Stop at this ratio of failed rows, from 0 to 1.
    pub failed_ratio: Option<f64>,
    /// Stop at this number of rows with an unknown outcome.
    pub unknown: Option<u64>,
    /// Stop at a kind of failure that did not occur in the first wave.
    #[serde(default)]
    pub new_kind: bool,
}

/// Waves of rows. The next wave begins when the previous one has ended and passed its gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waves {
    /// The sizes of the first waves; all other rows are the last wave.
    pub sizes: Vec<WaveSize>,
    /// The share of a wave's rows that must have succeeded.
    pub gate: Share,
}

/// The size of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum WaveSize {
    /// This number of rows.
    Rows(u64),
    /// This share of all rows.
    Share(Share),
}

impl WaveSize {
    /// Reads `3` or `10%`.
    ///
    /// # Errors
    /// The text is neither a number from 1 on nor a share above 0%; the message says what is accepted.
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
