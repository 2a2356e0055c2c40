//! Keys of one file that look the same and differ, in one warning for the file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use super::finding::FoundCell;
use crate::diagnostic::{Diagnostic, Diagnostics, hidden_difference, visual_form};
use crate::rows::keys::KeyIndex;

/// The most keys with look-alike characters that are remembered.
const MOST: usize = 10_000;

/// The keys that look like another one.
#[derive(Default)]
pub(in crate::rows) struct AlikeKeys {
    /// By visual form: a key that is written differently from it, and its row.
    strange: HashMap<String, (String, u64)>,
    count: u64,
    first: Option<(FoundCell, u64, Option<String>)>,
}

impl AlikeKeys {
    /// Checks a key that is new in `keys`. `found` gives its place; `shown` allows its characters to be named.
    ///
    /// # Errors
    /// The scratch file of the keys cannot be read.
    pub(in crate::rows) fn see(
        &mut self,
        key: &str,
        keys: &mut KeyIndex,
        shown: bool,
        found: &dyn Fn() -> FoundCell,
    ) -> io::Result<()> {
        let looks = visual_form(key);
        let strange = matches!(&looks, Cow::Owned(looks) if looks != key);
        if !strange && self.strange.is_empty() {
            return Ok(());
        }
        let other = match self.strange.get(looks.as_ref()) {
            Some((other, row)) => Some((other.clone(), *row)),
            None if strange => keys.find(looks.as_ref())?.map(|row| (looks.clone().into_owned(), row)),
            None => None,
        };
        if let Some((other, row)) = other.filter(|(other, _)| other != key) {
            self.count += 1;
            if self.first.is_none() {
                self.first = Some((found(), row, hidden_difference(key, &other).filter(|_| shown)));
            }
        }
        if strange && self.strange.len() < MOST {
            let row = found().row;
            self.strange.entry(looks.into_owned()).or_insert((key.to_owned(), row));
        }
        Ok(())
    }

    /// Adds the warning, if there are such keys.
    pub(in crate::rows) fn report(&self, diagnostics: &mut Diagnostics) {
        let Some((found, row, difference)) = &self.first else { return };
        let difference = difference.as_ref().map_or_else(String::new, |difference| format!("; {difference}"));
        let message = match self.count {
            1 => format!("The key of row {} looks like that of row {row} and is another one{difference}", found.row),
            count => format!(
                "{count} keys look like others of the file and are other ones, the first that of row {} like that of row \
                 {row}{difference}",
                found.row
            ),
        };
        let help = "Each is sent as a row of its own: if they are the same thing, delete one of the two, or write \
                    both alike";
        diagnostics.push(
            Diagnostic::warning("alike-key", message)
                .at(found.place.clone(), format!("looks like row {row}"))
                .help(help),
        );
    }
}
