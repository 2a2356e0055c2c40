//! The part of a file that is in memory, as UTF-8: from the start of the current record on, read further as asked for.

use crate::rows::record::{ReadError, other_format, unreadable};
use std::cell::Cell;
use std::io::{self, Read};

use super::decoder::RecordDecoder;
use super::detection::{Detection, detect, has_escapes};
use crate::model::TextEncoding;

/// How much is read at a time, and how much the encoding is told from.
const CHUNK: usize = 64 << 10;
/// How many cells that are no text are read in other encodings.
const READINGS: u32 = 100;

/// A window on a file's text. Places are counted from the start of the current record.
pub(in crate::rows) struct TextWindow<R> {
    input: R,
    /// What was read last, before it joins `buffer`.
    chunk: Box<[u8]>,
    buffer: Vec<u8>,
    /// Where the current record starts in `buffer`.
    start: usize,
    at_end: bool,
    /// What stopped the reading, until what was read before is used up.
    failed: Option<io::Error>,
    text: TextDecoding,
    bom: bool,
    told: bool,
    /// The encoding that is meant where the bytes do not tell, as for a file that a run wrote.
    fallback: Option<TextEncoding>,
    /// How many more cells are read in other encodings than the file's, for messages.
    readings_left: Cell<u32>,
    /// Line ends so far, while all was plain ASCII.
    lines: usize,
    forgetful: bool,
    /// The file's own bytes that were gone over, where somebody wants them.
    trail: Option<Vec<u8>>,
}

/// How the file's bytes are text.
enum TextDecoding {
    /// They are UTF-8, or so it is said.
    Plain,
    /// Plain ASCII so far.
    Open,
    /// They are decoded.
    RecordDecoder(Box<RecordDecoder>),
}

impl<R: Read> TextWindow<R> {
    /// A window at the start of a file. Where its encoding is not given, it is told from the first bytes, or, where
    /// these are plain ASCII, from the first that are not.
    pub(in crate::rows) fn open(input: R, encoding: Option<TextEncoding>) -> Result<Self, ReadError> {
        Self::open_with_fallback(input, encoding, None)
    }

