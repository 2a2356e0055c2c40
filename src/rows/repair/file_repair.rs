//! Repairs a file record by record: all bytes are copied but those of repaired cells.

use std::io::{self, Write};

use super::column_repair::{ColumnRepairer, Profile};
use super::patch::patched;
use super::spec::{RepairSpec, exact_length};
use super::summary::{RepairSummary, RepairTally};
use super::workbook_lines::WorkbookLines;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::rows::checks::numbers::{LostZeros, NumberForms};
use crate::rows::checks::{CellShape, ColumnPurpose, FoundCell};
use crate::rows::formats::{ExpectedColumns, Input, open_reader};
use crate::rows::record::{MemberKind, ReadError, Record, RecordReader};
use crate::rows::result_columns::result_columns_start;
use crate::rows::table::{BoundColumn, RecordPlaces, Table};

/// Why a file was not repaired.
#[derive(Debug)]
pub enum RepairError {
    /// It cannot be read as rows.
    Unreadable(Diagnostics),
    /// Cells of a workbook have no text that a row file could hold.
    Unkept(Vec<Diagnostic>),
    /// The new file cannot be written.
    Unwritten(io::Error),
}

impl From<io::Error> for RepairError {
    fn from(error: io::Error) -> Self {
        Self::Unwritten(error)
    }
}

/// Repairs a file into `out`. `profile` is the same input a second time; without it, repairs that depend on a column's
/// other cells are left out.
///
/// # Errors
/// The file cannot be read, a workbook's cell has no text, or `out` cannot be written. What was written is incomplete.
pub fn repair_file(
    spec: &RepairSpec,
    profile: Option<Input>,
    input: Input,
    out: &mut dyn Write,
) -> Result<RepairSummary, RepairError> {
    let profiles = match profile {
        Some(input) => profiles(spec, input)?,
        None => Vec::new(),
    };
    let mut file = FileRepair::open(spec, input.keeping_source(), &profiles)?;
    file.write(out)?;
    let encoding = file.reader.dialect().encoding;
    Ok(file.tally.finish(encoding))
}

/// A file being repaired.
struct FileRepair {
    reader: Box<dyn RecordReader>,
    table: Table,
    repairers: Vec<Option<ColumnRepairer>>,
    tally: RepairTally,
}

impl FileRepair {
    fn open(spec: &RepairSpec, input: Input, profiles: &[Profile]) -> Result<Self, RepairError> {
        let (reader, table) = opened(spec, input)?;
        let repairers = repairers(spec, &table, profiles);
        Ok(Self { reader, table, repairers, tally: RepairTally::default() })
    }

    fn write(&mut self, out: &mut dyn Write) -> Result<(), RepairError> {
        let mut record = Record::default();
        let mut unkept = Vec::new();
        let mut lines = None;
        let own = result_columns_start(self.reader.heads());
        loop {
            let more = self.reader.read(&mut record).map_err(|error| unread(error, &self.table))?;
            if let Some(source) = self.reader.take_source() {
                if !more {
                    out.write_all(&source)?;
                    break;
                }
                let repaired = self.repaired(&record);
                out.write_all(&spliced(&source, &record, repaired))?;
                continue;
            }
            let lines = match &mut lines {
                Some(lines) => lines,
                none => none.insert(WorkbookLines::open()?),
            };
            if !more {
                let dialect = self.reader.dialect();
                lines.write(self.reader.heads(), own.is_some(), dialect, out)?;
                break;
            }
            if let Some(own) = own {
                record.unescape_formulas(own);
            }
            // The problem of a workbook's cell would be lost in its text.
            match record.problem.is_some().then(|| self.table.malformed(&record)).flatten() {
                Some(problem) => unkept.push(problem),
                None => {
                    let repaired = self.repaired(&record);
                    let line = repaired.unwrap_or_else(|| record.text.as_bytes().to_vec());
                    lines.push(&line, self.reader.dialect())?;
                }
            }
        }
        if unkept.is_empty() { Ok(()) } else { Err(RepairError::Unkept(unkept)) }
    }

