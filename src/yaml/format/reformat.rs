//! Formats a text, and proves that the result says the same.

#![expect(clippy::wildcard_enum_match_arm, reason = "the tokens and events are those of another crate")]

use std::sync::Arc;

use serde_yaml::granit_parser::{ScalarStyle, Scanner, StrInput, TokenType};

use super::atoms::events;
use super::layout::layout;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::yaml::node::{Node, NodeKind};
use crate::yaml::parse::parse;

/// Formats a YAML text. `None` if it cannot be read or formatted; the reasons are in `diagnostics`.
///
/// Indents by two spaces a level and lists deeper than their key. Writes one space after `:` and `,` and inside braces,
/// no spaces at line ends, `\n` line ends with one at the end, never two empty lines, one between steps that take
/// several lines. Scalars, quotes, comments, line breaks and the order of keys stay. Each result is proven to say the
/// same: the same tree, the same scalars as written, the same comments in their order.
pub fn reformat(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<String> {
    let before = read_tree(source, diagnostics)?;
    let text = source.text().strip_prefix('\u{feff}').unwrap_or(source.text());
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let laid_out = |ended| events(&text).map(|events| layout(&events, ended));
    let proven = |after: &String| says_the_same(&before, &text, after);
    // After a block scalar that keeps trailing empty lines, one more line end would change its value.
    let proven = laid_out(true).filter(proven).or_else(|| laid_out(false).filter(proven));
    if proven.is_none() {
        let message = format!("`{}` is written in a form that `fmt` cannot keep", source.name());
        let help =
            "It was left as it is: look for a tab on a line of its own behind a text that keeps its empty lines (`|+`)";
        diagnostics.push(Diagnostic::error("format-unknown", message).at(source.place(Span::new(0, 0)), "").help(help));
    }
    proven
}

/// Whether both texts say the same.
fn says_the_same(before: &Node, text: &str, after: &str) -> bool {
    let mut diagnostics = Diagnostics::new();
    let node = parse(&Source::new("", after), &mut diagnostics);
    let tree = node.is_some_and(|node| diagnostics.is_empty() && same_tree(before, &node));
    tree && pieces(text).is_some_and(|before| pieces(after) == Some(before))
}

/// Whether two trees hold the same scalars, written with or without quotes alike, under the same keys in their order.
fn same_tree(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::List(ones), NodeKind::List(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| same_tree(one, other))
        }
        (NodeKind::Map(ones), NodeKind::Map(others)) => {
            let same = |(one, other): (&(_, Node), &(_, Node))| same_tree(&one.1, &other.1);
            let keys = ones.iter().zip(others).all(|(one, other)| one.0.text == other.0.text);
            ones.len() == others.len() && keys && ones.iter().zip(others).all(same)
        }
        (one, other) => one == other,
    }
}

/// Everything but the layout, in order: scalars as written, names, signs, comments.
fn pieces(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for token in Scanner::new(StrInput::new(text)) {
        let token = token.ok()?;
        let start = token.span().byte_range()?.start;
        let written = token.span().slice(text).unwrap_or_default();
        let piece = match token.token_type() {
            TokenType::Comment(comment) => format!("#{}", comment.text().trim_end()),
            // Its lines may move; only its value counts.
            TokenType::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, value) => format!("|{value}"),
            TokenType::Scalar(..) if written.contains('\n') => folded(written),
            // The parser reports start and end of a list below a key only if it is indented deeper.
            TokenType::BlockSequenceStart | TokenType::BlockEnd | TokenType::StreamEnd => continue,
            TokenType::BlockMappingStart | TokenType::StreamStart => continue,
            TokenType::Key | TokenType::Value | TokenType::BlockEntry => format!("{:?}", token.token_type()),
            _ => written.trim_end().to_owned(),
        };
        found.push((start, piece));
    }
    // The parser reports a comment in a block scalar's header after the scalar.
    found.sort_by_key(|(start, _)| *start);
    Some(found.into_iter().map(|(_, piece)| piece).collect())
}

/// The lines of a scalar without their indentation; the number of empty lines between them counts.
fn folded(written: &str) -> String {
    let lines: Vec<&str> = written.split('\n').map(|line| line.trim_matches([' ', '\t'])).collect();
    lines.join("\n")
}

/// Reads a text; `None` if it has errors, which are added to `diagnostics`.
fn read_tree(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut own = Diagnostics::new();
    let node = parse(source, &mut own);
    let sound = !own.has_errors();
    diagnostics.extend(own);
    node.filter(|_| sound)
}
