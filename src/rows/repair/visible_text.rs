//! A text on its way to a repaired one: without invisible characters, without blanks around, in half-width.

use super::rule::RepairRule;
use crate::rows::checks::codes::{is_unseen, narrowed};

/// A text with the rules that changed it.
#[derive(Debug, Clone)]
pub(super) struct RepairedText {
    pub(super) text: String,
    pub(super) rules: Vec<RepairRule>,
}

impl RepairedText {
    /// The unchanged text.
    pub(super) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), rules: Vec::new() }
    }

    /// Removes blanks and invisible characters around it.
    pub(super) fn bared(self) -> Self {
        let bare = Self::bare(&self.text);
        let rules = bare.rules.clone();
        rules.into_iter().fold(self, |look, rule| look.changed(bare.text.clone(), rule))
    }

    /// The text without blanks and invisible characters around.
    pub(super) fn bare(text: &str) -> Self {
        let around = |c: char| c.is_whitespace() || is_unseen(c);
        let bare = text.trim_matches(around);
        let cut =
            [&text[..text.len() - text.trim_start_matches(around).len()], &text[text.trim_end_matches(around).len()..]];
        let mut look = Self { text: bare.to_owned(), rules: Vec::new() };
        if cut.iter().any(|part| part.chars().any(char::is_whitespace)) {
            look.rules.push(RepairRule::Blanks);
        }
        if cut.iter().any(|part| part.chars().any(|c| is_unseen(c) && !c.is_whitespace())) {
            look.rules.push(RepairRule::Unseen);
        }
        look
    }

    /// Removes invisible characters inside, and replaces those that look like a blank by one.
    pub(super) fn seen(self) -> Self {
        let seen = |c: char| match c {
            '\u{A0}' | '\u{2007}' | '\u{202F}' | '\u{3000}' => Some(' '),
            c if is_unseen(c) => None,
            c => Some(c),
        };
        let text = self.text.chars().filter_map(seen).collect();
        self.changed(text, RepairRule::Unseen)
    }

    /// Replaces full-width letters, digits and signs by half-width ones.
    pub(super) fn narrow(self) -> Self {
        let text = self.text.chars().map(narrowed).collect();
        self.changed(text, RepairRule::FullWidth)
    }

    /// Sets another text, and records the rule if the text changed.
    pub(super) fn changed(mut self, text: String, rule: RepairRule) -> Self {
        if text != self.text {
            self.text = text;
            if !self.rules.contains(&rule) {
                self.rules.push(rule);
            }
        }
        self
    }

    /// Whether it is a code of visible ASCII.
    pub(super) fn is_plain(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// A text for people, with invisible characters named, such as `[U+200B]`.
pub(super) fn shown(text: &str) -> String {
    let name = |c: char| format!("[U+{:04X}]", u32::from(c));
    let hidden = |c: char| c.is_control() || is_unseen(c) || (c.is_whitespace() && c != ' ');
    text.chars().map(|c| if hidden(c) { name(c) } else { c.to_string() }).collect()
}
