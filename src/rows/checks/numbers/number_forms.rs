//! Numbers in forms that programs write, judged by the column's other cells: `.0` behind whole numbers, thousands
//! separators, a currency or percent sign at a few.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, ColumnPurpose, Finding, LocateFn};

/// The number of zeros or nines in a row that shows a rounding error.
const NOISE: usize = 6;
/// The fewest digits of a number that may be a code.
const LONG: usize = 5;
/// For each number with a unit, the plain ones that must be there, and the fewest of these.
const PLAIN: (u64, u64) = (4, 3);

/// The numbers of a column.
#[derive(Default)]
pub(in crate::rows) struct NumberForms {
    plain: u64,
    /// Plain ones that are long enough for a thousands separator.
    ungrouped: u64,
    tails: Finding,
    long_tails: u64,
    fractions: u64,
    noise: Finding,
    commas: Finding,
    grouped: Finding,
    units: Finding,
}

impl NumberForms {
    pub(in crate::rows) fn inspect(
        &mut self,
        text: &str,
        shape: CellShape,
        purpose: ColumnPurpose,
        locate: &LocateFn<'_>,
    ) {
        if shape.is_digits() {
            self.plain += 1;
            self.ungrouped += u64::from(text.len() > 3);
            return;
        }
        if shape.is_dated() {
            match fraction(text) {
                Some((whole, "0" | "00")) => {
                    self.tails.add(locate);
                    self.long_tails += u64::from(whole.len() >= LONG);
                }
                Some((_, part)) if is_noise(part) => self.noise.add(locate),
                Some(_) => {
                    self.fractions += 1;
                    self.plain += 1;
                }
                None => {}
            }
        }
        if !may_be_number(text) {
            return;
        }
        match separator(text).filter(|_| purpose.names) {
            Some(',' | '，') => self.commas.add(locate),
            Some(_) => self.grouped.add(locate),
            None if has_unit(text) => self.units.add(locate),
            None => {}
        }
    }

    /// Whether a `.0` comes from a program: no other fractions are in the column, and its numbers are identifiers.
    pub(in crate::rows) fn are_tails_certain(&self, purpose: ColumnPurpose) -> bool {
        self.tails.count > 0 && self.fractions == 0 && (purpose.names || self.long_tails == self.tails.count)
    }

    pub(in crate::rows::checks) fn report(
        &self,
        column: &str,
        purpose: ColumnPurpose,
    ) -> impl Iterator<Item = Diagnostic> {
        let mut floats = Finding::default();
        floats.merge(&self.noise);
        if self.are_tails_certain(purpose) {
            floats.merge(&self.tails);
        }
        let floats = floats.warning(
            "float-tail",
            column,
            [
                "is a whole number that a program has made a fraction of (such as `880100.0`)",
                "are whole numbers that a program has made fractions of (such as `880100.0`)",
            ],
            "It is sent like this: have the program write the column as text or as integers (pandas: `dtype=str`)",
        );
        let mut groups = Finding::default();
        groups.merge(&self.commas);
        if self.ungrouped == 0 {
            groups.merge(&self.grouped);
        }
        let groups = groups.warning(
            "grouped-number",
            column,
            [
                "has marks between its thousands (such as `880,100`)",
                "have marks between their thousands (such as `880,100`)",
            ],
            "They are sent with the number, and the vendor may not find what it names: write it without them, and format the \
             column as text where it comes from",
        );
        let (ratio, least) = PLAIN;
        let few = self.plain >= least && self.units.count * ratio <= self.plain;
        let units = few.then_some(&self.units).and_then(|units| {
            units.warning(
                "mixed-unit",
                column,
                ["has a unit, and the others are plain numbers", "have a unit, and the others are plain numbers"],
                "Write all of them alike, as the vendor takes them",
            )
        });
        [floats, groups, units].into_iter().flatten()
    }
}

/// The two parts of `880100.0`, both digits.
fn fraction(text: &str) -> Option<(&str, &str)> {
    let (whole, part) = text.strip_prefix('-').unwrap_or(text).split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(part)).then_some((whole, part))
}

/// The whole number in `880100.0`.
pub(in crate::rows) fn whole(text: &str) -> Option<&str> {
    fraction(text).filter(|(whole, part)| *part == "0" && text.starts_with(whole)).map(|(whole, _)| whole)
}

/// Whether decimals show the rounding error of a binary fraction: `0000000001`.
fn is_noise(part: &str) -> bool {
    let part = part.trim_end_matches('0');
    part.len() > NOISE + 1
        && [b'0', b'9'].iter().any(|digit| part.as_bytes().windows(NOISE).any(|run| run.iter().all(|one| one == digit)))
}

/// The separator between groups of three digits.
fn separator(text: &str) -> Option<char> {
    let mark = text.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, ',' | '，' | '.' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}') {
        return None;
    }
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let sound = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let mut rest = groups.peekable();
    let more = rest.peek().is_some();
    (sound && more && rest.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit())))
        .then_some(mark)
}

/// Currency signs ahead of a number.
const AHEAD: [char; 6] = ['¥', '￥', '$', '€', '£', '₩'];

/// Whether a text begins like a number, with or without a unit. Most texts do not.
fn may_be_number(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit() || AHEAD.contains(&c))
}

/// Whether it is a number with a currency or percent sign.
fn has_unit(text: &str) -> bool {
    const BEHIND: [&str; 9] = ["元", "圓", "円", "원", "%", "％", "€", "$", "块"];
    let bare = text.trim().trim_start_matches(AHEAD).trim_start();
    let bare = BEHIND.iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare).trim_end();
    let number = bare.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    bare.len() < text.trim().len() && number && bare.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_that_does_not_begin_like_a_number_has_no_groups_and_no_unit(text in "[ \u{a0}0-9a,.$¥€元%'’-]{0,8}") {
            prop_assert!(may_be_number(&text) || !(separator(&text).is_some() || has_unit(&text)), "{}", text);
        }
    }

    #[test]
    fn groups_fractions_and_units_are_told_apart_from_other_texts() {
        for text in ["880,100", "1,880,100", "880.100", "880 100", "880\u{a0}100", "880'100", "880’100"] {
            assert!(separator(text).is_some(), "{text}");
        }
        for text in
            ["880100", "88,01", "0,880", "1,2,3", "880,100.5", "880,,100", "1.2.3.4", ",100", "880-100", "a,100"]
        {
            assert_eq!(separator(text), None, "{text}");
        }
        assert!(is_noise("0000000001") && is_noise("00000000001"));
        assert!(is_noise("30000000000000004") && is_noise("99999999999999"));
        assert!(!is_noise("123456789012") && !is_noise("0") && !is_noise("50000000"));
        assert_eq!((whole("880100.0"), whole("-1.0"), whole("1.50"), whole("a.0")), (Some("880100"), None, None, None));
        for text in ["100元", "¥100", "5%", "$1,200.50"] {
            assert!(has_unit(text), "{text}");
        }
        for text in ["100", "元", "五元", "100 pcs", "$", "a%"] {
            assert!(!has_unit(text), "{text}");
        }
    }
}
