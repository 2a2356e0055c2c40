//! Reads a table of a damaged journal as far as it can be read.

use rusqlite::{Connection, Row};

/// Failed reads in a row after which the rest is given up. Each failure skips twice as many numbers as the one before.
const MAX_FAILURES: u32 = 40;

/// Calls `each` with every row that can be read, and goes on after those that cannot. The first column must be a number
/// that only grows; the scan stops where it does not, as damaged pages may point back at one another.
pub(in crate::io::journal) fn scan(
    connection: &Connection,
    sql: &str,
    each: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<()>,
) {
    let (mut last, mut failures) = (-1_i64, 0);
    while failures < MAX_FAILURES {
        let before = last;
        let read: rusqlite::Result<()> = connection.prepare_cached(sql).and_then(|mut query| {
            let mut found = query.query([last])?;
            while let Some(row) = found.next()? {
                let number: i64 = row.get(0)?;
                if number <= last {
                    return Err(rusqlite::Error::InvalidQuery);
                }
                last = number;
                each(row)?;
            }
            Ok(())
        });
        if read.is_ok() {
            return;
        }
        failures = if last > before { 1 } else { failures + 1 };
        last = last.saturating_add(1 << (failures - 1));
    }
}
