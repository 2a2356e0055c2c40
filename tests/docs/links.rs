//! The links of the manual: each leads to a page that is there, and to a heading of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::pages::{README, TRANSLATED_README, manual};
use crate::program::root;

/// The anchors of a page's headings, as mdBook and GitHub make them, from top to bottom.
pub(super) fn anchor_list(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let words = heading.take().unwrap_or_default();
                let kept = words.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
                let plain: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
                let plain = plain.to_lowercase();
                // A second heading of the same words gets a number.
                let numbered = (1..).map(|number| format!("{plain}-{number}"));
                let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !found.contains(name));
                found.extend(free);
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

/// A path without `.` and `..`; `None` where it leaves the root.
pub(super) fn whole(path: &Path) -> Option<PathBuf> {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if !whole.pop() => return None,
            Component::ParentDir | Component::CurDir => {}
            other => whole.push(other),
        }
    }
    Some(whole)
}

/// What is wrong with the links of some pages; `exists` tells of files that are no pages.
fn broken_links(pages: &BTreeMap<PathBuf, String>, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let anchors: BTreeMap<&PathBuf, BTreeSet<String>> =
        pages.iter().map(|(path, text)| (path, anchor_list(text).into_iter().collect())).collect();
    let mut broken = Vec::new();
    for (page, text) in pages {
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
            if ["https://", "http://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme)) {
                continue;
            }
            let line = text[..range.start].matches('\n').count() + 1;
            let (file, anchor) = match dest_url.split_once('#') {
                Some((file, anchor)) => (file, Some(anchor)),
                None => (dest_url.as_ref(), None),
            };
            let target = match file {
                "" => Some(page.clone()),
                file => whole(&page.parent().unwrap_or(Path::new("")).join(file)),
            };
            let in_manual = |path: &Path| path.starts_with("docs");
            let wrong = match &target {
                None => Some("leads out of the repository".to_owned()),
                Some(target) if in_manual(page) && !in_manual(target) => Some("leads out of the manual".to_owned()),
                Some(target) => match (pages.get(target), anchor) {
                    (None, None) if exists(target) => None,
                    (None, _) => Some("leads to no page".to_owned()),
                    (Some(_), Some(anchor)) if !anchors[target].contains(anchor) => {
                        Some(format!("leads to no heading; there are {:?}", anchors[target]))
                    }
                    (Some(_), _) => None,
                },
            };
            broken.extend(wrong.map(|wrong| format!("{}:{line}: `{dest_url}` {wrong}", page.display())));
        }
        broken.extend(undefined(text).map(|name| format!("{}: `[{name}]` is defined nowhere", page.display())));
    }
    broken
}

/// Names of links, as in `[words][name]`, that the page does not define.
fn undefined(text: &str) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let note = |link: BrokenLink<'_>| {
        if link.link_type == LinkType::Reference {
            found.push(link.reference.to_string());
        }
        None
    };
    Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(note)).for_each(drop);
    found.into_iter()
}

#[test]
fn every_link_leads_to_a_page_and_a_heading() {
    let pages: BTreeMap<PathBuf, String> = manual()
        .into_iter()
        .chain([README].into_iter().chain(TRANSLATED_README).map(PathBuf::from))
        .map(|path| (path.clone(), fs::read_to_string(root().join(path)).unwrap()))
        .collect();
    let broken = broken_links(&pages, |path| root().join(path).exists());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[cfg(test)]
mod the_check_itself {
    use super::*;

    fn broken(index: &str) -> Vec<String> {
        let pages = [
            ("docs/start/index.md", index),
            ("docs/start/other.md", "# Other\n\n## A step, `uses:` and more\n\n## Twice\n\n## Twice\n"),
            ("README.md", "[the manual](docs/start/index.md) [licence](LICENSE-MIT)\n"),
        ];
        let pages = pages.map(|(path, text)| (PathBuf::from(path), text.to_owned())).into();
        broken_links(&pages, |path| path == Path::new("LICENSE-MIT"))
    }

    #[test]
    fn right_links_pass() {
        let right = "[a](other.md) [b](other.md#a-step-uses-and-more) [c](other.md#twice-1) [d](#e) [f](https://f.example)\n\n# E\n";
        assert_eq!(broken(right), Vec::<String>::new());
    }

    #[test]
    fn a_page_that_is_not_there_is_found() {
        assert_eq!(broken("\n[a](nowhere.md)\n"), ["docs/start/index.md:2: `nowhere.md` leads to no page"]);
    }

    #[test]
    fn a_heading_that_is_not_there_is_found() {
        let found = broken("[a](other.md#twice-2)\n");
        assert!(found[0].contains("`other.md#twice-2` leads to no heading"), "{found:?}");
        assert!(broken("[a](#nowhere)\n")[0].contains("leads to no heading"));
    }

    #[test]
    fn a_link_out_of_the_manual_is_found() {
        assert!(broken("[a](../../LICENSE-MIT)\n")[0].contains("leads out of the manual"));
        assert!(broken("[a](../../../other.md)\n")[0].contains("leads out of the repository"));
    }

    #[test]
    fn a_name_without_an_address_is_found() {
        assert!(broken("[a][b]\n")[0].contains("`[b]` is defined nowhere"));
        assert!(broken("[a][b]\n\n[b]: other.md\n").is_empty());
    }
}
