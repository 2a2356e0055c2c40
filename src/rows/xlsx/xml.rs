//! XML event by event: no event larger than a bound, no document type, entities only of the five that XML has.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use std::io::{BufRead, BufReader, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::flaws;
use super::package::Part;
use crate::rows::record::ReadError;

/// The largest event: a cell's text, an element with its attributes.
const LARGEST: u64 = 16 << 20;

/// A part being read.
pub(super) struct Xml {
    reader: Reader<Bounded>,
    buffer: Vec<u8>,
}

impl Xml {
    pub(super) fn open(part: &Part) -> Self {
        let bounded = Bounded { input: part.open(), left: LARGEST };
        Self { reader: Reader::from_reader(bounded), buffer: Vec::new() }
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Result<Event<'_>, ReadError> {
        self.buffer.clear();
        self.reader.get_mut().left = LARGEST;
        match self.reader.read_event_into(&mut self.buffer).map_err(flaws::damaged)? {
            Event::DocType(_) => Err(flaws::damaged("it declares a document type")),
            event => Ok(event),
        }
    }
}

/// An attribute's value.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.attributes().flatten().find(|one| one.key.local_name().into_inner() == name)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// An attribute by its name with its prefix.
pub(super) fn prefixed(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.attributes().flatten().find(|one| one.key.into_inner() == name)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Adds what an event says in text.
pub(super) fn push_text(event: &Event<'_>, text: &mut String) -> Result<(), ReadError> {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(part),
        Event::GeneralRef(name) => match (name.resolve_char_ref().map_err(flaws::damaged)?, &**name) {
            (Some(c), _) => text.push(c),
            (None, "lt") => text.push('<'),
            (None, "gt") => text.push('>'),
            (None, "amp") => text.push('&'),
            (None, "quot") => text.push('"'),
            (None, "apos") => text.push('\''),
            (None, other) => return Err(flaws::damaged(format!("it names the entity `{other}`"))),
        },
        _ => {}
    }
    if text.len() as u64 > LARGEST {
        return Err(flaws::too_large(&format!("a cell holds more than {} MiB", LARGEST >> 20)));
    }
    Ok(())
}

/// Gives so many bytes and then fails.
struct Bounded {
    input: BufReader<Box<dyn Read + Send>>,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Bounded {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.left == 0 {
            return Err(std::io::Error::other("an element or a text in it is longer than 16 MiB"));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.input.consume(amount);
    }
}
