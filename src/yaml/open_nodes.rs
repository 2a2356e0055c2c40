//! Lists and maps under construction, and what anchors name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::node::{Key, Node, NodeKind};
use crate::diagnostic::Span;

/// A list or map under construction.
pub(super) enum OpenNode {
    List { span: Span, anchor: usize, items: Vec<Node> },
    Map(OpenMap),
}

/// A map under construction.
#[derive(Default)]
pub(super) struct OpenMap {
    pub(super) span: Span,
    pub(super) anchor: usize,
    pub(super) entries: Vec<(Key, Node)>,
    pub(super) merged: Vec<(Key, Node)>,
    pub(super) seen: HashMap<String, Span>,
    /// The key whose value comes next.
    pub(super) key: Option<Key>,
    /// Where that key stood before, if it did.
    pub(super) repeated: Option<Span>,
    /// Whether that key is `<<`.
    pub(super) merging: bool,
}

/// What an anchor names, with what it costs to spell it out.
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

    /// The map with what `<<` brought laid under its own keys; of several bases the first wins.
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

/// Nodes, bytes of text and depth of a tree.
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
