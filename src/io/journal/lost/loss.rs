//! What is lost of a run.

use std::fmt;

use crate::io::journal::format::JournalError;
use crate::io::marks::MarkError;
use crate::model::Time;

/// What is lost of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The journal or its whole folder is gone.
    Gone,
    /// The journal cannot be read; the text says why.
    Unreadable(String),
    /// The journal lacks entries that its watermark names.
    Short {
        /// The journal's last entry.
        last: u64,
        /// The last entry by the watermark.
        marked: u64,
        /// When that entry was decided; `None` if nothing says so.
        until: Option<Time>,
    },
    /// Its entries are not those that the watermark was written for: another copy was put back.
    Another,
    /// The journal belongs to another run, which the text names.
    OtherRun(String),
    /// The run's mark is gone, so it is not known how far the run came.
    NoMark,
    /// The run's mark cannot be used; the text says why.
    Mark(String),
    /// The run was pruned, and the list of its effects, which stands for its journal, cannot be used; the text says why.
    Guard(String),
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
            Self::NoMark => f.write_str("its mark is gone, so its journal may not be the latest"),
            Self::Mark(why) => write!(f, "its mark cannot be used: {why}"),
            Self::Guard(why) => write!(f, "it was pruned, and the list of its effects cannot be used: {why}"),
        }
    }
}

impl Loss {
    /// Whether the journal is sound in itself, so that the run can be resumed from it as from a copy.
    #[must_use]
    pub fn is_a_copy(&self) -> bool {
        match self {
            Self::Short { .. } | Self::Another | Self::NoMark | Self::Mark(_) => true,
            Self::Gone | Self::Unreadable(_) | Self::OtherRun(_) | Self::Guard(_) => false,
        }
    }

    /// The loss when a mark cannot be read. A mark of a later version is not damaged and must not be replaced.
    pub(super) fn of_mark(error: &MarkError) -> Self {
        match error {
            MarkError::TooNew { .. } => Self::Unreadable(error.to_string()),
            MarkError::Io { .. } | MarkError::Spoilt(_) | MarkError::Gone(_) => Self::Mark(error.to_string()),
        }
    }

    /// The loss when reading a journal fails.
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
            | JournalError::NotStorable(_)
            | JournalError::NotOurs(_)
            | JournalError::Gone(_) => Self::Unreadable(error.to_string()),
        }
    }
}
