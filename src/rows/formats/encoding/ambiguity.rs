//! An encoding that cannot be told: the first cell that would read differently, and how, so that a person can say.

use crate::diagnostic::{Span, plural};
use crate::model::TextEncoding;
use crate::rows::record::{LINE, READS, ReadError};

/// How much of a cell is shown.
const SHOWN: usize = 40;

/// Why an encoding cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rows) enum UnclearReason {
    /// There are only so many different characters beyond ASCII.
    Few(usize),
    /// Several encodings are as good.
    Several,
    /// It is one that is read only where it is named.
    Unnamed,
}

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rows) struct UnclearEncoding {
    pub(in crate::rows) why: UnclearReason,
    /// The line of the sample on which the cell stands, from 0.
    pub(in crate::rows) line: usize,
    /// How the cell reads, in the encodings that may be meant, the likeliest first.
    pub(in crate::rows) readings: Vec<(TextEncoding, String)>,
}

impl UnclearEncoding {
    /// Finds the first cell that these encodings read differently.
    pub(in crate::rows) fn of(why: UnclearReason, sample: &[u8], encodings: &[TextEncoding]) -> Self {
        let takes_utf8 = encodings.contains(&TextEncoding::Utf8);
        let mut best = Self { why, line: 0, readings: Vec::new() };
        for (line, piece) in pieces(sample).filter(|(_, piece)| takes_utf8 || !is_foreign_utf8(piece)) {
            let readings: Vec<(TextEncoding, String)> =
                encodings.iter().map(|one| (*one, shown(&one.decode(piece)))).collect();
            let differ = readings.iter().any(|(_, text)| Some(text) != readings.first().map(|(_, text)| text));
            if best.readings.is_empty() || differ {
                best = Self { line, readings, ..best };
            }
            if differ {
                break;
            }
        }
        best
    }

    /// The first cell of a text of seven bits that changes to a Japanese set.
    pub(in crate::rows) fn of_escapes(sample: &[u8]) -> Self {
        let encoding = TextEncoding::Iso2022Jp;
        let text = encoding.decode(sample);
        let found = pieces(text.as_bytes()).next();
        let (line, piece) = found.unwrap_or_default();
        Self { why: UnclearReason::Unnamed, line, readings: vec![(encoding, shown(&String::from_utf8_lossy(piece)))] }
    }

    /// Whether an encoding may be meant.
    pub(in crate::rows) fn offers(&self, encoding: TextEncoding) -> bool {
        self.readings.iter().any(|(one, _)| *one == encoding)
    }

    /// The error: what is unclear, and the line to write for each encoding. `line` is that on which the sample starts.
    pub(in crate::rows) fn error(&self, line: usize) -> ReadError {
        let names: Vec<&str> = self.readings.iter().map(|(one, _)| one.name()).collect();
        let message = match self.why {
            UnclearReason::Few(count) => format!(
                "The file's encoding cannot be told: {} beyond ASCII (repeated ones counted once) is too little evidence",
                plural(count, "character")
            ),
            UnclearReason::Several => {
                "The file's encoding cannot be told: several read it as well as each other".to_owned()
            }
            UnclearReason::Unnamed if names.len() == 1 => {
                format!("The file is not UTF-8, and {} is read only where it is named", names[0])
            }
            UnclearReason::Unnamed => {
                "The file is not UTF-8, and the encodings that it may be in are read only where they are \
                             named"
                    .to_owned()
            }
        };
        let at = line + self.line;
        let ahead = format!(
            "Write under `rows:` in the playbook, or under the list's name, the line with which the cell on line {at} \
             reads right:"
        );
        let width = self.readings.iter().map(|(one, _)| one.as_str().len()).max().unwrap_or_default();
        let lines = self.readings.iter().map(|(one, text)| format!("{LINE}{:width$}{READS}{text}", one.as_str()));
        ReadError {
            code: "unsure-encoding",
            message,
            help: Some(format!("{ahead}{}", lines.collect::<String>())),
            spot: Some((at, String::new(), Span::new(0, 0))),
        }
    }
}

/// Whether a piece that is not ASCII is UTF-8, with a character in it of those that no other encoding makes by chance.
pub(in crate::rows) fn is_foreign_utf8(piece: &[u8]) -> bool {
    std::str::from_utf8(piece).is_ok_and(|text| text.chars().any(|c| c.len_utf8() >= 3 && c != '\u{feff}'))
}

/// The cells of a text that are not ASCII, with the lines on which they stand, from 0.
pub(in crate::rows) fn pieces(sample: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    // None of these bytes is ever part of another character.
    let parts = |byte: &u8| matches!(byte, b',' | b';' | b'\t' | b'"' | b'\r');
    let lines = sample.split(|byte| *byte == b'\n').enumerate();
    let all = lines.flat_map(move |(line, text)| text.split(parts).map(move |piece| (line, piece)));
    all.filter(|(_, piece)| !piece.is_ascii())
}

/// A cell's first characters.
fn shown(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
