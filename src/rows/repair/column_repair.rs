//! The repairs of one column: which cells are changed, and how.
//!
//! A cell is changed only if `check` reports it, and only to a text that the column accepts. It looks the same
//! afterwards, except for a date's order, zeros that the column's length and other cells require, and the case of an
//! identity number. A cell never becomes blank.

use super::dates::reordered;
use super::rule::RepairRule;
use super::visible_text::RepairedText;
use crate::model::Value;
use crate::playbook::{ColumnDecl, ColumnType};
use crate::rows::checks::ColumnPurpose;
use crate::rows::checks::codes::{is_unseen, untabbed};
use crate::rows::checks::leftovers::{formula, text_marked, unquoted};
use crate::rows::checks::numbers::whole;

/// The repairs of one column.
#[derive(Debug)]
pub(super) struct ColumnRepairer {
    decl: ColumnDecl,
    /// What the column holds: blanks around identifiers are never meant.
    purpose: ColumnPurpose,
    /// Whether its cells must equal those of another file, which may get fewer repairs.
    tie: bool,
    profile: Profile,
}

/// What the cells of a column show together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Profile {
    /// The number of digits, if some cells have lost leading zeros.
    pub(super) whole: Option<usize>,
    /// Whether a `.0` is removed from its numbers.
    pub(super) tails: bool,
}

impl ColumnRepairer {
    pub(super) fn new(decl: ColumnDecl, purpose: ColumnPurpose, tie: bool, profile: Profile) -> Self {
        Self { decl, purpose, tie, profile }
    }

    /// A cell's text as the profile counts it: without what a repair removes around it.
    pub(super) fn counted_text(&self, text: &str) -> String {
        self.alone(if self.purpose.names { without_unseen(RepairedText::bare(text)) } else { RepairedText::of(text) })
            .text
    }

    /// The repaired cell with its rules; `None` if it stays as it is.
    pub(super) fn repair(&self, text: &str) -> Option<RepairedText> {
        if text.trim().is_empty() {
            return None;
        }
        let accepted = self.decl.convert(text).is_ok();
        let look = match (self.decl.kind, accepted) {
            (ColumnType::String, true) => self.accepted_text(text),
            (_, true) => None,
            (ColumnType::String, false) => self.refused_text(text),
            (ColumnType::Json | ColumnType::List, false) => None,
            (_, false) => self.refused_value(text),
        };
        look.filter(|look| look.text != text && !look.text.trim().is_empty() && self.decl.convert(&look.text).is_ok())
    }

    /// Repairs a text that the column accepts with a warning.
    fn accepted_text(&self, text: &str) -> Option<RepairedText> {
        let bare = if self.purpose.names { without_unseen(RepairedText::bare(text)) } else { RepairedText::of(text) };
        let alone = self.alone(bare);
        Some(if self.tie { alone } else { self.large(self.without_tail(alone)) })
    }

    /// Removes what programs write around a code so that spreadsheets keep it.
    fn alone(&self, mut look: RepairedText) -> RepairedText {
        loop {
            let text = look.text.as_str();
            let quoted = || unquoted(text).filter(|_| self.purpose.names).map(|text| (text, RepairRule::Quotes));
            let found = formula(text)
                .map(|text| (text, RepairRule::Formula))
                .or_else(|| text_marked(text, self.purpose).map(|text| (text, RepairRule::TextMark)))
                .or_else(quoted)
                .or_else(|| untabbed(text).map(|text| (text, RepairRule::Blanks)));
            let Some((inner, rule)) = found.map(|(text, rule)| (text.to_owned(), rule)) else { return look };
            look = look.changed(inner, rule);
            if self.purpose.names {
                look = look.bared();
            }
        }
    }

    /// Removes the `.0` that a program wrote behind a whole number.
    fn without_tail(&self, look: RepairedText) -> RepairedText {
        match whole(&look.text).filter(|_| self.profile.tails).map(str::to_owned) {
            Some(number) => look.changed(number, RepairRule::FloatTail),
            None => look,
        }
    }

    /// Repairs a text that the column refuses by its pattern, words, length or identity number.
    fn refused_text(&self, text: &str) -> Option<RepairedText> {
        let bare = without_unseen(RepairedText::bare(text));
        let narrow = without_unseen(bare.clone().narrow());
        let alone = self.alone(bare.clone());
        let mut looks = vec![bare.clone(), narrow.clone(), alone.clone()];
        if !self.tie {
            looks = looks.into_iter().map(|look| self.large(look)).collect();
            looks.push(self.without_tail(alone.clone()));
            looks.extend([bare, narrow, alone].into_iter().filter_map(|look| self.with_zeros(look)));
        }
        looks.into_iter().find(|look| self.takes(&look.text))
    }

    /// Repairs a cell that is no value of the column's type.
    fn refused_value(&self, text: &str) -> Option<RepairedText> {
        let bare = RepairedText::bare(text);
        let seen = bare.clone().seen();
        let narrow = seen.clone().narrow();
        let dated = |look: &RepairedText| {
            reordered(&look.text, &self.decl).map(|text| look.clone().changed(text, RepairRule::Date))
        };
        let dates = [dated(&bare), dated(&narrow)];
        [bare, seen, narrow].into_iter().chain(dates.into_iter().flatten()).find(|look| self.takes(&look.text))
    }

    fn takes(&self, text: &str) -> bool {
        !text.is_empty() && self.decl.convert(text).is_ok()
    }

    /// Writes an identity number in capitals.
    fn large(&self, look: RepairedText) -> RepairedText {
        if self.decl.identity.is_none() {
            return look;
        }
        let text = look.text.to_ascii_uppercase();
        look.changed(text, RepairRule::SmallLetter)
    }

    /// Adds the leading zeros that the column requires.
    fn with_zeros(&self, look: RepairedText) -> Option<RepairedText> {
        if !look.text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let padded = match self.profile.whole.filter(|_| self.decl.one_of.is_empty()) {
            Some(digits) if look.text.len() < digits => format!("{:0>digits$}", look.text),
            Some(_) => return None,
            None => self.word_with_zeros(&look.text)?.to_owned(),
        };
        Some(look.changed(padded, RepairRule::Zeros))
    }

    /// The only allowed word of the column that is these digits behind zeros.
    fn word_with_zeros(&self, digits: &str) -> Option<&str> {
        let is = |word: &&str| word.strip_suffix(digits).is_some_and(|zeros| zeros.bytes().all(|byte| byte == b'0'));
        let mut words = self.decl.one_of.iter().filter_map(Value::as_str).filter(is);
        words.next().filter(|_| words.next().is_none())
    }
}

/// Removes characters without width from a code of ASCII; in other texts they may be meant.
fn without_unseen(look: RepairedText) -> RepairedText {
    let blank = |c: char| matches!(c, '\u{A0}' | '\u{2007}' | '\u{202F}');
    let text: String = look.text.chars().filter(|c| !is_unseen(*c) || blank(*c)).collect();
    let bare = look.clone().changed(text, RepairRule::Unseen);
    if bare.is_plain() { bare } else { look }
}
