//! Files and sockets that this process may have open.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many as any run makes use of.
const OF_USE: u64 = 65_536;

/// What is taken to be open where the system does not tell.
const USUALLY_OPEN: u64 = 32;

/// How many files and sockets this process may have open, and how many it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptors {
    /// The limit in force; `None` where there is none.
    pub limit: Option<u64>,
    /// How many are open.
    pub open: u64,
}

impl Descriptors {
    /// Reads what holds now.
    #[must_use]
    pub fn read() -> Self {
        // Reading the list takes one itself.
        let open = fs::read_dir("/dev/fd").map(|list| (list.count() as u64).saturating_sub(1));
        Self { limit: getrlimit(Resource::Nofile).current, open: open.unwrap_or(USUALLY_OPEN) }
    }

    /// Raises the limit of this process, and of those that it starts, as far as the system lets everybody and as is of
    /// use. Programs that close every number up to the limit take long where it has no bound.
    pub fn raise() {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.map_or(OF_USE, |maximum| maximum.min(OF_USE));
        if current.is_some_and(|current| current < wanted) {
            // Where the limit cannot be raised, the cap on calls under way says so.
            let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_opened_is_counted() {
        let before = Descriptors::read();
        let files: Vec<_> = (0..20).map(|_| fs::File::open("/dev/null").unwrap()).collect();
        let after = Descriptors::read();
        // Other tests of this process may open and close some meanwhile.
        assert!(after.open + 5 > before.open + files.len() as u64, "{before:?} {after:?}");
        assert!(after.limit.is_none_or(|limit| limit >= after.open));
    }
}
