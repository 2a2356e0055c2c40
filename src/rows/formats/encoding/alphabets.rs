//! How likely a text in a single-byte encoding is: Western, Central European, Turkish or Cyrillic words.

use std::collections::BTreeSet;

use crate::model::TextEncoding;

/// Letters with marks that are common in Western Europe.
const WESTERN: &str = "äöüßéèêàâçñáíóúãõåøæëïîôûÄÖÜÉÈÀÇÑÁÍÓÚÅØÆ";
/// Letters with marks that are common in Central Europe.
const CENTRAL: &str = "ąćęłńóśźżáčďéěíňřšťúůýžäöüßőűâăîșțşţľôŁŚŻŹĆČŘŠŽÁÉÓÖÜŐŰĂÎȘȚÚÍ";
/// Letters with marks that are common in Turkish.
const TURKISH: &str = "çğıöşüÇĞİÖŞÜâîû";
/// Letters of Russian, Ukrainian, Belarusian and Bulgarian.
const CYRILLIC: &str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐЎ";
/// Signs common to all of these languages.
const SIGNS: &str = "\u{a0}§°©®™«»„“”‘’–—…·×€£¥¢±½¼¾¿¡†•‰‹›№µ";
/// Signs that follow a letter or a number.
const RAISED: &str = "²³¹ºª";

/// The log-likelihood of a text's characters; `None` if one of its words cannot be one.
pub(super) fn alphabetic(encoding: TextEncoding, text: &str, distinct: &BTreeSet<char>) -> Option<f64> {
    if distinct.is_empty() {
        return None;
    }
    let is_cyrillic = matches!(encoding, TextEncoding::Windows1251 | TextEncoding::Koi8R);
    let common = if is_cyrillic {
        CYRILLIC
    } else if matches!(encoding, TextEncoding::Windows1250 | TextEncoding::Iso88592) {
        CENTRAL
    } else if matches!(encoding, TextEncoding::Windows1254 | TextEncoding::Iso88599) {
        TURKISH
    } else {
        WESTERN
    };
    let words = text.split(|c: char| !c.is_alphabetic() && !RAISED.contains(c)).filter(|word| !word.is_ascii());
    let words: Vec<&str> = words.collect();
    // Single letters are no evidence for an alphabet.
    let alone = |word: &&str| word.chars().count() == 1 && (is_cyrillic || !common.contains(*word));
    let sound = words.iter().all(|word| if is_cyrillic { is_cyrillic_word(word) } else { is_latin_word(word) });
    if !sound || (!words.is_empty() && words.iter().all(alone)) {
        return None;
    }
    distinct.iter().try_fold(0.0, |score, c| {
        Some(match *c {
            c if common.contains(c) => score - 3.5,
            c if c.is_alphabetic() && !RAISED.contains(c) && (is_cyrillic || u32::from(c) < 0x250) => score - 6.0,
            c if SIGNS.contains(c) || RAISED.contains(c) => score - 5.5,
            _ => return None,
        })
    })
}

fn is_cyrillic_word(word: &str) -> bool {
    let letters = word.chars().count();
    let vowel = word.chars().any(|c| "аеёиоуыэюяіїєАЕЁИОУЫЭЮЯІЇЄ".contains(c));
    word.chars().all(|c| CYRILLIC.contains(c)) && is_cased(word) && (vowel || letters == 1 || letters == 2)
}

/// A Latin word: never three letters with marks in a row, and plain letters beside them unless it is a single letter.
fn is_latin_word(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let letters: Vec<char> = chars.iter().copied().filter(|c| !RAISED.contains(*c)).collect();
    let marked = letters.iter().filter(|c| !c.is_ascii()).count();
    let together = chars.windows(3).any(|three| three.iter().all(|c| !c.is_ascii()));
    let raised = chars.windows(2).any(|two| RAISED.contains(two[0]) && !RAISED.contains(two[1]));
    let script = letters.iter().all(|c| c.is_ascii() || u32::from(*c) < 0x250);
    let alone = marked < letters.len() || letters.len() <= 1;
    script && !together && !raised && alone && is_cased(&letters.iter().collect::<String>())
}

/// All lower case, all upper case, or upper case first, as in names.
fn is_cased(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let rises = chars.windows(2).filter(|two| two[0].is_lowercase() && two[1].is_uppercase());
    // `McDonald` and `iPhone` are allowed: their letters there have no marks.
    let odd = rises.filter(|two| !two[0].is_ascii() || !two[1].is_ascii()).count();
    let dips = chars.windows(3).filter(|three| {
        three[0].is_uppercase() && three[1].is_lowercase() && three[2].is_uppercase() && !three[1].is_ascii()
    });
    odd == 0 && dips.count() == 0
}
