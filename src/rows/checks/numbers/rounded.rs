//! Numbers that a spreadsheet has rounded: shown as `1.23E+17`, or with zeros from the sixteenth digit on.
//!
//! A spreadsheet keeps 15 digits. A number that only happens to end in zeros is told from a rounded one by the others
//! of its column: nearly all long ones must end so, together by so many zeros that chance is out of the question, and
//! the fifteenth digit must not be part of a round number.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, ColumnPurpose, Finding, LocateFn};

/// How many digits a spreadsheet keeps.
const KEPT: usize = 15;
/// The fewest digits that a spreadsheet shows in the scientific form by itself.
const SHORTENED: u32 = 11;
/// The fewest digits that statistics programs show so.
const LEAST_SMALL: u32 = 5;
/// How much must speak for rounding: 1 for a number of 16 digits, 2 more for each further one.
const ENOUGH: u64 = 5;

const HELP: &str = "The lost digits cannot be told from the cells: format the column as text in the spreadsheet, take \
                    the numbers from their source again, and export it anew";

/// The long numbers of a column.
#[derive(Default)]
pub(in crate::rows::checks) struct RoundedNumbers {
    scientific: Finding,
    zeros: Finding,
    long: u64,
    weight: u64,
    /// Rounded ones whose last digit kept is none of a round number.
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
        if self.are_zeros_told() {
            all.merge(&self.zeros);
        }
        let words = ["is a number that a spreadsheet has rounded", "are numbers that a spreadsheet has rounded"];
        all.warning("rounded-number", column, words, HELP)
    }

    fn are_zeros_told(&self) -> bool {
        let count = self.zeros.count;
        self.weight >= ENOUGH && count * 10 >= self.long * 9 && self.uneven * 2 >= count
    }
}

/// `1.23E+17`, as a spreadsheet writes it and hardly anyone else, or `1e+05`, as statistics programs do. `names` where the
/// column names things: `1.00E+05` is a code there, such as `1E5`, that was read as a number.
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
