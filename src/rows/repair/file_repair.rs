//! A file gone through record by record: its own bytes go out again, those of repaired cells changed.

use std::io::{self, Write};

use super::column_repair::{Mender, Profile};
use super::patch::patched;
use super::spec::{MendSpec, exact_length};
use super::summary::{Mended, Tally};
use super::workbook_lines::Lines;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::rows::checks::numbers::{Numbers, Zeros};
use crate::rows::checks::{Found, Head, Shape};
use crate::rows::formats::json::Kind;
use crate::rows::formats::{Expected, Input, open_reader, report};
use crate::rows::record::{ReadError, Reader, Record};
use crate::rows::result_columns::result_columns_start;
use crate::rows::table::Cite;
use crate::rows::table::{Bound, Table};

/// Why a file was not repaired.
#[derive(Debug)]
pub enum Unmended {
    /// It cannot be read as rows, and why.
    Unreadable(Diagnostics),
    /// Cells of a workbook have no text that a row file could hold.
    Unkept(Vec<Diagnostic>),
    /// The new file cannot be written.
    Unwritten(io::Error),
}

impl From<io::Error> for Unmended {
    fn from(error: io::Error) -> Self {
        Self::Unwritten(error)
    }
}

/// Repairs a file into `out`. `profile` is the same input once more; without it, nothing is repaired that the other
/// cells of a column must bear out.
///
/// # Errors
/// Why it was not repaired; what was written by then is nothing whole.
pub fn mend(spec: &MendSpec, profile: Option<Input>, input: Input, out: &mut dyn Write) -> Result<Mended, Unmended> {
    let profiles = match profile {
        Some(input) => profiles(spec, input)?,
        None => Vec::new(),
    };
    let mut file = File::open(spec, input.with_trail(), &profiles)?;
    file.write(out)?;
    let encoding = file.reader.dialect().encoding;
    Ok(file.tally.finish(encoding))
}

/// A file that is gone through.
struct File {
    reader: Box<dyn Reader>,
    table: Table,
    menders: Vec<Option<Mender>>,
    tally: Tally,
}

impl File {
    fn open(spec: &MendSpec, input: Input, profiles: &[Profile]) -> Result<Self, Unmended> {
        let (reader, table) = opened(spec, input)?;
        let menders = menders(spec, &table, profiles);
        Ok(Self { reader, table, menders, tally: Tally::default() })
    }

    fn write(&mut self, out: &mut dyn Write) -> Result<(), Unmended> {
        let mut record = Record::default();
        let mut unkept = Vec::new();
        let mut lines = None;
        let own = result_columns_start(self.reader.heads());
        loop {
            let more = self.reader.read(&mut record).map_err(|error| unread(error, &self.table))?;
            if let Some(trail) = self.reader.trail() {
                if !more {
                    out.write_all(&trail)?;
                    break;
                }
                let mended = self.mended(&record);
                out.write_all(&spliced(&trail, &record, mended))?;
                continue;
            }
            let lines = match &mut lines {
                Some(lines) => lines,
                none => none.insert(Lines::open()?),
            };
            if !more {
                let dialect = self.reader.dialect();
                lines.write(self.reader.heads(), own.is_some(), dialect, out)?;
                break;
            }
            if let Some(own) = own {
                record.restore(own);
            }
            // What stands against a workbook's cell would be gone from its text.
            match record.flaw.is_some().then(|| self.table.malformed(&record)).flatten() {
                Some(problem) => unkept.push(problem),
                None => {
                    let mended = self.mended(&record);
                    let line = mended.unwrap_or_else(|| record.text.as_bytes().to_vec());
                    lines.push(&line, self.reader.dialect())?;
                }
            }
        }
        if unkept.is_empty() { Ok(()) } else { Err(Unmended::Unkept(unkept)) }
    }

