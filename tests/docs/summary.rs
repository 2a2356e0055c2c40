//! The summary of the manual names every page once, and every page has one title.

use std::fs;
use std::path::PathBuf;

use pulldown_cmark::{Event, Parser, Tag};

use super::pages::manual;
use crate::program::root;

/// The pages that a summary names, by their paths below `docs`.
fn named(summary: &str) -> Vec<PathBuf> {
    let links = Parser::new(summary).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(PathBuf::from("docs").join(dest_url.as_ref())),
        _ => None,
    });
    links.collect()
}

#[test]
fn the_summary_names_every_page_once() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let mut named = named(&summary);
    named.sort();
    assert_eq!(named, manual(), "on the left docs/SUMMARY.md, on the right the pages of docs");
}

#[test]
fn every_page_begins_with_its_title_and_has_no_other() {
    for page in manual() {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        let titles: Vec<usize> = Parser::new(&text)
            .into_offset_iter()
            .filter_map(|(event, range)| match event {
                Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H1, .. }) => Some(range.start),
                _ => None,
            })
            .collect();
        // A generated page may have a comment ahead that says so.
        let begins = text.trim_start().starts_with("# ") || text.starts_with("<!--");
        assert!(begins && titles.len() == 1, "{} has {} titles", page.display(), titles.len());
    }
}
