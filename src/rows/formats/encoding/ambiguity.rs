//! An encoding that cannot be detected for sure: the first cell that reads differently, for a person to decide.

use crate::diagnostic::{Span, plural};
use crate::model::TextEncoding;
use crate::rows::record::{ENCODING_LINE, READING_MARK, ReadError};

/// The most characters of a cell that are shown.
const SHOWN: usize = 40;

/// Why an encoding cannot be detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnclearReason {
    /// Too few different characters beyond ASCII; their number.
    Few(usize),
    /// Several encodings are about equally likely.
    Several,
    /// The likely encodings are only read if they are declared.
    Unnamed,
}

/// What a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnclearEncoding {
    pub(super) why: UnclearReason,
    /// The line of the cell in the sample, from 0.
    pub(super) line: usize,
    /// How the cell reads in each possible encoding, the likeliest first.
    pub(super) readings: Vec<(TextEncoding, String)>,
}

impl UnclearEncoding {
    /// Finds the first cell that the encodings read differently.
    pub(super) fn of(why: UnclearReason, sample: &[u8], encodings: &[TextEncoding]) -> Self {
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

    /// The question for an ASCII text with the escapes of ISO-2022-JP.
    pub(super) fn of_escapes(sample: &[u8]) -> Self {
        let encoding = TextEncoding::Iso2022Jp;
        let text = encoding.decode(sample);
        let found = pieces(text.as_bytes()).next();
        let (line, piece) = found.unwrap_or_default();
        Self { why: UnclearReason::Unnamed, line, readings: vec![(encoding, shown(&String::from_utf8_lossy(piece)))] }
    }

    /// Whether an encoding is among the possible ones.
    pub(super) fn offers(&self, encoding: TextEncoding) -> bool {
        self.readings.iter().any(|(one, _)| *one == encoding)
    }

    /// The error, with the line to write for each encoding. `line` is the file's line on which the sample starts.
    pub(super) fn error(&self, line: usize) -> ReadError {
        let names: Vec<&str> = self.readings.iter().map(|(one, _)| one.name()).collect();
        let message = match self.why {
            UnclearReason::Few(count) => format!(
                "The file's encoding is unclear: {} beyond ASCII (repeated ones counted once) is too little evidence",
                plural(count, "character")
            ),
            UnclearReason::Several => {
                "The file's encoding is unclear: several encodings fit it equally well".to_owned()
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
        let lines = self
            .readings
            .iter()
            .map(|(one, text)| format!("{ENCODING_LINE}{:width$}{READING_MARK}{text}", one.as_str()));
        ReadError {
            code: "unsure-encoding",
            message,
            help: Some(format!("{ahead}{}", lines.collect::<String>())),
            place: Some((at, String::new(), Span::new(0, 0))),
        }
    }
}

/// Whether a piece is UTF-8 for sure: it holds a character of three bytes, which other encodings hardly give by chance.
pub(super) fn is_foreign_utf8(piece: &[u8]) -> bool {
    std::str::from_utf8(piece).is_ok_and(|text| text.chars().any(|c| c.len_utf8() >= 3 && c != '\u{feff}'))
}

/// The cells of a text that are not ASCII, each with its line from 0.
pub(super) fn pieces(sample: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    // In no supported encoding is one of these bytes part of another character.
    let parts = |byte: &u8| matches!(byte, b',' | b';' | b'\t' | b'"' | b'\r');
    let lines = sample.split(|byte| *byte == b'\n').enumerate();
    let all = lines.flat_map(move |(line, text)| text.split(parts).map(move |piece| (line, piece)));
    all.filter(|(_, piece)| !piece.is_ascii())
}

/// The first characters of a cell.
fn shown(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
