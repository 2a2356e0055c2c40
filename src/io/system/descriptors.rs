//! The number of files and sockets that this process may have open.

use std::fs;
use std::io;

use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More open files than any run needs.
const ENOUGH: u64 = 65_536;

/// The number assumed to be open if the system does not say.
const ASSUMED_OPEN: u64 = 32;

/// The limit on open files and sockets of this process, and how many are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptors {
    /// The limit in force; `None` if there is no limit.
    pub limit: Option<u64>,
    /// How many are open.
    pub open: u64,
}

impl Descriptors {
    /// Reads the current values.
    #[must_use]
    pub fn read() -> Self {
        // Listing the folder opens one file itself.
        let open = fs::read_dir("/dev/fd").map(|list| (list.count() as u64).saturating_sub(1));
        Self { limit: getrlimit(Resource::Nofile).current, open: open.unwrap_or(ASSUMED_OPEN) }
    }

    /// Whether a system's error says that this machine lacks what a file or a connection needs: free file descriptors or
    /// memory. Nothing is wrong with what was to be opened then.
    #[must_use]
    pub fn is_shortage(error: &io::Error) -> bool {
        let system = Errno::from_io_error(error);
        system.is_some_and(|system| [Errno::MFILE, Errno::NFILE, Errno::NOMEM, Errno::NOBUFS].contains(&system))
    }

    /// The system's error if no further file or socket can be opened; `None` if one can be.
    #[must_use]
    pub fn shortage() -> Option<io::Error> {
        fs::File::open("/dev/null").err().filter(Self::is_shortage)
    }

    /// Raises the limit of this process and of those that it starts, up to the system's maximum and not beyond what a run
    /// needs: some programs close every possible file number when they start.
    pub fn raise() {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
        if current.is_some_and(|current| current < wanted) {
            // If it cannot be raised, the run has fewer calls in flight and says so.
            let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opened_files_are_counted() {
        let before = Descriptors::read();
        let files: Vec<_> = (0..20).map(|_| fs::File::open("/dev/null").unwrap()).collect();
        let after = Descriptors::read();
        // Other tests of this process may open and close some meanwhile.
        assert!(after.open + 5 > before.open + files.len() as u64, "{before:?} {after:?}");
        assert!(after.limit.is_none_or(|limit| limit >= after.open));
    }
}
