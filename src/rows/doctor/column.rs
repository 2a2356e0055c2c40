//! One column under the doctor's eyes.

use super::dates::Dates;
use super::finding::Spot;
use super::full_width::FullWidth;
use super::named::names_things;
use super::rounded::Rounded;
use super::shape::Shape;
use super::small::Small;
use super::stray::Stray;
use super::zeros::Zeros;
use crate::diagnostic::Diagnostics;
use crate::playbook::{ColumnDecl, ColumnType};

/// A column of texts, and what was seen in it so far; of fixed size, whatever the number of rows.
pub(super) struct Column {
    name: String,
    key: bool,
    stray: Option<Stray>,
    rounded: Rounded,
    zeros: Zeros,
    full_width: FullWidth,
    dates: Dates,
    small: Option<Small>,
}

impl Column {
    /// None for a column of another type: its cells are checked one by one, against what it declares.
    pub(super) fn of(decl: &ColumnDecl, key: bool) -> Option<Self> {
        let named = key || names_things(&decl.name) || names_things(decl.head());
        (decl.kind == ColumnType::String).then(|| Self {
            name: decl.name.clone(),
            key,
            stray: named.then(Stray::default),
            rounded: Rounded::default(),
            zeros: Zeros::default(),
            full_width: FullWidth::default(),
            dates: Dates::default(),
            small: Small::of(decl),
        })
    }

    /// Looks at a cell.
    pub(super) fn look(&mut self, text: &str, spot: &Spot<'_>) {
        if text.is_empty() {
            return;
        }
        let shape = Shape::of(text);
        self.zeros.look(text, shape, spot);
        self.rounded.look(text, shape, spot);
        self.full_width.look(text, shape, spot);
        self.dates.look(text, shape, spot);
        if let Some(small) = &mut self.small {
            small.look(text, spot);
        }
        if let Some(stray) = &mut self.stray {
            stray.look(text, shape, spot);
        }
    }

    /// Tells what was seen.
    pub(super) fn report(&self, diagnostics: &mut Diagnostics) {
        diagnostics.extend(self.rounded.report(&self.name));
        diagnostics.extend(self.zeros.report(&self.name));
        diagnostics.extend(self.full_width.report(&self.name, self.key));
        diagnostics.extend(self.stray.iter().flat_map(|stray| stray.report(&self.name)));
        diagnostics.extend(self.dates.report(&self.name));
        diagnostics.extend(self.small.iter().filter_map(|small| small.report(&self.name)));
    }
}
