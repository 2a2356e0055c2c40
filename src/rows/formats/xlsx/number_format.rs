//! Number formats: how a format code shows a number, as far as codes are supported.

use super::stored_number::{KEPT, plain, rounded};

/// A parsed number format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NumberFormat {
    /// The number itself.
    General,
    /// A day, a time of day, or both.
    Moment { day: bool, time: bool },
    /// By sections: for positive numbers, for negative ones, for zero.
    Sections(Vec<FormatSection>),
    /// Not supported: durations, conditions.
    Other,
}

/// One section of a format code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormatSection {
    /// A text, whatever the number.
    Text(String),
    /// The number itself between texts.
    Plain { before: String, behind: String },
    /// Digits with at least `fixed` and at most `places` decimals.
    Digits { whole: usize, fixed: usize, places: usize, grouped: bool, percent: bool, before: String, behind: String },
    /// Digits with texts between them: `000-0000`.
    Masked(Vec<(char, bool)>),
    /// Not supported: fractions, powers of ten, hidden numbers.
    Other,
}

/// The code of the general format, in the languages in which programs write it.
const GENERAL: [&str; 6] = ["general", "@", "g/通用格式", "g/標準", "g/표준", "standard"];

impl NumberFormat {
    /// Parses a format code.
    pub(super) fn of(code: &str) -> Self {
        if GENERAL.contains(&code.to_lowercase().as_str()) {
            return Self::General;
        }
        let sections: Option<Vec<_>> = sections(code).iter().map(|section| tokens(section)).collect();
        let Some(sections) = sections else { return Self::Other };
        let letters = letters(&sections[0]);
        let is_moment = letters.contains(['y', 'd', 'h', 's']) || letters.contains("mm") || letters == "m";
        if is_moment && letters != "standard" {
            let day = letters.contains(['y', 'd']);
            return Self::Moment { day, time: letters.contains(['h', 's']) || !day && letters.contains('m') };
        }
        // The fourth section is for texts.
        Self::Sections(sections.iter().take(3).map(|tokens| FormatSection::of(tokens)).collect())
    }

    /// Formats a number given as stored; `None` if the format is not supported for it.
    pub(super) fn show(&self, text: &str) -> Option<String> {
        match self {
            Self::General => plain(text),
            Self::Moment { .. } | Self::Other => None,
            Self::Sections(sections) => {
                let value: f64 = text.trim().parse().ok()?;
                let own = match sections.len() {
                    3 if value == 0.0 => 2,
                    2 | 3 if value < 0.0 => 1,
                    _ => 0,
                };
                // A section for negative numbers writes its own sign.
                let shown = sections.get(own)?.show(if own == 1 { value.abs() } else { value })?;
                Some(shown.trim().to_owned())
            }
        }
    }
}

impl FormatSection {
    fn of(tokens: &[(char, bool)]) -> Self {
        let text = |tokens: &[(char, bool)]| tokens.iter().map(|(c, _)| *c).collect::<String>();
        if let Some(at) = tokens.iter().position(|(_, literal)| !literal)
            && letters(tokens) == "general"
        {
            return Self::Plain { before: text(&tokens[..at]), behind: text(&tokens[at + "general".len()..]) };
        }
        let Some(first) = tokens.iter().position(|(c, literal)| !literal && matches!(c, '0' | '#')) else {
            let blank = |(c, literal): &(char, bool)| if *literal { *c } else { ' ' };
            let open = tokens.iter().all(|(c, literal)| *literal || *c == '?');
            let shown: String = tokens.iter().map(blank).collect();
            return if open && !shown.trim().is_empty() { Self::Text(shown) } else { Self::Other };
        };
        let is_part = |(c, literal): &(char, bool)| !literal && matches!(c, '0' | '#' | ',' | '.' | '%');
        let last = tokens.iter().rposition(is_part).unwrap_or(first);
        if !tokens[..first].iter().chain(&tokens[last + 1..]).all(|(_, literal)| *literal) {
            return Self::Other;
        }
        let inner = &tokens[first..=last];
        if inner.iter().all(is_part) {
            return digits(&text(inner), text(&tokens[..first]), text(&tokens[last + 1..]));
        }
        let masked = inner.iter().all(|(c, literal)| *literal || matches!(c, '0' | '#'));
        if masked { Self::Masked(tokens.to_vec()) } else { Self::Other }
    }

