//! The kinds of sheets. Only sheets of cells have rows.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use quick_xml::events::Event;

use super::package::Part;
use super::problems;
use super::xml::Xml;
use crate::rows::record::ReadError;

/// The kind of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SheetKind {
    /// A sheet of cells.
    Rows,
    /// A chart that fills a sheet.
    Chart,
    /// A dialog of Excel 5.
    Dialog,
    /// Macros of Excel 4.
    Macro,
}

impl SheetKind {
    /// The kind by a relation's type.
    pub(super) fn of_relation(kind: &str) -> Self {
        match kind {
            "chartsheet" => Self::Chart,
            "dialogsheet" => Self::Dialog,
            "xlMacrosheet" | "xlIntlMacrosheet" => Self::Macro,
            _ => Self::Rows,
        }
    }

    /// The kind by the root element of the part.
    ///
    /// # Errors
    ///
    /// The part is damaged, or no sheet.
    pub(super) fn of_part(part: &Part) -> Result<Self, ReadError> {
        let mut xml = Xml::open(part);
        loop {
            match xml.next()? {
                Event::Start(root) | Event::Empty(root) => {
                    return match root.local_name().into_inner() {
                        "worksheet" => Ok(Self::Rows),
                        "chartsheet" => Ok(Self::Chart),
                        "dialogsheet" => Ok(Self::Dialog),
                        "macrosheet" => Ok(Self::Macro),
                        other => Err(problems::damaged(format!("a sheet of it is a `{other}`"))),
                    };
                }
                Event::Eof => return Err(problems::damaged("a sheet of it is empty")),
                _ => {}
            }
        }
    }

    /// The name that messages use.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rows => "sheet of cells",
            Self::Chart => "chart sheet",
            Self::Dialog => "dialog sheet",
            Self::Macro => "macro sheet",
        }
    }
}
