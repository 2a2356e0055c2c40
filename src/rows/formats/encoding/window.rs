//! The part of a file in memory as UTF-8, from the start of the current record on; more is read on demand.

use crate::rows::record::ReadError;
use std::cell::Cell;
use std::io::{self, Read};

use super::decoder::RecordDecoder;
use super::detection::{Detection, detect, has_escapes};
use crate::model::TextEncoding;

/// Bytes read at a time. The encoding is detected from one such chunk or two.
const CHUNK: usize = 64 << 10;
/// The most undecodable cells whose readings in other encodings are shown.
const READINGS: u32 = 100;

/// A window on a file's text. Offsets count from the start of the current record.
pub(in crate::rows::formats) struct TextWindow<R> {
    input: R,
    /// The bytes read last, before they are decoded into `buffer`.
    chunk: Box<[u8]>,
    buffer: Vec<u8>,
    /// Where the current record starts in `buffer`.
    start: usize,
    at_end: bool,
    /// A read error, kept until the bytes before it are used.
    failed: Option<io::Error>,
    text: TextDecoding,
    bom: bool,
    detected: bool,
    /// The encoding to assume if the bytes do not decide it.
    fallback: Option<TextEncoding>,
    /// How many more cells are read in other encodings for messages.
    readings_left: Cell<u32>,
    /// Line ends so far, while everything was ASCII.
    lines: usize,
    forgetful: bool,
    /// The file's bytes consumed since they were last taken; `None` if they are not kept.
    source: Option<Vec<u8>>,
}

/// How bytes become text.
enum TextDecoding {
    /// They are UTF-8, detected or declared.
    Plain,
    /// All were ASCII so far; the encoding is still open.
    Open,
    /// They are decoded from another encoding.
    RecordDecoder(Box<RecordDecoder>),
}

impl<R: Read> TextWindow<R> {
    /// A window at the start of a file. Without an `encoding`, it is detected from the first bytes that are not ASCII.
    ///
    /// # Errors
    ///
    /// The file cannot be read, its encoding is unclear or unsupported, or its mark contradicts the declared one.
    pub(in crate::rows::formats) fn open(input: R, encoding: Option<TextEncoding>) -> Result<Self, ReadError> {
        Self::open_with_fallback(input, encoding, None)
    }

    /// Like `open`, with an encoding to assume if the bytes do not decide it.
    pub(in crate::rows::formats) fn open_with_fallback(
        input: R,
        encoding: Option<TextEncoding>,
        fallback: Option<TextEncoding>,
    ) -> Result<Self, ReadError> {
        let mut this = Self {
            input,
            chunk: vec![0; CHUNK].into(),
            buffer: Vec::new(),
            start: 0,
            at_end: false,
            failed: None,
            text: TextDecoding::Open,
            bom: false,
            detected: encoding.is_none(),
            fallback,
            readings_left: Cell::new(READINGS),
            lines: 0,
            forgetful: false,
            source: None,
        };
        let mut head = this.sample()?;
        if head.starts_with(&[0xff, 0xfe, 0, 0]) || head.starts_with(&[0, 0, 0xfe, 0xff]) {
            return Err(utf32());
        }
        let (mark, length) = marked(&head);
        let encoding = Self::agreed(encoding, mark)?;
        this.bom = mark.is_some();
        head.drain(..length);
        match encoding.map_or_else(|| this.guessed(&head), |one| Ok(Some(one)))? {
            None => {}
            Some(TextEncoding::Utf8) => this.text = TextDecoding::Plain,
            Some(other) => this.text = TextDecoding::RecordDecoder(Box::new(RecordDecoder::new(other, &[]))),
        }
        this.count_lines(&head);
        this.take_in(&head);
        Ok(this)
    }

    /// The encoding detected from a sample; `None` if it is ASCII.
    fn guessed(&self, sample: &[u8]) -> Result<Option<TextEncoding>, ReadError> {
        match detect(sample) {
            Detection::Ascii => Ok(None),
            Detection::Is(one) => Ok(Some(one)),
            Detection::Utf32 => Err(utf32()),
            Detection::Unclear(unclear) => match self.fallback.filter(|one| unclear.offers(*one)) {
                Some(fallback) => Ok(Some(fallback)),
                None => Err(unclear.error(self.lines + 1)),
            },
        }
    }

