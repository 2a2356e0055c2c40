//! The table of a vendor's codes and their dispositions.

use std::collections::HashMap;

use regex::Regex;

use super::rule_place::RulePlace;
use crate::model::Disposition;
use crate::provider::descriptor::Effect;

/// The meaning of a code.
#[derive(Debug, Clone)]
pub struct CodeMeaning {
    /// Its disposition.
    pub disposition: Disposition,
    /// Its disposition for an operation that only reads; `None` if it is the same.
    pub for_reads: Option<Disposition>,
    /// Whether the vendor checks this before it acts, so that the call provably had no effect.
    pub gate: bool,
    /// Whether the vendor considers this machine's clock wrong.
    pub clock: bool,
    /// The messages that it applies to; `None` for all.
    pub message: Option<Regex>,
    /// What it means, for people.
    pub means: Option<String>,
    /// What to do, for people.
    pub advice: Option<String>,
    /// Where it stands.
    pub at: Option<RulePlace>,
}

impl CodeMeaning {
    /// The disposition for an operation of that effect.
    #[must_use]
    pub fn disposition_for(&self, effect: Effect) -> Disposition {
        match effect {
            Effect::Read => self.for_reads.unwrap_or(self.disposition),
            Effect::Write => self.disposition,
        }
    }
}

/// Codes with their meanings. `Code.*` stands for all codes that begin with `Code.`.
#[derive(Debug, Clone, Default)]
pub struct CodeTable {
    exact: HashMap<String, Vec<CodeMeaning>>,
    /// Prefixes, the longest first.
    prefixes: Vec<(String, Vec<CodeMeaning>)>,
}

impl CodeTable {
    /// Adds a meaning of a code; returns `false` if the code already has one.
    pub(crate) fn add(&mut self, code: &str, meaning: CodeMeaning) -> bool {
        let meanings = match code.strip_suffix('*') {
            None => self.exact.entry(code.to_owned()).or_default(),
            Some(prefix) => self.prefix(prefix),
        };
        if meanings.iter().any(|known| known.message.is_none() && meaning.message.is_none()) {
            return false;
        }
        meanings.push(meaning);
        // Meanings that depend on a message come first.
        meanings.sort_by_key(|meaning| meaning.message.is_none());
        true
    }

    fn prefix(&mut self, prefix: &str) -> &mut Vec<CodeMeaning> {
        let at = match self.prefixes.iter().position(|(known, _)| known == prefix) {
            Some(at) => at,
            None => {
                let at = self.prefixes.partition_point(|(known, _)| known.len() >= prefix.len());
                self.prefixes.insert(at, (prefix.to_owned(), Vec::new()));
                at
            }
        };
        &mut self.prefixes[at].1
    }

    /// The meaning of a code with this message; `None` if it is not listed.
    #[must_use]
    pub fn meaning(&self, code: &str, message: &str) -> Option<&CodeMeaning> {
        let fits = |meaning: &&CodeMeaning| meaning.message.as_ref().is_none_or(|regex| regex.is_match(message));
        let exact = self.exact.get(code).and_then(|meanings| meanings.iter().find(fits));
        exact.or_else(|| {
            let starts = self.prefixes.iter().filter(|(prefix, _)| code.starts_with(prefix.as_str()));
            starts.flat_map(|(_, meanings)| meanings).find(fits)
        })
    }

    /// All codes with their meanings, sorted by code.
    #[must_use]
    pub fn rows(&self) -> Vec<(String, &CodeMeaning)> {
        let exact = self.exact.iter().flat_map(|(code, meanings)| meanings.iter().map(move |one| (code.clone(), one)));
        let prefixes = self
            .prefixes
            .iter()
            .flat_map(|(prefix, meanings)| meanings.iter().map(move |one| (format!("{prefix}*"), one)));
        let mut rows: Vec<_> = exact.chain(prefixes).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(disposition: Disposition, message: Option<&str>) -> CodeMeaning {
        let message = message.map(|text| Regex::new(text).unwrap());
        CodeMeaning {
            disposition,
            for_reads: None,
            gate: false,
            clock: false,
            message,
            means: None,
            advice: None,
            at: None,
        }
    }

    #[test]
    fn the_longest_matching_prefix_decides() {
        let mut table = CodeTable::default();
        assert!(table.add("A*", meaning(Disposition::Rejected, None)));
        assert!(table.add("A.B*", meaning(Disposition::Unknown, None)));
        assert!(table.add("A.B.C", meaning(Disposition::Refused, None)));
        assert!(table.add("0", meaning(Disposition::Rejected, None)));
        assert!(table.add("0", meaning(Disposition::ExpiredToken, Some("(?i)unauthorized"))));
        assert!(!table.add("A*", meaning(Disposition::Refused, None)));
        let found = |code: &str, message: &str| table.meaning(code, message).map(|meaning| meaning.disposition);
        assert_eq!(found("A.B.C", ""), Some(Disposition::Refused));
        assert_eq!(found("A.B.D", ""), Some(Disposition::Unknown));
        assert_eq!(found("A.C", ""), Some(Disposition::Rejected));
        assert_eq!(found("B", ""), None);
        assert_eq!(found("0", "no such task"), Some(Disposition::Rejected));
        assert_eq!(found("0", "Unauthorized Access"), Some(Disposition::ExpiredToken));
        assert_eq!(table.rows().len(), 5);
    }
}
