//! The exit codes.

use std::process::ExitCode;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every row succeeded, was unchanged or was skipped by design.
    Done,
    /// Internal or I/O failure; the run can be resumed.
    Broken,
    /// The command line is wrong.
    Usage,
    /// Playbook, settings, provider or data invalid; nothing was sent.
    Invalid,
    /// Finished, some rows failed or are partial.
    Failed,
    /// Some rows are unknown.
    Unknown,
    /// Stopped early by a stop rule, a gate, a used-up budget or quota, a vendor that cannot be reached, a pause or a drain: can
    /// be resumed; or cancelled: can be retried.
    Stopped,
    /// Credentials, permission or quota refused for the whole run.
    Refused,
    /// A conflict, a confirmation not given, or the work was done before.
    Conflict,
    /// Interrupted (SIGINT) after a clean drain; can be resumed.
    Interrupted,
    /// Terminated (SIGTERM, SIGHUP and others) after a clean drain; can be resumed.
    Terminated,
}

impl Exit {
    /// Every way to end, with its exit code.
    pub(crate) const ALL: [(Self, u8); 11] = [
        (Self::Done, 0),
        (Self::Broken, 1),
        (Self::Usage, 2),
        (Self::Invalid, 3),
        (Self::Failed, 4),
        (Self::Unknown, 5),
        (Self::Stopped, 6),
        (Self::Refused, 7),
        (Self::Conflict, 8),
        (Self::Interrupted, 130),
        (Self::Terminated, 143),
    ];

    /// The exit code.
    pub(crate) fn number(self) -> u8 {
        Self::ALL.iter().find(|(exit, _)| *exit == self).map_or(1, |(_, number)| *number)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_on_results_lists_every_code() {
        let page = include_str!("../../../docs/reference/result-files.md");
        for (exit, number) in Exit::ALL {
            assert_eq!(exit.number(), number);
            let row = format!("\n| {number} |");
            assert!(page.contains(&row), "docs/reference/result-files.md lacks the exit code {number}");
        }
    }
}