    fn show(&self, value: f64) -> Option<String> {
        match self {
            Self::Other => None,
            Self::Text(text) => Some(text.clone()),
            Self::Plain { before, behind } => Some(format!("{before}{}{behind}", plain(&value.to_string())?)),
            Self::Masked(tokens) => masked(tokens, value),
            Self::Digits { whole, fixed, places, grouped, percent, before, behind } => {
                let rounded = rounded(value * if *percent { 100.0 } else { 1.0 }, *places)?;
                let (sign, digits) = rounded.strip_prefix('-').map_or(("", rounded.as_str()), |digits| ("-", digits));
                let (left, right) = digits.split_once('.').unwrap_or((digits, ""));
                let kept = right.trim_end_matches('0').len().max(*fixed).min(right.len());
                let mut left = format!("{left:0>whole$}");
                if *whole == 0 && left == "0" && kept > 0 {
                    left.clear();
                }
                if *grouped {
                    left = grouped_by_three(&left);
                }
                let point = if *places == 0 { "" } else { "." };
                let percent = if *percent { "%" } else { "" };
                Some(format!("{sign}{before}{left}{point}{}{percent}{behind}", &right[..kept]))
            }
        }
    }
}

/// The characters of a section that are not literal, in lower case.
fn letters(tokens: &[(char, bool)]) -> String {
    tokens.iter().filter(|(_, literal)| !literal).map(|(c, _)| c.to_ascii_lowercase()).collect()
}

/// Fills the digits of a whole number into the placeholders of a code, from the last one backwards.
fn masked(tokens: &[(char, bool)], value: f64) -> Option<String> {
    let rounded = rounded(value, 0)?;
    let (sign, digits) = rounded.strip_prefix('-').map_or(("", rounded.as_str()), |digits| ("-", digits));
    let mut left = digits.trim_start_matches('0').chars().rev();
    let first = tokens.iter().position(|(_, literal)| !literal)?;
    let mut shown = Vec::new();
    for (at, (c, literal)) in tokens.iter().enumerate().rev() {
        if *literal {
            shown.push(*c);
        } else {
            shown.extend(left.next().or((*c == '0').then_some('0')));
        }
        if at == first {
            shown.extend(left.by_ref());
        }
    }
    Some(format!("{sign}{}", shown.into_iter().rev().collect::<String>()))
}

/// Splits a code into its sections: for positive numbers, negative ones, zero, texts.
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

/// A section's characters, each with whether it is literal; `None` for elapsed time and conditions.
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
                    // A colour, or a script for digits.
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

