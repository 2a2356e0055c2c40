//! Texts of vendors, cells and files as Markdown that shows them and does nothing else.

use crate::diagnostic::{printable, shortened, without_commands};

/// An empty comment, which renders as nothing. It breaks the words that a renderer would turn into links.
const BREAK: &str = "<!-- -->";

/// Escapes a text for a line or a table cell of Markdown. Addresses and `@names` in it do not become links, and nobody is
/// notified.
#[must_use]
pub fn markdown_text(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '@' => {
                out.push(c);
                out.push_str(BREAK);
            }
            ':' if text[at..].starts_with("://") => {
                out.push(c);
                out.push_str(BREAK);
            }
            '.' if is_www(&text[..at]) => {
                out.push_str(BREAK);
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether a text ends with the letters `www`.
fn is_www(text: &str) -> bool {
    text.len() >= 3 && text.is_char_boundary(text.len() - 3) && text[text.len() - 3..].eq_ignore_ascii_case("www")
}

/// A text as code in Markdown, cut after `most` characters; as escaped text if it holds signs that cannot stand in code.
#[must_use]
pub(super) fn markdown_code(text: &str, most: usize) -> String {
    let text = printable(text);
    let text = shortened(text.trim(), most);
    match text.is_empty() || text.contains(['`', '|', '\\', '\n', '\t']) {
        true => markdown_text(&text),
        false => format!("`{}`", without_commands(&text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_markdown_stay_text() {
        assert_eq!(
            markdown_text("a|b\n<x> `c` [d](e) *f* #1 & $g$ \x1b\u{202e}"),
            "a\\|b &lt;x> \\`c\\` \\[d\\](e) \\*f\\* \\#1 &amp; \\$g\\$ ␛\\[U+202E\\]"
        );
    }

    #[test]
    fn addresses_and_names_do_not_become_links() {
        assert_eq!(markdown_text("@ops see http://a.b"), "@<!-- -->ops see http:<!-- -->//a.b");
        assert_eq!(markdown_text("WWW.a.b a@b.c 預約www.x"), "WWW<!-- -->.a.b a@<!-- -->b.c 預約www<!-- -->.x");
    }

    #[test]
    fn code_holds_only_what_cannot_end_it() {
        assert_eq!(markdown_code(" A-1 <b>@x ", 10), "`A-1 <b>@x`");
        assert_eq!(markdown_code("a`b|c", 10), "a\\`b\\|c");
        assert_eq!(markdown_code("abcdef", 3), "`abc…`");
        assert_eq!(markdown_code("", 3), "");
        assert_eq!(markdown_code("##vso[x]", 20), "`# #vso[x]`");
    }
}
