//! Blanks around identifiers, and invisible characters in them.

use crate::diagnostic::Diagnostic;
use crate::rows::checks::{CellShape, ColumnPurpose, Finding, LocateFn};

/// The cells of a column with blanks around or invisible characters inside.
#[derive(Default)]
pub(in crate::rows::checks) struct StrayCharacters {
    around: Finding,
    unseen: Finding,
    /// The first invisible character.
    example: Option<char>,
}

impl StrayCharacters {
    /// In columns without identifiers, blanks and invisible characters may be meant. Never meant are a tab at a number,
    /// by which exporters keep its zeros, invisible characters in a number, and a byte-order mark.
    pub(in crate::rows::checks) fn inspect(
        &mut self,
        text: &str,
        shape: CellShape,
        purpose: ColumnPurpose,
        locate: &LocateFn<'_>,
    ) {
        if shape.is_clean() {
            return;
        }
        if shape.is_ascii() {
            return self.inspect_ascii(text, purpose, locate);
        }
        if !purpose.names {
            if text.contains('\u{feff}') {
                self.example.get_or_insert('\u{feff}');
                self.unseen.add(locate);
            } else if untabbed(text).is_some() {
                self.around.add(locate);
            } else if let Some(char) = unseen_in_number(text) {
                self.example.get_or_insert(char);
                self.unseen.add(locate);
            }
            return;
        }
        if let Some(char) = text.chars().find(|char| is_unseen(*char)) {
            self.example.get_or_insert(char);
            self.unseen.add(locate);
        } else if text.trim().len() < text.len() {
            self.around.add(locate);
        } else if let Some(char) = text.chars().find(|char| char.is_control()) {
            self.example.get_or_insert(char);
            self.unseen.add(locate);
        }
    }

    /// Checks an ASCII text, whose only invisible characters are controls.
    fn inspect_ascii(&mut self, text: &str, purpose: ColumnPurpose, locate: &LocateFn<'_>) {
        if !purpose.names {
            if untabbed(text).is_some() {
                self.around.add(locate);
            }
        } else if text.trim().len() < text.len() {
            self.around.add(locate);
        } else if let Some(char) = text.chars().find(|char| char.is_control()) {
            self.example.get_or_insert(char);
            self.unseen.add(locate);
        }
    }

    pub(in crate::rows::checks) fn report(&self, column: &str) -> impl Iterator<Item = Diagnostic> {
        let around = self.around.warning(
            "stray-blank",
            column,
            ["has blanks around its text", "have blanks around their text"],
            "They are sent with the text, and the vendor may not find what it names: delete them",
        );
        let name = self.example.map_or_else(String::new, |char| format!("U+{:04X}", u32::from(char)));
        let unseen = self.unseen.warning(
            "unseen-character",
            column,
            [
                &format!("holds an invisible character ({name})"),
                &format!("hold invisible characters (the first is {name})"),
            ],
            "It is sent with the text, and the vendor may not find what it names: delete the cell and type it again, or \
             paste it as plain text",
        );
        around.into_iter().chain(unseen)
    }
}

/// The first invisible character in an otherwise plain number of six digits or more. Thin blanks are allowed, because
/// they separate thousands.
fn unseen_in_number(text: &str) -> Option<char> {
    let unseen = text.chars().find(|char| is_unseen(*char) && !char.is_whitespace())?;
    let bare = || text.chars().filter(|char| !is_unseen(*char));
    (bare().count() >= 6 && bare().all(|char| char.is_ascii_digit())).then_some(unseen)
}

/// The code without the tabs at its ends; `None` if it has none or is no code.
pub(in crate::rows) fn untabbed(text: &str) -> Option<&str> {
    let bare = text.trim_matches('\t');
    (bare.len() < text.len() && CellShape::of(bare).is_code()).then_some(bare)
}

/// Non-breaking spaces, zero-width characters, marks of direction, soft hyphens and byte-order marks.
pub(in crate::rows) fn is_unseen(char: char) -> bool {
    matches!(
        char,
        '\u{A0}'
            | '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{2007}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202F}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FEFF}'
    )
}
