//! Numbers of a workbook as they are shown: plain, under a format, as a date; or why they cannot be.

use jiff::ToSpan;
use jiff::civil::{DateTime, date};

/// What a number format makes of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// The number itself.
    General,
    /// A day, a time of day, or both.
    Moment { day: bool, time: bool },
    /// Digits.
    Digits { whole: usize, places: usize, grouped: bool, percent: bool, before: String, behind: String },
    /// What is not read: fractions, powers of ten, durations, places that come and go.
    Other,
}

/// Digits that a spreadsheet keeps.
const KEPT: usize = 15;

impl Shape {
    /// What a format code says.
    pub(super) fn of(code: &str) -> Self {
        if code.eq_ignore_ascii_case("general") || code == "@" {
            return Self::General;
        }
        let sections = sections(code);
        let Some(tokens) = tokens(&sections[0]) else { return Self::Other };
        let letters: String =
            tokens.iter().filter(|(_, literal)| !literal).map(|(c, _)| c.to_ascii_lowercase()).collect();
        if letters.contains(['y', 'd', 'h', 's']) || letters.contains("mm") || letters == "m" {
            let day = letters.contains(['y', 'd']);
            return Self::Moment { day, time: letters.contains(['h', 's']) || !day && letters.contains('m') };
        }
        // Another section shows negative numbers its own way.
        if sections.len() > 1 { Self::Other } else { digits(&tokens) }
    }

    /// The number, given as the file has it, as it is shown.
    pub(super) fn show(&self, text: &str) -> Option<String> {
        match self {
            Self::General => plain(text),
            Self::Moment { .. } | Self::Other => None,
            Self::Digits { whole, places, grouped, percent, before, behind } => {
                let value = text.parse::<f64>().ok()? * if *percent { 100.0 } else { 1.0 };
                let rounded = rounded(value, *places)?;
                let (sign, digits) = rounded.strip_prefix('-').map_or(("", rounded.as_str()), |digits| ("-", digits));
                let (left, right) = digits.split_once('.').unwrap_or((digits, ""));
                let mut left = format!("{left:0>whole$}");
                if *grouped {
                    left = grouped_by_three(&left);
                }
                let point = if right.is_empty() { "" } else { "." };
                let percent = if *percent { "%" } else { "" };
                Some(format!("{sign}{before}{left}{point}{right}{percent}{behind}"))
            }
        }
    }
}

/// Half up in decimal digits, as spreadsheets round what they show.
fn rounded(value: f64, places: usize) -> Option<String> {
    let exact = plain(&value.to_string())?;
    let number: f64 = exact.parse().ok()?;
    let power = 10_f64.powi(i32::try_from(places).ok()?);
    let shifted = plain(&(number * power).to_string())?.parse::<f64>().ok()?;
    let text = format!("{:.places$}", shifted.round() / power);
    Some(if text.parse() == Ok(0.0) { text.trim_start_matches('-').to_owned() } else { text })
}

/// A code's sections: for positive numbers, negative ones, zero, texts.
fn sections(code: &str) -> Vec<String> {
    let (mut all, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in code.chars() {
        if c == ';' && !quoted && !escaped {
            all.push(String::new());
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    all
}

/// A section's characters, and whether each stands for itself; none where it counts elapsed time or has conditions.
fn tokens(section: &str) -> Option<Vec<(char, bool)>> {
    let mut tokens = Vec::new();
    let mut chars = section.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => tokens.extend(chars.by_ref().take_while(|c| *c != '"').map(|c| (c, true))),
            '\\' => tokens.extend(chars.next().map(|c| (c, true))),
            '_' | '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                match inside.strip_prefix('$') {
                    Some(money) => tokens.extend(money.split('-').next()?.chars().map(|c| (c, true))),
                    None if inside.starts_with(['<', '>', '=']) => return None,
                    None if inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S')) => return None,
                    // A colour or a way of writing digits.
                    None => {}
                }
            }
            '$' | '¥' | '€' | '£' | ' ' | '-' | '+' | '/' | ':' | '(' | ')' => tokens.push((c, true)),
            c if !c.is_ascii() => tokens.push((c, true)),
            c => tokens.push((c, false)),
        }
    }
    Some(tokens)
}

/// A format of digits with texts around them.
fn digits(tokens: &[(char, bool)]) -> Shape {
    let Some(first) = tokens.iter().position(|(c, literal)| !literal && matches!(c, '0' | '#')) else {
        return Shape::Other;
    };
    let is_part = |(c, literal): &(char, bool)| !literal && matches!(c, '0' | '#' | ',' | '.' | '%');
    let last = tokens.iter().rposition(is_part).unwrap_or(first);
    let inner: String = tokens[first..=last].iter().map(|(c, _)| *c).collect();
    let sound = tokens[first..=last].iter().all(is_part)
        && tokens[..first].iter().chain(&tokens[last + 1..]).all(|(_, literal)| *literal);
    let (core, percent) = inner.strip_suffix('%').map_or((inner.as_str(), false), |core| (core, true));
    let (left, right) = core.split_once('.').unwrap_or((core, ""));
    let fixed = right.chars().all(|c| c == '0')
        && !left.ends_with(',')
        && !left.contains('%')
        && (core.contains('.') != right.is_empty());
    let zeros = left.trim_start_matches(['#', ',']);
    if !sound || !fixed || zeros.contains('#') || right.len() > KEPT {
        return Shape::Other;
    }
    let text = |tokens: &[(char, bool)]| tokens.iter().map(|(c, _)| *c).collect();
    Shape::Digits {
        whole: zeros.chars().filter(|c| *c == '0').count(),
        places: right.len(),
        grouped: left.contains(','),
        percent,
        before: text(&tokens[..first]),
        behind: text(&tokens[last + 1..]),
    }
}

