//! The members of an object as the cells of a record, in the order of the columns.

use super::problems;
use super::scan::{Member, members};
use crate::diagnostic::Span;
use crate::rows::record::{CellSpan, MemberKind, Record};
use crate::rows::result_columns::result_columns_start;

/// Finds a record's cells in its text, one for each head. An unknown member is a problem if it comes before `_run`;
/// behind it, only if `strict`.
pub(super) fn set_cells(record: &mut Record, heads: &[String], strict: bool) {
    record.result_span = None;
    let members = match members(&record.text) {
        Ok(members) => members,
        Err(wrong) => {
            record.problem.get_or_insert_with(|| problems::not_an_object(wrong));
            return absent(record, heads.len());
        }
    };
    absent(record, heads.len());
    let own = result_columns_start(members.iter().map(|member| &member.key)).unwrap_or(members.len());
    record.result_span = result_span(&record.text, &members, own);
    for (place, member) in members.iter().enumerate() {
        match place_of(&member.key, place, heads) {
            Some(at) => {
                record.cells[at] = cell(member);
                record.kinds[at] = member.kind;
            }
            None if place < own || strict => {
                record.problem.get_or_insert_with(|| problems::unknown_member(&member.key, member.key_span, heads));
            }
            None => {}
        }
    }
}

/// The index of a key among the heads. Members mostly come in their order, so `place` is tried first.
fn place_of(key: &str, place: usize, heads: &[String]) -> Option<usize> {
    if heads.get(place).is_some_and(|head| head == key) {
        return Some(place);
    }
    heads.iter().position(|head| head == key)
}

fn absent(record: &mut Record, count: usize) {
    let end = record.text.len();
    record.cells.clear();
    record.cells.resize(count, CellSpan::plain(end, end));
    record.kinds.clear();
    record.kinds.resize(count, MemberKind::Absent);
}

fn cell(member: &Member) -> CellSpan {
    let quote = usize::from(member.kind == MemberKind::Text);
    let Span { start, end } = member.span;
    CellSpan { start: start + quote, end: end - quote, quoted: quote > 0, escaped: member.escaped }
}

/// The part of the text that holds result columns: from behind the last member before `_run` to the end of the last
/// member.
fn result_span(text: &str, members: &[Member], own: usize) -> Option<Span> {
    let last = members.get(own..)?.last()?;
    let start = match own.checked_sub(1).and_then(|at| members.get(at)) {
        Some(before) => before.span.end,
        None => text.find('{').map_or(0, |at| at + 1),
    };
    Some(Span::new(start, last.span.end))
}

/// Builds a record from a text that was read before.
pub(in crate::rows::formats) fn reread(text: &str, heads: &[String], line: usize, number: u64) -> Record {
    let mut record = Record { text: text.to_owned(), line, number, ..Record::default() };
    set_cells(&mut record, heads, false);
    record
}
