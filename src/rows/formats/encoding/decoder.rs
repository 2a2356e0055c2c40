//! Decodes another encoding to UTF-8 piece by piece, and keeps the current record's bytes.

use std::collections::VecDeque;

use encoding_rs::{Decoder, DecoderResult};

use crate::model::TextEncoding;

/// Replaces bytes that cannot be decoded.
const STAND_IN: &str = "\u{fffd}";

/// A decoder, with the source bytes from the start of the current record on.
pub(super) struct RecordDecoder {
    encoding: TextEncoding,
    decoder: Decoder,
    /// For single-byte encodings, the characters of the bytes 0x80 to 0xFF.
    single: Option<Box<[Option<char>]>>,
    raw: Vec<u8>,
    /// Where the current record starts in `raw`.
    start: usize,
    forgetful: bool,
    /// Bytes of text consumed and produced since the start of the file.
    taken: u64,
    made: u64,
    /// Bytes that could not be decoded, with the place of their replacement in the file's text.
    bad: VecDeque<(u64, Vec<u8>)>,
}

impl RecordDecoder {
    /// A decoder for what follows the ASCII bytes `before`.
    pub(super) fn new(encoding: TextEncoding, before: &[u8]) -> Self {
        Self {
            encoding,
            decoder: encoding.encoding().new_decoder_without_bom_handling(),
            single: encoding.is_single().then(|| (0x80..=0xff).map(|byte| encoding.char_of(byte)).collect()),
            raw: before.to_vec(),
            start: 0,
            forgetful: false,
            taken: 0,
            made: before.len() as u64,
            bad: VecDeque::new(),
        }
    }

    pub(super) fn encoding(&self) -> TextEncoding {
        self.encoding
    }

    /// Stops keeping source bytes.
    pub(super) fn forget_bytes(&mut self) {
        self.forgetful = true;
        self.raw = Vec::new();
        self.start = 0;
    }

    /// Decodes bytes and appends them to `text`; `last` at the end of the file.
    pub(super) fn push(&mut self, bytes: &[u8], last: bool, text: &mut Vec<u8>) {
        self.raw.drain(..self.start);
        self.start = 0;
        if !self.forgetful {
            self.raw.extend_from_slice(bytes);
        }
        if let Some(single) = self.single.take() {
            self.push_single(&single, bytes, text);
            self.single = Some(single);
            return;
        }
        let mut rest = bytes;
        loop {
            let from = text.len();
            let room = self.decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 3);
            text.resize(from + room.max(16), 0);
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut text[from..], last);
            text.truncate(from + written);
            self.made += written as u64;
            let done = &rest[..read];
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, behind) => {
                    // The sequence may have begun in an earlier piece; its end is enough for the message.
                    let end = done.len().saturating_sub(usize::from(behind));
                    let start = end.saturating_sub(usize::from(length));
                    self.bad.push_back((self.made, done[start..end].to_vec()));
                    text.extend_from_slice(STAND_IN.as_bytes());
                    self.made += STAND_IN.len() as u64;
                }
            }
        }
    }

    /// Decodes bytes of a single-byte encoding.
    fn push_single(&mut self, single: &[Option<char>], bytes: &[u8], text: &mut Vec<u8>) {
        let before = text.len();
        for byte in bytes {
            if byte.is_ascii() {
                text.push(*byte);
                continue;
            }
            let found = single[usize::from(*byte & 0x7f)];
            if found.is_none() {
                self.bad.push_back((self.made + (text.len() - before) as u64, vec![*byte]));
            }
            let char = found.unwrap_or(char::REPLACEMENT_CHARACTER);
            text.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.made += (text.len() - before) as u64;
    }

    /// The source bytes of the current record's text. A line end is never part of another character in these encodings,
    /// so bytes and text hold the same number of line ends.
    pub(super) fn raw(&self, text: &[u8]) -> &[u8] {
        let bytes = &self.raw[self.start..];
        &bytes[..self.length(bytes, text)]
    }

    /// Moves behind a text that ends with a line end or the file.
    pub(super) fn advance(&mut self, text: &[u8]) {
        self.start += self.length(&self.raw[self.start..], text);
        self.taken += text.len() as u64;
        while self.bad.front().is_some_and(|(at, _)| *at < self.taken) {
            self.bad.pop_front();
        }
    }

    /// The first bytes of the current record that could not be decoded, with the place of their replacement.
    pub(super) fn bad(&self, length: usize) -> Option<(usize, &[u8])> {
        let (at, bytes) = self.bad.front()?;
        let at = usize::try_from(at - self.taken).ok()?;
        (at < length).then_some((at, bytes.as_slice()))
    }

    fn length(&self, bytes: &[u8], text: &[u8]) -> usize {
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let ends = text.last().is_some_and(is_break);
        // Counts up to the line end that closes the text, or the one behind it.
        let wanted = text.iter().filter(|byte| is_break(byte)).count() - usize::from(ends);
        let (width, found) = if self.encoding == TextEncoding::Utf16le {
            let pairs = bytes.chunks_exact(2).enumerate();
            (2, pairs.filter(|(_, pair)| pair[1] == 0 && is_break(&pair[0])).nth(wanted))
        } else if self.encoding == TextEncoding::Utf16be {
            let pairs = bytes.chunks_exact(2).enumerate();
            (2, pairs.filter(|(_, pair)| pair[0] == 0 && is_break(&pair[1])).nth(wanted))
        } else {
            (1, bytes.chunks_exact(1).enumerate().filter(|(_, one)| is_break(&one[0])).nth(wanted))
        };
        match found {
            Some((at, _)) => (at + usize::from(ends)) * width,
            None => bytes.len(),
        }
    }
}
