//! Which runs belong together: a run, its retries and its undos. They are kept or removed together, because each of them
//! tells what became of the rows of the others.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::Candidate;
use super::rules::KeptBecause;
use crate::model::RunId;

/// The candidates of one family, oldest first.
#[derive(Debug, Default)]
pub(super) struct PrunedFamily {
    /// The members that can be read.
    pub(super) members: Vec<Candidate>,
    /// A run that the family belongs together with and that cannot be read; `None` where there is none.
    pub(super) unreadable: Option<RunId>,
}

impl PrunedFamily {
    /// Why each member is kept; `None` where all may be removed.
    pub(super) fn kept(&self) -> Option<Vec<(RunId, KeptBecause)>> {
        let first = self.members.iter().find(|member| member.kept.is_some()).map(|member| &member.status.run);
        let because = self.unreadable.as_ref().or(first)?.clone();
        let each = self.members.iter().map(|member| {
            let own = member.kept.clone();
            (member.status.run.clone(), own.unwrap_or_else(|| KeptBecause::BelongsTo(because.clone())))
        });
        Some(each.collect())
    }
}

/// Gathers candidates into families. `unreadable` are runs that exist and cannot be read.
pub(super) fn families(candidates: Vec<Candidate>, unreadable: &BTreeSet<RunId>) -> Vec<PrunedFamily> {
    let mut groups = Groups::default();
    for candidate in &candidates {
        let run = &candidate.status.run;
        groups.add(run);
        if let Some(link) = &candidate.status.link {
            groups.join(run, &link.of);
        }
    }
    let mut families: BTreeMap<RunId, PrunedFamily> = BTreeMap::new();
    for run in unreadable {
        if let Some(head) = groups.head(run) {
            families.entry(head).or_default().unreadable = Some(run.clone());
        }
    }
    for candidate in candidates {
        if let Some(head) = groups.head(&candidate.status.run) {
            families.entry(head).or_default().members.push(candidate);
        }
    }
    let mut families: Vec<PrunedFamily> = families.into_values().filter(|family| !family.members.is_empty()).collect();
    for family in &mut families {
        family.members.sort_by(|one, other| one.status.run.cmp(&other.status.run));
    }
    families
}

/// Runs in groups. Each group is named by one of its runs.
#[derive(Default)]
struct Groups {
    heads: BTreeMap<RunId, RunId>,
}

impl Groups {
    fn add(&mut self, run: &RunId) {
        self.heads.entry(run.clone()).or_insert_with(|| run.clone());
    }

    fn join(&mut self, one: &RunId, other: &RunId) {
        self.add(other);
        if let (Some(from), Some(to)) = (self.head(one), self.head(other)) {
            self.heads.insert(from, to);
        }
    }

    fn head(&self, run: &RunId) -> Option<RunId> {
        let mut head = self.heads.get(run)?;
        while let Some(next) = self.heads.get(head).filter(|next| *next != head) {
            head = next;
        }
        Some(head.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str) -> RunId {
        RunId::from_text(name)
    }

    #[test]
    fn runs_that_are_linked_over_others_are_one_group() {
        let mut groups = Groups::default();
        for (one, other) in [("b", "a"), ("c", "b"), ("e", "d"), ("f", "a")] {
            groups.add(&run(one));
            groups.join(&run(one), &run(other));
        }
        let head = |name: &str| groups.head(&run(name));
        assert!(head("a").is_some());
        assert_eq!(head("a"), head("b"));
        assert_eq!(head("a"), head("c"));
        assert_eq!(head("a"), head("f"));
        assert_eq!(head("d"), head("e"));
        assert_ne!(head("a"), head("d"));
        assert_eq!(head("x"), None);
    }
}
