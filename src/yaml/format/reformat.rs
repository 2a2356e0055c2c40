//! From a text to the same text laid out evenly, or the reasons why not.

use std::sync::Arc;

use super::atoms::steps;
use super::layout::layout;
use super::proof;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};

/// A YAML text laid out evenly; none where it cannot be read, with the reasons in `diagnostics`.
///
/// Two blanks a level, lists deeper than their key, one blank behind `:` and `,` and inside braces, no blanks at line
/// ends, `\n` for line ends and one at the end, never two empty lines, one between steps that take several lines.
/// Scalars, quotes, comments, the order of keys and where lines break stay. What comes says the same as what was
/// there, which is proven each time: the same tree, the same scalars as written, the same comments in their order.
pub fn reformat(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<String> {
    let before = proof::tree(source, diagnostics)?;
    let text = source.text().strip_prefix('\u{feff}').unwrap_or(source.text());
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let laid_out = |ended| steps(&text).map(|steps| layout(&steps, ended));
    let proven = |after: &String| proof::same(&before, &text, after);
    // Behind a text that keeps its empty lines, one more line end may add to what it says.
    let proven = laid_out(true).filter(proven).or_else(|| laid_out(false).filter(proven));
    if proven.is_none() {
        let message = format!("`{}` is laid out in a way that `fmt` does not know how to keep", source.name());
        let help =
            "It was left as it is: look for a tab on a line of its own behind a text that keeps its empty lines (`|+`)";
        diagnostics.push(Diagnostic::error("format-unknown", message).at(source.place(Span::new(0, 0)), "").help(help));
    }
    proven
}
