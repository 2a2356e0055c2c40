//! One column under the doctor's eyes.

use super::cell_shape::Shape;
use super::column_purpose::Head;
use super::finding::Spot;
use crate::diagnostic::Diagnostics;
use crate::playbook::{ColumnDecl, ColumnType};
use crate::rows::checks::codes::Changed;
use crate::rows::checks::codes::FullWidth;
use crate::rows::checks::codes::LookAlike;
use crate::rows::checks::codes::Small;
use crate::rows::checks::codes::Stray;
use crate::rows::checks::dates::Dates;
use crate::rows::checks::dates::Days;
use crate::rows::checks::leftovers::Cut;
use crate::rows::checks::leftovers::Marks;
use crate::rows::checks::numbers::Numbers;
use crate::rows::checks::numbers::Rounded;
use crate::rows::checks::numbers::Zeros;

/// A column of texts, and what was seen in it so far; of fixed size, whatever the number of rows.
pub(in crate::rows::checks) struct Column {
    name: String,
    key: bool,
    head: Head,
    /// Whether its cells may be quoted.
    shown: bool,
    stray: Stray,
    rounded: Rounded,
    zeros: Zeros,
    full_width: FullWidth,
    dates: Dates,
    days: Days,
    small: Option<Small>,
    marks: Marks,
    numbers: Numbers,
    changed: Changed,
    look_alike: LookAlike,
    cut: Cut,
}

impl Column {
    /// None for a column of another type: its cells are checked one by one, against what it declares.
    pub(in crate::rows::checks) fn of(decl: &ColumnDecl, key: bool) -> Option<Self> {
        (decl.kind == ColumnType::String).then(|| Self {
            name: decl.name.clone(),
            key,
            head: Head::of(decl, key),
            shown: !decl.sensitive,
            stray: Stray::default(),
            rounded: Rounded::default(),
            zeros: Zeros::default(),
            full_width: FullWidth::default(),
            dates: Dates::default(),
            days: Days::default(),
            small: Small::of(decl),
            marks: Marks::default(),
            numbers: Numbers::default(),
            changed: Changed::default(),
            look_alike: LookAlike::default(),
            cut: Cut::default(),
        })
    }

    /// Looks at a cell.
    pub(in crate::rows::checks) fn look(&mut self, text: &str, spot: &Spot<'_>) {
        if text.is_empty() {
            return;
        }
        let (shape, head) = (Shape::of(text), self.head);
        self.zeros.look(text, shape, spot);
        self.rounded.look(text, shape, head, spot);
        self.full_width.look(text, shape, spot);
        self.dates.look(text, shape, spot);
        self.days.look(text, shape, spot);
        self.marks.look(text, shape, head, spot);
        self.numbers.look(text, shape, head, spot);
        self.cut.look(text, spot);
        if let Some(small) = &mut self.small {
            small.look(text, spot);
        }
        self.stray.look(text, shape, head, spot);
        if head.names {
            self.changed.look(text, shape, spot);
            self.look_alike.look(text, shape, spot);
        }
    }

    /// Tells what was seen.
    pub(in crate::rows::checks) fn report(&self, diagnostics: &mut Diagnostics) {
        diagnostics.extend(self.marks.report(&self.name, self.shown));
        diagnostics.extend(self.rounded.report(&self.name));
        diagnostics.extend(self.zeros.report(&self.name));
        diagnostics.extend(self.numbers.report(&self.name, self.head));
        diagnostics.extend(self.changed.report(&self.name, self.head));
        diagnostics.extend(self.full_width.report(&self.name, self.key));
        diagnostics.extend(self.look_alike.report(&self.name));
        diagnostics.extend(self.stray.report(&self.name));
        diagnostics.extend(self.dates.report(&self.name));
        diagnostics.extend(self.days.report(&self.name, self.head));
        diagnostics.extend(self.cut.report(&self.name));
        diagnostics.extend(self.small.iter().filter_map(|small| small.report(&self.name)));
    }
}
