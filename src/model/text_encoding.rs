//! The encodings in which row files are read and row files of ours are written.

use super::word::words;
use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding};
use serde::{Deserialize, Serialize};

words! {
    /// A text encoding.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum TextEncoding {
        /// UTF-8.
        #[default]
        Utf8 = "utf-8",
        /// UTF-16, low byte first, as Windows writes it.
        Utf16le = "utf-16le",
        /// UTF-16, high byte first.
        Utf16be = "utf-16be",
        /// GB18030, which holds GBK and GB2312: mainland China.
        Gb18030 = "gb18030",
        /// Big5: Taiwan, Hong Kong.
        Big5 = "big5",
        /// Shift_JIS, as Windows has it: Japan.
        ShiftJis = "shift_jis",
        /// EUC-KR, as Windows has it: Korea.
        EucKr = "euc-kr",
        /// EUC-JP: Japan, on Unix.
        EucJp = "euc-jp",
        /// ISO-2022-JP: Japan, in mail. Seven bits, with escape sequences that switch between character sets.
        Iso2022Jp = "iso-2022-jp",
        /// Windows-1252: Western Europe.
        Windows1252 = "windows-1252",
        /// ISO-8859-1, Latin-1. The bytes 0x80 to 0x9F are not characters in it.
        Iso88591 = "iso-8859-1",
        /// ISO-8859-15, Latin-9: Latin-1 with the euro sign.
        Iso885915 = "iso-8859-15",
        /// Windows-1250: Central Europe.
        Windows1250 = "windows-1250",
        /// ISO-8859-2, Latin-2: Central Europe.
        Iso88592 = "iso-8859-2",
        /// Windows-1254: Turkey.
        Windows1254 = "windows-1254",
        /// ISO-8859-9, Latin-5: Turkey.
        Iso88599 = "iso-8859-9",
        /// Windows-1251: Cyrillic.
        Windows1251 = "windows-1251",
        /// KOI8-R: Russian.
        Koi8R = "koi8-r",
    }
}

