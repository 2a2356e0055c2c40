//! Numbers that a spreadsheet has rounded: written as `1.23E+17`, or with zeros from the sixteenth digit on.
//!
//! A spreadsheet keeps 15 digits. A number may also end in zeros by chance, so the column decides: nearly all long
//! numbers must end so, with too many zeros for chance, and the fifteenth digit must not be part of a round number.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, ColumnPurpose, Finding, LocateFn};

/// Digits that a spreadsheet keeps.
const KEPT: usize = 15;
/// The smallest power of ten that a spreadsheet writes in scientific notation by itself.
const SHORTENED: u32 = 11;
/// The smallest power of ten that statistics programs write so.
const LEAST_SMALL: u32 = 5;
/// The evidence needed. A rounded number of 16 digits counts 1, each further digit 2 more.
const ENOUGH: u64 = 5;

const HELP: &str = "The cells no longer hold the lost digits: format the column as text in the spreadsheet, take \
                    the numbers from their source again, and export it anew";

/// The long numbers of a column.
#[derive(Default)]
pub(in crate::rows::checks) struct RoundedNumbers {
    scientific: Finding,
    zeros: Finding,
    long: u64,
    weight: u64,
    /// Rounded ones whose fifteenth digit is not zero.
    uneven: u64,
}

impl RoundedNumbers {
    pub(in crate::rows::checks) fn inspect(
        &mut self,
        text: &str,
        shape: CellShape,
        purpose: ColumnPurpose,
        locate: &LocateFn<'_>,
    ) {
        if shape.is_scientific() {
            if is_scientific(text, purpose.names) {
                self.scientific.add(locate);
            }
        } else if text.len() > KEPT && shape.is_digits() && !text.starts_with('0') {
            self.long += 1;
            let (kept, rest) = text.split_at(KEPT);
            if rest.bytes().all(|byte| byte == b'0') {
                self.zeros.add(locate);
                self.weight += 2 * rest.len() as u64 - 1;
                self.uneven += u64::from(!kept.ends_with('0'));
            }
        }
    }

    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let mut all = Finding::default();
        all.merge(&self.scientific);
        if self.are_zeros_certain() {
            all.merge(&self.zeros);
        }
        let words = ["is a number that a spreadsheet has rounded", "are numbers that a spreadsheet has rounded"];
        all.warning("rounded-number", column, words, HELP)
    }

    fn are_zeros_certain(&self) -> bool {
        let count = self.zeros.count;
        self.weight >= ENOUGH && count * 10 >= self.long * 9 && self.uneven * 2 >= count
    }
}

/// Whether it is `1.23E+17`, as spreadsheets write it, or `1e+05`, as statistics programs do. `names` says that the
/// column holds identifiers, where `1.00E+05` is a code such as `1E5` that was read as a number.
fn is_scientific(text: &str, names: bool) -> bool {
    let (mark, least) = if text.contains("e+") { ("e+", LEAST_SMALL) } else { ("E+", SHORTENED) };
    let Some((number, power)) = text.split_once(mark) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    let least = if names && fraction.len() == 2 { 0 } else { least };
    whole.len() == 1
        && digits(whole)
        && digits(fraction)
        && digits(power)
        && power.len() == 2
        && power.parse().is_ok_and(|power: u32| power >= least)
}
