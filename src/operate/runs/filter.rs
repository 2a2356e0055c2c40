//! Which runs a list shows: by playbook, environment, state, and the outcomes of their rows.

use std::path::Path;

use super::status::{RunState, RunStatus};
use crate::model::RowOutcome;
use crate::operate::interface::Refusal;
use crate::operate::state_folder::PrunedStatus;

/// Which runs are listed. The default takes all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunsFilter {
    /// Only runs of such a playbook; `None` for all.
    pub playbook: Option<NameFilter>,
    /// Only runs in such an environment; `None` for all.
    pub environment: Option<NameFilter>,
    /// Only runs in the state with this word, such as `failed`, `running`, `broken off`, `paused` or `cancelled`; `None` for
    /// all. The words are those of [`RunsReport::states`](super::RunsReport::states).
    pub state: Option<String>,
    /// Only runs with at least one row of this outcome; `None` for all.
    pub outcome: Option<RowOutcome>,
}

/// How a name is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameFilter {
    /// The whole name. A playbook is named by its path, its file's name, or that without its extension.
    Whole(String),
    /// A part of the name; capital and small letters are the same.
    Part(String),
}

impl RunsFilter {
    /// Refuses a word that names no state.
    ///
    /// # Errors
    /// [`Refusal::Usage`] with the words.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let words = RunState::words();
        match &self.state {
            Some(word) if !words.contains(&word.as_str()) => {
                Err(Refusal::Usage(format!("`{word}` is not the state of a run: the states are {}", words.join(", "))))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a run passes all filters but that of the state.
    pub(super) fn wants_but_for_state(&self, run: &RunStatus) -> bool {
        self.wants_names(&run.playbook, &run.environment) && self.wants_outcome(|outcome| run.rows.of(outcome))
    }

    /// Whether a run in a state passes the filter of the state.
    pub(super) fn wants_state(&self, state: &str) -> bool {
        self.state.as_ref().is_none_or(|wanted| wanted == state)
    }

    /// Whether a run that was pruned passes all filters.
    pub(super) fn wants_pruned(&self, run: &PrunedStatus) -> bool {
        self.wants_names(&run.playbook, &run.environment)
            && self.wants_outcome(|outcome| run.rows.of(outcome))
            && self.wants_state(&run.state)
    }

    fn wants_names(&self, playbook: &str, environment: &str) -> bool {
        let by_playbook = self.playbook.as_ref().is_none_or(|name| match name {
            NameFilter::Whole(name) => names_playbook(name, playbook),
            NameFilter::Part(part) => contains(playbook, part),
        });
        let by_environment = self.environment.as_ref().is_none_or(|name| match name {
            NameFilter::Whole(name) => name == environment,
            NameFilter::Part(part) => contains(environment, part),
        });
        by_playbook && by_environment
    }

    fn wants_outcome(&self, count: impl Fn(RowOutcome) -> u64) -> bool {
        self.outcome.is_none_or(|outcome| count(outcome) > 0)
    }
}

/// Whether a word names a playbook: by its path, its file's name, or that without its extension.
fn names_playbook(word: &str, playbook: &str) -> bool {
    let path = Path::new(playbook);
    let is = |part: Option<&std::ffi::OsStr>| part.is_some_and(|part| part == word);
    word == playbook || is(path.file_name()) || is(path.file_stem())
}

/// Whether a name contains a part. Capital and small letters are the same.
fn contains(name: &str, part: &str) -> bool {
    name.to_lowercase().contains(&part.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_playbook_is_named_by_its_path_its_name_or_its_stem() {
        for word in ["jobs/move.yaml", "move.yaml", "move"] {
            assert!(names_playbook(word, "jobs/move.yaml"), "{word}");
        }
        for word in ["", "jobs", "jobs/move", "mov", "yaml"] {
            assert!(!names_playbook(word, "jobs/move.yaml"), "{word}");
        }
    }

    #[test]
    fn a_part_of_a_name_is_found_whatever_its_letters_case() {
        let filter = |playbook: Option<&str>, environment: Option<&str>| RunsFilter {
            playbook: playbook.map(|part| NameFilter::Part(part.to_owned())),
            environment: environment.map(|part| NameFilter::Part(part.to_owned())),
            ..RunsFilter::default()
        };
        for (playbook, environment, wanted) in [
            (None, None, true),
            (Some("MOVE"), None, true),
            (Some("jobs/mo"), Some("prod"), true),
            (Some(""), Some(""), true),
            (Some("é"), Some("DUC"), true),
            (Some("É"), None, true),
            (Some("remove"), None, false),
            (Some("move"), Some("test"), false),
            (Some("move.*"), None, false),
        ] {
            let found = filter(playbook, environment).wants_names("jobs/Move-é.yaml", "Production");
            assert_eq!(found, wanted, "{playbook:?} {environment:?}");
        }
    }

    #[test]
    fn an_outcome_is_wanted_of_one_row_at_least() {
        let filter = RunsFilter { outcome: Some(RowOutcome::Unknown), ..RunsFilter::default() };
        assert!(filter.wants_outcome(|outcome| u64::from(outcome == RowOutcome::Unknown)));
        assert!(!filter.wants_outcome(|outcome| u64::from(outcome != RowOutcome::Unknown)));
    }
}
