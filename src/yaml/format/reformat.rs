//! From a text to the same text laid out evenly, or the reasons why not.

#![expect(clippy::wildcard_enum_match_arm, reason = "the tokens and events are those of another crate")]

use std::sync::Arc;

use serde_yaml::granit_parser::{ScalarStyle, Scanner, StrInput, TokenType};

use super::atoms::events;
use super::layout::layout;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::yaml::node::{Node, NodeKind};
use crate::yaml::parse::parse;

/// A YAML text laid out evenly; none where it cannot be read, with the reasons in `diagnostics`.
///
/// Two blanks a level, lists deeper than their key, one blank behind `:` and `,` and inside braces, no blanks at line
/// ends, `\n` for line ends and one at the end, never two empty lines, one between steps that take several lines.
/// Scalars, quotes, comments, the order of keys and where lines break stay. What comes says the same as what was
/// there, which is proven each time: the same tree, the same scalars as written, the same comments in their order.
pub fn reformat(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<String> {
    let before = read_tree(source, diagnostics)?;
    let text = source.text().strip_prefix('\u{feff}').unwrap_or(source.text());
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let laid_out = |ended| events(&text).map(|events| layout(&events, ended));
    let proven = |after: &String| says_the_same(&before, &text, after);
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

/// Everything but the layout, in its order: what was written between quotes, names, signs, comments.
fn pieces(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for token in Scanner::new(StrInput::new(text)) {
        let token = token.ok()?;
        let start = token.span().byte_range()?.start;
        let written = token.span().slice(text).unwrap_or_default();
        let piece = match token.token_type() {
            TokenType::Comment(comment) => format!("#{}", comment.text().trim_end()),
            // Its lines may stand elsewhere; what they say counts.
            TokenType::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, value) => format!("|{value}"),
            TokenType::Scalar(..) if written.contains('\n') => folded(written),
            // Lists below a key have a beginning and an end of their own only where they stand deeper.
            TokenType::BlockSequenceStart | TokenType::BlockEnd | TokenType::StreamEnd => continue,
            TokenType::BlockMappingStart | TokenType::StreamStart => continue,
            TokenType::Key | TokenType::Value | TokenType::BlockEntry => format!("{:?}", token.token_type()),
            _ => written.trim_end().to_owned(),
        };
        found.push((start, piece));
    }
    // A comment in a block scalar's header comes behind the scalar.
    found.sort_by_key(|(start, _)| *start);
    Some(found.into_iter().map(|(_, piece)| piece).collect())
}

/// A scalar's lines as one; how many empty lines stand between them counts.
fn folded(written: &str) -> String {
    let lines: Vec<&str> = written.split('\n').map(|line| line.trim_matches([' ', '\t'])).collect();
    lines.join("\n")
}

/// Reads a text, to be compared with another.
fn read_tree(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut own = Diagnostics::new();
    let node = parse(source, &mut own);
    let sound = !own.has_errors();
    diagnostics.extend(own);
    node.filter(|_| sound)
}
