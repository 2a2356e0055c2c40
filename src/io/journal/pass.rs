//! One pass over all rows and their entries, in the input's order. Nothing of a row is unpacked before it is asked for.

use rusqlite::Row;

use super::checksum::Sums;
use super::reader::{ENTRY, Order, ROW, Reader, check_reach};
use super::schema::JournalError;
use super::stored_row::StoredRow;
use crate::journal::{Detail, Fact, FrozenRow, read_facts};
use crate::model::Time;

impl Reader {
    /// Calls `each` with every row and its facts, in the input's order.
    ///
    /// # Errors
    /// The disk's trouble, [`JournalError::Damaged`], or what `each` gave.
    pub fn each_row<E: From<JournalError>>(
        &self,
        mut each: impl FnMut(FrozenRow, &[(Time, Fact)]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_stored_row(Detail::Whole, |row, facts| each(row.unpacked()?, facts))
    }

    /// The same without the rows' cells unpacked, and with as much of their facts as is wanted.
    ///
    /// # Errors
    /// As [`Reader::each_row`].
    pub fn each_stored_row<E: From<JournalError>>(
        &self,
        detail: Detail,
        mut each: impl FnMut(&StoredRow<'_>, &[(Time, Fact)]) -> Result<(), E>,
    ) -> Result<(), E> {
        let sqlite = JournalError::from;
        let mut rows =
            self.connection.prepare(&format!("SELECT {ROW} FROM rows r ORDER BY r.position")).map_err(sqlite)?;
        let mut entries = self
            .connection
            .prepare(&format!("SELECT {ENTRY} FROM entries WHERE scope >= 0 ORDER BY scope, seq"))
            .map_err(sqlite)?;
        let mut rows = rows.query([]).map_err(sqlite)?;
        let mut entries = entries.query([]).map_err(sqlite)?;
        let mut entry = entries.next().map_err(sqlite)?;
        let (mut order, mut gathered) = (Order::default(), Gathered::default());
        while let Some(row) = rows.next().map_err(sqlite)? {
            let row = StoredRow::unverified(row)?;
            order.check(row.position.cast_signed())?;
            gathered.begin(&row);
            while let Some(next) = entry.filter(|next| next.get::<_, u64>(1).is_ok_and(|scope| scope <= row.position)) {
                gathered.add(next)?;
                if gathered.sums.is_full() {
                    gathered.read(&row, detail)?;
                }
                entry = entries.next().map_err(sqlite)?;
            }
            gathered.read(&row, detail)?;
            check_reach(&gathered.facts)?;
            each(&row, &gathered.facts)?;
        }
        Ok(())
    }
}

/// A row's entries, gathered so that many checksums are worked out at once.
#[derive(Default)]
struct Gathered {
    sums: Sums,
    order: Order,
    /// Whether the row itself was checked.
    row_checked: bool,
    /// Of each entry: its number, its instant, its checksum.
    entries: Vec<(i64, i64, i64)>,
    facts: Vec<(Time, Fact)>,
}

impl Gathered {
    fn begin(&mut self, row: &StoredRow<'_>) {
        (self.order, self.row_checked) = (Order::default(), false);
        self.facts.clear();
        row.add_to(&mut self.sums);
    }

    fn add(&mut self, entry: &Row<'_>) -> Result<(), JournalError> {
        let (seq, at, sum) = (entry.get(0)?, entry.get(2)?, entry.get(4)?);
        self.order.check(seq)?;
        let facts = entry.get_ref(3)?.as_str().map_err(|error| JournalError::Damaged(error.to_string()))?;
        self.sums.add_entry(seq, entry.get(1)?, at, facts);
        self.entries.push((seq, at, sum));
        Ok(())
    }

    /// Reads what was gathered, once the row and the entries are known to be as they were written.
    fn read(&mut self, row: &StoredRow<'_>, detail: Detail) -> Result<(), JournalError> {
        let mut sums = self.sums.told().iter();
        let before = usize::from(!self.row_checked);
        if !std::mem::replace(&mut self.row_checked, true) {
            sums.next().map_or(Ok(()), |found| row.check(*found))?;
        }
        for ((seq, _, sum), found) in self.entries.iter().zip(sums) {
            if sum != found {
                return Err(JournalError::Damaged(format!("the entry {seq} was changed")));
            }
        }
        for (place, (_, at, _)) in (before..).zip(self.entries.drain(..)) {
            let read = read_facts(self.sums.facts(place), Time::from_micros(at), detail, &mut self.facts);
            read.map_err(|error| JournalError::Damaged(format!("an entry: {error}")))?;
        }
        self.sums.clear();
        Ok(())
    }
}
