//! The shared texts of a workbook, in scratch files so that memory stays bounded.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;

use quick_xml::events::Event;

use super::package::Part;
use super::problems;
use super::xml::{Xml, push_text};
use crate::rows::record::ReadError;

/// The most bytes of shared texts: more than a full sheet of ids and names has.
const MOST_BYTES: u64 = 1 << 30;
/// The most shared texts: 32 for each row of a full sheet.
const MOST_TEXTS: u64 = 1 << 25;

/// The shared texts.
pub(super) struct Strings {
    texts: File,
    /// The end of each text, 8 bytes each.
    ends: File,
    count: u64,
}

impl Strings {
    /// Reads all shared texts.
    ///
    /// # Errors
    ///
    /// They are damaged or too large, or no scratch file can be written.
    pub(super) fn read(part: Option<&Part>) -> Result<Self, ReadError> {
        let scratch = || tempfile::tempfile().map_err(problems::damaged);
        let (mut texts, mut ends) = (BufWriter::new(scratch()?), BufWriter::new(scratch()?));
        let (mut count, mut end) = (0, 0);
        if let Some(part) = part {
            let mut xml = Xml::open(part);
            let mut text = String::new();
            while next_text(&mut xml, &mut text)? {
                end += text.len() as u64;
                count += 1;
                if end > MOST_BYTES || count > MOST_TEXTS {
                    return Err(problems::too_large("its shared texts have more than 1 GiB, or are too many"));
                }
                let written = texts.write_all(text.as_bytes()).and_then(|()| ends.write_all(&end.to_le_bytes()));
                written.map_err(problems::damaged)?;
            }
        }
        let file = |writer: BufWriter<File>| writer.into_inner().map_err(|error| problems::damaged(error.error()));
        Ok(Self { texts: file(texts)?, ends: file(ends)?, count })
    }

    /// The text of an index; `None` if there are fewer.
    ///
    /// # Errors
    ///
    /// A scratch file cannot be read.
    pub(super) fn get(&self, number: u64) -> io::Result<Option<String>> {
        if number >= self.count {
            return Ok(None);
        }
        let start = if number == 0 { 0 } else { self.end(number - 1)? };
        let length = usize::try_from(self.end(number)?.saturating_sub(start)).unwrap_or(0);
        let mut bytes = vec![0; length];
        self.texts.read_exact_at(&mut bytes, start)?;
        Ok(String::from_utf8(bytes).ok())
    }

    fn end(&self, number: u64) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.ends.read_exact_at(&mut bytes, number * 8)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

/// Reads the next `<si>`: its text or that of its runs, without phonetic hints.
fn next_text(xml: &mut Xml, text: &mut String) -> Result<bool, ReadError> {
    text.clear();
    let (mut inside, mut wanted, mut hint) = (false, false, false);
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(element) => match element.local_name().into_inner() {
                "si" => inside = true,
                "rPh" => hint = true,
                "t" => wanted = inside && !hint,
                _ => {}
            },
            Event::Empty(element) if element.local_name().into_inner() == "si" => return Ok(true),
            Event::End(element) => match element.local_name().into_inner() {
                "si" => {
                    unescape(text);
                    return Ok(true);
                }
                "rPh" => hint = false,
                "t" => wanted = false,
                _ => {}
            },
            Event::Eof => return Ok(false),
            other if wanted => push_text(other, text)?,
            _ => {}
        }
    }
}

/// Decodes `_x000D_`, as workbooks write characters that XML lacks.
pub(super) fn unescape(text: &mut String) {
    if !text.contains("_x") {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    *text = out;
}
