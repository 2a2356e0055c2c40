//! The proof that two texts say the same: their trees, their scalars as written, their comments in their order.

#![expect(clippy::wildcard_enum_match_arm, reason = "the tokens and events are those of another crate")]

use std::sync::Arc;

use serde_yaml::granit_parser::{ScalarStyle, Scanner, StrInput, TokenType};

use crate::diagnostic::{Diagnostics, Source};
use crate::yaml::node::{Kind, Node};
use crate::yaml::parse::parse;

/// Whether both texts say the same.
pub(super) fn same(before: &Node, text: &str, after: &str) -> bool {
    let mut diagnostics = Diagnostics::new();
    let node = parse(&Source::new("", after), &mut diagnostics);
    let tree = node.is_some_and(|node| diagnostics.is_empty() && same_tree(before, &node));
    tree && pieces(text).is_some_and(|before| pieces(after) == Some(before))
}

/// Whether two trees hold the same scalars, written with or without quotes alike, under the same keys in their order.
fn same_tree(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::List(ones), Kind::List(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| same_tree(one, other))
        }
        (Kind::Map(ones), Kind::Map(others)) => {
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
pub(super) fn tree(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut own = Diagnostics::new();
    let node = parse(source, &mut own);
    let sound = !own.has_errors();
    diagnostics.extend(own);
    node.filter(|_| sound)
}
