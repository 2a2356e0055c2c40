//! Leading zeros that a spreadsheet removed, judged by the whole column.
//!
//! The column must hold digits only, most of one length. Numbers of that length show leading zeros; shorter ones have
//! none, and lack no more digits than the others have zeros. A single other cell rules the warning out.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, Finding, LocateFn};

/// The longest number that is considered, in digits.
const LONGEST: usize = 32;
/// The fewest digits of a complete number; codes of two digits are often counts.
const SHORTEST: usize = 3;
/// The fewest complete numbers that are evidence, and of these, with leading zeros.
const PROFILE: (u64, u64) = (3, 2);

/// The numbers of a column by length; `None` once a cell was no number.
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
    /// Whether one of them is a telephone number that has no leading zero.
    phone: bool,
}

impl Default for LostZeros {
    fn default() -> Self {
        Self { lengths: Some(Vec::new()) }
    }
}

impl LostZeros {
    /// Counts a cell that is not blank.
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

    /// The number of digits of complete numbers, if others have lost zeros.
    pub(in crate::rows) fn whole(&self) -> Option<usize> {
        self.lost().map(|(whole, _)| whole)
    }

    /// The number of digits of complete numbers, and the cells that lack some.
    fn lost(&self) -> Option<(usize, Finding)> {
        let lengths = self.lengths.as_ref()?;
        // The longest cells are complete; they must be the majority.
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
        let help = "A spreadsheet removes leading zeros from what it reads as numbers: write them again, and format \
                    the column as text there";
        all.warning("lost-zeros", column, [words[0], words[1]], help)
    }
}

/// Whether it is a Chinese mobile or service number, which has no leading zero beside landlines that have one.
fn is_phone(text: &str) -> bool {
    let mobile = text.len() == 11 && text.starts_with('1') && !text.starts_with("10");
    mobile || (text.len() == 10 && (text.starts_with("400") || text.starts_with("800")))
}
