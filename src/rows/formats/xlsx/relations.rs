//! How the parts of a workbook name each other: by ids, kinds and targets.

#![expect(clippy::wildcard_enum_match_arm, reason = "the events and forms are those of another crate")]

use quick_xml::events::Event;

use super::package::Package;
use super::problems;
use super::xml::{Xml, attribute};
use crate::rows::record::ReadError;

/// The most relations of one part.
const MOST: usize = 20_000;
/// The longest id or target that a program writes.
const LONGEST: usize = 512;

/// What a part names.
#[derive(Default)]
pub(super) struct Relations(Vec<Relation>);

/// One part that another names.
pub(super) struct Relation {
    id: String,
    /// The last word of its type: `worksheet`, `chartsheet`, `styles`.
    pub(super) kind: String,
    /// The part's name; none where it lies outside of the workbook.
    pub(super) target: Option<String>,
}

impl Relations {
    /// What a part names; nothing where it says nothing. An empty `part` stands for the workbook's file as a whole.
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

    /// The one of that id.
    pub(super) fn named(&self, id: &str) -> Option<&Relation> {
        self.0.iter().find(|one| one.id == id)
    }

    /// The part of the first one of that kind.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        self.0.iter().find(|one| one.kind == kind)?.target.as_deref()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A target as a part's name: seen from a folder, or from the root where it begins with `/`. None of what leads outside.
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
