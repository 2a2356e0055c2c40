//! A workbook's contents: its sheets, its date system, and whether its saved values are valid.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use quick_xml::events::{BytesStart, Event};

use super::package::{Package, Part};
use super::problems;
use super::relations::Relations;
use super::sheet_kind::SheetKind;
use super::xml::{Xml, attribute, related};
use crate::diagnostic::near_miss;
use crate::rows::record::ReadError;

/// The most sheets.
const MOST_SHEETS: usize = 10_000;
/// The longest name of a sheet, in bytes; a spreadsheet takes 31 characters.
const LONGEST_NAME: usize = 1_024;

/// A workbook's parts and settings, with the chosen sheet.
pub(super) struct Workbook {
    /// The chosen sheet's name.
    pub(super) name: String,
    /// The names of the other sheets that have rows.
    pub(super) others: Vec<String>,
    /// The chosen sheet.
    pub(super) sheet: Part,
    /// The shared texts.
    pub(super) strings: Option<Part>,
    /// The number formats.
    pub(super) styles: Option<Part>,
    /// Whether days count from 1904.
    pub(super) since_1904: bool,
    /// The setting that asks for formulas to be recalculated; `None` if their saved values are valid.
    pub(super) stale: Option<&'static str>,
}

/// The contents of the workbook's main part.
#[derive(Default)]
struct WorkbookContents {
    sheets: Vec<ListedSheet>,
    since_1904: bool,
    stale: Option<&'static str>,
}

/// A sheet in the workbook's list.
struct ListedSheet {
    name: String,
    id: Option<String>,
    hidden: bool,
}

impl Workbook {
    /// Opens a workbook and chooses a sheet: the one named `wanted`, or the first visible one with rows.
    ///
    /// # Errors
    ///
    /// The workbook is damaged, or no sheet can be chosen.
    pub(super) fn open(package: &mut Package, wanted: Option<&str>) -> Result<Self, ReadError> {
        let path = Relations::of(package, "")?.of_kind("officeDocument").map(str::to_owned);
        let path = path.unwrap_or("xl/workbook.xml".to_owned());
        let contents = match package.part(&path)?.filter(|_| path.ends_with(".xml")) {
            Some(part) => WorkbookContents::read(&part)?.ok_or_else(|| package.refusal())?,
            None => return Err(package.refusal()),
        };
        let relations = Relations::of(package, &path)?;
        let WorkbookContents { sheets, since_1904, stale } = contents;
        if sheets.is_empty() {
            return Err(problems::damaged("it has no sheet"));
        }
        let mut find = SheetFinder { package, relations: &relations, only: sheets.len() == 1 };
        let with_rows = |hidden: bool| -> Vec<String> {
            let these = sheets.iter().filter(|one| one.kind(&relations) == SheetKind::Rows && (hidden || !one.hidden));
            these.map(|one| one.name.clone()).collect()
        };
        let (name, sheet) = match wanted {
            Some(wanted) => {
                let names: Vec<&str> = sheets.iter().map(|one| one.name.as_str()).collect();
                let found = sheets.iter().find(|one| one.name == wanted);
                let found = found.ok_or_else(|| {
                    problems::no_sheet(wanted, &with_rows(true), near_miss(wanted, names.iter().copied()))
                })?;
                match find.part(found)? {
                    (SheetKind::Rows, part) => (found.name.clone(), part),
                    (kind, _) => return Err(problems::sheet_without_rows(wanted, kind.name(), &with_rows(true))),
                }
            }
            None => {
                let visible = sheets.iter().filter(|one| !one.hidden && one.kind(&relations) == SheetKind::Rows);
                let mut found = None;
                for one in visible {
                    if let (SheetKind::Rows, part) = find.part(one)? {
                        found = Some((one.name.clone(), part));
                        break;
                    }
                }
                found.ok_or_else(|| problems::none_visible(&with_rows(true)))?
            }
        };
        let others = with_rows(true).into_iter().filter(|other| *other != name).collect();
        let mut part = |kind: &str, usual: &str| package.part(relations.of_kind(kind).unwrap_or(usual));
        let (strings, styles) = (part("sharedStrings", "xl/sharedStrings.xml")?, part("styles", "xl/styles.xml")?);
        Ok(Self { name, others, sheet, strings, styles, since_1904, stale })
    }
}

