//! One column's repairs: which of its cells are changed, and into what.
//!
//! A cell is changed only where the check has a word about it, and only into what the column takes. What it looks like
//! stays the same but for a date's order, zeros that the column's length and its other cells ask for, and the case of
//! an identity number; a cell is never made blank.

use super::dates::reordered;
use super::rule::Rule;
use super::visible::Look;
use crate::model::Value;
use crate::playbook::{ColumnDecl, ColumnType};
use crate::rows::doctor::is_unseen;

/// The repairs of one column.
#[derive(Debug)]
pub(super) struct Mender {
    decl: ColumnDecl,
    /// Whether it names things, so that blanks around its texts are never meant.
    names: bool,
    /// Whether its cells must stay those of another file, which may see fewer of the repairs.
    tie: bool,
    /// How many digits its cells have, where some have lost their zeros.
    whole: Option<usize>,
}

impl Mender {
    pub(super) fn new(decl: ColumnDecl, names: bool, tie: bool, whole: Option<usize>) -> Self {
        Self { decl, names, tie, whole }
    }

    /// The cell as it should be, and the rules that make it so; none where it stays.
    pub(super) fn mend(&self, text: &str) -> Option<Look> {
        if text.trim().is_empty() {
            return None;
        }
        let accepted = self.decl.convert(text).is_ok();
        let look = match (self.decl.kind, accepted) {
            (ColumnType::String, true) => self.told_of(text),
            (_, true) => None,
            (ColumnType::String, false) => self.refused_text(text),
            (ColumnType::Json | ColumnType::List, false) => None,
            (_, false) => self.refused_value(text),
        };
        look.filter(|look| look.text != text && !look.text.trim().is_empty() && self.decl.convert(&look.text).is_ok())
    }

    /// A text that is taken as it is, with a warning.
    fn told_of(&self, text: &str) -> Option<Look> {
        let bare =
            if self.names { without_unseen(Look::bare(text)) } else { Look { text: text.to_owned(), rules: vec![] } };
        Some(if self.tie { bare } else { self.large(bare) })
    }

    /// A text that its column refuses: its pattern, its words, its length or its kind of number.
    fn refused_text(&self, text: &str) -> Option<Look> {
        let bare = without_unseen(Look::bare(text));
        let narrow = without_unseen(bare.clone().narrow());
        let mut looks = vec![bare.clone(), narrow.clone()];
        if !self.tie {
            looks = looks.into_iter().map(|look| self.large(look)).collect();
            looks.extend([bare, narrow].into_iter().filter_map(|look| self.with_zeros(look)));
        }
        looks.into_iter().find(|look| self.takes(&look.text))
    }

    /// What is no value of its type.
    fn refused_value(&self, text: &str) -> Option<Look> {
        let bare = Look::bare(text);
        let seen = bare.clone().seen();
        let narrow = seen.clone().narrow();
        let dated = |look: &Look| reordered(&look.text, &self.decl).map(|text| look.clone().changed(text, Rule::Date));
        let dates = [dated(&bare), dated(&narrow)];
        [bare, seen, narrow].into_iter().chain(dates.into_iter().flatten()).find(|look| self.takes(&look.text))
    }

    fn takes(&self, text: &str) -> bool {
        !text.is_empty() && self.decl.convert(text).is_ok()
    }

    /// An identity number in large letters.
    fn large(&self, look: Look) -> Look {
        if self.decl.identity.is_none() {
            return look;
        }
        let text = look.text.to_ascii_uppercase();
        look.changed(text, Rule::SmallLetter)
    }

    /// A number with the zeros that its column says it must have.
    fn with_zeros(&self, look: Look) -> Option<Look> {
        if !look.text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let padded = match self.whole.filter(|_| self.decl.one_of.is_empty()) {
            Some(whole) if look.text.len() < whole => format!("{:0>whole$}", look.text),
            Some(_) => return None,
            None => self.word_with_zeros(&look.text)?.to_owned(),
        };
        Some(look.changed(padded, Rule::Zeros))
    }

    /// The one word of the column that is these digits behind zeros.
    fn word_with_zeros(&self, digits: &str) -> Option<&str> {
        let is = |word: &&str| word.strip_suffix(digits).is_some_and(|zeros| zeros.bytes().all(|byte| byte == b'0'));
        let mut words = self.decl.one_of.iter().filter_map(Value::as_str).filter(is);
        words.next().filter(|_| words.next().is_none())
    }
}

/// A code of plain characters without those inside that have no width; in other texts they may be meant.
fn without_unseen(look: Look) -> Look {
    let blank = |c: char| matches!(c, '\u{A0}' | '\u{2007}' | '\u{202F}');
    let text: String = look.text.chars().filter(|c| !is_unseen(*c) || blank(*c)).collect();
    let bare = look.clone().changed(text, Rule::Unseen);
    if bare.is_plain() { bare } else { look }
}
