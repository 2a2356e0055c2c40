//! A randomly changed playbook never makes the reader panic, and its messages point into its own lines.

use proptest::prelude::*;

use super::reading::EXAMPLE;
use crate::diagnostic::{Diagnostics, Source};
use crate::playbook::read;

/// A text to insert at a random place.
fn scrap() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        " ",
        "\n",
        "\t",
        "\r\n",
        ":",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "|",
        ">",
        "&a ",
        "*a",
        "<<: ",
        "? ",
        "!!str ",
        "#",
        "---\n",
        "{{ ",
        " }}",
        "{{#if row.x}}",
        "$each: ",
        "null",
        "~",
        "預",
        "\u{feff}",
        "\0",
        "steps.",
        "row.",
    ])
}

proptest! {
    #[test]
    fn a_mangled_playbook_never_panics(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..6_usize, scrap()), 1..6)) {
        let mut chars: Vec<char> = EXAMPLE.chars().collect();
        for (place, length, scrap) in cuts {
            let start = place.index(chars.len());
            let end = (start + length).min(chars.len());
            chars.splice(start..end, scrap.chars());
        }
        let text: String = chars.into_iter().collect();
        let lines = text.lines().count() + 1;
        let mut all = Diagnostics::new();
        let playbook = read(&Source::new("book.yaml", text), &mut all);
        prop_assert!(playbook.is_some() || all.has_errors());
        for (place, _) in all.iter().flat_map(|found| &found.places) {
            prop_assert!(place.line <= lines && place.start <= place.end && place.end <= place.text.len());
        }
        prop_assert!(all.is_empty() || !all.render(true, 80).is_empty());
    }
}
