//! Detects a file's encoding from a bounded sample of its bytes.

use super::ambiguity::{UnclearEncoding, UnclearReason, is_foreign_utf8, pieces};
use std::collections::BTreeSet;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::likelihood::{Candidate, candidates};
use crate::model::TextEncoding;

/// The encodings, beside UTF-8 and UTF-16, that are read without being declared.
const UNNAMED: [TextEncoding; 4] =
    [TextEncoding::Gb18030, TextEncoding::Big5, TextEncoding::ShiftJis, TextEncoding::EucKr];
/// The fewest different characters that are evidence. One or two names read well in every encoding.
const FEW: usize = 4;
/// The lead over the next encoding that decides, as a log-likelihood: about a thousand times likelier.
const SURE: f64 = 7.0;
/// The distance from the best encoding within which another one is offered, as a log-likelihood.
const WIDE: f64 = 14.0;
/// Bytes of cells that are enough to judge.
const ENOUGH: usize = 16 << 10;
/// The most encodings offered.
const MOST_OFFERED: usize = 5;

/// What a sample of bytes shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Detection {
    /// ASCII only. What follows decides.
    Ascii,
    /// This encoding. UTF-8 is also the answer if nothing fits; its reader then reports the bytes that are not UTF-8.
    Is(TextEncoding),
    /// It cannot be detected for sure, and why.
    Unclear(UnclearEncoding),
    /// UTF-32, which is not supported.
    Utf32,
}

/// Detects the encoding of a text without a byte-order mark.
pub(super) fn detect(sample: &[u8]) -> Detection {
    if is_utf32(sample) {
        return Detection::Utf32;
    }
    if let Some(wide) = utf16(sample) {
        return Detection::Is(wide);
    }
    if sample.is_ascii() {
        let escaped = has_escapes(sample) && TextEncoding::Iso2022Jp.reads(sample);
        return if escaped { Detection::Unclear(UnclearEncoding::of_escapes(sample)) } else { Detection::Ascii };
    }
    // Only whole lines, so that no character is cut.
    let end = sample.iter().rposition(|&byte| byte == b'\n').map_or(sample.len(), |at| at + 1);
    let whole = if sample[..end].is_ascii() { sample } else { &sample[..end] };
    match std::str::from_utf8(whole) {
        // JSON is UTF-8 by its standard.
        Ok(text) if text.trim_start().starts_with(['{', '[']) => Detection::Is(TextEncoding::Utf8),
        Ok(text) => chance_utf8(text).map_or(Detection::Is(TextEncoding::Utf8), Detection::Unclear),
        Err(_) if is_mostly_utf8(whole) => Detection::Is(TextEncoding::Utf8),
        Err(_) => of_bytes(whole),
    }
}

/// The possible encodings of a piece that is not UTF-8, the likeliest first, with its text in each.
pub(super) fn readings(piece: &[u8]) -> Vec<(TextEncoding, String)> {
    if is_mostly_utf8(piece) {
        // It is UTF-8 that was cut off.
        return Vec::new();
    }
    offered(&candidates(piece)).into_iter().map(|one| (one, one.decode(piece).into_owned())).collect()
}

/// The encodings likely enough to be offered; one of several that read the same.
fn offered(all: &[Candidate]) -> Vec<TextEncoding> {
    let Some(best) = all.first() else { return Vec::new() };
    let mut offered: Vec<&Candidate> = Vec::new();
    for one in all.iter().filter(|one| best.score - one.score < WIDE) {
        if offered.len() < MOST_OFFERED && !offered.iter().any(|other| other.text == one.text) {
            offered.push(one);
        }
    }
    offered.into_iter().map(|one| one.encoding).collect()
}

