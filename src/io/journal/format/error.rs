//! Why a journal cannot be used, and what a person should do about it.

use crate::io::files::{NotOurs, Untrusted};
use crate::io::marks::MarkError;
use crate::io::system::Descriptors;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// SQLite or the disk failed.
    #[error("{}", sqlite_message(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// A file or folder could not be read or written.
    #[error("`{path}`: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// The system's error.
        error: std::io::Error,
    },
    /// Another process drives the run.
    #[error("{holder} is driving this run; wait for it, or stop it first")]
    Locked {
        /// That process, as messages name it.
        holder: String,
    },
    /// The file has no tables: the process that creates it is not that far yet, or died before.
    #[error("`{0}` holds nothing")]
    Empty(String),
    /// The file is not a journal.
    #[error("`{0}` is not a runsheet journal")]
    NotAJournal(String),
    /// A later version of runsheet wrote it.
    #[error("the journal has format {found}; this runsheet reads up to {known}: use a newer runsheet")]
    TooNew {
        /// The file's format.
        found: u32,
        /// The newest format that this version reads.
        known: u32,
    },
    /// Something in it does not read back as it was written; the text says what.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// A run could not be read again as it would be written; the text says why.
    #[error("the run cannot be stored so that it can be read again, and did not begin: {0}")]
    NotStorable(String),
    /// The run's mark cannot be used.
    #[error("the mark of the run: {0}")]
    Mark(#[from] MarkError),
    /// Another user can change it, or the folder that it lies in.
    #[error(transparent)]
    NotOurs(#[from] NotOurs),
    /// The file that is being written was moved, removed or replaced.
    #[error("`{0}` was moved, removed or replaced while the run was under way")]
    Gone(String),
}

impl From<Untrusted> for JournalError {
    fn from(untrusted: Untrusted) -> Self {
        match untrusted {
            Untrusted::NotOurs(not_ours) => Self::NotOurs(not_ours),
            Untrusted::Io { path, error } => Self::Io { path: path.display().to_string(), error },
        }
    }
}

/// SQLite's error in words that say what to look at.
fn sqlite_message(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode as Code;
    let what = match error.sqlite_error_code() {
        Some(Code::DiskFull) => "the disk is full",
        Some(Code::ReadOnly | Code::PermissionDenied) => "the journal may not be written to",
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => "another program keeps the journal locked",
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => "the journal is damaged",
        Some(Code::CannotOpen) => "the journal cannot be opened",
        Some(Code::SystemIoFailure) => "the disk does not take or give the journal's data",
        _ => return format!("the journal: {error}"),
    };
    format!("{what} ({error})")
}

impl JournalError {
    /// SQLite's error code; `None` if the error is not from SQLite.
    fn code(&self) -> Option<rusqlite::ErrorCode> {
        if let Self::Sqlite(error) = self { error.sqlite_error_code() } else { None }
    }

    /// Whether trying again may help: another process has the file locked for a moment, or no further file could be opened
    /// at that moment.
    pub(in crate::io::journal) fn is_passing(&self) -> bool {
        use rusqlite::ErrorCode as Code;
        matches!(self.code(), Some(Code::DatabaseBusy | Code::DatabaseLocked | Code::CannotOpen))
    }

    /// Whether this process could open no further file, or had no memory. It says nothing about the journal.
    #[must_use]
    pub fn is_shortage(&self) -> bool {
        use rusqlite::ErrorCode as Code;
        match self {
            Self::Io { error, .. } | Self::Mark(MarkError::Io { error, .. }) => Descriptors::is_shortage(error),
            // SQLite does not say why it could not open a file.
            Self::Sqlite(_) => {
                matches!(self.code(), Some(Code::CannotOpen | Code::SystemIoFailure | Code::OutOfMemory))
                    && Descriptors::shortage().is_some()
            }
            Self::Locked { .. }
            | Self::Empty(_)
            | Self::NotAJournal(_)
            | Self::TooNew { .. }
            | Self::Damaged(_)
            | Self::NotStorable(_)
            | Self::Mark(_)
            | Self::NotOurs(_)
            | Self::Gone(_) => false,
        }
    }

    /// Whether the journal no longer holds what was written to it, so that its run cannot be resumed.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode as Code;
        matches!(self, Self::Damaged(_)) || matches!(self.code(), Some(Code::DatabaseCorrupt | Code::NotADatabase))
    }

    /// What a person should do now, as a sentence.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        use rusqlite::ErrorCode as Code;
        match (self, self.code()) {
            _ if self.is_damage() => {
                "Calls may have been made that this journal no longer shows, so the list is not started anew. \
                 `runsheet runs export RUN --out DIR` writes down what the journal still proves of each row; ask the vendor \
                 about the rest, and say it with `runsheet resolve RUN --lost`. From a copy of the run's folder go on with \
                 `runsheet resume RUN --from-copy`."
            }
            _ if self.is_shortage() => {
                "This process may open no more files. Allow it more with `ulimit -n 4096`, then resume."
            }
            (Self::NotOurs(_), _) => "Nothing of it was used.",
            (Self::Gone(_), _) => {
                "Where the folder was moved, move it back, then resume. \
                 A copy goes on with `runsheet resume RUN --from-copy`. Where it is gone, ask the vendor what was sent, and say \
                 it with `runsheet resolve RUN --lost`."
            }
            (_, Some(Code::DiskFull)) => "Make room on that disk, then resume.",
            (Self::Io { error, .. }, _) if error.kind() == std::io::ErrorKind::StorageFull => {
                "Make room on that disk, then resume."
            }
            (_, Some(Code::DatabaseBusy | Code::DatabaseLocked)) => "Close the program that has it open, then resume.",
            _ => "Look at that disk and at the folder's rights, then resume.",
        }
    }
}
