//! Leading zeros that a spreadsheet took away, told by the column's profile.
//!
//! All cells are digits, most of one length; that length shows leading zeros; the shorter ones begin with none and lack
//! no more digits than the others have zeros. A single cell of another kind, and nothing is said.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, Finding, LocateFn};

/// The longest number that is looked at.
const LONGEST: usize = 32;
/// The shortest length of a whole number: codes of two digits are often counts.
const SHORTEST: usize = 3;
/// The fewest cells that make a profile, and of them those with zeros ahead.
const PROFILE: (u64, u64) = (3, 2);

/// The numbers of a column, by their lengths; nothing once a cell was no number.
pub(in crate::rows) struct LostZeros {
    lengths: Option<Vec<Length>>,
}

/// The cells of one length.
#[derive(Default)]
struct Length {
    count: u64,
    led: u64,
    most: usize,
    unled: Finding,
    /// Whether one of them is a telephone number that stands without a zero.
    phone: bool,
}

impl Default for LostZeros {
    fn default() -> Self {
        Self { lengths: Some(Vec::new()) }
    }
}

impl LostZeros {
    /// Looks at a cell that is not blank.
    pub(in crate::rows) fn inspect(&mut self, text: &str, shape: CellShape, locate: &LocateFn<'_>) {
        let Some(lengths) = &mut self.lengths else { return };
        if !shape.is_digits() || text.len() > LONGEST {
            self.lengths = None;
            return;
        }
        if lengths.len() <= text.len() {
            lengths.resize_with(text.len() + 1, Length::default);
        }
        let length = &mut lengths[text.len()];
        length.count += 1;
        if text.starts_with('0') {
            length.led += 1;
            length.most = length.most.max(text.len() - text.trim_start_matches('0').len());
        } else {
            length.unled.add(locate);
            length.phone |= is_phone(text);
        }
    }

    /// How many digits the whole numbers have, where others have lost theirs.
    pub(in crate::rows) fn whole(&self) -> Option<usize> {
        self.lost().map(|(whole, _)| whole)
    }

    /// How many digits the whole ones have, and those that lack some.
    fn lost(&self) -> Option<(usize, Finding)> {
        let lengths = self.lengths.as_ref()?;
        // The longest cells are the whole ones; they must be the most.
        let whole = lengths.len().checked_sub(1).filter(|whole| *whole >= SHORTEST)?;
        let full = &lengths[whole];
        let short: Vec<(usize, &Length)> =
            lengths[..whole].iter().enumerate().filter(|(_, length)| length.count > 0).collect();
        let lost: u64 = short.iter().map(|(_, length)| length.count).sum();
        let fits = |(at, length): &(usize, &Length)| length.led == 0 && !length.phone && whole - at <= full.most;
        if full.count < PROFILE.0 || full.led < PROFILE.1 || lost >= full.count || !short.iter().all(fits) {
            return None;
        }
        let mut all = Finding::default();
        short.iter().for_each(|(_, length)| all.merge(&length.unled));
        (all.count > 0).then_some((whole, all))
    }

    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let (whole, all) = self.lost()?;
        let words = [
            &format!("has lost its leading zeros: the others have {whole} digits"),
            &format!("have lost their leading zeros: the others have {whole} digits"),
        ];
        let help = "A spreadsheet takes leading zeros away from what it reads as numbers: write them again, and format \
                    the column as text there";
        all.warning("lost-zeros", column, [words[0], words[1]], help)
    }
}

/// Numbers that stand beside ones with a trunk prefix and have none themselves: mainland mobiles and 400 numbers.
fn is_phone(text: &str) -> bool {
    let mobile = text.len() == 11 && text.starts_with('1') && !text.starts_with("10");
    mobile || (text.len() == 10 && (text.starts_with("400") || text.starts_with("800")))
}