    /// The record's bytes with repaired cells; `None` if nothing changes.
    fn repaired(&mut self, record: &Record) -> Option<Vec<u8>> {
        if self.table.malformed(record).is_some() {
            return None;
        }
        let mut looks = Vec::new();
        for (at, repairer) in self.repairers.iter().enumerate() {
            let single = record.kinds.get(at).is_none_or(|kind| *kind == MemberKind::Text);
            let Some(repairer) = repairer.as_ref().filter(|_| single) else { continue };
            let text = record.cell(at).unwrap_or_default();
            looks.extend(repairer.repair(&text).map(|look| (at, text.into_owned(), look)));
        }
        if looks.is_empty() {
            return None;
        }
        let cells: Vec<(usize, &str)> = looks.iter().map(|(at, _, look)| (*at, look.text.as_str())).collect();
        let bytes = patched(record, self.reader.dialect().delimiter, &cells)?;
        self.tally.row();
        for (at, old, look) in &looks {
            let Some(BoundColumn { decl, .. }) = &self.table.columns[*at] else { continue };
            let place = (record.number, record.line);
            self.tally.cell(*at, (&decl.name, decl.sensitive), place, old, look);
        }
        Some(bytes)
    }
}

/// The repairers of the columns; `None` for a column that must not change.
fn repairers(spec: &RepairSpec, table: &Table, profiles: &[Profile]) -> Vec<Option<ColumnRepairer>> {
    let repairer = |(at, bound): (usize, &Option<BoundColumn>)| {
        let decl = &bound.as_ref()?.decl;
        let tie = spec.ties.get(&decl.name);
        let head = ColumnPurpose::of(decl, spec.named.contains(&decl.name));
        let profile = profiles.get(at).copied().unwrap_or_default();
        (tie != Some(&false)).then(|| ColumnRepairer::new(decl.clone(), head, tie.is_some(), profile))
    };
    table.columns.iter().enumerate().map(repairer).collect()
}

/// The bytes `source` with the record in them replaced.
fn spliced(source: &[u8], record: &Record, repaired: Option<Vec<u8>>) -> Vec<u8> {
    let Some(repaired) = repaired else { return source.to_vec() };
    let length = record.bytes.as_ref().map_or(record.text.len(), |bytes| bytes.len());
    let (ahead, rest) = source.split_at(record.source_offset.min(source.len()));
    [ahead, &repaired, rest.get(length..).unwrap_or_default()].concat()
}

fn opened(spec: &RepairSpec, input: Input) -> Result<(Box<dyn RecordReader>, Table), RepairError> {
    let mut problems = Diagnostics::new();
    let name = input.name.clone();
    let expected = ExpectedColumns::of(&spec.columns, spec.named.iter().map(String::as_str)).unmasked(spec.unmask);
    let bound = open_reader(input, &expected, &spec.form, &mut problems).and_then(|reader| {
        let table = Table::bind(&name, reader.as_ref(), &spec.columns, &[], spec.unmask, &mut problems)?;
        Some((reader, table))
    });
    bound.ok_or(RepairError::Unreadable(problems))
}

/// The error that ended the reading.
fn unread(error: ReadError, table: &Table) -> RepairError {
    let mut problems = Diagnostics::new();
    problems.push(error.diagnostic(&table.file, table.is_masked()));
    RepairError::Unreadable(problems)
}

/// Reads a file for the profile of each column.
fn profiles(spec: &RepairSpec, input: Input) -> Result<Vec<Profile>, RepairError> {
    let (mut reader, table) = opened(spec, input)?;
    let repairers = repairers(spec, &table, &[]);
    let head = |bound: &BoundColumn| ColumnPurpose::of(&bound.decl, spec.named.contains(&bound.decl.name));
    let exact = |bound: &Option<BoundColumn>| exact_length(&bound.as_ref()?.decl);
    let mut seen: Vec<(LostZeros, NumberForms)> = table.columns.iter().map(|_| Default::default()).collect();
    let mut record = Record::default();
    while reader.read(&mut record).map_err(|error| unread(error, &table))? {
        if table.malformed(&record).is_some() {
            continue;
        }
        for (at, (zeros, numbers)) in seen.iter_mut().enumerate() {
            let (Some(bound), Some(Some(repairer))) = (&table.columns[at], repairers.get(at)) else { continue };
            let locate = || FoundCell { place: RecordPlaces::of(&table, &record).cell(at), row: record.number };
            let Some(text) = record.cell(at).filter(|text| !text.is_empty()) else { continue };
            zeros.inspect(&text, CellShape::of(&text), &locate);
            let number = repairer.counted_text(&text);
            numbers.inspect(&number, CellShape::of(&number), head(bound), &locate);
        }
    }
    let profile = |(bound, (zeros, numbers)): (&Option<BoundColumn>, (LostZeros, NumberForms))| Profile {
        whole: exact(bound).and_then(|exact| zeros.whole().filter(|whole| *whole == exact)),
        tails: bound.as_ref().is_some_and(|bound| numbers.are_tails_certain(head(bound))),
    };
    Ok(table.columns.iter().zip(seen).map(profile).collect())
}