/// A section of digits with literal text around them.
fn digits(inner: &str, before: String, behind: String) -> FormatSection {
    let (core, percent) = inner.strip_suffix('%').map_or((inner, false), |core| (core, true));
    let (left, right) = core.split_once('.').unwrap_or((core, ""));
    let fixed = right.trim_end_matches('#');
    let sound = fixed.chars().all(|c| c == '0') && !left.ends_with(',') && !left.contains('%');
    let zeros = left.trim_start_matches(['#', ',']);
    if !sound || zeros.contains('#') || right.len() > KEPT || core.contains('.') && right.is_empty() {
        return FormatSection::Other;
    }
    FormatSection::Digits {
        whole: zeros.chars().filter(|c| *c == '0').count(),
        fixed: fixed.len(),
        places: right.len(),
        grouped: left.contains(','),
        percent,
        before,
        behind,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsupported_number_formats_are_not_guessed() {
        for code in ["0.00E+00", "# ?/?", "[h]:mm", "[>100]0;0.0", "0,", "?0", "", ";;;", "0.0 0", "0.00?", "?0 …"] {
            for number in ["7", "-7", "0"] {
                assert_eq!(NumberFormat::of(code).show(number), None, "{code}");
            }
        }
        // A section that hides its numbers says nothing of them; the others are read.
        assert_eq!((NumberFormat::of("0;").show("7").as_deref(), NumberFormat::of("0;").show("-7")), (Some("7"), None));
    }

    #[test]
    fn numbers_are_shown_as_their_formats_say() {
        for (code, number, wanted) in [
            ("General", "123456789012345", "123456789012345"),
            ("G/通用格式", "15", "15"),
            ("General", "0.30000000000000004", "0.3"),
            ("General", "1.0E-7", "0.0000001"),
            ("General\"件\"", "3", "3件"),
            ("@", "15", "15"),
            ("00000", "123", "00123"),
            ("00000", "-7", "-00007"),
            ("0", "0.5", "1"),
            ("0.00", "1.005", "1.01"),
            ("0.00", "-0.001", "0.00"),
            ("0.##", "1.5", "1.5"),
            ("0.##", "5", "5."),
            ("#.0#", "0.256", ".26"),
            ("#,##0", "1234567", "1,234,567"),
            ("#,##0.00", "1234.5", "1,234.50"),
            ("\"NT$\"#,##0", "1234", "NT$1,234"),
            ("[$¥-804]0.00", "2", "¥2.00"),
            ("0%", "0.15", "15%"),
            ("0.0%", "0.125", "12.5%"),
            ("[Red]0\" 件\"", "3", "3 件"),
        ] {
            assert_eq!(NumberFormat::of(code).show(number).as_deref(), Some(wanted), "{code} {number}");
        }
    }

    #[test]
    fn negative_numbers_and_zero_have_sections_of_their_own() {
        let accounting = r#"_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)"#;
        for (code, number, wanted) in [
            (accounting, "1234.5", "1,234.50"),
            (accounting, "-1234.5", "(1,234.50)"),
            (accounting, "0", "-"),
            ("#,##0_);(#,##0)", "-1234", "(1,234)"),
            ("#,##0.00;[Red]-#,##0.00", "-5.5", "-5.50"),
            ("¥#,##0.00;¥-#,##0.00", "-5.5", "¥-5.50"),
            ("0.00;-0.00;\"zero\"", "0", "zero"),
            ("+0;-0", "3", "+3"),
            ("0;-0;0;@", "7", "7"),
        ] {
            assert_eq!(NumberFormat::of(code).show(number).as_deref(), Some(wanted), "{code} {number}");
        }
    }

    #[test]
    fn digits_fill_the_placeholders_of_a_masked_format() {
        for (code, number, wanted) in [
            ("000-0000", "5551234", "555-1234"),
            ("000\\-0000", "1234", "000-1234"),
            ("(000) 000-0000", "9115551234", "(911) 555-1234"),
            ("(###) ###-####", "5551234", "() 555-1234"),
            ("0000-000-000", "911211211", "0911-211-211"),
            ("00-00", "12345", "123-45"),
            ("00-00", "-1", "-00-01"),
            ("0 0", "12", "1 2"),
        ] {
            assert_eq!(NumberFormat::of(code).show(number).as_deref(), Some(wanted), "{code} {number}");
        }
    }

    #[test]
    fn dates_and_times_are_recognised_by_their_format_codes() {
        for (code, day, time) in [
            ("yyyy/m/d", true, false),
            ("m/d/yy h:mm", true, true),
            ("[$-404]yyyy\"年\"m\"月\"d\"日\"", true, false),
            ("[$-804]yyyy/m/d;@", true, false),
            ("h:mm AM/PM", false, true),
            ("mm:ss", false, true),
        ] {
            assert_eq!(NumberFormat::of(code), NumberFormat::Moment { day, time }, "{code}");
        }
    }
}
