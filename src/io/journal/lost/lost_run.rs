//! A run of which something is lost, as it is reported to a person.

use std::fs;
use std::path::Path;

use super::loss::Loss;
use super::run_mark::RunMark;
use crate::io::journal::format::JournalError;
use crate::io::journal::read::Reader;
use crate::io::marks::Mark;
use crate::model::RunId;

/// A run of which something is lost, and what is still known about it.
#[derive(Debug, Clone)]
pub struct LostRun {
    /// The run.
    pub run: RunId,
    /// What is lost.
    pub why: Loss,
    /// Its mark; `None` if it has none that can be read.
    pub mark: Option<Box<Mark>>,
    /// The number of ended rows in what is left of its journal; `None` if that cannot be read.
    pub ended: Option<u64>,
}

impl LostRun {
    /// Checks whether something of a run is lost, by its mark and the journal's last entries. `None` if nothing is. A pruned
    /// run is lost only if the list of its effects is.
    #[must_use]
    pub fn find(run: &RunId, journal: &Path) -> Option<Self> {
        let (marked, why) = match RunMark::read(journal) {
            Ok(marked) => {
                let why = match marked.guard(journal) {
                    Ok(Some(_)) => None,
                    Ok(None) => find_loss(run, journal, &marked),
                    Err(error) => Some(Loss::Guard(error.to_string())),
                };
                (marked, why)
            }
            Err(error) => {
                let mark = RunMark::read_mark(journal);
                (RunMark { mark, ..RunMark::default() }, Some(Loss::of_mark(&error)))
            }
        };
        Some(Self::new(run.clone(), why?, marked.mark, journal))
    }

    /// A run whose journal turned out to be damaged while it was read.
    #[must_use]
    pub fn unreadable(run: &RunId, journal: &Path) -> Self {
        let mark = RunMark::read_mark(journal);
        Self::new(run.clone(), Loss::Unreadable("it is damaged".to_owned()), mark, journal)
    }

    /// Describes a lost run by what is left of its journal.
    #[must_use]
    pub fn new(run: RunId, why: Loss, mark: Option<Box<Mark>>, journal: &Path) -> Self {
        let left = Reader::open(journal).ok().filter(|left| left.is_of(&run));
        Self { ended: left.and_then(|left| left.ended_count().ok()), run, why, mark }
    }
}

fn find_loss(run: &RunId, journal: &Path, marked: &RunMark) -> Option<Loss> {
    if fs::metadata(journal).map_or(0, |about| about.len()) == 0 {
        return marked.has_begun().then_some(Loss::Gone);
    }
    match Reader::open(journal) {
        Err(JournalError::Empty(_)) if !marked.has_begun() => None,
        Err(error) => Some(Loss::of(&error)),
        Ok(reader) => marked.find_loss(&reader, journal, run).unwrap_or_else(|error| Some(Loss::of(&error))),
    }
}