/// Detects the encoding of bytes that are not UTF-8.
fn of_bytes(whole: &[u8]) -> Detection {
    // Cells in UTF-8 came from elsewhere. Their rows are reported, and they are no evidence for the others.
    let foreign = pieces(whole).filter(|(_, piece)| is_foreign_utf8(piece)).count();
    if foreign > 0 && foreign * 2 >= pieces(whole).count() {
        return Detection::Is(TextEncoding::Utf8);
    }
    let mut length = 0;
    let own: Vec<&[u8]> = pieces(whole)
        .map(|(_, piece)| piece)
        .filter(|piece| !is_foreign_utf8(piece))
        .take_while(|piece| {
            length += piece.len();
            length < ENOUGH || length == piece.len()
        })
        .collect();
    let all = candidates(&own.join(&b'\n'));
    let Some(first) = all.first() else { return Detection::Is(TextEncoding::Utf8) };
    let same = |one: &&Candidate| one.text == first.text && UNNAMED.contains(&one.encoding);
    let best = all.iter().find(same).unwrap_or(first);
    let rival = all.iter().find(|one| one.text != best.text);
    let lead = rival.map_or(f64::INFINITY, |rival| best.score - rival.score);
    let is_certain =
        rival.is_none() || (best.distinct >= FEW && lead >= SURE && is_seconded(best.encoding, lead, whole));
    if is_certain && UNNAMED.contains(&best.encoding) {
        return Detection::Is(best.encoding);
    }
    let why = match () {
        () if !UNNAMED.contains(&best.encoding) => UnclearReason::Unnamed,
        () if best.distinct < FEW => UnclearReason::Few(best.distinct),
        () => UnclearReason::Several,
    };
    Detection::Unclear(UnclearEncoding::of(why, whole, &offered(&all)))
}

/// Whether a second detector agrees. It is asked if the lead is not overwhelming.
fn is_seconded(encoding: TextEncoding, lead: f64, whole: &[u8]) -> bool {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(whole, true);
    lead >= 3.0 * SURE || TextEncoding::of(detector.guess(None, Utf8Detection::Deny)) == Some(encoding)
}

/// A text that is UTF-8 by chance: the bytes of `小` in GBK are `С` in UTF-8. It is unclear if all such letters are
/// single or make no word, and are common characters in another encoding.
fn chance_utf8(text: &str) -> Option<UnclearEncoding> {
    let distinct: BTreeSet<char> = text.chars().filter(|c| !c.is_ascii()).take(64).collect();
    if distinct.len() >= FEW || !distinct.iter().all(|c| matches!(c, '\u{370}'..='\u{7ff}')) {
        return None;
    }
    let odd = |piece: &[u8]| is_odd_word(String::from_utf8_lossy(piece).trim());
    if !pieces(text.as_bytes()).all(|(_, piece)| odd(piece)) {
        return None;
    }
    let own: Vec<&[u8]> = pieces(text.as_bytes()).map(|(_, piece)| piece).collect();
    let all = candidates(&own.join(&b'\n'));
    let good = |one: &&Candidate| UNNAMED.contains(&one.encoding) && one.score >= -10.0 * one.distinct as f64;
    let others: Vec<TextEncoding> = all.iter().filter(good).map(|one| one.encoding).collect();
    let every: Vec<TextEncoding> = std::iter::once(TextEncoding::Utf8).chain(others.iter().copied()).collect();
    (!others.is_empty()).then(|| UnclearEncoding::of(UnclearReason::Few(distinct.len()), text.as_bytes(), &every))
}

/// A single letter, letters of several scripts, or lower case before upper case.
fn is_odd_word(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let script = |c: &char| match u32::from(*c) {
        code @ 0x370..0x400 => code / 0x90,
        code => code / 0x100 * 0x100,
    };
    let rises = chars.windows(2).any(|two| two[0].is_lowercase() && two[1].is_uppercase());
    let mixed = chars.windows(2).any(|two| script(&two[0]) != script(&two[1]));
    !chars.iter().any(char::is_ascii) && (chars.len() == 1 || mixed || rises)
}

/// Whether a text has the escapes by which ISO-2022-JP changes to a Japanese character set.
pub(super) fn has_escapes(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|three| matches!(three, b"\x1b$B" | b"\x1b$@" | b"\x1b(J" | b"\x1b(I"))
}

/// Whether bytes are UTF-32 without a mark: every four are a character of the first planes.
fn is_utf32(sample: &[u8]) -> bool {
    let little = |unit: &[u8]| unit[3] == 0 && unit[2] <= 3 && (unit[0] != 0 || unit[1] != 0);
    let big = |unit: &[u8]| unit[0] == 0 && unit[1] <= 3 && (unit[2] != 0 || unit[3] != 0);
    let units = || sample.chunks_exact(4);
    units().len() >= 2 && (units().all(little) || units().all(big))
}

