//! Reads a table of a damaged journal as far as it can be read.

use rusqlite::{Connection, Row};

/// Reads in a row that may fail before the rest is given up; each skips twice as much as the one before.
const MOST_FAILURES: u32 = 40;

/// Reads on behind whatever cannot be read. `each` is given rows whose numbers, the first column, only grow: pages that
/// point back at one another would bring the same rows for ever.
pub(in crate::io::journal) fn scan(
    connection: &Connection,
    sql: &str,
    each: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<()>,
) {
    let (mut last, mut failures) = (-1_i64, 0);
    while failures < MOST_FAILURES {
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
