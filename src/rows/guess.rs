//! Which encoding a file is in, told from a bounded sample of its bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use crate::model::TextEncoding;

/// What a sample tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// Plain ASCII, as every encoding but UTF-16 begins: what follows tells.
    Open,
    /// This one. UTF-8 is also what is left where nothing fits; its reader then names the bytes that are none.
    Is(TextEncoding),
}

/// Tells the encoding of a text that opens without a byte-order mark.
pub(super) fn guess(sample: &[u8]) -> Guess {
    if let Some(wide) = utf16(sample) {
        return Guess::Is(wide);
    }
    if sample.is_ascii() {
        return Guess::Open;
    }
    // Whole lines, so that no character is cut.
    let end = sample.iter().rposition(|&byte| byte == b'\n').map_or(sample.len(), |at| at + 1);
    let whole = if sample[..end].is_ascii() { sample } else { &sample[..end] };
    if is_mostly_utf8(whole) {
        return Guess::Is(TextEncoding::Utf8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(whole, true);
    let found = TextEncoding::of(detector.guess(None, Utf8Detection::Deny));
    Guess::Is(found.filter(|one| one.reads(whole)).unwrap_or_default())
}

/// UTF-16 without a mark: NULs nearly all on one side of the pairs, line ends among them, and no half of a character.
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
    // In a text of single bytes with a NUL astray, line ends have no NUL beside them.
    let has_ends = even.chunks_exact(2).any(|pair| pair == line_end) || !even.contains(&b'\n');
    let many = even.len() / 2 < (high + low) * 16;
    (many && has_ends && found.reads(even)).then_some(found)
}

/// Whether most of what is not ASCII is UTF-8, so that the rest is damage and not another encoding.
fn is_mostly_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        bad += chunk.invalid().len();
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
    fn each_encoding_is_told_from_its_bytes() {
        for (text, encoding) in [
            (TAIWAN, TextEncoding::Big5),
            (CHINA, TextEncoding::Gb18030),
            (JAPAN, TextEncoding::ShiftJis),
            (KOREA, TextEncoding::EucKr),
        ] {
            for one in [encoding, TextEncoding::Utf8, TextEncoding::Utf16le, TextEncoding::Utf16be] {
                assert_eq!(guess(&one.encode(text)), Guess::Is(one), "{}", one.name());
            }
        }
        assert_eq!(guess(b"id,a\n1,x\n"), Guess::Open);
    }

    #[test]
    fn damaged_utf8_and_other_encodings_are_not_taken_for_something_else() {
        let mut damaged = CHINA.as_bytes().to_vec();
        damaged.truncate(CHINA.len() - 3);
        damaged.extend_from_slice(b",\xff\n2,\xe8\xaf\n");
        let other: &[u8] = b"id,name\n1,M\xfcller\n2,Gonz\xe1lez\n3,Fran\xe7ois\n";
        for bytes in [&damaged, other, b"id,a\n1,\xff\n", b"id,a\n1,x\0y\n", "id,é\n".as_bytes()] {
            let guessed = guess(bytes);
            assert!(guessed == Guess::Is(TextEncoding::Utf8) || guessed == Guess::Open, "{bytes:?}: {guessed:?}");
        }
    }
}
