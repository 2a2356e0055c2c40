//! Escapes texts for workflow commands, so that a cell cannot end a command.

use crate::diagnostic::{printable, without_inline_commands};

/// Escapes a text as the message of a workflow command.
pub(super) fn data(text: &str) -> String {
    without_inline_commands(&printable(text)).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a text as a property of a workflow command.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_a_command_early() {
        assert_eq!(data("##vso[x]\u{202e}"), "# #vso[x][U+202E]");
        assert_eq!(data("50% off\r\n::error::x"), "50%25 off␍%0A::error::x");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
