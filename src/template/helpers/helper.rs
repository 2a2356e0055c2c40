//! What a helper is: its name, its values, what it does, examples.

use super::call::Call;
use crate::model::Value;

/// A helper of the language.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
#[derive(Debug)]
pub struct Helper {
    /// Its name.
    pub name: &'static str,
    /// Its name with its values: `default VALUE FALLBACK`.
    pub usage: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Examples over [`sample`](super::sample), which run as tests.
    pub examples: &'static [Example],
    /// The fewest values it takes.
    pub(in crate::template) least: usize,
    /// The most values it takes.
    pub(in crate::template) most: usize,
    /// What it does; the message says what does not fit.
    pub(in crate::template) run: fn(&Call<'_>) -> Result<Value, String>,
}

/// A template and the JSON it renders to.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
#[derive(Debug)]
pub struct Example {
    /// The template.
    pub template: &'static str,
    /// Its value, as JSON.
    pub result: &'static str,
}

/// A template and what comes of it.
pub(super) const fn example(template: &'static str, result: &'static str) -> Example {
    Example { template, result }
}

impl Helper {
    /// How many values it takes, in words.
    pub(in crate::template) fn takes(&self) -> String {
        let values = |count: usize| if count == 1 { "one value".to_owned() } else { format!("{count} values") };
        match (self.least, self.most) {
            (0, 0) => "no value".to_owned(),
            (least, usize::MAX) => format!("at least {}", values(least)),
            (least, most) if least == most => values(least),
            (least, most) => format!("{least} to {}", values(most)),
        }
    }
}
