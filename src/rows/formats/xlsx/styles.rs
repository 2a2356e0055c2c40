//! The number formats of a workbook's cells, by the number of their style.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::number_format::NumberFormat;
use super::package::Part;
use super::problems;
use super::xml::{Xml, attribute};
use crate::rows::record::ReadError;

/// The most styles, as many as a spreadsheet has.
const MOST: usize = 65_536;
/// The most number formats, many times what a spreadsheet has.
const MOST_FORMATS: usize = 4_096;
/// The longest format code in bytes; a spreadsheet accepts 255 characters. A longer one is not supported.
const LONGEST_CODE: usize = 1_024;

/// A number format.
pub(super) struct Style {
    /// The format code.
    pub(super) code: String,
    pub(super) shape: NumberFormat,
}

/// The number formats by style.
pub(super) struct Styles {
    all: Vec<Arc<Style>>,
    general: Arc<Style>,
}

impl Styles {
    pub(super) fn read(part: Option<&Part>) -> Result<Self, ReadError> {
        let style = |code: &str| Arc::new(Style { code: code.to_owned(), shape: NumberFormat::of(code) });
        let mut this = Self { all: Vec::new(), general: style("General") };
        let Some(part) = part else { return Ok(this) };
        let (mut codes, mut known) = (HashMap::new(), HashMap::new());
        let mut xml = Xml::open(part);
        let mut inside = false;
        loop {
            match xml.next()? {
                Event::Start(element) | Event::Empty(element) => match element.local_name().into_inner() {
                    "numFmt" => {
                        let (id, code) = (number(&element), attribute(&element, "formatCode"));
                        let code = code.map(|code| if code.len() > LONGEST_CODE { TOO_LONG.to_owned() } else { code });
                        codes.extend(id.zip(code));
                    }
                    "cellXfs" => inside = true,
                    "xf" if inside => {
                        let id = number(&element).unwrap_or_default();
                        let code = codes.get(&id).cloned().unwrap_or_else(|| built_in(id).to_owned());
                        this.all.push(Arc::clone(known.entry(id).or_insert_with(|| style(&code))));
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().into_inner() == "cellXfs" => inside = false,
                Event::Eof => return Ok(this),
                _ => {}
            }
            if this.all.len() > MOST || codes.len() > MOST_FORMATS {
                let what = format!("it has more than {MOST} styles or {MOST_FORMATS} number formats");
                return Err(problems::too_large(&what));
            }
        }
    }

    /// The format of a style; the general one if there is none.
    pub(super) fn get(&self, number: Option<usize>) -> Arc<Style> {
        Arc::clone(number.and_then(|number| self.all.get(number)).unwrap_or(&self.general))
    }
}

/// Replaces a code that is too long; it shows no number.
const TOO_LONG: &str = "?0 …";

/// The format id of an element.
fn number(element: &BytesStart<'_>) -> Option<u32> {
    attribute(element, "numFmtId")?.trim().parse().ok()
}

/// The code of a built-in format, which a workbook does not store.
fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 | 13 => "# ?/?",
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        18..=21 | 32..=35 | 55 | 56 => "h:mm:ss",
        22 => "yyyy-mm-dd h:mm",
        37 | 38 => "#,##0_);(#,##0)",
        39 | 40 => "#,##0.00_);(#,##0.00)",
        41 => "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
        // Their currency depends on the computer's region.
        5..=8 | 42 | 44 => "[$currency]?0",
        45 | 47 => "mm:ss",
        46 => "[h]:mm:ss",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    }
}
