//! Texts that look the same but differ: in Unicode composition, width, script or invisible characters.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// How many code points of a text are shown.
const NAMED: usize = 12;

/// Pairs of a Cyrillic or Greek letter or a dash, and the plain character that it looks like.
const ALIKE: &str = "АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXаaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvιi\
                     ‐-‑-‒-–-—-―-−-﹣-⁃-";

/// The visual form of a text: composed, in half-width, without invisible characters, with look-alike letters of other
/// scripts replaced. People can hardly tell texts with the same visual form apart.
#[must_use]
pub fn visual_form(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let plain: String = composed.chars().filter_map(plain).collect();
    // A replaced letter may combine with a mark after it.
    Cow::Owned(ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned())
}

/// The plain form of a character; `None` for an invisible one.
fn plain(c: char) -> Option<char> {
    match c {
        ' '..='~' => Some(c),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => {
            let mut pairs = ALIKE.chars();
            while let (Some(other), Some(same)) = (pairs.next(), pairs.next()) {
                if other == c {
                    return Some(same);
                }
            }
            Some(c)
        }
    }
}

/// The code points of a text, such as `U+30D5 U+309A`; only the first twelve of a long one.
#[must_use]
pub fn code_points(text: &str) -> String {
    let points: Vec<String> = text.chars().take(NAMED).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let more = if text.chars().nth(NAMED).is_some() { " …" } else { "" };
    format!("{}{more}", points.join(" "))
}

/// How two texts differ that look the same, with the code points of the differing parts. `None` if they are equal or
/// look different.
#[must_use]
pub fn hidden_difference(one: &str, other: &str) -> Option<String> {
    if one == other || visual_form(one) != visual_form(other) {
        return None;
    }
    let nfc = |text: &str| ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned();
    let seen = |text: &str| text.chars().filter_map(|c| plain(c).map(|_| c)).collect::<String>();
    let narrow = |text: &str| {
        text.chars()
            .map(|c| if matches!(c, '\u{ff01}'..='\u{ff5e}') { plain(c).unwrap_or(c) } else { c })
            .collect::<String>()
    };
    let blank = |text: &str| text.chars().map(|c| if plain(c) == Some(' ') { ' ' } else { c }).collect::<String>();
    let what = match () {
        () if nfc(one) == nfc(other) => "in Unicode composition",
        () if seen(one) == seen(other) => "in invisible characters",
        () if narrow(one) == narrow(other) => "in full-width and half-width characters",
        () if blank(one) == blank(other) => "in the kind of their blanks",
        () => "in characters that look alike",
    };
    let (one, other) = differing(one, other);
    let points = |text: &str| if text.is_empty() { "nothing".to_owned() } else { code_points(text) };
    Some(format!("they differ {what}: {} there, {} here", points(&other), points(&one)))
}

/// The parts of two texts without their common start and end.
fn differing(one: &str, other: &str) -> (String, String) {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let room = one.len().min(other.len()) - start;
    let end = one.iter().rev().zip(other.iter().rev()).take(room).take_while(|(one, other)| one == other).count();
    // A mark is shown with the letter before it, as alone it says little.
    let start = start.saturating_sub(usize::from(start + end >= one.len().min(other.len())));
    let part = |text: &[char]| text[start..text.len() - end].iter().collect();
    (part(&one), part(&other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_look_the_same_differ_by_named_code_points() {
        for (one, other, said) in [
            ("フ\u{309a}ラン", "プラン", "in Unicode composition: U+30D7 there, U+30D5 U+309A here"),
            ("Cafe\u{301}", "Café", "in Unicode composition: U+00E9 there, U+0065 U+0301 here"),
            ("a\u{200b}b", "ab", "in invisible characters: U+0061 there, U+0061 U+200B here"),
            ("Ａ1", "A1", "in full-width and half-width characters: U+0041 there, U+FF21 here"),
            ("a\u{a0}b", "a b", "in the kind of their blanks: U+0020 there, U+00A0 here"),
            ("\u{410}1", "A1", "in characters that look alike: U+0041 there, U+0410 here"),
            ("a–b", "a-b", "in characters that look alike: U+002D there, U+2013 here"),
        ] {
            assert_eq!(hidden_difference(one, other).as_deref(), Some(&*format!("they differ {said}")), "{one}");
        }
    }

    #[test]
    fn texts_that_look_different_are_left_alone() {
        for (one, other) in
            [("A1", "A1"), ("A1", "Al"), ("O0", "00"), ("ж", "x"), ("é", "e"), ("ａ", "A"), ("王", "玉"), ("m2", "m²")]
        {
            assert_eq!(hidden_difference(one, other), None, "{one} {other}");
        }
    }
}
