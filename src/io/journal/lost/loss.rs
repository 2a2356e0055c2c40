//! Whether a run's journal is all that its mark says it once was; if not, what is lost of it.

use std::fmt;

use crate::io::journal::format::JournalError;
use crate::io::marks::MarkError;
use crate::model::Time;

/// What is wrong with what is left of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The journal is gone, or the whole folder.
    Gone,
    /// The journal cannot be read.
    Unreadable(String),
    /// The journal ends before the mark does.
    Short {
        /// The journal's last entry.
        last: u64,
        /// The last entry by the mark.
        marked: u64,
        /// When the mark's last entry was decided.
        until: Option<Time>,
    },
    /// Its entries are not those that the mark was written for: it was put back from another copy.
    Another,
    /// The journal is another run's.
    OtherRun(String),
    /// The journal has a mark, and the mark is not there: nobody knows how far the run has come.
    NoMark,
    /// The mark is there and cannot be used.
    Mark(String),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("its journal is gone"),
            Self::Unreadable(why) => write!(f, "its journal cannot be read: {why}"),
            Self::Short { last, marked, until } => {
                write!(f, "its journal lacks the entries {} to {marked}", last + 1)?;
                if let Some(until) = until {
                    write!(f, ", the last of {until}")?;
                }
                f.write_str(": it was cut, or an older copy was put back")
            }
            Self::Another => {
                f.write_str("its journal is not the one that it last went on with: another copy was put back")
            }
            Self::OtherRun(run) => write!(f, "its folder holds the journal of {run}"),
            Self::NoMark => f.write_str("its mark is gone, so that nobody knows whether its journal is the latest"),
            Self::Mark(why) => write!(f, "its mark cannot be used: {why}"),
        }
    }
}

impl Loss {
    /// Whether the journal is sound in itself, so that the run can go on from it as from a copy.
    #[must_use]
    pub fn is_a_copy(&self) -> bool {
        match self {
            Self::Short { .. } | Self::Another | Self::NoMark | Self::Mark(_) => true,
            Self::Gone | Self::Unreadable(_) | Self::OtherRun(_) => false,
        }
    }

    /// What a mark that cannot be read says. One that a later runsheet made is not spoilt, and must not be replaced.
    pub(in crate::io::journal) fn of_mark(error: &MarkError) -> Self {
        match error {
            MarkError::TooNew { .. } => Self::Unreadable(error.to_string()),
            MarkError::Io { .. } | MarkError::Spoilt(_) | MarkError::Gone(_) => Self::Mark(error.to_string()),
        }
    }

    /// What an error says of the run whose journal was being read.
    pub(in crate::io::journal) fn of(error: &JournalError) -> Self {
        match error {
            JournalError::Mark(error) => Self::of_mark(error),
            JournalError::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => Self::Gone,
            JournalError::Sqlite(_)
            | JournalError::Io { .. }
            | JournalError::Locked { .. }
            | JournalError::Empty(_)
            | JournalError::NotAJournal(_)
            | JournalError::TooNew { .. }
            | JournalError::Damaged(_)
            | JournalError::NotOurs(_)
            | JournalError::Gone(_) => Self::Unreadable(error.to_string()),
        }
    }
}
