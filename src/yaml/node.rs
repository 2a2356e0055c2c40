//! The tree of a YAML file: scalars with their source text, lists and maps, each with its span.

use super::scalar::{plain_value, scalar_value};
use crate::diagnostic::{Source, Span};
use crate::model::{Map, Value};

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The span in the source.
    pub span: Span,
    /// The kind of the node with its content.
    pub kind: NodeKind,
}

/// The kind of a node with its content.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A scalar; an empty plain scalar is null.
    Scalar {
        /// The text, without quotes and escapes.
        text: String,
        /// Whether it was written without quotes, so that its text decides about its type.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map. Keys are unique and in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The text of the key.
    pub text: String,
    /// The span in the source.
    pub span: Span,
}

impl Node {
    /// Whether the node is null: `null`, `~` or nothing, without quotes.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar { text, plain: true } if plain_value(text).is_null())
    }

    /// The text of a scalar of any type; `None` for a list or a map.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// The node under a key of a map; `None` if there is no such key, or the node is not a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Map(entries) => entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node),
            NodeKind::Scalar { .. } | NodeKind::List(_) => None,
        }
    }

    /// Whether the node is a map without keys.
    #[must_use]
    pub fn is_empty_map(&self) -> bool {
        matches!(&self.kind, NodeKind::Map(entries) if entries.is_empty())
    }

    /// The kind of the node in words, for messages: `a text`, `a list` …
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a map",
            NodeKind::Scalar { plain: false, .. } => "a text",
            NodeKind::Scalar { text, .. } => match plain_value(text) {
                Value::Null => "nothing",
                Value::Bool(_) => "true or false",
                Value::Number(_) => "a number",
                Value::String(_) | Value::Array(_) | Value::Object(_) => "a text",
            },
        }
    }

    /// The value by YAML's core schema. Numbers keep their digits; anything that is not a plain JSON number stays text.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.kind {
            NodeKind::Scalar { text, plain } => scalar_value(text, *plain),
            NodeKind::List(items) => items.iter().map(Self::to_value).collect(),
            NodeKind::Map(entries) => {
                let pairs = entries.iter().map(|(key, node)| (key.text.clone(), node.to_value()));
                Value::Object(pairs.collect::<Map>())
            }
        }
    }

    /// The span in `source` of a piece of this scalar's text; `piece` is its byte range in the text.
    ///
    /// The span of the whole scalar, if quotes, escapes or folding prevent finding the piece.
    #[must_use]
    pub fn span_within(&self, source: &Source, piece: Span) -> Span {
        self.as_text().map_or(self.span, |text| span_within(source, self.span, text, piece))
    }
}

/// The span in `source` of a piece of a scalar's text, given the scalar's span, its text, and the byte range in that
/// text.
///
/// The span of the whole scalar, if quotes, escapes or folding prevent finding the piece.
#[must_use]
pub fn span_within(source: &Source, scalar: Span, text: &str, piece: Span) -> Span {
    locate(source.text(), scalar, text, piece).unwrap_or(scalar)
}

/// Finds the piece in the source: the n-th occurrence there is the n-th one in the decoded text.
fn locate(source: &str, scalar: Span, text: &str, piece: Span) -> Option<Span> {
    let written = source.get(scalar.start..scalar.end)?;
    let wanted = text.get(piece.start..piece.end)?;
    if wanted.is_empty() {
        return None;
    }
    let earlier = text.match_indices(wanted).take_while(|(at, _)| *at < piece.start).count();
    let (at, _) = written.match_indices(wanted).nth(earlier)?;
    let start = scalar.start + at;
    Some(Span::new(start, start + wanted.len()))
}