    /// Counts lines while the encoding is still open.
    fn count_lines(&mut self, bytes: &[u8]) {
        if matches!(self.text, TextDecoding::Open) {
            self.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        }
    }

    /// The encoding, if its byte-order mark and the declared one agree.
    fn agreed(declared: Option<TextEncoding>, mark: Option<TextEncoding>) -> Result<Option<TextEncoding>, ReadError> {
        match (declared, mark) {
            (Some(declared), Some(mark)) if declared != mark && !(declared.is_wide() && mark.is_wide()) => {
                Err(other_mark(declared, mark))
            }
            (declared, mark) => Ok(mark.or(declared)),
        }
    }

    /// Stops keeping the bytes of records; `advance` may then stop anywhere.
    pub(in crate::rows::formats) fn forget_bytes(&mut self) {
        self.forgetful = true;
        if let TextDecoding::RecordDecoder(decoded) = &mut self.text {
            decoded.forget_bytes();
        }
    }

    /// The file's encoding as far as known; ASCII so far counts as UTF-8.
    pub(in crate::rows::formats) fn encoding(&self) -> TextEncoding {
        match &self.text {
            TextDecoding::RecordDecoder(decoded) => decoded.encoding(),
            TextDecoding::Plain | TextDecoding::Open => TextEncoding::Utf8,
        }
    }

    /// Whether the encoding was detected rather than declared.
    pub(in crate::rows::formats) fn is_detected(&self) -> bool {
        self.detected
    }

    /// Whether the file opens with a byte-order mark.
    pub(in crate::rows::formats) fn has_mark(&self) -> bool {
        self.bom
    }

    /// The text in memory from the start of the current record on.
    pub(in crate::rows::formats) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The source bytes of the current record; `None` if they are its text.
    pub(in crate::rows::formats) fn raw(&self, length: usize) -> Option<&[u8]> {
        match &self.text {
            TextDecoding::RecordDecoder(decoded) => Some(decoded.raw(&self.buffer[self.start..self.start + length])),
            TextDecoding::Plain | TextDecoding::Open => None,
        }
    }

    /// The first bytes of the current record that could not be decoded, with the place of their replacement.
    pub(in crate::rows::formats) fn bad(&self, length: usize) -> Option<(usize, &[u8])> {
        match &self.text {
            TextDecoding::RecordDecoder(decoded) => decoded.bad(length),
            TextDecoding::Plain | TextDecoding::Open => None,
        }
    }

    /// Whether to read an undecodable cell in other encodings. Each call counts against the limit.
    pub(in crate::rows::formats) fn reads_otherwise(&self) -> bool {
        let left = self.readings_left.get();
        self.readings_left.set(left.saturating_sub(1));
        left > 0
    }

    /// Starts keeping the consumed bytes, the byte-order mark first.
    pub(in crate::rows::formats) fn keep_source(&mut self) {
        let mark = if self.bom { self.encoding().encode("\u{feff}").into_owned() } else { Vec::new() };
        self.source = Some(mark);
    }

    /// Whether the consumed bytes are kept.
    pub(in crate::rows::formats) fn keeps_source(&self) -> bool {
        self.source.is_some()
    }

    /// Number of kept bytes that were not taken yet.
    pub(in crate::rows::formats) fn source_length(&self) -> usize {
        self.source.as_ref().map_or(0, Vec::len)
    }