impl TextEncoding {
    /// The name that is shown to people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16le => "UTF-16LE",
            Self::Utf16be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
            Self::Big5 => "Big5",
            Self::ShiftJis => "Shift_JIS",
            Self::EucKr => "EUC-KR",
            Self::EucJp => "EUC-JP",
            Self::Iso2022Jp => "ISO-2022-JP",
            Self::Windows1252 => "Windows-1252",
            Self::Iso88591 => "ISO-8859-1",
            Self::Iso885915 => "ISO-8859-15",
            Self::Windows1250 => "Windows-1250",
            Self::Iso88592 => "ISO-8859-2",
            Self::Windows1254 => "Windows-1254",
            Self::Iso88599 => "ISO-8859-9",
            Self::Windows1251 => "Windows-1251",
            Self::Koi8R => "KOI8-R",
        }
    }

    /// The encoding with this name, in any case. Common other names (`gbk`, `cp949`, `latin1`) are known; `-`, `_`
    /// and blanks between the parts of a name do not matter.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let plain: String =
            word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        let known = Self::ALL.into_iter().find(|one| one.as_str().replace(['-', '_'], "") == plain);
        if known.is_some() {
            return known;
        }
        Some(match plain.as_str() {
            "utf16" => Self::Utf16le,
            "utf8sig" | "utf8bom" | "ascii" | "usascii" => Self::Utf8,
            "gb2312" | "gbk" | "cp936" | "ms936" | "windows936" | "936" | "euccn" => Self::Gb18030,
            "cp950" | "ms950" | "windows950" | "950" | "big5hkscs" | "big5eten" => Self::Big5,
            "sjis" | "cp932" | "ms932" | "mskanji" | "windows932" | "windows31j" | "xsjis" | "932" => Self::ShiftJis,
            "cp949" | "ms949" | "windows949" | "uhc" | "949" | "ksc56011987" | "ksx1001" | "ksc5601" => Self::EucKr,
            "ujis" | "xeucjp" | "cp51932" => Self::EucJp,
            "jis" | "csiso2022jp" => Self::Iso2022Jp,
            "cp1252" | "1252" | "xcp1252" => Self::Windows1252,
            "latin1" | "l1" | "iso88591:1987" | "88591" => Self::Iso88591,
            "latin9" | "l9" | "885915" => Self::Iso885915,
            "cp1250" | "1250" | "xcp1250" => Self::Windows1250,
            "latin2" | "l2" | "88592" => Self::Iso88592,
            "cp1254" | "1254" | "xcp1254" => Self::Windows1254,
            "latin5" | "l5" | "88599" => Self::Iso88599,
            "cp1251" | "1251" | "xcp1251" => Self::Windows1251,
            "koi8" | "koi" | "cp20866" => Self::Koi8R,
            _ => return None,
        })
    }

    /// The variant for an encoding of the library `encoding_rs`, which treats ISO-8859-1 and ISO-8859-9 as Windows
    /// encodings.
    #[must_use]
    pub fn of(encoding: &'static Encoding) -> Option<Self> {
        if encoding == encoding_rs::GBK {
            return Some(Self::Gb18030);
        }
        Self::ALL.into_iter().find(|one| one.encoding() == encoding)
    }

    /// Whether each byte is one character.
    #[must_use]
    pub fn is_single(self) -> bool {
        self.encoding().is_single_byte()
    }

    /// Whether its code units have two bytes.
    #[must_use]
    pub fn is_wide(self) -> bool {
        matches!(self, Self::Utf16le | Self::Utf16be)
    }

    /// The encoding in the library `encoding_rs`.
    #[must_use]
    pub fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16le => encoding_rs::UTF_16LE,
            Self::Utf16be => encoding_rs::UTF_16BE,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Big5 => encoding_rs::BIG5,
            Self::ShiftJis => encoding_rs::SHIFT_JIS,
            Self::EucKr => encoding_rs::EUC_KR,
            Self::EucJp => encoding_rs::EUC_JP,
            Self::Iso2022Jp => encoding_rs::ISO_2022_JP,
            Self::Windows1252 | Self::Iso88591 => encoding_rs::WINDOWS_1252,
            Self::Iso885915 => encoding_rs::ISO_8859_15,
            Self::Windows1250 => encoding_rs::WINDOWS_1250,
            Self::Iso88592 => encoding_rs::ISO_8859_2,
            Self::Windows1254 | Self::Iso88599 => encoding_rs::WINDOWS_1254,
            Self::Windows1251 => encoding_rs::WINDOWS_1251,
            Self::Koi8R => encoding_rs::KOI8_R,
        }
    }

    /// The character of a byte in a single-byte encoding. `None` for a byte that is a control character beyond ASCII or
    /// undefined: such a byte shows that the text has another encoding.
    #[must_use]
    pub fn char_of(self, byte: u8) -> Option<char> {
        if byte < 0x80 {
            return Some(char::from(byte));
        }
        let latin = matches!(self, Self::Iso88591 | Self::Iso88592 | Self::Iso88599 | Self::Iso885915);
        if latin && byte < 0xa0 {
            return None;
        }
        let bytes = [byte];
        let text = self.encoding().decode_without_bom_handling(&bytes).0;
        text.chars().next().filter(|c| !matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}'))
    }

    /// Decodes bytes, with U+FFFD for bytes that are not text. A byte-order mark is kept as a character.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        if self.is_single() {
            return bytes.iter().map(|byte| self.char_of(*byte).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        }
        self.encoding().decode_without_bom_handling(bytes).0
    }

    /// Encodes a text. A character that the encoding lacks is written as `[U+1F600]`.
    #[must_use]
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => Cow::Borrowed(text.as_bytes()),
            Self::Utf16le => Cow::Owned(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16be => Cow::Owned(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Gb18030
            | Self::Big5
            | Self::ShiftJis
            | Self::EucKr
            | Self::EucJp
            | Self::Iso2022Jp
            | Self::Windows1252
            | Self::Iso88591
            | Self::Iso885915
            | Self::Windows1250
            | Self::Iso88592
            | Self::Windows1254
            | Self::Iso88599
            | Self::Windows1251
            | Self::Koi8R => {
                let (bytes, _, unmapped) = self.encoding().encode(text);
                let whole = !unmapped && (!self.is_single() || bytes.iter().all(|byte| self.char_of(*byte).is_some()));
                if whole { bytes } else { Cow::Owned(self.encode_each(text)) }
            }
        }
    }

    fn encode_each(self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut buffer = [0; 4];
        for c in text.chars() {
            let (one, _, unmapped) = self.encoding().encode(c.encode_utf8(&mut buffer));
            let named = unmapped || (self.is_single() && self.char_of(one[0]).is_none());
            if named {
                bytes.extend_from_slice(format!("[U+{:04X}]", u32::from(c)).as_bytes());
            } else {
                bytes.extend_from_slice(&one);
            }
        }
        bytes
    }

    /// How many bytes encode the first `length` bytes of the UTF-8 text.
    #[must_use]
    pub fn length_of(self, bytes: &[u8], length: usize) -> usize {
        if self == Self::Utf8 {
            return length.min(bytes.len());
        }
        if self.is_single() {
            let mut made = 0;
            let stand_in = char::REPLACEMENT_CHARACTER;
            let more = bytes.iter().take_while(|byte| {
                let more = made < length;
                made += self.char_of(**byte).unwrap_or(stand_in).len_utf8();
                more
            });
            return more.count();
        }
        let mut decoder = self.encoding().new_decoder_without_bom_handling();
        let (mut made, mut out) = (0, [0; 16]);
        for (at, _) in bytes.iter().enumerate() {
            if made >= length {
                // What follows is read separately, and starts as ASCII.
                let back = self == Self::Iso2022Jp && bytes[at..].starts_with(b"\x1b(B");
                return if back { at + 3 } else { at };
            }
            let (_, _, written, _) = decoder.decode_to_utf8(&bytes[at..=at], &mut out, false);
            made += written;
        }
        bytes.len()
    }

    /// Whether the bytes are text in this encoding. They may end in the middle of a character.
    #[must_use]
    pub fn reads(self, bytes: &[u8]) -> bool {
        if self.is_single() {
            return bytes.iter().all(|byte| self.char_of(*byte).is_some());
        }
        let mut decoder = self.encoding().new_decoder_without_bom_handling();
        let mut out = vec![0; 4096];
        let mut rest = bytes;
        loop {
            match decoder.decode_to_utf8_without_replacement(rest, &mut out, false) {
                (DecoderResult::InputEmpty, _, _) => return true,
                (DecoderResult::OutputFull, read, _) => rest = &rest[read..],
                (DecoderResult::Malformed(..), _, _) => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_and_names_lead_to_their_encoding() {
        for one in TextEncoding::ALL {
            assert_eq!(TextEncoding::of_word(one.as_str()), Some(one));
            assert_eq!(TextEncoding::of_word(&one.name().to_uppercase()), Some(one));
        }
        for (word, wanted) in [
            ("gbk", "gb18030"),
            ("GB_2312", "gb18030"),
            ("sjis", "shift_jis"),
            ("cp949", "euc-kr"),
            ("ks_c_5601-1987", "euc-kr"),
            ("utf16", "utf-16le"),
            ("utf-8-sig", "utf-8"),
            ("cp1252", "windows-1252"),
            ("latin1", "iso-8859-1"),
            ("ISO8859-15", "iso-8859-15"),
            ("iso_8859_9", "iso-8859-9"),
            ("koi8_r", "koi8-r"),
            ("eucjp", "euc-jp"),
        ] {
            assert_eq!(TextEncoding::of_word(word).map(TextEncoding::as_str), Some(wanted), "{word}");
        }
        for word in ["", "auto", "utf-7", "utf-32", "ansi", "iso-8859-8", "ebcdic"] {
            assert_eq!(TextEncoding::of_word(word), None, "{word}");
        }
    }

    #[test]
    fn characters_that_an_encoding_lacks_are_written_as_code_points() {
        assert_eq!(&*TextEncoding::Big5.encode("預😀約"), b"\xb9w[U+1F600]\xac\xf9");
        assert_eq!(&*TextEncoding::Utf16be.encode("a😀"), b"\0a\xd8\x3d\xde\0");
    }

    #[test]
    fn undefined_bytes_are_not_characters_and_are_never_written() {
        for (encoding, bytes) in [
            (TextEncoding::Iso88591, &b"\x80"[..]),
            (TextEncoding::Iso88599, b"a\x9f"),
            (TextEncoding::Iso885915, b"\x85"),
            (TextEncoding::Iso88592, b"\x8a"),
            (TextEncoding::Windows1252, b"\x81"),
            (TextEncoding::Windows1251, b"\x98"),
        ] {
            assert!(!encoding.reads(bytes), "{}", encoding.name());
            assert!(encoding.decode(bytes).contains('\u{fffd}'));
        }
        assert_eq!(TextEncoding::Windows1252.decode(b"M\xfcller \x80"), "Müller €");
        assert_eq!(TextEncoding::Iso885915.decode(b"\xa4"), "€");
        assert_eq!(&*TextEncoding::Iso88591.encode("ü€"), b"\xfc[U+20AC]");
        assert_eq!(&*TextEncoding::Iso2022Jp.encode("a約"), b"a\x1b$BLs\x1b(B");
    }

    proptest! {
        #[test]
        fn the_bytes_of_a_texts_beginning_are_found(before in "[a-z,預約時間\u{1f600}]{0,12}", behind in "[a-z預約]{0,8}") {
            for one in [TextEncoding::Utf16le, TextEncoding::Utf16be, TextEncoding::Gb18030] {
                let bytes = one.encode(&format!("{before}{behind}")).into_owned();
                prop_assert_eq!(&bytes[..one.length_of(&bytes, before.len())], &*one.encode(&before));
                prop_assert!(one.reads(&bytes));
            }
        }
    }
}
