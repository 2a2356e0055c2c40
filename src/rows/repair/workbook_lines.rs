//! The CSV lines of a workbook's rows, kept on disk until it is known whether a formula among them was escaped.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use crate::rows::formats::csv::push;
use crate::rows::record::Dialect;
use crate::rows::result_columns::ResultColumn;

/// Lines without line ends, each behind its length.
pub(super) struct WorkbookLines {
    kept: BufWriter<File>,
    count: u64,
    /// Whether a formula among them was escaped.
    held: bool,
}

impl WorkbookLines {
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self { kept: BufWriter::new(tempfile::tempfile()?), count: 0, held: false })
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &[u8], dialect: &Dialect) -> io::Result<()> {
        let held = dialect.escaped_row(line);
        self.held |= held.len() != line.len();
        self.count += 1;
        self.kept.write_all(&(held.len() as u64).to_le_bytes())?;
        self.kept.write_all(&held)
    }

    /// Writes a byte-order mark, the header and all lines. If a formula was escaped and the file is not `known` as a
    /// run's own, an empty column `_run` makes it one, so that the formula is read back unchanged.
    pub(super) fn write(
        &mut self,
        heads: &[String],
        known: bool,
        dialect: &Dialect,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut header = String::new();
        for (place, head) in heads.iter().enumerate() {
            if place > 0 {
                header.push(dialect.delimiter);
            }
            push(&mut header, head, dialect);
        }
        let held = dialect.escaped_row(header.as_bytes());
        let marked = !known && (self.held || held.len() != header.len());
        let delimiter = dialect.delimiter;
        out.write_all("\u{feff}".as_bytes())?;
        out.write_all(&held)?;
        if marked {
            write!(out, "{delimiter}{}", ResultColumn::FIRST.as_str())?;
        }
        out.write_all(dialect.line_end.as_str().as_bytes())?;
        self.kept.flush()?;
        self.kept.get_mut().rewind()?;
        let mut kept = BufReader::new(self.kept.get_ref());
        for _ in 0..self.count {
            let mut length = [0; 8];
            kept.read_exact(&mut length)?;
            io::copy(&mut kept.by_ref().take(u64::from_le_bytes(length)), out)?;
            if marked {
                write!(out, "{delimiter}")?;
            }
            out.write_all(dialect.line_end.as_str().as_bytes())?;
        }
        Ok(())
    }
}
