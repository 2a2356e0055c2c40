//! All checks of one column.

use super::cell_shape::CellShape;
use super::column_purpose::ColumnPurpose;
use super::finding::LocateFn;
use crate::diagnostic::Diagnostics;
use crate::playbook::{ColumnDecl, ColumnType};
use crate::rows::checks::codes::{ChangedCodes, FullWidthCodes, LookAlikeLetters, SmallLetters, StrayCharacters};
use crate::rows::checks::dates::{DateForms, DayMonthOrder};
use crate::rows::checks::leftovers::{CutTexts, Leftovers};
use crate::rows::checks::numbers::{LostZeros, NumberForms, RoundedNumbers};

/// The checks of one text column, in memory that does not grow with the number of rows.
pub(in crate::rows::checks) struct ColumnCheck {
    name: String,
    key: bool,
    purpose: ColumnPurpose,
    /// Whether messages may quote its cells.
    shown: bool,
    stray: StrayCharacters,
    rounded: RoundedNumbers,
    zeros: LostZeros,
    full_width: FullWidthCodes,
    dates: DayMonthOrder,
    days: DateForms,
    small: Option<SmallLetters>,
    marks: Leftovers,
    numbers: NumberForms,
    changed: ChangedCodes,
    look_alike: LookAlikeLetters,
    cut: CutTexts,
}

impl ColumnCheck {
    /// The checks for a column; `None` if it is no text column, whose cells are checked one by one against its type.
    pub(in crate::rows::checks) fn of(decl: &ColumnDecl, key: bool) -> Option<Self> {
        (decl.kind == ColumnType::String).then(|| Self {
            name: decl.name.clone(),
            key,
            purpose: ColumnPurpose::of(decl, key),
            shown: !decl.sensitive,
            stray: StrayCharacters::default(),
            rounded: RoundedNumbers::default(),
            zeros: LostZeros::default(),
            full_width: FullWidthCodes::default(),
            dates: DayMonthOrder::default(),
            days: DateForms::default(),
            small: SmallLetters::of(decl),
            marks: Leftovers::default(),
            numbers: NumberForms::default(),
            changed: ChangedCodes::default(),
            look_alike: LookAlikeLetters::default(),
            cut: CutTexts::default(),
        })
    }

    /// Checks one cell.
    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, locate: &LocateFn<'_>) {
        if text.is_empty() {
            return;
        }
        let (shape, purpose) = (CellShape::of(text), self.purpose);
        self.zeros.inspect(text, shape, locate);
        self.rounded.inspect(text, shape, purpose, locate);
        self.full_width.inspect(text, shape, locate);
        self.dates.inspect(text, shape, locate);
        self.days.inspect(text, shape, locate);
        self.marks.inspect(text, shape, purpose, locate);
        self.numbers.inspect(text, shape, purpose, locate);
        self.cut.inspect(text, locate);
        if let Some(small) = &mut self.small {
            small.inspect(text, locate);
        }
        self.stray.inspect(text, shape, purpose, locate);
        if purpose.names {
            self.changed.inspect(text, shape, locate);
            self.look_alike.inspect(text, shape, locate);
        }
    }

    /// Adds the warnings about the column.
    pub(in crate::rows::checks) fn report(&self, diagnostics: &mut Diagnostics) {
        diagnostics.extend(self.marks.report(&self.name, self.shown));
        diagnostics.extend(self.rounded.report(&self.name));
        diagnostics.extend(self.zeros.report(&self.name));
        diagnostics.extend(self.numbers.report(&self.name, self.purpose));
        diagnostics.extend(self.changed.report(&self.name, self.purpose));
        diagnostics.extend(self.full_width.report(&self.name, self.key));
        diagnostics.extend(self.look_alike.report(&self.name));
        diagnostics.extend(self.stray.report(&self.name));
        diagnostics.extend(self.dates.report(&self.name));
        diagnostics.extend(self.days.report(&self.name, self.purpose));
        diagnostics.extend(self.cut.report(&self.name));
        diagnostics.extend(self.small.iter().filter_map(|small| small.report(&self.name)));
    }
}