impl ListedSheet {
    /// The kind that its relation gives.
    fn kind(&self, relations: &Relations) -> SheetKind {
        let relation = self.id.as_deref().and_then(|id| relations.named(id));
        relation.map_or(SheetKind::Rows, |relation| SheetKind::of_relation(&relation.kind))
    }
}

/// Finds the parts of sheets.
struct SheetFinder<'a> {
    package: &'a mut Package,
    relations: &'a Relations,
    /// Whether the workbook has a single sheet.
    only: bool,
}

impl SheetFinder<'_> {
    fn part(&mut self, sheet: &ListedSheet) -> Result<(SheetKind, Part), ReadError> {
        let relation = sheet.id.as_deref().and_then(|id| self.relations.named(id));
        let target = match relation {
            Some(relation) => relation.target.as_deref(),
            // Without relations, a single sheet is at its usual place.
            None if self.only && self.relations.is_empty() => Some("xl/worksheets/sheet1.xml"),
            None => None,
        };
        let missing = || problems::damaged(format!("the part of its sheet `{}` is missing", sheet.name));
        let part = match target {
            Some(target) => self.package.part(target)?.ok_or_else(missing)?,
            None => return Err(missing()),
        };
        Ok((SheetKind::of_part(&part)?, part))
    }
}

impl WorkbookContents {
    /// Reads the main part; `None` if it is not a workbook's.
    fn read(part: &Part) -> Result<Option<Self>, ReadError> {
        let mut this = Self::default();
        let mut xml = Xml::open(part);
        let (mut rooted, mut listing) = (false, false);
        loop {
            match xml.next()? {
                Event::Start(element) | Event::Empty(element) => {
                    let name = element.local_name();
                    if !std::mem::replace(&mut rooted, true) && name.into_inner() != "workbook" {
                        return Ok(None);
                    }
                    match element.local_name().into_inner() {
                        "workbookPr" => this.since_1904 = flag(&element, "date1904") == Some(true),
                        "calcPr" => this.stale = stale(&element),
                        "sheets" => listing = true,
                        "sheet" if listing => this.sheets.push(listed(&element)?),
                        _ => {}
                    }
                }
                Event::End(element) if element.local_name().into_inner() == "sheets" => listing = false,
                Event::Eof => return Ok(rooted.then_some(this)),
                _ => {}
            }
            if this.sheets.len() > MOST_SHEETS {
                return Err(problems::too_large(&format!("it has more than {MOST_SHEETS} sheets")));
            }
        }
    }
}

fn listed(element: &BytesStart<'_>) -> Result<ListedSheet, ReadError> {
    let name = attribute(element, "name").unwrap_or_default();
    if name.len() > LONGEST_NAME {
        return Err(problems::damaged(format!("the name of a sheet is longer than {LONGEST_NAME} bytes")));
    }
    let hidden = attribute(element, "state").is_some_and(|state| state != "visible");
    Ok(ListedSheet { name, id: related(element), hidden })
}

/// The setting by which a workbook asks for its formulas to be recalculated.
fn stale(element: &BytesStart<'_>) -> Option<&'static str> {
    let asks = ["fullCalcOnLoad", "forceFullCalc"].into_iter().find(|name| flag(element, name) == Some(true));
    asks.or_else(|| (flag(element, "calcCompleted") == Some(false)).then_some("calcCompleted"))
}

/// A boolean attribute; `None` if it is missing or neither true nor false.
fn flag(element: &BytesStart<'_>, name: &str) -> Option<bool> {
    match attribute(element, name)?.trim() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}
