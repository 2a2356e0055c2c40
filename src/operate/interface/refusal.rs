//! Why a use case did not do its work: what is wrong with the request, the files, the state of a run, or the machine.

use std::error::Error;
use std::fmt;
use std::io;

use crate::diagnostic::Diagnostics;
use crate::io::LedgerError;
use crate::io::journal::JournalError;

/// Why a use case did not do its work. Each variant says what a caller can do about it; the command line turns it
/// into an exit code.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request names something that does not exist, or its parts do not fit together. Correct the request.
    #[error("{0}")]
    Usage(String),
    /// Playbook, settings, provider files or rows are wrong, and nothing was sent. Correct the files.
    #[error("{} errors in the files; nothing was sent", .0.error_count())]
    Invalid(Diagnostics),
    /// The state of a run is against it, the work was done before, or a confirmation was not given.
    #[error("{0}")]
    Conflict(String),
    /// The machine or the program failed: a disk, a journal, a socket. A run that had begun can be resumed.
    #[error(transparent)]
    Broken(#[from] Failed),
}

/// What failed on this machine, and while what was done.
#[derive(Debug)]
pub struct Failed {
    doing: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Failed {
    /// A failure that `message` describes in full.
    pub(crate) fn told(message: impl Into<String>) -> Self {
        Self { doing: Some(message.into()), source: None }
    }

    /// A failure with its cause.
    pub(crate) fn during(doing: impl Into<String>, error: impl Error + Send + Sync + 'static) -> Self {
        Self { doing: Some(doing.into()), source: Some(Box::new(error)) }
    }

    fn of(error: impl Error + Send + Sync + 'static) -> Self {
        Self { doing: None, source: Some(Box::new(error)) }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.doing, &self.source) {
            (Some(doing), _) => out.write_str(doing),
            (None, Some(source)) => source.fmt(out),
            (None, None) => Ok(()),
        }
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        // Without words of its own, the failure shows those of its source, whose own source comes next.
        if self.doing.is_some() { Some(source) } else { source.source() }
    }
}

impl Refusal {
    /// A failure of the machine or the program that `message` tells in full.
    pub(crate) fn broken(message: impl Into<String>) -> Self {
        Self::Broken(Failed::told(message))
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Broken(Failed::of(error))
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        Self::Broken(Failed::of(error))
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self::Broken(Failed::of(error))
    }
}

/// Turns an error into a refusal that says what was being done.
pub(crate) trait Doing<T> {
    /// Adds what was being done, such as `the run's journal`.
    ///
    /// # Errors
    /// [`Refusal::Broken`] with the error as its source.
    fn doing(self, what: impl Into<String>) -> Result<T, Refusal>;
}

impl<T, E: Error + Send + Sync + 'static> Doing<T> for Result<T, E> {
    fn doing(self, what: impl Into<String>) -> Result<T, Refusal> {
        self.map_err(|error| Refusal::Broken(Failed::during(what, error)))
    }
}

/// The words of an error and of all its sources, with colons between them.
pub(crate) fn chain(error: &dyn Error) -> String {
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
    fn a_failure_says_what_was_done_and_each_cause_once() {
        let full = || io::Error::other("disk full");
        let refusal = Err::<(), _>(full()).doing("the run's journal").unwrap_err();
        assert_eq!(chain(&refusal), "the run's journal: disk full");
        assert_eq!(chain(&Refusal::from(full())), "disk full");
        assert_eq!(chain(&Refusal::Broken(Failed::told("the run broke off"))), "the run broke off");
    }
}
