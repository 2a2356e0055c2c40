//! The words that settings' messages share.

use crate::diagnostic::{did_you_mean, near_miss};

/// `Did you mean …?`, else what there is.
pub(super) fn hint(word: &str, known: &[&str]) -> String {
    match near_miss(word, known.iter().copied()) {
        Some(near) => did_you_mean(word, near),
        None if known.is_empty() => "It has none.".to_owned(),
        None => format!("There are {}.", listed(known)),
    }
}

/// Names in backticks, with commas.
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
