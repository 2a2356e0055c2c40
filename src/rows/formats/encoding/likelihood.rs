//! How likely bytes are as text of an encoding: by the characters that they would be, each counted once.

use std::collections::BTreeSet;

use super::alphabets::alphabetic;
use super::frequent::{HANGUL, KANJI, SIMPLIFIED, TRADITIONAL};
use crate::model::TextEncoding;

/// What one malformed or impossible character speaks against an encoding.
const BROKEN: f64 = 16.0;
/// Of so many different characters one may be broken: a file with a damaged row is still what the others are.
const PER_BROKEN: usize = 8;
/// What a character of East Asia between small Latin letters speaks against an encoding.
const INSIDE_WORD: f64 = 8.0;

/// Bytes as text of an encoding.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::rows) struct Likely {
    pub(in crate::rows) encoding: TextEncoding,
    pub(in crate::rows) text: String,
    /// How many different characters beyond ASCII there are.
    pub(in crate::rows) distinct: usize,
    /// The logarithm of how likely these characters are.
    pub(in crate::rows) score: f64,
}

/// The encodings that bytes which are not UTF-8 may be in, the likeliest first. Those in which they are no text, or none
/// that anybody writes, are left out.
pub(in crate::rows) fn likely(bytes: &[u8]) -> Vec<Likely> {
    let tried = TextEncoding::ALL.into_iter().filter(|one| !one.is_wide() && *one != TextEncoding::Utf8);
    let mut all: Vec<Likely> = tried.filter_map(|one| as_text(one, bytes)).collect();
    all.sort_by(|one, other| other.score.total_cmp(&one.score));
    all
}

fn as_text(encoding: TextEncoding, bytes: &[u8]) -> Option<Likely> {
    let text = encoding.decode(bytes).into_owned();
    let distinct: BTreeSet<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    if encoding.is_single() {
        let score = alphabetic(encoding, &text, &distinct)?;
        return Some(Likely { encoding, distinct: distinct.len(), text, score });
    }
    let broken = text.chars().filter(|c| is_broken(*c)).count() + misplaced(&text);
    if distinct.is_empty() || broken > distinct.len() / PER_BROKEN {
        return None;
    }
    let is_half = |c: &char| matches!(c, '\u{ff61}'..='\u{ff9f}');
    // Names in banks' files are written in half-width katakana alone.
    let score = if distinct.iter().all(is_half) && encoding == TextEncoding::ShiftJis {
        -4.0 - 4.2 * distinct.len() as f64
    } else {
        distinct.iter().map(|c| weight(encoding, *c)).sum()
    };
    let score = score - BROKEN * broken as f64 - INSIDE_WORD * inside_words(&text).min(distinct.len()) as f64;
    Some(Likely { encoding, distinct: distinct.len(), text, score })
}

/// Stand-ins, controls, private characters, and characters that a spreadsheet's user has no key for.
fn is_broken(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{2500}'..='\u{259f}' | '\u{3100}'..='\u{312f}')
        || (c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r'))
        || u32::from(c) >= 0xf0000
}

/// Half-width marks that open a text, which only ever follow another character.
fn misplaced(text: &str) -> usize {
    let follows =
        |c: char| matches!(c, '\u{ff61}' | '\u{ff63}'..='\u{ff65}' | '\u{ff67}'..='\u{ff70}' | '\u{ff9e}' | '\u{ff9f}');
    let is_half = |c: char| matches!(c, '\u{ff61}'..='\u{ff9f}');
    text.split(|c| !is_half(c)).filter(|run| run.starts_with(follows)).count()
}

/// Lone characters of East Asia between Latin letters of which one is small: `M黮ler`.
fn inside_words(text: &str) -> usize {
    let mut before = [' ', ' '];
    let mut found = 0;
    for c in text.chars() {
        let [first, middle] = before;
        let letters = first.is_ascii_alphabetic() && c.is_ascii_alphabetic();
        let small = first.is_ascii_lowercase() || c.is_ascii_lowercase();
        found += usize::from(letters && small && u32::from(middle) > 0x2e80);
        before = [middle, c];
    }
    found
}

/// The logarithm of how often a character stands in texts of an encoding's people, roughly: by how common its part of
/// the encoding is, and by how many characters share it.
fn weight(encoding: TextEncoding, c: char) -> f64 {
    if matches!(c, '\u{3000}'..='\u{3020}' | '\u{ff01}'..='\u{ff5e}' | '\u{2010}'..='\u{2027}' | '\u{b7}' | '\u{d7}') {
        return -7.0;
    }
    let mut buffer = [0; 4];
    let bytes = encoding.encoding().encode(c.encode_utf8(&mut buffer)).0;
    let pair =
        |lead: std::ops::RangeInclusive<u8>, from: u8| bytes.len() == 2 && lead.contains(&bytes[0]) && bytes[1] >= from;
    if matches!(encoding, TextEncoding::ShiftJis | TextEncoding::EucJp | TextEncoding::Iso2022Jp) {
        return japanese(c);
    }
    let parts = if encoding == TextEncoding::Gb18030 {
        [(SIMPLIFIED.contains(c), -6.3), (pair(0xb0..=0xd7, 0xa1), -9.6), (pair(0xa1..=0xf7, 0xa1), -12.0)]
    } else if encoding == TextEncoding::Big5 {
        [(TRADITIONAL.contains(c), -6.3), (pair(0xa4..=0xc6, 0x40), -9.8), (pair(0xa1..=0xf9, 0x40), -12.9)]
    } else {
        [(HANGUL.contains(c), -5.3), (pair(0xb0..=0xc8, 0xa1), -9.0), (pair(0xca..=0xfd, 0xa1), -13.0)]
    };
    parts.into_iter().find(|(is, _)| *is).map_or(-14.5, |(_, weight)| weight)
}

fn japanese(c: char) -> f64 {
    match c {
        '\u{3041}'..='\u{3096}' => -5.2,
        '\u{30a1}'..='\u{30fc}' => -6.0,
        _ if KANJI.contains(c) => -6.5,
        '\u{ff61}'..='\u{ff9f}' => -10.0,
        _ => {
            let mut buffer = [0; 4];
            let bytes = encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut buffer)).0;
            match bytes.first() {
                Some(0x88..=0x98) if bytes.len() == 2 => -9.5,
                Some(0x81..=0x9f | 0xe0..=0xea) if bytes.len() == 2 => -13.0,
                _ => -14.5,
            }
        }
    }
}
