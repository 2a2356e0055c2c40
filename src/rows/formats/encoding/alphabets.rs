//! Whether bytes of which each is a character make words of an alphabet: Western, Central European, Turkish, Cyrillic.

use std::collections::BTreeSet;

use crate::model::TextEncoding;

/// Letters with marks that are common in Western Europe.
const WESTERN: &str = "äöüßéèêàâçñáíóúãõåøæëïîôûÄÖÜÉÈÀÇÑÁÍÓÚÅØÆ";
/// The same in Central Europe.
const CENTRAL: &str = "ąćęłńóśźżáčďéěíňřšťúůýžäöüßőűâăîșțşţľôŁŚŻŹĆČŘŠŽÁÉÓÖÜŐŰĂÎȘȚÚÍ";
/// The same in Turkey.
const TURKISH: &str = "çğıöşüÇĞİÖŞÜâîû";
/// Letters of Russian, Ukrainian, Belarusian and Bulgarian.
const CYRILLIC: &str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐЎ";
/// Signs that stand in texts of all of them.
const SIGNS: &str = "\u{a0}§°©®™«»„“”‘’–—…·×€£¥¢±½¼¾¿¡†•‰‹›№µ";
/// Signs that follow a letter or a number.
const RAISED: &str = "²³¹ºª";

/// The logarithm of how likely the words are; none where one of them is no word.
pub(in crate::rows) fn alphabetic(encoding: TextEncoding, text: &str, distinct: &BTreeSet<char>) -> Option<f64> {
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
    // A lone letter is no evidence of an alphabet.
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

/// Letters with marks among plain ones: never three together, and a word of them alone has but one.
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

/// All small, all large, or large letters ahead of small ones, as in names.
fn is_cased(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let rises = chars.windows(2).filter(|two| two[0].is_lowercase() && two[1].is_uppercase());
    // `McDonald` and `iPhone` have plain letters there.
    let odd = rises.filter(|two| !two[0].is_ascii() || !two[1].is_ascii()).count();
    let dips = chars.windows(3).filter(|three| {
        three[0].is_uppercase() && three[1].is_lowercase() && three[2].is_uppercase() && !three[1].is_ascii()
    });
    odd == 0 && dips.count() == 0
}
