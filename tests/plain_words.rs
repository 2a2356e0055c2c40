//! User texts are in plain words: none of the turns listed here occurs in the README, the docs, the help of any verb, what
//! `explain` says, provider files, schemas, shipped playbooks, starters, or what the golden cases print.

mod texts;
mod turns;

use std::collections::BTreeSet;

use regex::Regex;

use self::texts::user_texts;
use self::turns::{ALLOWED, TURNS};

/// A turn that was found: where, and the words around it.
struct Found {
    place: String,
    turn: usize,
    excerpt: String,
}

impl Found {
    /// The entries of [`ALLOWED`] that cover it.
    fn allowed_by(&self) -> impl Iterator<Item = usize> {
        let covers =
            |(place, words, _): &(&str, &str, &str)| self.place.contains(place) && self.excerpt.contains(words);
        ALLOWED.iter().enumerate().filter(move |(_, entry)| covers(entry)).map(|(index, _)| index)
    }
}

/// The text on one line, without the rules that messages are drawn with.
fn flowing(text: &str) -> String {
    text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every turn that occurs in a text.
fn turns_in(place: &str, text: &str, patterns: &[Regex]) -> Vec<Found> {
    let text = flowing(text);
    let excerpt = |from: usize, to: usize| {
        let from = text[..from].char_indices().rev().nth(40).map_or(0, |(at, _)| at);
        let to = text[to..].char_indices().nth(40).map_or(text.len(), |(at, _)| to + at);
        text[from..to].to_owned()
    };
    let found = |(turn, pattern): (usize, &Regex)| -> Vec<Found> {
        let here = pattern.find_iter(&text);
        here.map(|one| Found { place: place.to_owned(), turn, excerpt: excerpt(one.start(), one.end()) }).collect()
    };
    patterns.iter().enumerate().flat_map(found).collect()
}

fn patterns() -> Vec<Regex> {
    TURNS.iter().map(|turn| Regex::new(&format!("(?i){}", turn.pattern)).unwrap()).collect()
}

#[test]
fn user_texts_are_in_plain_words() {
    let patterns = patterns();
    let mut used = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for (place, text) in user_texts() {
        for found in turns_in(&place, &text, &patterns) {
            let allowed: Vec<usize> = found.allowed_by().collect();
            if allowed.is_empty() {
                let instead = TURNS[found.turn].instead;
                wrong.insert(format!("{}: “…{}…”: {instead}", found.place, found.excerpt));
            }
            used.extend(allowed);
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{} turns to reword:\n{}", wrong.len(), wrong.join("\n"));
    let idle: Vec<_> = (0..ALLOWED.len()).filter(|index| !used.contains(index)).map(|index| ALLOWED[index]).collect();
    assert!(idle.is_empty(), "these exceptions are no longer needed: {idle:#?}");
}

#[test]
fn every_turn_is_found_in_its_example_and_not_in_the_plain_sentence() {
    let patterns = patterns();
    for (turn, pattern) in TURNS.iter().zip(&patterns) {
        let (wrong, plain) = turn.example;
        assert!(pattern.is_match(&flowing(wrong)), "`{}` does not find “{wrong}”", turn.pattern);
        let left = turns_in("", plain, &patterns);
        assert!(left.is_empty(), "“{plain}” is to be plain, and has “{}”", left[0].excerpt);
    }
}

#[test]
fn a_turn_is_found_across_the_end_of_a_line() {
    for text in ["what whoever\nwrites is\n   told at once", "  × a file that is\n  │ told of"] {
        assert!(!turns_in("", text, &patterns()).is_empty(), "{text}");
    }
}

#[test]
fn texts_of_every_kind_are_read() {
    let texts = user_texts();
    let count = |part: &str| texts.iter().filter(|(place, _)| place.contains(part)).count();
    assert!(count("--help") > 15 && count("docs/reference/") > 10 && count("schemas/providers/") > 25, "{texts:?}");
    assert!(count("tests/cases/") > 60 && count(".schema.json") > 5 && count("playbooks/") > 8);
    assert_eq!((count("README.md") > 0, count("diagnostic/codes.md"), count("explain/")), (true, 1, 3));
    assert!(texts.iter().all(|(place, text)| !text.trim().is_empty() || place.contains("tests/cases/")));
}