fn grouped_by_three(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number in plain digits, of which a spreadsheet keeps 15: `1.5`, `0.1`, `123456789012`.
pub(super) fn plain(text: &str) -> Option<String> {
    let value: f64 = text.trim().parse().ok().filter(|value: &f64| value.is_finite())?;
    if value == 0.0 {
        return Some("0".to_owned());
    }
    let shown = format!("{:.*e}", KEPT - 1, value);
    let (digits, power) = shown.split_once('e')?;
    let power: i32 = power.parse().ok()?;
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let digits = digits.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let text = match usize::try_from(power + 1) {
        Ok(whole) if whole >= digits.len() => {
            format!("{digits}{}", zeros(power + 1 - i32::try_from(digits.len()).ok()?))
        }
        Ok(whole) if whole > 0 => format!("{}.{}", &digits[..whole], &digits[whole..]),
        _ => format!("0.{}{digits}", zeros(-power - 1)),
    };
    Some(format!("{sign}{text}"))
}

/// Whether a number has more digits than a spreadsheet keeps, so that what it shows is no longer what was typed.
pub(super) fn is_rounded(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok_and(|value| value.abs() >= 1e15 && value.fract() == 0.0)
}

/// The day and time that a number stands for.
pub(super) fn moment(text: &str, since_1904: bool) -> Option<DateTime> {
    let serial: f64 = text.trim().parse().ok().filter(|serial: &f64| (0.0..2_958_466.0).contains(serial))?;
    #[allow(clippy::cast_possible_truncation)]
    let millis = (serial * 86_400_000.0).round() as i64;
    let days = millis.div_euclid(86_400_000);
    let start = match (since_1904, days) {
        (true, _) => date(1904, 1, 1),
        // The spreadsheets' calendar has a 29 February 1900.
        (false, ..60) => date(1899, 12, 31),
        (false, 60) => return None,
        (false, _) => date(1899, 12, 30),
    };
    start.at(0, 0, 0, 0).checked_add(days.days().milliseconds(millis.rem_euclid(86_400_000))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_not_guessed() {
        for code in
            ["0.00E+00", "# ?/?", "[h]:mm", "#,##0;(#,##0)", "[>100]0;0.0", "0.0#", "0,", "000-0000", "?0", "", "0 0"]
        {
            assert_eq!(Shape::of(code), Shape::Other, "{code}");
        }
        assert_eq!(
            (plain("x"), plain("1e999"), moment("60", false), moment("-1", false), moment("1e9", false)),
            (None, None, None, None, None)
        );
        assert!(is_rounded("1.23E+17") && is_rounded("1000000000000000") && !is_rounded("999999999999999"));
    }

    #[test]
    fn numbers_are_shown_as_their_formats_say() {
        for (code, number, wanted) in [
            ("General", "123456789012345", "123456789012345"),
            ("General", "0.30000000000000004", "0.3"),
            ("General", "1.0E-7", "0.0000001"),
            ("@", "15", "15"),
            ("00000", "123", "00123"),
            ("00000", "-7", "-00007"),
            ("0", "0.5", "1"),
            ("0.00", "1.005", "1.01"),
            ("0.00", "-0.001", "0.00"),
            ("#,##0", "1234567", "1,234,567"),
            ("#,##0.00", "1234.5", "1,234.50"),
            ("\"NT$\"#,##0", "1234", "NT$1,234"),
            ("[$¥-804]0.00", "2", "¥2.00"),
            ("0%", "0.15", "15%"),
            ("0.0%", "0.125", "12.5%"),
            ("[Red]0\" 件\"", "3", "3 件"),
        ] {
            assert_eq!(Shape::of(code).show(number).as_deref(), Some(wanted), "{code} {number}");
        }
    }

    #[test]
    fn days_and_times_come_out_of_their_numbers() {
        for (code, day, time) in [
            ("yyyy/m/d", true, false),
            ("m/d/yy h:mm", true, true),
            ("[$-404]yyyy\"年\"m\"月\"d\"日\"", true, false),
            ("h:mm AM/PM", false, true),
            ("mm:ss", false, true),
        ] {
            assert_eq!(Shape::of(code), Shape::Moment { day, time }, "{code}");
        }
        for (serial, wanted) in [
            ("1", "1900-01-01T00:00:00"),
            ("59", "1900-02-28T00:00:00"),
            ("61", "1900-03-01T00:00:00"),
            ("46348.395833333336", "2026-11-22T09:30:00"),
        ] {
            assert_eq!(moment(serial, false).map(|at| at.to_string()).as_deref(), Some(wanted));
        }
        assert_eq!(moment("0", true).map(|at| at.to_string()).as_deref(), Some("1904-01-01T00:00:00"));
    }
}
