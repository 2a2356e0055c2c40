//! The rows of a run as a file of hashes, by which a row or an effect can later be found among them.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::io::private_file;
use crate::model::{EffectKey, hex};

/// Bytes of one record: eight of the row's hash and eight of an effect's hash.
const RECORD: usize = 16;

/// Stands for an effect that is known only after an answer.
const NO_EFFECT: u64 = 0;

/// The key under which effects of steps that run once are listed; no row has this key.
pub const ONCE: &str = "\u{0}once";

/// A 64-bit hash of a row's key. Among a million keys the chance that two have the same hash is below 10⁻⁷.
#[must_use]
pub fn row_hash(key: &str) -> u64 {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// Writes a list row by row.
pub struct ListWriter {
    file: BufWriter<File>,
    digest: Sha256,
    failed: Option<io::Error>,
}

impl ListWriter {
    /// Creates an empty list.
    ///
    /// # Errors
    /// The system's error if the file cannot be created.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = private_file(path)?;
        file.set_len(0)?;
        Ok(Self { file: BufWriter::new(file), digest: Sha256::new(), failed: None })
    }

    /// Adds a row with the effects that it is known to make. [`ListWriter::finish`] returns the first error.
    pub fn add(&mut self, row: u64, effects: &[EffectKey]) {
        let known = effects.iter().map(EffectKey::short);
        let none = effects.is_empty().then_some(NO_EFFECT);
        for effect in known.chain(none) {
            let mut record = [0; RECORD];
            record[..8].copy_from_slice(&row.to_le_bytes());
            record[8..].copy_from_slice(&effect.to_le_bytes());
            self.digest.update(record);
            if let (Err(error), None) = (self.file.write_all(&record), &self.failed) {
                self.failed = Some(error);
            }
        }
    }

    /// Finishes the file and returns its digest. The file is on the disk then.
    ///
    /// # Errors
    /// The system's error if any write or the sync failed.
    pub fn finish(self) -> io::Result<String> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(hex(&self.digest.finalize()))
    }
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It does not have the digest that the mark records.
    #[error("it was cut or changed")]
    Spoilt,
}

/// The selected rows of a list and the effects that they make.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct MarkedList {
    rows: HashSet<u64>,
    effects: HashSet<u64>,
}

/// Whether the row with this hash is selected.
pub type RowFilter<'a> = &'a dyn Fn(u64) -> bool;

impl MarkedList {
    /// Reads the rows of a list that `wanted` selects.
    ///
    /// # Errors
    /// [`ListError::Io`] if the file cannot be read; [`ListError::Spoilt`] if it was cut or changed.
    pub fn read(path: &Path, digest: &str, wanted: RowFilter<'_>) -> Result<Self, ListError> {
        let bytes = fs::read(path)?;
        let mut found = Sha256::new();
        found.update(&bytes);
        if hex(&found.finalize()) != digest || bytes.len() % RECORD != 0 {
            return Err(ListError::Spoilt);
        }
        let mut list = Self::default();
        for record in bytes.chunks_exact(RECORD) {
            let number = |part: &[u8]| part.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
            let (row, effect) = (number(&record[..8]), number(&record[8..]));
            if wanted(row) {
                list.rows.insert(row);
                list.effects.extend((effect != NO_EFFECT).then_some(effect));
            }
        }
        Ok(list)
    }

    /// A list of rows without known effects.
    pub fn of_rows(rows: impl IntoIterator<Item = u64>) -> Self {
        Self { rows: rows.into_iter().collect(), effects: HashSet::new() }
    }

    /// Whether a row is in it.
    #[must_use]
    pub fn has_row(&self, row: u64) -> bool {
        self.rows.contains(&row)
    }

    /// Whether one of its rows makes the effect.
    #[must_use]
    pub fn has_effect(&self, effect: &EffectKey) -> bool {
        self.effects.contains(&effect.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_back_whole_or_in_part_and_a_spoilt_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.rows");
        let effect = |name: &str| EffectKey::of_natural_key("a.make", name);
        let mut list = ListWriter::create(&path).unwrap();
        list.add(row_hash("a"), &[effect("1"), effect("2")]);
        list.add(row_hash("b"), &[]);
        let digest = list.finish().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), 48);
        let all = MarkedList::read(&path, &digest, &|_| true).unwrap();
        assert!(all.has_row(row_hash("a")) && all.has_row(row_hash("b")) && !all.has_row(row_hash("c")));
        assert!(all.has_effect(&effect("1")) && all.has_effect(&effect("2")) && !all.has_effect(&effect("3")));
        let part = MarkedList::read(&path, &digest, &|row| row == row_hash("b")).unwrap();
        assert!(!part.has_row(row_hash("a")) && part.has_row(row_hash("b")) && !part.has_effect(&effect("1")));
        let bytes = fs::read(&path).unwrap();
        for spoilt in [&bytes[..32], &[&bytes[..], &[0; 16]].concat(), &[&[1], &bytes[1..]].concat()] {
            fs::write(&path, spoilt).unwrap();
            assert!(matches!(MarkedList::read(&path, &digest, &|_| true), Err(ListError::Spoilt)));
        }
    }

    #[test]
    fn row_hashes_stay_the_same_from_version_to_version() {
        assert_eq!(format!("{:016x}", row_hash("A-1")), "bc4e7be982ab79ec");
    }
}