/// Detects UTF-16 without a mark: nearly all NULs are on one side of the pairs, line ends are among them, and no
/// character is halved.
fn utf16(sample: &[u8]) -> Option<TextEncoding> {
    let even = &sample[..sample.len() & !1];
    let (mut high, mut low) = (0_usize, 0_usize);
    for pair in even.chunks_exact(2) {
        high += usize::from(pair[0] == 0);
        low += usize::from(pair[1] == 0);
    }
    let (found, line_end) = match (high, low) {
        (0, 0) => return None,
        _ if low > high * 4 => (TextEncoding::Utf16le, [b'\n', 0]),
        _ if high > low * 4 => (TextEncoding::Utf16be, [0, b'\n']),
        _ => return None,
    };
    // In a single-byte text with a stray NUL, line ends have no NUL beside them.
    let has_ends = even.chunks_exact(2).any(|pair| pair == line_end) || !even.contains(&b'\n');
    let many = even.len() / 2 < (high + low) * 16;
    (many && has_ends && found.reads(even)).then_some(found)
}

/// Whether most bytes beyond ASCII are UTF-8, so that the rest is damage and not another encoding. A cut character
/// counts once.
fn is_mostly_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIWAN: &str = "客戶編號,預約時間,備註\n1,2026-11-22,請於上午九點半帶身分證件至櫃檯報到\n";
    const CHINA: &str = "客户编号,预约时间,备注\n1,2026-11-22,请于上午九点半携带身份证件到柜台办理\n";
    const JAPAN: &str = "顧客番号,予約日時,備考\n1,2026-11-22,ご本人確認書類をお持ちください\n";
    const KOREA: &str = "고객번호,예약시간,비고\n1,2026-11-22,신분증을 가지고 방문해 주세요\n";

    #[test]
    fn each_encoding_is_detected_from_its_bytes() {
        for (text, encoding) in [
            (TAIWAN, TextEncoding::Big5),
            (CHINA, TextEncoding::Gb18030),
            (JAPAN, TextEncoding::ShiftJis),
            (KOREA, TextEncoding::EucKr),
        ] {
            for one in [encoding, TextEncoding::Utf8, TextEncoding::Utf16le, TextEncoding::Utf16be] {
                assert_eq!(detect(&one.encode(text)), Detection::Is(one), "{}", one.name());
            }
        }
        assert_eq!(detect(b"id,a\n1,x\n"), Detection::Ascii);
    }

    /// The detected encoding's word, or the offered ones with their readings.
    fn told(bytes: &[u8]) -> String {
        match detect(bytes) {
            Detection::Ascii => "open".to_owned(),
            Detection::Is(one) => one.as_str().to_owned(),
            Detection::Unclear(unclear) => {
                let read = unclear.readings.iter().map(|(one, text)| format!("{}={text}", one.as_str()));
                format!("? {}", read.collect::<Vec<_>>().join(" "))
            }
            Detection::Utf32 => "utf-32".to_owned(),
        }
    }

    #[test]
    fn damaged_utf8_is_not_taken_for_something_else() {
        let mut damaged = CHINA.as_bytes().to_vec();
        damaged.truncate(CHINA.len() - 3);
        damaged.extend_from_slice(b",\xff\n2,\xe8\xaf\n");
        let cut = |text: &'static str| &text.as_bytes()[..text.len() - 1];
        for bytes in [
            &damaged[..],
            cut("id,a\n1,郑浩"),
            cut("1,王\n2,李娜"),
            b"id,a\n1,\xff\n",
            b"id,a\n1,x\0y\n",
            "id,é\n".as_bytes(),
        ] {
            let told = told(bytes);
            assert!(told == "utf-8" || told == "open", "{bytes:?}: {told}");
        }
    }

    #[test]
    fn names_of_few_characters_are_asked_about_and_the_right_reading_is_offered() {
        for (encoding, names) in [
            (TextEncoding::Big5, &["陳", "林", "王小明", "陳大文", "李"][..]),
            (TextEncoding::Gb18030, &["王", "张三", "李小龙", "小", "谢"]),
            (TextEncoding::ShiftJis, &["山田", "佐藤", "あ", "金"]),
            (TextEncoding::EucKr, &["김", "김철수", "이영", "박"]),
        ] {
            for name in names {
                let told = told(&encoding.encode(&format!("id,name\nA01,{name}\n")));
                let wanted = format!("{}={name}", encoding.as_str());
                assert!(told.starts_with("? ") && told.contains(&wanted), "{wanted}: {told}");
            }
        }
    }

    #[test]
    fn lists_of_names_are_detected_without_a_question() {
        for (encoding, text) in [
            (TextEncoding::Big5, "姓名,電話\n陳怡君,1\n林志明,2\n"),
            (TextEncoding::Gb18030, "姓名,手机号\n王伟,1\n李娜,2\n"),
            (TextEncoding::Gb18030, "id,name\n1,王伟\n2,李娜\n3,张敏\n4,刘洋\n"),
            (TextEncoding::Big5, "id,name\n1,陳怡君\n2,林志明\n3,黃淑芬\n"),
            (TextEncoding::ShiftJis, "氏名,電話番号\n山田太郎,1\n佐藤花子,2\n"),
            (TextEncoding::ShiftJis, "id,name\n1,ヤマダタロウ\n"),
            (TextEncoding::EucKr, "이름,전화번호\n김민준,1\n이서연,2\n"),
            (TextEncoding::EucKr, "id,name\n1,김민준\n2,이서연\n3,박지훈\n"),
        ] {
            assert_eq!(told(&encoding.encode(text)), encoding.as_str(), "{text}");
        }
    }

    #[test]
    fn one_row_of_another_encoding_does_not_change_what_the_file_is() {
        let china = TextEncoding::Gb18030.encode(CHINA).into_owned();
        assert_eq!(told(&[&china, "2,2026-11-22,你好\n".as_bytes()].concat()), "gb18030");
        let broken = [&china[..], b"2,2026-11-22,\xff\n"].concat();
        assert_eq!(told(&broken), "gb18030");
        assert_eq!(told(b"id,name\n1,\xe5\xbc\xa0\n2,\xc0\xee\n"), "utf-8");
        let row = TextEncoding::Gb18030.encode("2,2026-11-22,张三\n").into_owned();
        assert_eq!(told(&[CHINA.as_bytes(), &row].concat()), "utf-8");
    }

    #[test]
    fn text_that_reads_the_same_in_every_encoding_raises_no_question() {
        for text in ["id,a\n1,，。\n", "id,a\n1,，\n"] {
            assert_eq!(told(&TextEncoding::Gb18030.encode(text)), "gb18030", "{text}");
        }
        for text in ["id,a\n1,é\n", "id,a\n1,10 Ω\n", "id,a\n1,Иван\n", "id,a\n1,—\n", "id,a\n1,5°\n", "id,a\n1,ß\n"]
        {
            assert_eq!(told(text.as_bytes()), "utf-8", "{text}");
        }
    }

    #[test]
    fn western_and_cyrillic_letters_are_never_offered_in_an_east_asian_encoding() {
        for (encoding, text) in [
            (TextEncoding::Windows1252, "id;name\nK-1;Müller\n"),
            (TextEncoding::Windows1252, "id,name\n1,Müller\n2,González\n3,François\n"),
            (TextEncoding::Windows1252, "id,name\n1,José\n"),
            (TextEncoding::Windows1252, "id,name\n1,Größe 5 €\n"),
            (TextEncoding::Windows1250, "id,name\n1,Wałęsa\n2,Dvořák\n"),
            (TextEncoding::Windows1251, "id,name\n1,Иванов\n2,Петрова\n"),
            (TextEncoding::Koi8R, "id,name\n1,Иванов\n2,Петрова\n"),
        ] {
            let told = told(&encoding.encode(text));
            assert!(told.contains(&format!("{}=", encoding.as_str())), "{text}: {told}");
            for other in ["big5", "gb18030", "euc", "shift"] {
                assert!(!told.contains(other), "{text}: {told}");
            }
        }
    }

    #[test]
    fn unicode_without_a_mark_is_detected_and_iso_2022_jp_is_asked_about() {
        let wide =
            |bytes: fn(u32) -> [u8; 4]| "id,陳\n1,x\n".chars().flat_map(|c| bytes(c.into())).collect::<Vec<u8>>();
        assert_eq!(told(&wide(u32::to_le_bytes)), "utf-32");
        assert_eq!(told(&wide(u32::to_be_bytes)), "utf-32");
        for one in [TextEncoding::Utf16le, TextEncoding::Utf16be] {
            assert_eq!(told(&one.encode("id,陳\n1,x\n")), one.as_str());
        }
        assert_eq!(told(&TextEncoding::Iso2022Jp.encode("id,name\n1,山田\n")), "? iso-2022-jp=山田");
    }
}
