//! The delimiter, from the header.

use std::collections::HashSet;
use std::io::Read;

use super::reader::CsvReader;

/// The delimiters that are told from a header, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter under which the header holds most of the expected names, then well-formed and most cells.
pub(in crate::rows) fn delimiter<R: Read>(reader: &mut CsvReader<R>, expected: &[&str]) -> u8 {
    let mut best = (DELIMITERS[0], (0, false, 0));
    for candidate in DELIMITERS {
        let Ok(Some(heads)) = reader.heads_under(candidate) else { continue };
        let names: HashSet<&str> = heads.names.iter().map(|name| name.trim()).collect();
        let found = expected.iter().filter(|name| names.contains(*name)).count();
        let score = (found, heads.sound, names.len());
        // One cell that nobody expects is what every wrong delimiter gives.
        if score > best.1 && (found > 0 || names.len() > 1) {
            best = (candidate, score);
        }
    }
    best.0
}

/// A header read under one delimiter.
pub(in crate::rows) struct Heads {
    /// Whether it is well formed.
    pub(in crate::rows) sound: bool,
    /// Its names.
    pub(in crate::rows) names: Vec<String>,
}
