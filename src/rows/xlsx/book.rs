//! A workbook's table of contents: its sheets, and since when it counts days.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use std::collections::HashMap;

use quick_xml::events::Event;

use super::flaws;
use super::package::{Package, Part};
use super::xml::{Xml, attribute, prefixed};
use crate::diagnostic::near_miss;
use crate::rows::record::ReadError;

/// The most sheets.
const MOST_SHEETS: usize = 10_000;

/// What is known of a workbook before its rows.
pub(super) struct Book {
    /// The chosen sheet's name.
    pub(super) name: String,
    /// The other sheets' names.
    pub(super) others: Vec<String>,
    /// The chosen sheet.
    pub(super) sheet: Part,
    /// Whether days count from 1904.
    pub(super) since_1904: bool,
}

impl Book {
    /// Finds a sheet: the one of that name, else the first that is not hidden.
    pub(super) fn open(package: &mut Package, wanted: Option<&str>) -> Result<Self, ReadError> {
        let contents = package.part("xl/workbook.xml")?.ok_or_else(|| package.refusal())?;
        let (mut sheets, mut since_1904) = (Vec::new(), false);
        let mut xml = Xml::open(&contents);
        loop {
            match xml.next()? {
                Event::Start(element) | Event::Empty(element) => match element.local_name().into_inner() {
                    "workbookPr" => {
                        since_1904 = attribute(&element, "date1904").is_some_and(|text| text == "1" || text == "true");
                    }
                    "sheet" if sheets.len() < MOST_SHEETS => {
                        let hidden = attribute(&element, "state").is_some_and(|state| state != "visible");
                        let name = attribute(&element, "name").unwrap_or_default();
                        sheets.push((name, prefixed(&element, "r:id"), hidden));
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        let names: Vec<String> = sheets.iter().map(|(name, ..)| name.clone()).collect();
        let found = match wanted {
            Some(wanted) => sheets
                .into_iter()
                .find(|(name, ..)| name == wanted)
                .ok_or_else(|| flaws::no_sheet(wanted, &names, near_miss(wanted, names.iter().map(String::as_str))))?,
            None => {
                let seen = sheets.iter().position(|(.., hidden)| !hidden).unwrap_or_default();
                sheets.into_iter().nth(seen).ok_or_else(|| flaws::damaged("it has no sheet"))?
            }
        };
        let targets = targets(package)?;
        let target = found.1.and_then(|id| targets.get(&id).cloned()).unwrap_or("worksheets/sheet1.xml".to_owned());
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        let sheet = package.part(&path)?.ok_or_else(|| flaws::damaged(format!("its part `{path}` is missing")))?;
        let others = names.into_iter().filter(|name| *name != found.0).collect();
        Ok(Self { name: found.0, others, sheet, since_1904 })
    }
}

/// Where the sheets stand, by their ids.
fn targets(package: &mut Package) -> Result<HashMap<String, String>, ReadError> {
    let mut targets = HashMap::new();
    let Some(part) = package.part("xl/_rels/workbook.xml.rels")? else { return Ok(targets) };
    let mut xml = Xml::open(&part);
    loop {
        match xml.next()? {
            Event::Start(element) | Event::Empty(element) if targets.len() < MOST_SHEETS => {
                if let (Some(id), Some(target)) = (attribute(&element, "Id"), attribute(&element, "Target")) {
                    targets.insert(id, target);
                }
            }
            Event::Eof => return Ok(targets),
            _ => {}
        }
    }
}
