//! When the write-ahead log is folded into the file. SQLite's own rule tries it at every commit while a reader holds the log
//! back, and each try looks through the whole log: a reader would slow the run.

use rusqlite::Connection;

use crate::io::journal::format::JournalError;

/// Pages of the log after which it is folded. Every commit changes the same few pages, and each fold writes them once.
const FOLD_EVERY: u32 = 8_000;

/// Folds the log of a connection from time to time.
pub(super) fn fold_from_time_to_time(connection: &mut Connection) -> Result<(), JournalError> {
    let mut turns = FoldTurns::default();
    connection.wal_hook(Some(move |log: &mut rusqlite::hooks::Wal, pages| {
        if turns.is_due(u32::try_from(pages).unwrap_or_default()) {
            // What is not folded now is folded later; the commit itself is done.
            let _ = log.checkpoint();
        }
        Ok(())
    }))?;
    Ok(())
}

/// Says after which commits the log is folded.
#[derive(Debug, Default)]
struct FoldTurns {
    /// The pages of the log at the last commit, and at the last try to fold it.
    pages: u32,
    tried_at: u32,
}

impl FoldTurns {
    /// Whether the log, which has so many pages after a commit, should be folded now.
    fn is_due(&mut self, pages: u32) -> bool {
        // After a whole fold, the log begins anew.
        if pages < self.pages {
            self.tried_at = 0;
        }
        self.pages = pages;
        let due = pages >= self.tried_at.saturating_add(FOLD_EVERY);
        if due {
            self.tried_at = pages;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn a_log_that_is_held_back_is_tried_again_only_after_as_many_pages() {
        let mut turns = FoldTurns::default();
        let due: Vec<u32> = (1..=30_000).filter(|pages| turns.is_due(*pages)).collect();
        assert_eq!(due, [8_000, 16_000, 24_000]);
        let due: Vec<u32> = (1..=17_000).filter(|pages| turns.is_due(*pages)).collect();
        assert_eq!(due, [8_000, 16_000], "a log that began anew");
        assert!(!turns.is_due(17_000) && !turns.is_due(23_999) && turns.is_due(40_000) && !turns.is_due(47_999));
    }

    /// The pages of the log.
    fn pages(connection: &Connection) -> i64 {
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1)).unwrap()
    }

    #[test]
    fn the_log_is_folded_while_there_is_no_reader_and_grows_on_while_there_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let mut writer = Connection::open(&path).unwrap();
        writer.pragma_update(None, "journal_mode", "wal").unwrap();
        writer.pragma_update(None, "synchronous", "off").unwrap();
        writer.execute_batch("CREATE TABLE t (x BLOB)").unwrap();
        fold_from_time_to_time(&mut writer).unwrap();
        let fill = |times: u32| {
            for _ in 0..times {
                writer.execute("INSERT INTO t VALUES (zeroblob(4000000))", []).unwrap();
            }
        };
        fill(20);
        assert!(std::fs::metadata(&path).unwrap().len() > 32_000_000, "the log was folded into the file");
        let mut reader = Connection::open(&path).unwrap();
        let snapshot = reader.transaction().unwrap();
        let seen = || snapshot.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(seen(), 20);
        let before = std::fs::metadata(&path).unwrap().len();
        fill(30);
        assert_eq!(seen(), 20);
        let held = std::fs::metadata(&path).unwrap().len();
        assert!(held - before < 80_000_000, "the reader holds it back: {before} {held}");
        drop(snapshot);
        fill(20);
        assert!(std::fs::metadata(&path).unwrap().len() > 200_000_000, "it is folded again");
        assert!(pages(&writer) < 40_000);
    }
}
