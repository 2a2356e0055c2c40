//! The tree: scalars with their source text, lists and maps, each with its place.

use super::scalar::{plain_value, scalar_value};
use crate::diagnostic::{Source, Span};
use crate::model::{Map, Value};

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A scalar's text, without quotes and escapes; an empty plain scalar is null.
    Scalar {
        /// The text.
        text: String,
        /// Whether it was written without quotes, so that its type is open.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map; keys are unique and in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The key's text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// Whether it is null: `null`, `~` or nothing at all, without quotes.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar { text, plain: true } if plain_value(text).is_null())
    }

    /// The text of a scalar, whatever its type.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// The node under a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Map(entries) => entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node),
            NodeKind::Scalar { .. } | NodeKind::List(_) => None,
        }
    }

    /// Whether it is a map without any key.
    #[must_use]
    pub fn is_empty_map(&self) -> bool {
        matches!(&self.kind, NodeKind::Map(entries) if entries.is_empty())
    }

    /// What it is, for messages: `a text`, `a list` …
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

    /// The value by YAML's core schema; numbers keep their digits, and what is no plain JSON number stays text.
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

    /// The span in `source` of a piece of this scalar's text, given its bytes inside the text.
    ///
    /// Where quotes, escapes or folding keep the piece from being found, the whole scalar's span.
    #[must_use]
    pub fn span_within(&self, source: &Source, piece: Span) -> Span {
        self.as_text().map_or(self.span, |text| span_within(source, self.span, text, piece))
    }
}

/// The span in `source` of a piece of a scalar's text, given the scalar's span, its text, and the bytes inside that text.
///
/// Where quotes, escapes or folding keep the piece from being found, the whole scalar's span.
#[must_use]
pub fn span_within(source: &Source, scalar: Span, text: &str, piece: Span) -> Span {
    locate(source.text(), scalar, text, piece).unwrap_or(scalar)
}

/// Finds in the source the same occurrence of a piece that it is in the decoded text.
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
