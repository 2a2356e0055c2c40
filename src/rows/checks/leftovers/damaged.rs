//! Damaged texts: read in a wrong encoding earlier, with lost characters, or cut off.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::diagnostic::Diagnostic;
use crate::model::TextEncoding;
use crate::rows::checks::{Finding, LocateFn};

/// Texts that only come from lost or twice decoded bytes.
const SIGNS: [&str; 7] = ["\u{fffd}", "锟斤拷", "烫烫烫", "屯屯屯", "锘", "占쏙옙", "ï¿½"];

/// Whether a text was read in a wrong encoding earlier.
pub(in crate::rows::checks) fn is_garbled(text: &str) -> bool {
    has_sign(text)
        || (may_be_western(text) && (utf8_as_western(text) || bytes_as_western(text)))
        || utf8_as_gbk(text)
        || text.chars().filter(|c| matches!(c, '縺' | '繧' | '繝')).count() >= 2
}

/// Whether a text holds a letter of Western Europe or `ƒ`: these open with one of three bytes in UTF-8.
fn may_be_western(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0xc2 | 0xc3 | 0xc6))
}

/// Whether a text holds one of `SIGNS`.
fn has_sign(text: &str) -> bool {
    let opens = |c: char| matches!(c, '\u{fffd}' | '锟' | '烫' | '屯' | '锘' | '占' | 'ï');
    let mut places = text.char_indices().filter(|(_, c)| opens(*c));
    places.any(|(at, _)| SIGNS.iter().any(|sign| text[at..].starts_with(sign)))
}

