//! Many messages at once: collected within bounds, counted, shown together.

use std::collections::HashMap;

use super::message::{Diagnostic, Severity};
use super::render;
use crate::model::Value;

/// The most errors, the most warnings and the most notes that are kept; beyond them they are only counted.
pub(super) const MOST_KEPT: usize = 10_000;

/// The messages of a check, in the order in which they were found.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Diagnostics {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        };
        *count += 1;
        if *count <= MOST_KEPT {
            self.kept.push(diagnostic);
        }
    }

    /// Adds many.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        others.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors there are, those not kept included.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// How many warnings there are, those not kept included.
    #[must_use]
    pub fn warning_count(&self) -> usize {
        self.warnings
    }

    /// The errors alone, as far as they are kept.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The warnings alone, as far as they are kept.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning)
    }

    /// All that are kept, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// Those that are kept beyond the first `count`, to be changed.
    pub fn from(&mut self, count: usize) -> &mut [Diagnostic] {
        self.kept.get_mut(count..).unwrap_or_default()
    }

    /// Makes errors of the warnings of a code, as far as they are kept.
    pub fn harden(&mut self, code: &str) {
        let warnings = self.kept.iter_mut().filter(|one| one.code == code && one.severity == Severity::Warning);
        for warning in warnings {
            warning.severity = Severity::Error;
            self.warnings -= 1;
            self.errors += 1;
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are, those not kept included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.errors + self.warnings + self.notes
    }

    /// All of them as text for a terminal `width` columns wide: file, line, column, the line, a caret, the help.
    #[must_use]
    pub fn render(&self, color: bool, width: usize) -> String {
        render::render(&self.in_file_order(), self.len(), color, width)
    }

    /// A JSON array of all that are kept, file by file.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.in_file_order().into_iter().map(Diagnostic::to_json).collect()
    }

    /// The same, but of very many the first `most`, and behind them one that counts the others.
    #[must_use]
    pub fn to_json_at_most(&self, most: usize) -> Vec<Value> {
        let mut told: Vec<Value> = self.in_file_order().into_iter().take(most).map(Diagnostic::to_json).collect();
        if self.len() > told.len() {
            let message = format!("{} more messages of this kind are not listed here", self.len() - told.len());
            told.push(Diagnostic::note("more-mistakes", message).to_json());
        }
        told
    }

    /// Each file's messages together and by line; files in the order in which they first had one, the placeless ahead.
    fn in_file_order(&self) -> Vec<&Diagnostic> {
        let mut files: HashMap<&str, usize> = HashMap::new();
        for (place, _) in self.kept.iter().filter_map(|diagnostic| diagnostic.places.first()) {
            let next = files.len();
            files.entry(&place.file).or_insert(next);
        }
        let mut ordered: Vec<&Diagnostic> = self.kept.iter().collect();
        ordered.sort_by_key(|diagnostic| {
            diagnostic.places.first().map(|(place, _)| (files.get(place.file.as_str()), place.line, place.column))
        });
        ordered
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.kept.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Place, Span};
    use super::*;

    #[test]
    fn beyond_the_bound_messages_are_only_counted() {
        let mut all = Diagnostics::new();
        all.extend((0..MOST_KEPT + 5).map(|_| Diagnostic::warning("blank-row", "w")));
        assert!(!all.has_errors());
        all.push(Diagnostic::error("bad-row", "e"));
        assert!(all.has_errors());
        assert_eq!((all.iter().count(), all.len()), (MOST_KEPT + 1, MOST_KEPT + 6));
        assert_eq!((all.errors().count(), all.error_count(), all.warning_count()), (1, 1, MOST_KEPT + 5));
        assert!(all.render(false, 80).contains(&format!("… and {} more\n", MOST_KEPT + 6 - 50)));
    }

    #[test]
    fn of_very_many_the_others_are_counted() {
        let mut all = Diagnostics::new();
        all.extend((0..7).map(|_| Diagnostic::warning("blank-row", "w")));
        assert_eq!(all.to_json_at_most(7).len(), 7);
        let told = all.to_json_at_most(3);
        assert_eq!(told.len(), 4);
        assert!(told[3]["message"].as_str().unwrap().starts_with("4 more"), "{told:?}");
    }

    #[test]
    fn each_files_messages_stand_together_and_by_line() {
        let at = |file: &str, line| Place::in_line(file, line, "text", Span::new(0, 1));
        let mut all = Diagnostics::new();
        for (file, line) in [("b", 9), ("a", 3), ("b", 2), ("a", 1)] {
            all.push(Diagnostic::error("bad-row", format!("{file}{line}")).at(at(file, line), ""));
        }
        all.push(Diagnostic::error("bad-row", "none"));
        let shown: Vec<&str> = all.in_file_order().into_iter().map(|found| found.message.as_str()).collect();
        assert_eq!(shown, ["none", "b2", "b9", "a1", "a3"]);
        assert_eq!(all.iter().next().map(|found| found.message.as_str()), Some("b9"));
    }
}