    /// Takes the kept bytes.
    pub(in crate::rows::formats) fn take_source(&mut self) -> Vec<u8> {
        self.source.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn note_source(&mut self, length: usize) {
        let Some(source) = &mut self.source else { return };
        let text = &self.buffer[self.start..self.start + length];
        match &self.text {
            TextDecoding::RecordDecoder(decoded) if self.forgetful => {
                source.extend_from_slice(&decoded.encoding().encode(&String::from_utf8_lossy(text)));
            }
            TextDecoding::RecordDecoder(decoded) => source.extend_from_slice(decoded.raw(text)),
            TextDecoding::Plain | TextDecoding::Open => source.extend_from_slice(text),
        }
    }

    /// Ends the current record. The next one starts `length` bytes further, behind a line end or at the end.
    pub(in crate::rows::formats) fn advance(&mut self, length: usize) {
        self.note_source(length);
        if let TextDecoding::RecordDecoder(decoded) = &mut self.text {
            decoded.advance(&self.buffer[self.start..self.start + length]);
        }
        self.start += length;
    }

    /// Reads more text; `false` at the end.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or its encoding is unclear.
    pub(in crate::rows::formats) fn fill(&mut self) -> Result<bool, ReadError> {
        if self.at_end {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let before = self.buffer.len();
        let read = self.read_chunk()?;
        let tells = |chunk: &[u8]| !chunk.is_ascii() || has_escapes(chunk);
        if matches!(self.text, TextDecoding::Open) && tells(&self.chunk[..read]) {
            self.decide(read)?;
        } else {
            let chunk = std::mem::take(&mut self.chunk);
            self.count_lines(&chunk[..read]);
            self.take_in(&chunk[..read]);
            self.chunk = chunk;
        }
        // At the end, a replacement for half a character may still be added.
        Ok(self.buffer.len() > before || !self.at_end)
    }

    /// Detects the encoding from the first chunk that is not ASCII, and the chunk behind it.
    fn decide(&mut self, read: usize) -> Result<(), ReadError> {
        let mut sample = self.chunk[..read].to_vec();
        if self.failed.is_none() {
            sample.extend_from_slice(&self.sample()?);
        }
        self.text = match self.guessed(&sample)? {
            None | Some(TextEncoding::Utf8) => TextDecoding::Plain,
            Some(other) => TextDecoding::RecordDecoder(Box::new(RecordDecoder::new(other, &self.buffer))),
        };
        if self.forgetful {
            self.forget_bytes();
        }
        self.take_in(&sample);
        Ok(())
    }

    /// Reads the next chunk as a sample for detection.
    fn sample(&mut self) -> Result<Vec<u8>, ReadError> {
        let read = self.read_chunk()?;
        Ok(self.chunk[..read].to_vec())
    }

    fn take_in(&mut self, bytes: &[u8]) {
        match &mut self.text {
            TextDecoding::RecordDecoder(decoded) => decoded.push(bytes, self.at_end, &mut self.buffer),
            TextDecoding::Plain | TextDecoding::Open => self.buffer.extend_from_slice(bytes),
        }
    }

    /// Fills the chunk as far as there is input.
    fn read_chunk(&mut self) -> Result<usize, ReadError> {
        if let Some(error) = self.failed.take() {
            return Err(ReadError::unreadable(&error));
        }
        let mut read = 0;
        while read < self.chunk.len() && !self.at_end {
            match self.input.read(&mut self.chunk[read..]) {
                Ok(0) => self.at_end = true,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if read == 0 => return Err(ReadError::unreadable(&error)),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        Ok(read)
    }

    /// The byte at `at`, read if needed; `None` behind the end.
    pub(in crate::rows::formats) fn byte(&mut self, at: usize) -> Result<Option<u8>, ReadError> {
        loop {
            if let Some(&byte) = self.buffer.get(self.start + at) {
                return Ok(Some(byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The place of the first wanted byte from `at` on, or of the end; `None` if it lies behind `limit`.
    pub(in crate::rows::formats) fn find(
        &mut self,
        mut at: usize,
        limit: usize,
        wanted: impl Fn(u8) -> bool,
    ) -> Result<Option<usize>, ReadError> {
        loop {
            let rest = self.buffer.get(self.start + at..).unwrap_or_default();
            match rest.iter().position(|&byte| wanted(byte)) {
                Some(found) => return Ok(Some(at + found)),
                None => at += rest.len(),
            }
            if at > limit {
                return Ok(None);
            }
            if !self.fill()? {
                return Ok(Some(at));
            }
        }
    }
}

/// The encoding of a byte-order mark, and the mark's length in bytes.
fn marked(head: &[u8]) -> (Option<TextEncoding>, usize) {
    match head {
        [0xef, 0xbb, 0xbf, ..] => (Some(TextEncoding::Utf8), 3),
        [0xff, 0xfe, ..] => (Some(TextEncoding::Utf16le), 2),
        [0xfe, 0xff, ..] => (Some(TextEncoding::Utf16be), 2),
        _ => (None, 0),
    }
}

fn utf32() -> ReadError {
    ReadError::new("bad-encoding", "The file is UTF-32", "Save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")")
}

fn other_mark(declared: TextEncoding, mark: TextEncoding) -> ReadError {
    let message = format!("The playbook says `encoding: {}`, and the file opens as {}", declared.as_str(), mark.name());
    ReadError::new(
        "bad-encoding",
        &message,
        &format!("Take `encoding` out of the playbook, or write `encoding: {}`", mark.as_str()),
    )
}
