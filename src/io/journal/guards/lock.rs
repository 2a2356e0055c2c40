//! The lock of a run's folder: at most one process drives a run. The system releases it when the process dies.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use crate::io::journal::format::JournalError;
use crate::io::private_file;

/// Tries to take a held lock, and the time between them: another process may only be testing whether it is held.
const TRIES: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(20);

/// The lock on a run's folder, held while this lives.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of a run's folder.
    ///
    /// # Errors
    /// [`JournalError::Locked`] if another process holds it; [`JournalError::Io`] if the lock file cannot be used.
    pub fn take(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join("lock");
        let io = |error| JournalError::Io { path: path.display().to_string(), error };
        let mut file = private_file(&path).map_err(io)?;
        let mut tried = 1;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tried < TRIES => {
                    tried += 1;
                    std::thread::sleep(BETWEEN);
                }
                Err(TryLockError::WouldBlock) => return Err(JournalError::Locked { holder: holder(&mut file) }),
                Err(TryLockError::Error(error)) => return Err(io(error)),
            }
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(io)?;
        write!(file, "{}", std::process::id()).and_then(|()| file.flush()).map_err(io)?;
        Ok(Self { _file: file })
    }

    /// Whether a process drives the run, or may: a lock that cannot be looked at counts as held. Takes no lock and changes
    /// nothing.
    #[must_use]
    pub fn is_held(folder: &Path) -> bool {
        match File::open(folder.join("lock")) {
            Ok(file) => file.try_lock_shared().is_err(),
            Err(error) => ![ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()),
        }
    }
}

/// The process that holds the lock, as it wrote itself into the file.
fn holder(file: &mut File) -> String {
    let mut holder = String::new();
    // The lock is held even if the file does not say by whom.
    let _ = file.read_to_string(&mut holder);
    match holder.trim() {
        "" => "another process".to_owned(),
        process => format!("process {process}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_process_is_refused_with_the_holder_and_testing_takes_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!RunLock::is_held(folder.path()));
        let lock = RunLock::take(folder.path()).unwrap();
        assert!(RunLock::is_held(folder.path()));
        let refused = RunLock::take(folder.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(lock);
        assert!(!RunLock::is_held(folder.path()));
        RunLock::take(folder.path()).unwrap();
        let file = folder.path().join("lock");
        assert!(!RunLock::is_held(&file), "no folder, no run");
        std::fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(&file, &file).unwrap();
        assert!(RunLock::is_held(folder.path()), "nobody can tell");
    }
}
