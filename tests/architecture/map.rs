//! The map of the folders as CONTRIBUTING.md shows it: each folder with the first sentence of its head.

use std::collections::BTreeSet;

use super::File;

/// Where the map begins and ends in CONTRIBUTING.md.
pub(super) const FENCES: [&str; 2] = ["```text\nsrc/\n", "```\n"];

/// Columns left of the sentences.
const WIDTH: usize = 30;

/// One line a folder, in the order of the floors, a folder's own folders below it.
pub(super) fn map(files: &[File], floors: &[String]) -> String {
    let folders: BTreeSet<Vec<String>> = files.iter().map(folder).filter(|folder| !is_for_tests(folder)).collect();
    let mut text = String::new();
    for floor in floors {
        for folder in folders.iter().filter(|folder| folder.first() == Some(floor)) {
            let name = format!("{}{}/", "  ".repeat(folder.len()), folder.last().map_or("", String::as_str));
            let sentence = files.iter().find(|file| file.module() == *folder).map_or(String::new(), first_sentence);
            text.push_str(format!("{name:<WIDTH$} {sentence}").trim_end());
            text.push('\n');
        }
    }
    text
}

fn folder(file: &File) -> Vec<String> {
    file.path
        .parent()
        .into_iter()
        .flat_map(|path| path.iter())
        .map(|part| part.to_string_lossy().into_owned())
        .collect()
}

fn is_for_tests(folder: &[String]) -> bool {
    folder.iter().any(|name| name == "tests")
}

fn first_sentence(file: &File) -> String {
    let head: Vec<&str> = file.text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let paragraph = head.split(|line| line.is_empty()).next().unwrap_or_default().join(" ");
    let sentence = paragraph.split_once(". ").map_or(paragraph.as_str(), |(first, _)| first);
    sentence.trim_end_matches('.').to_owned()
}
