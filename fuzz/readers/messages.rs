//! Messages about any text: within its lines, on the boundaries of characters, readable, harmless on a terminal.

use runsheet::internals::diagnostic::{Diagnostic, Diagnostics, Place, code, printable};

/// Fails unless all messages can be shown and point into the files named, each with its text.
pub(crate) fn are_sound(told: &Diagnostics, files: &[(&str, &str)]) {
    told.iter().for_each(|message| is_sound(message, files));
    for (color, width) in [(false, 80), (true, 40)] {
        let shown = told.render(color, width);
        let escape = |c: char| c == '\n' || (color && c == '\x1b');
        assert!(shown.chars().all(|c| !c.is_control() || escape(c)), "{shown:?}");
        assert_eq!(shown.is_empty(), told.is_empty());
        if !color {
            assert_eq!(printable(&shown), shown, "what reorders text is shown as it is");
        }
    }
    assert!(told.to_json().is_array());
}

fn is_sound(message: &Diagnostic, files: &[(&str, &str)]) {
    assert!(code(message.code).is_some(), "`{}` is not explained", message.code);
    assert!(!message.message.is_empty());
    for (place, _) in &message.places {
        let Place { file, line, column, text, start, end } = place;
        assert!(*line > 0 && *column > 0 && place.end_column() >= *column, "{place:?}");
        assert!(start <= end && text.get(*start..*end).is_some(), "{place:?}");
        if let Some((_, whole)) = files.iter().find(|(name, _)| name == file) {
            assert!(*line <= whole.matches('\n').count() + 1, "{place:?}");
        }
    }
}