    /// The same for a file that was written in the encoding `fallback`: that one is meant where the bytes do not tell.
    pub(in crate::rows) fn open_with_fallback(
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
            told: encoding.is_none(),
            fallback,
            readings_left: Cell::new(READINGS),
            lines: 0,
            forgetful: false,
            trail: None,
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

    /// The encoding that a sample tells; none where it is plain ASCII.
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

    /// Counts the lines ahead of what tells the encoding.
    fn count_lines(&mut self, bytes: &[u8]) {
        if matches!(self.text, TextDecoding::Open) {
            self.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        }
    }

    /// The encoding of the mark and the declared one must not contradict each other.
    fn agreed(declared: Option<TextEncoding>, mark: Option<TextEncoding>) -> Result<Option<TextEncoding>, ReadError> {
        match (declared, mark) {
            (Some(declared), Some(mark)) if declared != mark && !(declared.is_wide() && mark.is_wide()) => {
                Err(other_mark(declared, mark))
            }
            (declared, mark) => Ok(mark.or(declared)),
        }
    }

    /// Keeps no bytes of records from now on; `advance` may then stop anywhere.
    pub(in crate::rows) fn forget_bytes(&mut self) {
        self.forgetful = true;
        if let TextDecoding::RecordDecoder(decoded) = &mut self.text {
            decoded.forget_bytes();
        }
    }

    /// The file's encoding, as far as is known: plain ASCII so far counts as UTF-8.
    pub(in crate::rows) fn encoding(&self) -> TextEncoding {
        match &self.text {
            TextDecoding::RecordDecoder(decoded) => decoded.encoding(),
            TextDecoding::Plain | TextDecoding::Open => TextEncoding::Utf8,
        }
    }

    /// Whether the encoding was told from the bytes.
    pub(in crate::rows) fn is_told(&self) -> bool {
        self.told
    }

    /// Whether the file opens with a byte-order mark.
    pub(in crate::rows) fn has_mark(&self) -> bool {
        self.bom
    }

    /// What is in memory of the current record and what follows it.
    pub(in crate::rows) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The file's own bytes for the current record, where they are not its text.
    pub(in crate::rows) fn raw(&self, length: usize) -> Option<&[u8]> {
        match &self.text {
            TextDecoding::RecordDecoder(decoded) => Some(decoded.raw(&self.buffer[self.start..self.start + length])),
            TextDecoding::Plain | TextDecoding::Open => None,
        }
    }

    /// The first bytes of the current record that are no text in the file's encoding, and where they stand in for.
    pub(in crate::rows) fn bad(&self, length: usize) -> Option<(usize, &[u8])> {
        match &self.text {
            TextDecoding::RecordDecoder(decoded) => decoded.bad(length),
            TextDecoding::Plain | TextDecoding::Open => None,
        }
    }

    /// Whether a cell that is no text is still read in other encodings: of very many such cells, the first tell.
    pub(in crate::rows) fn reads_otherwise(&self) -> bool {
        let left = self.readings_left.get();
        self.readings_left.set(left.saturating_sub(1));
        left > 0
    }

    /// Keeps the bytes that are gone over from now on, the file's byte-order mark ahead.
    pub(in crate::rows) fn keep_trail(&mut self) {
        let mark = if self.bom { self.encoding().encode("\u{feff}").into_owned() } else { Vec::new() };
        self.trail = Some(mark);
    }

    /// Whether the bytes that are gone over are kept.
    pub(in crate::rows) fn has_trail(&self) -> bool {
        self.trail.is_some()
    }

    /// How many bytes of the trail were not taken yet.
    pub(in crate::rows) fn trail_length(&self) -> usize {
        self.trail.as_ref().map_or(0, Vec::len)
    }

    /// Takes the trail so far.
    pub(in crate::rows) fn take_trail(&mut self) -> Vec<u8> {
        self.trail.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn leave_trail(&mut self, length: usize) {
        let Some(trail) = &mut self.trail else { return };
        let text = &self.buffer[self.start..self.start + length];
        match &self.text {
            TextDecoding::RecordDecoder(decoded) if self.forgetful => {
                trail.extend_from_slice(&decoded.encoding().encode(&String::from_utf8_lossy(text)));
            }
            TextDecoding::RecordDecoder(decoded) => trail.extend_from_slice(decoded.raw(text)),
            TextDecoding::Plain | TextDecoding::Open => trail.extend_from_slice(text),
        }
    }

    /// Ends the current record; the next starts so far behind it, behind a line end or at the end.
    pub(in crate::rows) fn advance(&mut self, length: usize) {
        self.leave_trail(length);
        if let TextDecoding::RecordDecoder(decoded) = &mut self.text {
            decoded.advance(&self.buffer[self.start..self.start + length]);
        }
        self.start += length;
    }

    /// Reads more; false where there is no more.
    pub(in crate::rows) fn fill(&mut self) -> Result<bool, ReadError> {
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
        // The end may still give what stands for half a character.
        Ok(self.buffer.len() > before || !self.at_end)
    }

    /// All was plain ASCII and the chunk is not: it tells the encoding, with the one behind it.
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

    /// The next chunk, to tell an encoding from.
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
            return Err(unreadable(&error));
        }
        let mut read = 0;
        while read < self.chunk.len() && !self.at_end {
            match self.input.read(&mut self.chunk[read..]) {
                Ok(0) => self.at_end = true,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if read == 0 => return Err(unreadable(&error)),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        Ok(read)
    }

    /// A byte, read if need be; `None` behind the end.
    pub(in crate::rows) fn byte(&mut self, at: usize) -> Result<Option<u8>, ReadError> {
        loop {
            if let Some(&byte) = self.buffer.get(self.start + at) {
                return Ok(Some(byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The first byte from `at` on that is wanted, or the end; `None` where it lies behind `limit`.
    pub(in crate::rows) fn find(
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

/// The encoding that a byte-order mark names, and the mark's length.
fn marked(head: &[u8]) -> (Option<TextEncoding>, usize) {
    match head {
        [0xef, 0xbb, 0xbf, ..] => (Some(TextEncoding::Utf8), 3),
        [0xff, 0xfe, ..] => (Some(TextEncoding::Utf16le), 2),
        [0xfe, 0xff, ..] => (Some(TextEncoding::Utf16be), 2),
        _ => (None, 0),
    }
}

fn utf32() -> ReadError {
    other_format("The file is UTF-32", "Save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")")
}

fn other_mark(declared: TextEncoding, mark: TextEncoding) -> ReadError {
    let message = format!("The playbook says `encoding: {}`, and the file opens as {}", declared.as_str(), mark.name());
    other_format(&message, &format!("Take `encoding` out of the playbook, or write `encoding: {}`", mark.as_str()))
}
