//! A YAML tree against its text: every place lies in it, and a plain scalar is what stands there.

use runsheet::internals::diagnostic::{Diagnostics, Source, Span};
use runsheet::internals::yaml::{Node, NodeKind, parse};

/// Fails unless the tree of a text points into that text.
pub(crate) fn is_sound(name: &str, text: &str) {
    let mut told = Diagnostics::default();
    let root = parse(&Source::new(name, text), &mut told);
    super::messages::are_sound(&told, &[(name, text)]);
    assert!(root.is_some() || told.has_errors());
    if let Some(root) = root {
        node_is_sound(&root, text);
    }
}

fn node_is_sound(node: &Node, text: &str) {
    let own = slice(node.span, text);
    match &node.kind {
        NodeKind::Scalar { text: scalar, plain: true } if !own.contains(['\n', '\r']) => {
            // An alias and a tag stand before what they bring.
            assert!(own == scalar || own.starts_with(['*', '!', '&']), "{own:?} is not {scalar:?}");
        }
        NodeKind::Scalar { .. } => {}
        NodeKind::List(items) => items.iter().for_each(|item| node_is_sound(item, text)),
        NodeKind::Map(entries) => {
            for (at, (key, value)) in entries.iter().enumerate() {
                slice(key.span, text);
                assert!(entries[..at].iter().take(64).all(|(other, _)| other.text != key.text), "{} twice", key.text);
                node_is_sound(value, text);
            }
        }
    }
}

fn slice(span: Span, text: &str) -> &str {
    text.get(span.start..span.end).unwrap_or_else(|| panic!("{span:?} is no part of the text"))
}
