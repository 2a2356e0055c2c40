//! Texts inside HTML: whatever a vendor or a cell says stays text.

use std::fmt;

use crate::diagnostic::printable;

/// A text that is written as HTML text or inside a quoted attribute. Control and invisible characters become visible
/// marks.
pub(super) struct Escaped<'t>(pub(super) &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = printable(self.0);
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let entity = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                // The page may be printed into a log, where these begin commands of CI systems.
                '\n' => "&#10;",
                '#' if text[..at].ends_with('#') => "&#35;",
                _ => continue,
            };
            out.write_str(&text[from..at])?;
            out.write_str(entity)?;
            from = at + c.len_utf8();
        }
        out.write_str(&text[from..])
    }
}

/// A sentence that is written as HTML text: parts between backticks are code.
pub(super) struct Coded<'t>(pub(super) &'t str);

impl fmt::Display for Coded<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, (code, behind))) =
            rest.split_once('`').and_then(|(before, rest)| Some((before, rest.split_once('`')?)))
        {
            write!(out, "{}<code>{}</code>", Escaped(before), Escaped(code))?;
            rest = behind;
        }
        write!(out, "{}", Escaped(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_html_stay_text() {
        let hostile = "</script><b a=\"x\" b='y'>&\u{1b}\u{202e}é";
        let shown = Escaped(hostile).to_string();
        assert_eq!(shown, "&lt;/script&gt;&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;␛[U+202E]é");
    }

    #[test]
    fn commands_of_ci_systems_do_not_begin() {
        assert_eq!(Escaped("a\n::error::b ##[c]#").to_string(), "a&#10;::error::b #&#35;[c]#");
    }

    #[test]
    fn parts_between_backticks_are_code_and_stay_text() {
        let shown = |text| Coded(text).to_string();
        assert_eq!(shown("Run `a <b>`, then `c`."), "Run <code>a &lt;b&gt;</code>, then <code>c</code>.");
        assert_eq!(shown("a `b` c ` d"), "a <code>b</code> c ` d");
        assert_eq!(shown("`"), "`");
        assert_eq!(shown("``"), "<code></code>");
        assert_eq!(shown(""), "");
    }
}
