//! Why a use case did not do its work: a wrong request, wrong files, the state of a run, or a failure of the machine.

use std::error::Error;
use std::fmt;
use std::io;

use crate::diagnostic::Diagnostics;
use crate::io::LedgerError;
use crate::io::journal::JournalError;

/// Why a use case did not do its work. Each variant says what a caller can do about it; the command line turns it
/// into an exit code. The text of [`Refusal::Invalid`] counts the errors: [`Diagnostics::render`] shows them. The text of
/// [`Refusal::Broken`] may name only what was being done: its `source` says what failed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request names something that does not exist, or its parts do not fit together. Correct the request.
    #[error("{0}")]
    Usage(String),
    /// Playbook, settings, provider files or rows are wrong, and nothing was sent. Correct the files.
    #[error("{} errors in the files; nothing was sent", .0.error_count())]
    Invalid(Diagnostics),
    /// The state of a run forbids it, the work was done before, or a confirmation is missing.
    #[error("{0}")]
    Conflict(String),
    /// The machine or the program failed: a disk, a journal, a socket. A run that had begun can be resumed.
    #[error(transparent)]
    Broken(#[from] MachineFailure),
}

/// A failure of this machine: what was being done, and the error.
#[derive(Debug)]
pub struct MachineFailure {
    doing: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl MachineFailure {
    /// Creates a failure that `message` describes in full.
    pub(crate) fn described(message: impl Into<String>) -> Self {
        Self { doing: Some(message.into()), source: None }
    }

    /// Creates a failure with its cause; `doing` names what was being done.
    pub(crate) fn during(doing: impl Into<String>, error: impl Error + Send + Sync + 'static) -> Self {
        Self { doing: Some(doing.into()), source: Some(Box::new(error)) }
    }

    /// What is wrong with a journal, if a damaged one is the cause; `None` otherwise.
    pub(crate) fn damage(&self) -> Option<&str> {
        let mut source = self.source.as_deref().map(|source| source as &(dyn Error + 'static));
        while let Some(error) = source {
            if let Some(JournalError::Damaged(why)) = error.downcast_ref::<JournalError>() {
                return Some(why);
            }
            source = error.source();
        }
        None
    }

    fn of(error: impl Error + Send + Sync + 'static) -> Self {
        Self { doing: None, source: Some(Box::new(error)) }
    }
}

impl fmt::Display for MachineFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.doing, &self.source) {
            (Some(doing), _) => out.write_str(doing),
            (None, Some(source)) => source.fmt(out),
            (None, None) => Ok(()),
        }
    }
}

impl Error for MachineFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        // Without a text of its own, the failure shows that of its source, so the next source is the one after it.
        if self.doing.is_some() { Some(source) } else { source.source() }
    }
}

impl Refusal {
    /// Creates a [`Refusal::Broken`] that `message` describes in full.
    pub(crate) fn broken(message: impl Into<String>) -> Self {
        Self::Broken(MachineFailure::described(message))
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Broken(MachineFailure::of(error))
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        Self::Broken(MachineFailure::of(error))
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self::Broken(MachineFailure::of(error))
    }
}

/// Turns an error into a refusal that names what failed.
pub(crate) trait OrRefuse<T> {
    /// Names what failed, such as `the run's journal`.
    ///
    /// # Errors
    /// [`Refusal::Broken`] with the error as its source.
    fn or_refuse(self, what: impl Into<String>) -> Result<T, Refusal>;
}

impl<T, E: Error + Send + Sync + 'static> OrRefuse<T> for Result<T, E> {
    fn or_refuse(self, what: impl Into<String>) -> Result<T, Refusal> {
        self.map_err(|error| Refusal::Broken(MachineFailure::during(what, error)))
    }
}

/// Joins the texts of an error and of all its sources with colons.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        words.push_str(": ");
        words.push_str(&error.to_string());
        source = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_journal_is_found_whatever_was_being_done() {
        let damaged = || JournalError::Damaged("an entry is gone".to_owned());
        let of = |refusal: &Refusal| match refusal {
            Refusal::Broken(failure) => failure.damage().map(str::to_owned),
            other => panic!("{other}"),
        };
        assert_eq!(of(&Refusal::from(damaged())).as_deref(), Some("an entry is gone"));
        assert_eq!(
            of(&Err::<(), _>(damaged()).or_refuse("the journal").unwrap_err()).as_deref(),
            Some("an entry is gone")
        );
        assert_eq!(of(&Refusal::broken("the run broke off")), None);
    }

    #[test]
    fn a_failure_names_what_failed_and_each_cause_once() {
        let full = || io::Error::other("disk full");
        let refusal = Err::<(), _>(full()).or_refuse("the run's journal").unwrap_err();
        assert_eq!(with_causes(&refusal), "the run's journal: disk full");
        assert_eq!(with_causes(&Refusal::from(full())), "disk full");
        assert_eq!(with_causes(&Refusal::Broken(MachineFailure::described("the run broke off"))), "the run broke off");
    }
}
