//! Finds the paths inside the crate that a source names, in `use` trees and elsewhere, as whole paths from its root.

use super::tokens::{Placed, Token};

/// A path inside the crate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    /// The line, counted from 1.
    pub(super) line: usize,
    /// The names from the crate's root on; `*` for everything in a module. Empty for the root itself.
    pub(super) names: Vec<String>,
    /// The name under which a `use` makes it known in its module; `None` outside of a `use`.
    pub(super) known_as: Option<String>,
}

/// Every path that `tokens`, the source of the module `module`, names from `crate`, `self` or `super` on, and the bare
/// paths of its `use` items whose first name is one of the module's `children`.
pub(super) fn paths(tokens: &[Placed<'_>], module: &[String], children: &[String]) -> Vec<Path> {
    let mut found = Vec::new();
    let mut inside = module.to_vec();
    // For each open brace, whether it is that of an inline module.
    let mut braces: Vec<bool> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].1 {
            Token::Sign('{') => {
                let name = (at >= 2 && tokens[at - 2].1 == Token::Word("mod")).then(|| tokens[at - 1].1);
                if let Some(Token::Word(name)) = name {
                    inside.push(name.to_owned());
                }
                braces.push(name.is_some());
            }
            Token::Sign('}') if braces.pop() == Some(true) => {
                inside.pop();
            }
            Token::Word("use") => {
                let reader = Reader { tokens, module: &inside, children };
                at = reader.tree(at + 1, None, &mut found);
                continue;
            }
            Token::Word("crate" | "self" | "super") if !follows_separator(tokens, at) => {
                let reader = Reader { tokens, module: &inside, children };
                at = reader.plain(at, &mut found);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn follows_separator(tokens: &[Placed<'_>], at: usize) -> bool {
    at >= 1 && tokens[at - 1].1 == Token::PathSep
}

struct Reader<'a> {
    tokens: &'a [Placed<'a>],
    module: &'a [String],
    children: &'a [String],
}

impl Reader<'_> {
    /// Reads a path in code, such as `super::file::open`; the place after it.
    fn plain(&self, mut at: usize, found: &mut Vec<Path>) -> usize {
        let line = self.tokens[at].0;
        let mut names = None;
        while let Some(&(_, Token::Word(word))) = self.tokens.get(at) {
            names = self.step(names, word);
            if self.tokens.get(at + 1).is_none_or(|(_, next)| *next != Token::PathSep) {
                break;
            }
            at += 2;
        }
        // `self` alone is a value and `pub(super)` a visibility: neither has a separator.
        let is_path = at >= 1 && self.tokens[at - 1].1 == Token::PathSep;
        if let (true, Some(names)) = (is_path, names) {
            found.push(Path { line, names, known_as: None });
        }
        at + 1
    }

    /// Reads one branch of a `use` tree whose names so far are `before`; the place after it.
    fn tree(&self, mut at: usize, before: Option<Vec<String>>, found: &mut Vec<Path>) -> usize {
        let mut names = before.clone();
        let mut last = before.as_ref().and_then(|names| names.last().cloned());
        let mut foreign = false;
        let line = self.tokens.get(at).map_or(0, |token| token.0);
        while let Some(&(_, token)) = self.tokens.get(at) {
            match token {
                Token::Word("as") => {
                    if let Some(&(_, Token::Word(name))) = self.tokens.get(at + 1) {
                        last = Some(name.to_owned());
                    }
                    at += 2;
                }
                Token::Word("self") if before.is_some() => at += 1,
                Token::Word(word) => {
                    names = self.step(names, word);
                    foreign |= names.is_none();
                    last = Some(word.to_owned());
                    at += 1;
                }
                Token::Sign('*') => {
                    names = self.step(names, "*");
                    last = Some("*".to_owned());
                    at += 1;
                }
                Token::Sign('{') => {
                    at += 1;
                    while self.tokens.get(at).is_some_and(|(_, token)| *token != Token::Sign('}')) {
                        let foreign_root = foreign.then(Vec::new);
                        let mut below = Vec::new();
                        at = self.tree(at, names.clone().or(foreign_root), &mut below);
                        if !foreign {
                            found.append(&mut below);
                        }
                        at += usize::from(self.tokens.get(at).is_some_and(|(_, token)| *token == Token::Sign(',')));
                    }
                    return at + 1;
                }
                Token::PathSep => at += 1,
                Token::Sign(_) => break,
            }
        }
        if let (false, Some(names)) = (foreign, names) {
            found.push(Path { line, names, known_as: last });
        }
        at
    }

    /// The names with one more word; `None` where the first word leads out of the crate.
    fn step(&self, names: Option<Vec<String>>, word: &str) -> Option<Vec<String>> {
        let parent = |mut names: Vec<String>| {
            names.pop();
            names
        };
        match (names, word) {
            (None, "crate") => Some(Vec::new()),
            (None, "self") => Some(self.module.to_vec()),
            (None, "super") => Some(parent(self.module.to_vec())),
            (None, word) if self.children.iter().any(|child| child == word) => {
                Some(self.module.iter().cloned().chain([word.to_owned()]).collect())
            }
            (None, _) => None,
            (Some(names), "super") => Some(parent(names)),
            (Some(names), word) => Some(names.into_iter().chain([word.to_owned()]).collect()),
        }
    }
}
