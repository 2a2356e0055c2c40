//! Lists and maps that are still open while the tree is built, and nodes named by anchors.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::node::{Key, Node, NodeKind};
use crate::diagnostic::Span;

/// A list or map that is still open.
pub(super) enum OpenNode {
    List { span: Span, anchor: usize, items: Vec<Node> },
    Map(OpenMap),
}

/// A map that is still open.
#[derive(Default)]
pub(super) struct OpenMap {
    pub(super) span: Span,
    pub(super) anchor: usize,
    pub(super) entries: Vec<(Key, Node)>,
    pub(super) merged: Vec<(Key, Node)>,
    pub(super) seen: HashMap<String, Span>,
    /// The key whose value comes next.
    pub(super) key: Option<Key>,
    /// The span of an earlier key with the same text, if any.
    pub(super) repeated: Option<Span>,
    /// Whether that key is the merge key `<<`.
    pub(super) merging: bool,
}

/// A node named by an anchor, with its size, which each alias adds.
pub(super) struct Anchored {
    pub(super) node: Node,
    pub(super) nodes: usize,
    pub(super) bytes: usize,
    pub(super) depth: usize,
}

impl Anchored {
    pub(super) fn new(node: Node) -> Self {
        let (nodes, bytes, depth) = measure(&node);
        Self { node, nodes, bytes, depth }
    }
}

impl OpenMap {
    pub(super) fn new(span: Span, anchor: usize) -> Self {
        Self { span, anchor, ..Self::default() }
    }

    /// Closes the map: adds the merged keys that it does not have itself. Of several merged maps the first wins.
    pub(super) fn close(self) -> Node {
        let (mut entries, mut seen) = (self.entries, self.seen);
        let last = entries.last().map_or(self.span.end, |(_, node)| node.span.end);
        for (key, node) in self.merged {
            if let Entry::Vacant(free) = seen.entry(key.text.clone()) {
                free.insert(key.span);
                entries.push((key, node));
            }
        }
        Node { span: Span::new(self.span.start, last), kind: NodeKind::Map(entries) }
    }
}

/// The number of nodes, the bytes of text and the depth of a tree.
fn measure(node: &Node) -> (usize, usize, usize) {
    let children: Vec<&Node> = match &node.kind {
        NodeKind::Scalar { text, .. } => return (1, text.len(), 0),
        NodeKind::List(items) => items.iter().collect(),
        NodeKind::Map(entries) => entries.iter().map(|(_, node)| node).collect(),
    };
    let keys = match &node.kind {
        NodeKind::Map(entries) => entries.iter().map(|(key, _)| key.text.len()).sum(),
        NodeKind::Scalar { .. } | NodeKind::List(_) => 0,
    };
    children
        .into_iter()
        .map(measure)
        .fold((1, keys, 1), |sum, part| (sum.0 + part.0, sum.1 + part.1, sum.2.max(part.2 + 1)))
}
