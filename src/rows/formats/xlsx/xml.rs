//! Reads XML event by event within bounds: limited size and depth, no document type, only XML's five entities.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::XmlVersion;
use quick_xml::errors::Error;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::package::Part;
use super::problems;
use crate::rows::record::ReadError;

/// The largest event in bytes: a text, an element with its attributes, a comment.
const LARGEST: u64 = 8 << 20;
/// The longest element with its attributes: enough for a selection of single cells.
const LONGEST_ELEMENT: usize = 1 << 20;
/// The longest text of a cell, and of all cells of a row: 128 times what a spreadsheet allows in a cell.
pub(super) const LONGEST_TEXT: usize = 4 << 20;
/// The deepest nesting of elements.
const DEEPEST: usize = 32;

/// Reads the XML of a part.
pub(super) struct Xml {
    reader: Reader<Bounded>,
    buffer: Vec<u8>,
    /// Number of open elements.
    depth: usize,
}

impl Xml {
    pub(super) fn open(part: &Part) -> Self {
        let bounded = Bounded { input: part.open(), left: LARGEST };
        Self { reader: Reader::from_reader(bounded), buffer: Vec::new(), depth: 0 }
    }

    /// The next event. The end is an error while elements are open.
    ///
    /// # Errors
    ///
    /// The XML is malformed or exceeds a bound.
    pub(super) fn next(&mut self) -> Result<Event<'_>, ReadError> {
        self.buffer.clear();
        self.reader.get_mut().left = LARGEST;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(why)?;
        match &event {
            Event::DocType(_) => return Err(problems::damaged("it declares a document type")),
            Event::Start(element) | Event::Empty(element) if element.len() > LONGEST_ELEMENT => {
                return Err(problems::too_large(&format!(
                    "an element in it is longer than {} MiB",
                    LONGEST_ELEMENT >> 20
                )));
            }
            Event::Start(_) if self.depth == DEEPEST => {
                return Err(problems::too_large(&format!("its elements are nested more than {DEEPEST} deep")));
            }
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(problems::damaged("a part of it ends in the middle")),
            _ => {}
        }
        Ok(event)
    }
}

/// Tells an exceeded bound from damage.
fn why(error: Error) -> ReadError {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => problems::too_large(&error.to_string()),
        other => problems::damaged(other),
    }
}

/// An attribute's value, ignoring its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    // Without the check for duplicates, whose time grows with the square of their number.
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    let attribute = attributes.flatten().find(|one| one.key.local_name().into_inner() == name)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The relation id of an element: `r:id` with any prefix.
pub(super) fn related(element: &BytesStart<'_>) -> Option<String> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    let is = |name: &str| name.rsplit_once(':').is_some_and(|(_, local)| local == "id");
    let attribute = attributes.flatten().find(|one| is(one.key.into_inner()))?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Appends the text of an event.
pub(super) fn push_text(event: &Event<'_>, text: &mut String) -> Result<(), ReadError> {
    let longer = match event {
        Event::Text(part) => part.len(),
        Event::CData(part) => part.len(),
        _ => 0,
    };
    if text.len() + longer > LONGEST_TEXT {
        return Err(problems::too_large(&format!("a cell holds more than {} MiB", LONGEST_TEXT >> 20)));
    }
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(part),
        Event::GeneralRef(name) => match (name.resolve_char_ref().map_err(problems::damaged)?, &**name) {
            (Some(c), _) => text.push(c),
            (None, "lt") => text.push('<'),
            (None, "gt") => text.push('>'),
            (None, "amp") => text.push('&'),
            (None, "quot") => text.push('"'),
            (None, "apos") => text.push('\''),
            (None, other) => return Err(problems::damaged(format!("it names the entity `{other}`"))),
        },
        _ => {}
    }
    Ok(())
}

/// Reads a limited number of bytes and then fails.
struct Bounded {
    input: BufReader<Box<dyn Read + Send>>,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Bounded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let what = format!("an element or a text in it is longer than {} MiB", LARGEST >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.input.consume(amount);
    }
}
