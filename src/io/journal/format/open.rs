//! Opens an existing journal file, once it is known that nobody else can change it.

use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::error::JournalError;
use super::schema;
use crate::io::files::check_ours;

/// Opens an existing journal.
pub(in crate::io::journal) fn open_existing(path: &Path) -> Result<Connection, JournalError> {
    let shown = path.display().to_string();
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !path.is_file() {
        let error = io::Error::from(io::ErrorKind::NotFound);
        return Err(JournalError::Io { path: shown, error });
    }
    refuse_foreign(path)?;
    let connection = Connection::open_with_flags(path, flags)?;
    schema::wait_for_locks(&connection)?;
    schema::check(&connection, &shown)?;
    Ok(connection)
}

/// Checks that no other user can change a journal: its folder, the file, and the log beside it.
///
/// # Errors
/// [`JournalError::NotOurs`] if another user can; [`JournalError::Io`] if the system does not say.
pub fn refuse_foreign(journal: &Path) -> Result<(), JournalError> {
    if let Some(folder) = journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        check_ours(folder)?;
    }
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut file = journal.as_os_str().to_owned();
        file.push(end);
        check_ours(Path::new(&file))?;
    }
    Ok(())
}
