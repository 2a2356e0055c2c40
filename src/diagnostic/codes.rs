//! The stable codes of diagnostics: what each means, an example and what to do; read once from `codes.md`.

use std::sync::OnceLock;

/// All codes with their explanations, by group.
#[must_use]
pub fn codes() -> &'static [Explanation] {
    static CODES: OnceLock<Vec<Explanation>> = OnceLock::new();
    CODES.get_or_init(|| read_explanations(include_str!("codes.md")))
}

/// The explanation of a code; `None` if there is no such code.
#[must_use]
pub fn code(name: &str) -> Option<&'static Explanation> {
    codes().iter().find(|entry| entry.name == name)
}

/// The explanation of a word, such as a code; read from a file that is part of the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// The word.
    pub name: &'static str,
    /// What it means, in a sentence or two.
    pub meaning: &'static str,
    /// An example of several lines; empty if there is none.
    pub example: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// Reads explanations from a text: a heading `## WORD`, the meaning, an example between fences, what to do.
#[must_use]
pub fn read_explanations(text: &'static str) -> Vec<Explanation> {
    text.split("\n## ").skip(1).map(read_entry).collect()
}

fn read_entry(section: &'static str) -> Explanation {
    let (name, rest) = section.split_once('\n').unwrap_or((section, ""));
    let (meaning, example, advice) = match rest.split_once("\n```") {
        Some((meaning, rest)) => {
            let body = rest.split_once('\n').map_or("", |(_, body)| body);
            let (example, advice) = body.split_once("\n```").unwrap_or((body, ""));
            (meaning, example, advice)
        }
        None => rest.trim().split_once("\n\n").map_or((rest, "", ""), |(meaning, advice)| (meaning, "", advice)),
    };
    let (meaning, advice) = (ahead_of_group(meaning), ahead_of_group(advice));
    Explanation { name: name.trim(), meaning, example: example.trim_end(), advice }
}

/// The text before the heading of the next group.
fn ahead_of_group(text: &'static str) -> &'static str {
    text.split("\n# ").next().unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_explained_in_full_and_once() {
        let mut seen = BTreeSet::new();
        for entry in codes() {
            assert!(entry.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", entry.name);
            assert!(seen.insert(entry.name), "`{}` occurs twice", entry.name);
            assert!(!entry.meaning.is_empty() && !entry.example.is_empty() && !entry.advice.is_empty(), "{entry:?}");
        }
    }

    #[test]
    fn an_unknown_code_is_not_found() {
        assert_eq!(code("bad-weather"), None);
        assert_eq!(code("blank-cell").map(|entry| entry.name), Some("blank-cell"));
    }

    #[test]
    fn headings_fences_and_advice_are_separated() {
        let text = "# Group\n\n## a-b\nIt is\nwrong.\n\n```yaml\n  x: 1\n# no heading\ny: 2\n```\n\nMend it.\n\n# Next\n\n## c\nOnly this.\n";
        let read = read_explanations(text);
        assert_eq!(read[0].name, "a-b");
        assert_eq!(read[0].meaning, "It is\nwrong.");
        assert_eq!(read[0].advice, "Mend it.");
        assert_eq!(read[1], Explanation { name: "c", meaning: "Only this.", example: "", advice: "" });
    }
}