    /// The record's own bytes with its cells repaired; none where they stay.
    fn mended(&mut self, record: &Record) -> Option<Vec<u8>> {
        if self.table.malformed(record).is_some() {
            return None;
        }
        let mut looks = Vec::new();
        for (at, mender) in self.menders.iter().enumerate() {
            let single = record.kinds.get(at).is_none_or(|kind| *kind == Kind::Text);
            let Some(mender) = mender.as_ref().filter(|_| single) else { continue };
            let text = record.cell(at).unwrap_or_default();
            looks.extend(mender.mend(&text).map(|look| (at, text.into_owned(), look)));
        }
        if looks.is_empty() {
            return None;
        }
        let cells: Vec<(usize, &str)> = looks.iter().map(|(at, _, look)| (*at, look.text.as_str())).collect();
        let bytes = patched(record, self.reader.dialect().delimiter, &cells)?;
        self.tally.row();
        for (at, old, look) in &looks {
            let Some(Bound { decl, .. }) = &self.table.columns[*at] else { continue };
            let place = (record.number, record.line);
            self.tally.cell(*at, (&decl.name, decl.sensitive), place, old, look);
        }
        Some(bytes)
    }
}

/// The repairs of each column that may be repaired.
fn menders(spec: &MendSpec, table: &Table, profiles: &[Profile]) -> Vec<Option<Mender>> {
    let mender = |(at, bound): (usize, &Option<Bound>)| {
        let decl = &bound.as_ref()?.decl;
        let tie = spec.ties.get(&decl.name);
        let head = Head::of(decl, spec.named.contains(&decl.name));
        let profile = profiles.get(at).copied().unwrap_or_default();
        (tie != Some(&false)).then(|| Mender::new(decl.clone(), head, tie.is_some(), profile))
    };
    table.columns.iter().enumerate().map(mender).collect()
}

/// The trail with a record in it replaced.
fn spliced(trail: &[u8], record: &Record, mended: Option<Vec<u8>>) -> Vec<u8> {
    let Some(mended) = mended else { return trail.to_vec() };
    let length = record.bytes.as_ref().map_or(record.text.len(), |bytes| bytes.len());
    let (ahead, rest) = trail.split_at(record.trail.min(trail.len()));
    [ahead, &mended, rest.get(length..).unwrap_or_default()].concat()
}

fn opened(spec: &MendSpec, input: Input) -> Result<(Box<dyn Reader>, Table), Unmended> {
    let mut told = Diagnostics::new();
    let name = input.name.clone();
    let expected = Expected::of(&spec.columns, spec.named.iter().map(String::as_str)).unmasked(spec.unmask);
    let bound = open_reader(input, &expected, &spec.form, &mut told).and_then(|reader| {
        let table = Table::bind(&name, reader.as_ref(), &spec.columns, &[], spec.unmask, &mut told)?;
        Some((reader, table))
    });
    bound.ok_or(Unmended::Unreadable(told))
}

/// What ended the reading.
fn unread(error: ReadError, table: &Table) -> Unmended {
    let mut told = Diagnostics::new();
    report(error, table, &mut told);
    Unmended::Unreadable(told)
}

/// What the cells of each column say of each other: where some have lost zeros that its declared length asks for, how
/// many digits they have; whether `.0` stands behind whole numbers alone.
fn profiles(spec: &MendSpec, input: Input) -> Result<Vec<Profile>, Unmended> {
    let (mut reader, table) = opened(spec, input)?;
    let menders = menders(spec, &table, &[]);
    let head = |bound: &Bound| Head::of(&bound.decl, spec.named.contains(&bound.decl.name));
    let exact = |bound: &Option<Bound>| exact_length(&bound.as_ref()?.decl);
    let mut seen: Vec<(Zeros, Numbers)> = table.columns.iter().map(|_| Default::default()).collect();
    let mut record = Record::default();
    while reader.read(&mut record).map_err(|error| unread(error, &table))? {
        if table.malformed(&record).is_some() {
            continue;
        }
        for (at, (zeros, numbers)) in seen.iter_mut().enumerate() {
            let (Some(bound), Some(Some(mender))) = (&table.columns[at], menders.get(at)) else { continue };
            let spot = || Found { place: Cite::of(&table, &record).cell(at), row: record.number };
            let Some(text) = record.cell(at).filter(|text| !text.is_empty()) else { continue };
            zeros.look(&text, Shape::of(&text), &spot);
            let number = mender.told_number(&text);
            numbers.look(&number, Shape::of(&number), head(bound), &spot);
        }
    }
    let told = |(bound, (zeros, numbers)): (&Option<Bound>, (Zeros, Numbers))| Profile {
        whole: exact(bound).and_then(|exact| zeros.whole().filter(|whole| *whole == exact)),
        tails: bound.as_ref().is_some_and(|bound| numbers.are_tails_told(head(bound))),
    };
    Ok(table.columns.iter().zip(seen).map(told).collect())
}
