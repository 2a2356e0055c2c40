//! Follows the imports between the folders below a floor, and finds circles of them.
//!
//! A folder is its direct files. A folder and one that it stands in are one line of descent and not compared.

use std::collections::{BTreeMap, BTreeSet};

use super::File;
use super::paths::{Path, paths};
use super::strip::strip;
use super::tokens::{Token, tokens, without_tests};

/// One import between two folders.
#[derive(Clone)]
struct Arrow {
    to: String,
    /// `file:line: name`, for the message.
    shown: String,
}

/// What the sources say of modules and names.
struct Crate<'a> {
    files: BTreeMap<Vec<String>, &'a File>,
    /// Module and the name known in it → where that name leads.
    names: BTreeMap<(Vec<String>, String), Vec<String>>,
    /// The modules from which a module takes everything.
    globs: BTreeMap<Vec<String>, Vec<Vec<String>>>,
}

/// Every circle of folders, as lines that name its folders and the imports that close it.
pub(super) fn circles(files: &[File]) -> Vec<String> {
    let tests = test_modules(files);
    let files: Vec<&File> = files.iter().filter(|file| !is_below(&file.module(), &tests)).collect();
    let mut named: Vec<(&File, Vec<Path>)> = Vec::new();
    for file in &files {
        let text = strip(&file.text);
        let (kept, _) = without_tests(&tokens(&text));
        named.push((file, paths(&kept, &file.module(), &children(&kept))));
    }
    let mut known = Crate { files: BTreeMap::new(), names: BTreeMap::new(), globs: BTreeMap::new() };
    for (file, paths) in &named {
        known.files.insert(file.module(), file);
        for path in paths {
            match path.known_as.as_deref() {
                Some("*") => {
                    let whole = path.names[..path.names.len() - 1].to_vec();
                    known.globs.entry(file.module()).or_default().push(whole);
                }
                Some(name) => {
                    known.names.insert((file.module(), name.to_owned()), path.names.clone());
                }
                None => {}
            }
        }
    }
    let mut arrows: BTreeMap<String, Vec<Arrow>> = BTreeMap::new();
    for (file, paths) in &named {
        let from = folder(file);
        for path in paths {
            let Some(target) = known.file_of(&path.names, 0) else { continue };
            let to = folder(target);
            if floor(&from) == floor(&to) && !is_one_line(&from, &to) {
                let shown = format!("{}:{}: {}", file.shown(), path.line, path.names.join("::"));
                arrows.entry(from.clone()).or_default().push(Arrow { to, shown });
            }
        }
    }
    tied(&arrows)
}

/// The child modules that a source declares.
fn children(tokens: &[super::tokens::Placed<'_>]) -> Vec<String> {
    let declared = tokens.windows(3).filter_map(|three| match (three[0].1, three[1].1, three[2].1) {
        (Token::Word("mod"), Token::Word(name), Token::Sign(';')) => Some(name.to_owned()),
        _ => None,
    });
    declared.collect()
}

/// The modules that are compiled for tests alone.
fn test_modules(files: &[File]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for file in files {
        let text = strip(&file.text);
        let (_, modules) = without_tests(&tokens(&text));
        for name in modules {
            found.push(file.module().into_iter().chain([name.to_owned()]).collect());
        }
    }
    found
}

fn is_below(module: &[String], roots: &[Vec<String>]) -> bool {
    roots.iter().any(|root| module.starts_with(root))
}

fn folder(file: &File) -> String {
    file.path.parent().map_or_else(String::new, |folder| folder.to_string_lossy().into_owned())
}

fn floor(folder: &str) -> &str {
    folder.split('/').next().unwrap_or(folder)
}

/// Whether one of two folders is the other or stands in it.
fn is_one_line(a: &str, b: &str) -> bool {
    let within = |inner: &str, outer: &str| inner == outer || inner.starts_with(&format!("{outer}/"));
    within(a, b) || within(b, a)
}

impl<'a> Crate<'a> {
    /// The file that defines what `names` leads to, through every `pub use` on the way.
    fn file_of(&self, names: &[String], depth: usize) -> Option<&'a File> {
        // The longest beginning that is a module; what follows is a name in it.
        let module = (0..=names.len()).rev().map(|length| &names[..length]).find(|m| self.files.contains_key(*m))?;
        let own = self.files.get(module).copied();
        let Some(name) = names.get(module.len()).filter(|_| depth < 20) else { return own };
        if let Some(onward) = self.names.get(&(module.to_vec(), name.clone())) {
            return if onward == names { own } else { self.file_of(onward, depth + 1) };
        }
        // A name that came with `pub use other::*`.
        let mut taken_whole = self.globs.get(module).into_iter().flatten();
        let source = taken_whole.find(|&other| other != module && self.holds(other, name));
        source.map_or(own, |other| {
            let onward: Vec<String> = other.iter().cloned().chain([name.clone()]).collect();
            self.file_of(&onward, depth + 1)
        })
    }

    /// Whether a module's source has a name in it.
    fn holds(&self, module: &[String], name: &str) -> bool {
        let word = |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
        self.files.get(module).is_some_and(|file| word(&strip(&file.text)))
    }
}

/// The circles among folders: every group whose members reach each other.
fn tied(arrows: &BTreeMap<String, Vec<Arrow>>) -> Vec<String> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|from| (from.as_str(), reach(from, arrows))).collect();
    let mut told = BTreeSet::new();
    let mut lines = Vec::new();
    for (from, to) in &reached {
        let group: BTreeSet<&str> =
            to.iter().copied().filter(|other| reached.get(other).is_some_and(|back| back.contains(from))).collect();
        if !group.contains(from) || !told.insert(group.clone()) {
            continue;
        }
        lines.push(format!(
            "a circle of {} folders: {}",
            group.len(),
            group.iter().copied().collect::<Vec<_>>().join(", ")
        ));
        for member in &group {
            for arrow in arrows[*member].iter().filter(|arrow| group.contains(arrow.to.as_str())) {
                lines.push(format!("    {} ({} -> {})", arrow.shown, member, arrow.to));
            }
        }
    }
    lines
}

fn reach<'a>(from: &str, arrows: &'a BTreeMap<String, Vec<Arrow>>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(here) = open.pop() {
        for arrow in arrows.get(here).into_iter().flatten() {
            if found.insert(arrow.to.as_str()) {
                open.push(&arrow.to);
            }
        }
    }
    found
}