/// The byte of a character in Windows-1252, with its five undefined bytes as controls.
fn western_byte(c: char) -> Option<u8> {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match u32::from(c) {
        code @ (0x80..=0xff) => u8::try_from(code).ok(),
        _ => HIGH.chars().position(|one| one == c).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

/// Whether it is UTF-8 read as Windows-1252: `MÃ¼ller`, `â€™`, `å¼ ä¸‰`.
fn utf8_as_western(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let (mut sure, mut likely, mut at) = (0, 0, 0);
    while at < chars.len() {
        let lead = western_byte(chars[at]).unwrap_or_default();
        let length = match lead {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 0,
        };
        let bytes: Option<Vec<u8>> =
            chars.get(at..at + length).and_then(|run| run.iter().map(|c| western_byte(*c)).collect());
        let read = bytes.filter(|bytes| !bytes.is_empty()).and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(read) = read else {
            at += 1;
            continue;
        };
        // People do write a letter with a quotation mark behind it at the end of a word.
        let quote =
            length == 2 && matches!(chars[at + 1], '“' | '”' | '‘' | '’' | '»' | '«' | '\u{a0}' | '–' | '—' | '…');
        let ends = chars.get(at + length).is_none_or(|next| !next.is_alphanumeric());
        match (lead, read.chars().next().unwrap_or_default()) {
            _ if quote && (ends || lead != 0xc3) => {}
            (0xc2 | 0xc3, _) => sure += 1,
            (0xe2, '\u{2010}'..='\u{2122}' | '\u{2190}'..='\u{27bf}') => sure += 1,
            (0xe3..=0xed | 0xf0, c) if u32::from(c) >= 0x3000 => sure += 1,
            (0xef, '\u{feff}' | '\u{fffd}' | '\u{ff01}'..='\u{ffef}') => sure += 1,
            (0xc4 | 0xc5 | 0xce..=0xd1, _) => likely += 1,
            _ => {}
        }
        at += length;
    }
    sure > 0 || likely >= 2
}

/// Whether it is East Asian or Cyrillic bytes read as Latin letters: `ÕÅÈý`.
fn bytes_as_western(text: &str) -> bool {
    let high = |c: char| matches!(c, '\u{a1}'..='\u{ff}');
    let letters =
        |run: &str| run.chars().filter(|c| matches!(c, '\u{c0}'..='\u{ff}') && !matches!(c, '×' | '÷')).count();
    text.split(|c: char| !high(c)).any(|run| {
        let bytes: Vec<u8> = run.chars().filter_map(western_byte).collect();
        let pairs = || bytes.chunks(2).all(|pair| pair.len() == 2 && (0xb0..=0xd7).contains(&pair[0]));
        let different: HashSet<u8> = bytes.iter().copied().collect();
        bytes.len() >= 4 && different.len() >= 3 && (letters(run) == bytes.len() || pairs())
    }) || text.chars().filter(|c| *c == 'ƒ').count() >= 2
}

/// Whether it is UTF-8 read as GBK: `寮犱笁`.
fn utf8_as_gbk(text: &str) -> bool {
    let opens = opens_gbk();
    if !text.chars().any(|c| opens.get(c as usize / 64).is_some_and(|bits| bits >> (c as usize % 64) & 1 == 1)) {
        return false;
    }
    let bytes = TextEncoding::Gb18030.encode(text);
    let mut found = 0;
    for chunk in bytes.utf8_chunks() {
        found +=
            chunk.valid().chars().filter(|c| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')).count();
        // Of an odd number of bytes, the last character is lost.
        if chunk.invalid().iter().filter(|byte| **byte >= 0x80).count() > 3 {
            return false;
        }
    }
    found >= 2
}

/// The characters that the first two UTF-8 bytes of a Chinese character give in GBK, as one bit for each character of
/// the basic plane.
fn opens_gbk() -> &'static [u64] {
    static OPENS: OnceLock<Vec<u64>> = OnceLock::new();
    OPENS.get_or_init(|| {
        let pairs = (0xe3..=0xe9_u8).chain([0xef]).flat_map(|lead| (0x80..=0xbf_u8).map(move |trail| [lead, trail]));
        let chars = pairs.filter_map(|pair| TextEncoding::Gb18030.decode(&pair).chars().next());
        let mut bits = vec![0; 0x1_0000 / 64];
        for c in chars.filter(|c| *c != '\u{fffd}') {
            if let Some(word) = bits.get_mut(c as usize / 64) {
                *word |= 1 << (c as usize % 64);
            }
        }
        bits
    })
}

/// The longest text of old drivers, and of a workbook's cell, in characters.
const LENGTHS: [usize; 2] = [255, 32_767];

/// The texts of a column that may have been cut off.
#[derive(Default)]
pub(in crate::rows::checks) struct CutTexts {
    short: Finding,
    long: Finding,
    longest: usize,
}

impl CutTexts {
    pub(in crate::rows::checks) fn inspect(&mut self, text: &str, locate: &LocateFn<'_>) {
        let [short, long] = LENGTHS;
        if text.len() < short {
            return;
        }
        let length = text.chars().count();
        self.longest = self.longest.max(length);
        if length == short {
            self.short.add(locate);
        } else if length == long {
            self.long.add(locate);
        }
    }

    /// Warns of texts of 32,767 characters, and of several with exactly 255 if none is longer.
    pub(in crate::rows::checks) fn report(&self, column: &str) -> Option<Diagnostic> {
        let [short, _] = LENGTHS;
        let mut all = Finding::default();
        all.merge(&self.long);
        if self.short.count >= 2 && self.longest == short {
            all.merge(&self.short);
        }
        let words = ["is exactly as long as a program takes", "are exactly as long as a program takes"];
        let help = "What stood behind is gone: old drivers cut at 255 characters, workbooks at 32,767; export the column \
                    with another program";
        all.warning("cut-text", column, words, help)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_read_in_a_wrong_encoding_are_recognised() {
        let western = |byte| TextEncoding::Windows1252.char_of(byte).unwrap_or(char::from(byte));
        for text in ["Müller", "l’été", "“x”", "5 €", "東京", "서울", "Иван"] {
            let garbled: String = text.bytes().map(western).collect();
            assert!(is_garbled(&garbled), "{text}: {garbled}");
        }
        for text in ["张三", "备注：无", "請於上午", "预约时间"] {
            let garbled = TextEncoding::Gb18030.decode(text.as_bytes()).into_owned();
            assert!(is_garbled(&garbled), "{text}: {garbled}");
        }
        for text in ["ÕÅÈý", "Èâàíîâ", "a\u{fffd}b", "锟斤拷", "繝・せ繝"] {
            assert!(is_garbled(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_without_western_letters_was_not_read_as_western(text in "[\\PC€‚ƒ„…™žŸ¡-ÿĀ-ž]{0,8}") {
            prop_assert!(may_be_western(&text) || !(utf8_as_western(&text) || bytes_as_western(&text)), "{}", text);
        }
    }

    #[test]
    fn texts_of_all_languages_are_not_garbled() {
        for text in [
            "Müller",
            "CAFÉ » 5",
            "« CAFÉ\u{a0}»",
            "IRMÃ”",
            "“IRMÃ”.",
            "Ä“ gesagt",
            "5 °C ± 1",
            "São Paulo",
            "Île-de-France",
            "Łódź",
            "naïve façade",
            "Ñandú",
            "¿Qué?",
            "Åå",
            "Ærøskøbing",
            "ÅÄÖ",
            "Đặng Thị Ngọc Ánh",
            "Иванов",
            "Ελλάδα",
            "张三丰",
            "浜松市",
            "陳大文",
            "김철수",
            "東京都渋谷区",
            "鍾離",
            "緯度",
            "â",
            "£5",
            "½ cup",
            "Dvořák",
            "İstanbul",
            "größer",
            "日本語テスト",
            "銆",
            "ƒ stop",
            "e–f",
            "…",
            "emoji 😀",
            "नमस्ते",
            "مرحبا",
        ] {
            assert!(!is_garbled(text), "{text}");
        }
    }
}
