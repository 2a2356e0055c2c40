//! The encodings in which row files are read and row files of ours are written.

use super::word::words;
use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding};
use serde::{Deserialize, Serialize};

words! {
    /// How text stands in a file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum TextEncoding {
        /// UTF-8.
        #[default]
        Utf8 = "utf-8",
        /// UTF-16, the low byte first, as Windows writes it.
        Utf16le = "utf-16le",
        /// UTF-16, the high byte first.
        Utf16be = "utf-16be",
        /// GB18030, which holds GBK and GB2312: mainland China.
        Gb18030 = "gb18030",
        /// Big5: Taiwan, Hong Kong.
        Big5 = "big5",
        /// Shift_JIS, as Windows has it: Japan.
        ShiftJis = "shift_jis",
        /// EUC-KR, as Windows has it: Korea.
        EucKr = "euc-kr",
    }
}

impl TextEncoding {
    /// Its name for people.
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
        }
    }

    /// The encoding that a word means; the usual other names (`gbk`, `cp949`, `sjis`) are known.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let word = word.trim();
        match word.to_ascii_lowercase().as_str() {
            "utf16" | "utf-16" => return Some(Self::Utf16le),
            "cp932" => return Some(Self::ShiftJis),
            "cp949" | "uhc" => return Some(Self::EucKr),
            "cp950" => return Some(Self::Big5),
            "cp936" => return Some(Self::Gb18030),
            _ => {}
        }
        Self::of(Encoding::for_label(word.as_bytes())?)
    }

    /// Ours for one of the library's.
    #[must_use]
    pub fn of(encoding: &'static Encoding) -> Option<Self> {
        if encoding == encoding_rs::GBK {
            return Some(Self::Gb18030);
        }
        Self::ALL.into_iter().find(|one| one.encoding() == encoding)
    }

    /// Whether its units are two bytes.
    #[must_use]
    pub fn is_wide(self) -> bool {
        matches!(self, Self::Utf16le | Self::Utf16be)
    }

    /// The library's own.
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
        }
    }

    /// The bytes as text; what is none is shown by stand-ins. A byte-order mark is text like any other.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        self.encoding().decode_without_bom_handling(bytes).0
    }

    /// The text as bytes. A character that the encoding lacks is written as `[U+1F600]`.
    #[must_use]
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => Cow::Borrowed(text.as_bytes()),
            Self::Utf16le => Cow::Owned(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16be => Cow::Owned(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Gb18030 | Self::Big5 | Self::ShiftJis | Self::EucKr => {
                let (bytes, _, unmapped) = self.encoding().encode(text);
                if !unmapped { bytes } else { Cow::Owned(self.encode_each(text)) }
            }
        }
    }

    fn encode_each(self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut buffer = [0; 4];
        for c in text.chars() {
            let (one, _, unmapped) = self.encoding().encode(c.encode_utf8(&mut buffer));
            if unmapped {
                bytes.extend_from_slice(format!("[U+{:04X}]", u32::from(c)).as_bytes());
            } else {
                bytes.extend_from_slice(&one);
            }
        }
        bytes
    }

    /// How many of the bytes make the first `length` bytes of their text in UTF-8.
    #[must_use]
    pub fn length_of(self, bytes: &[u8], length: usize) -> usize {
        if self == Self::Utf8 {
            return length.min(bytes.len());
        }
        let mut decoder = self.encoding().new_decoder_without_bom_handling();
        let (mut made, mut out) = (0, [0; 16]);
        for (at, _) in bytes.iter().enumerate() {
            if made >= length {
                return at;
            }
            let (_, _, written, _) = decoder.decode_to_utf8(&bytes[at..=at], &mut out, false);
            made += written;
        }
        bytes.len()
    }

    /// Whether the bytes are text in it; they may end in the middle of a character.
    #[must_use]
    pub fn reads(self, bytes: &[u8]) -> bool {
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
    fn words_and_names_lead_back() {
        for one in TextEncoding::ALL {
            assert_eq!(TextEncoding::of_word(one.as_str()), Some(one));
            assert_eq!(TextEncoding::of_word(&one.name().to_uppercase()), Some(one));
        }
        for (word, wanted) in [("gbk", "gb18030"), ("sjis", "shift_jis"), ("cp949", "euc-kr"), ("utf16", "utf-16le")] {
            assert_eq!(TextEncoding::of_word(word).map(TextEncoding::as_str), Some(wanted));
        }
        for word in ["", "latin1", "windows-1252", "euc-jp", "utf-7"] {
            assert_eq!(TextEncoding::of_word(word), None, "{word}");
        }
    }

    #[test]
    fn what_an_encoding_lacks_is_named() {
        assert_eq!(&*TextEncoding::Big5.encode("預😀約"), b"\xb9w[U+1F600]\xac\xf9");
        assert_eq!(&*TextEncoding::Utf16be.encode("a😀"), b"\0a\xd8\x3d\xde\0");
    }

    proptest! {
        #[test]
        fn a_cut_is_where_the_text_is_cut(before in "[a-z,預約時間\u{1f600}]{0,12}", behind in "[a-z預約]{0,8}") {
            for one in [TextEncoding::Utf16le, TextEncoding::Utf16be, TextEncoding::Gb18030] {
                let bytes = one.encode(&format!("{before}{behind}")).into_owned();
                prop_assert_eq!(&bytes[..one.length_of(&bytes, before.len())], &*one.encode(&before));
                prop_assert!(one.reads(&bytes));
            }
        }
    }
}
