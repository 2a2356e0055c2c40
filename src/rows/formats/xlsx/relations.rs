//! The relations between a workbook's parts: ids, kinds and targets.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use quick_xml::events::Event;

use super::package::Package;
use super::problems;
use super::xml::{Xml, attribute};
use crate::rows::record::ReadError;

/// The most relations of one part.
const MOST: usize = 20_000;
/// The longest id or target that is kept, in bytes.
const LONGEST: usize = 512;

/// The relations of one part.
#[derive(Default)]
pub(super) struct Relations(Vec<Relation>);

/// One relation to another part.
pub(super) struct Relation {
    id: String,
    /// The last segment of its type: `worksheet`, `chartsheet`, `styles`.
    pub(super) kind: String,
    /// The part's name; `None` if it is outside the workbook.
    pub(super) target: Option<String>,
}

impl Relations {
    /// Reads the relations of a part; an empty `part` means the whole workbook. No relations if it has none.
    ///
    /// # Errors
    ///
    /// They are damaged or too many.
    pub(super) fn of(package: &mut Package, part: &str) -> Result<Self, ReadError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let ahead = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let Some(relations) = package.part(&format!("{ahead}_rels/{name}.rels"))? else { return Ok(Self::default()) };
        let mut all = Vec::new();
        let mut xml = Xml::open(&relations);
        loop {
            match xml.next()? {
                Event::Start(element) | Event::Empty(element) => {
                    let short = |name: &str| attribute(&element, name).filter(|text| text.len() <= LONGEST);
                    let (Some(id), Some(target)) = (short("Id"), short("Target")) else { continue };
                    let kind = short("Type").unwrap_or_default();
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    let outside = attribute(&element, "TargetMode").is_some_and(|mode| mode == "External");
                    all.push(Relation { id, kind, target: resolved(folder, &target).filter(|_| !outside) });
                    if all.len() > MOST {
                        return Err(problems::too_large(&format!("it has more than {MOST} relations")));
                    }
                }
                Event::Eof => return Ok(Self(all)),
                _ => {}
            }
        }
    }

    /// The relation of an id.
    pub(super) fn named(&self, id: &str) -> Option<&Relation> {
        self.0.iter().find(|one| one.id == id)
    }

    /// The part of the first relation of a kind.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        self.0.iter().find(|one| one.kind == kind)?.target.as_deref()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Resolves a target to a part's name, relative to `folder` unless it begins with `/`. `None` if it leads outside.
fn resolved(folder: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lead_to_parts_and_never_outside() {
        for (target, wanted) in [
            ("worksheets/sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("/xl/worksheets/sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("./worksheets\\sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("../xl/./worksheets//sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("../../etc/passwd", None),
            ("/../etc/passwd", None),
        ] {
            assert_eq!(resolved("xl", target).as_deref(), wanted, "{target}");
        }
    }
}
