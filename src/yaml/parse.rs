//! Builds the tree from the parser's events, with our own rules for aliases, merge keys, duplicate keys, depth and
//! size.

#![expect(clippy::wildcard_enum_match_arm, reason = "the tokens and events are those of another crate")]

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde_yaml::granit_parser::{self, Event, Parser, ScalarStyle, ScanError, Tag};

use super::node::{Key, Node, NodeKind};
use super::open_nodes::{Anchored, OpenMap, OpenNode};
use super::syntax_help::{cure, tab_near, unquoted_template};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};

/// The deepest nesting of lists and maps.
const DEEPEST: usize = 64;
/// The most nodes in a file, with aliases expanded.
const MOST_NODES: usize = 500_000;
/// The most bytes of text in the scalars of a file, with aliases expanded.
const MOST_TEXT: usize = 64 * 1024 * 1024;

/// Reads one document. `None` if it cannot be read or is empty; the reasons are in `diagnostics`.
///
/// Duplicate keys are reported, and the first is kept. Aliases and merge keys (`<<`) are expanded.
pub fn parse(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let text = source.text();
    let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut builder = TreeBuilder::new(source, skipped, diagnostics);
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    for event in Parser::new_from_str_with_options(&text[skipped..], options) {
        let step = match event {
            Ok((event, span)) => builder.take(event, &span),
            Err(error) => Err(builder.syntax(&error)),
        };
        if let Err(diagnostic) = step {
            builder.diagnostics.push(*diagnostic);
            return None;
        }
    }
    builder.finish()
}

type ParseResult = Result<(), Box<Diagnostic>>;

struct TreeBuilder<'s, 'd> {
    source: &'s Arc<Source>,
    diagnostics: &'d mut Diagnostics,
    skipped: usize,
    stack: Vec<OpenNode>,
    anchors: HashMap<usize, Anchored>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    bytes: usize,
}

impl<'s, 'd> TreeBuilder<'s, 'd> {
    fn new(source: &'s Arc<Source>, skipped: usize, diagnostics: &'d mut Diagnostics) -> Self {
        let (stack, anchors) = (Vec::new(), HashMap::new());
        Self { source, diagnostics, skipped, stack, anchors, root: None, documents: 0, nodes: 0, bytes: 0 }
    }

    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) -> ParseResult {
        let span = self.span(span);
        match event {
            Event::DocumentStart(..) => self.document(span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), span),
            Event::SequenceStart(_, anchor, tag) => {
                self.collection(span, tag.as_deref(), "seq")?;
                self.stack.push(OpenNode::List { span, anchor, items: Vec::new() });
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.collection(span, tag.as_deref(), "map")?;
                self.stack.push(OpenNode::Map(OpenMap::new(span, anchor)));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    fn finish(self) -> Option<Node> {
        if self.root.is_none() {
            let place = self.source.place(Span::new(0, 0));
            let diagnostic = Diagnostic::error("yaml-empty", format!("`{}` holds nothing", self.source.name()));
            let help = "Write the keys that the file needs; `runsheet new DIR` writes files to begin with.";
            self.diagnostics.push(diagnostic.at(place, "").help(help));
        }
        self.root
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or_default();
        Span::new(range.start + self.skipped, range.end + self.skipped)
    }

    fn document(&mut self, span: Span) -> ParseResult {
        self.documents += 1;
        if self.documents > 1 {
            let message = "The file holds more than one document";
            return self.fail("yaml-documents", span, message, "Keep what follows `---` in a file of its own.");
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> ParseResult {
        let missing = span.start == span.end && style == ScalarStyle::Plain;
        let text = if missing { String::new() } else { text.into_owned() };
        let plain = style == ScalarStyle::Plain && !self.is_text(tag, span)?;
        self.count_size(1, text.len(), span)?;
        if let Some(OpenNode::Map(map)) = self.stack.last()
            && map.key.is_none()
        {
            if missing {
                return self.fail("yaml-key", span, "A key is missing here", "Write one ahead of the `:`.");
            }
            let key = Key { text, span };
            self.remember(anchor, || Node { span, kind: NodeKind::Scalar { text: key.text.clone(), plain } });
            return self.key(key, plain);
        }
        self.value(Node { span, kind: NodeKind::Scalar { text, plain } }, anchor, span)
    }

    /// Whether a tag makes a scalar a text.
    ///
    /// # Errors
    /// The tag is unknown.
    fn is_text(&self, tag: Option<&Tag>, span: Span) -> Result<bool, Box<Diagnostic>> {
        match tag.map(|tag| (tag.core_suffix(), tag.original())) {
            None | Some((Some("null" | "bool" | "int" | "float"), _)) => Ok(false),
            Some((Some("str"), _)) => Ok(true),
            Some((None, written)) if written == "!" => Ok(true),
            Some((_, written)) => Err(self.unknown_tag(&written, span)),
        }
    }

    /// Checks the start of a list or map: its tag, and that it is not used as a key.
    fn collection(&mut self, span: Span, tag: Option<&Tag>, core: &str) -> ParseResult {
        if let Some(tag) = tag.filter(|tag| tag.core_suffix() != Some(core)) {
            return Err(self.unknown_tag(&tag.original(), span));
        }
        if matches!(self.stack.last(), Some(OpenNode::Map(map)) if map.key.is_none()) {
            let message = "A key must be a text, and this is a list or a map";
            return self.fail("yaml-key", span, message, self.about_key(span));
        }
        self.count_size(1, 0, span)
    }

    fn key(&mut self, key: Key, plain: bool) -> ParseResult {
        let source = self.source;
        let Some(OpenNode::Map(map)) = self.stack.last_mut() else { return Ok(()) };
        map.merging = plain && key.text == "<<";
        let unseen = plain && key.text.starts_with(|c: char| c.is_whitespace() || c == '\u{feff}');
        map.repeated = map.seen.get(&key.text).copied();
        if let Some(first) = map.repeated {
            let diagnostic = Diagnostic::error("duplicate-key", format!("The key `{}` stands twice", key.text))
                .at(source.place(key.span), "again here")
                .at(source.place(first), "first here")
                .help("Keep one of them.");
            self.diagnostics.push(diagnostic);
        } else {
            map.seen.insert(key.text.clone(), key.span);
        }
        let span = key.span;
        map.key = Some(key);
        if unseen {
            let message = "The line begins with blanks that YAML takes for text, such as no-break or full-width spaces";
            return self.fail("yaml-syntax", span, message, "Indent with plain blanks.");
        }
        Ok(())
    }

    /// Adds a finished node to the open list or map, or makes it the root.
    fn value(&mut self, node: Node, anchor: usize, span: Span) -> ParseResult {
        self.remember(anchor, || node.clone());
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(OpenNode::List { items, .. }) => items.push(node),
            Some(OpenNode::Map(map)) => {
                let Some(key) = map.key.take() else { return Ok(()) };
                if map.repeated.is_some() {
                    return Ok(());
                }
                if map.merging {
                    return self.merge(node, span);
                }
                map.entries.push((key, node));
            }
        }
        Ok(())
    }

    fn merge(&mut self, node: Node, span: Span) -> ParseResult {
        let bases = match node.kind {
            NodeKind::List(items) => items,
            NodeKind::Scalar { .. } | NodeKind::Map(_) => vec![node],
        };
        for base in bases {
            let NodeKind::Map(entries) = base.kind else {
                let message = "`<<` takes a map or a list of maps";
                let help = "Name a map with an anchor and merge that: `<<: *name`.";
                return self.fail("yaml-merge", span, message, help);
            };
            if let Some(OpenNode::Map(map)) = self.stack.last_mut() {
                map.merged.extend(entries);
            }
        }
        Ok(())
    }

    fn close(&mut self) -> ParseResult {
        match self.stack.pop() {
            Some(OpenNode::List { span, anchor, items }) => {
                let last = items.last().map_or(span.end, |node| node.span.end);
                let node = Node { span: Span::new(span.start, last), kind: NodeKind::List(items) };
                self.value(node, anchor, span)
            }
            Some(OpenNode::Map(map)) => {
                let (anchor, span) = (map.anchor, map.span);
                self.value(map.close(), anchor, span)
            }
            None => Ok(()),
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> ParseResult {
        let Some(found) = self.anchors.get(&anchor) else {
            let message = "An alias cannot stand inside what it names";
            return self.fail("yaml-alias", span, message, "Write the value out.");
        };
        let (node, nodes, bytes, depth) = (found.node.clone(), found.nodes, found.bytes, found.depth);
        if self.stack.len() + depth > DEEPEST {
            return Err(self.too_deep(span));
        }
        self.count_size(nodes, bytes, span)?;
        if let Some(OpenNode::Map(map)) = self.stack.last()
            && map.key.is_none()
        {
            let NodeKind::Scalar { text, plain } = node.kind else {
                let message = "A key must be a text, and this is a list or a map";
                return self.fail("yaml-key", span, message, self.about_key(span));
            };
            return self.key(Key { text, span }, plain);
        }
        self.value(node, 0, span)
    }

    /// Keeps a node with an anchor for later aliases.
    fn remember(&mut self, anchor: usize, node: impl FnOnce() -> Node) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored::new(node()));
        }
    }

    /// Counts nodes and bytes, so that a small file cannot expand to a huge tree.
    fn count_size(&mut self, nodes: usize, bytes: usize, span: Span) -> ParseResult {
        self.nodes += nodes;
        self.bytes += bytes;
        if self.nodes > MOST_NODES || self.bytes > MOST_TEXT {
            let message = "The file is too large once its aliases are spelled out";
            return self.fail("yaml-size", span, message, "Use fewer aliases, or split the file.");
        }
        Ok(())
    }

    fn fail(&self, code: &'static str, span: Span, message: &str, help: &str) -> ParseResult {
        Err(Box::new(Diagnostic::error(code, message).at(self.source.place(span), "").help(help)))
    }

    fn too_deep(&self, span: Span) -> Box<Diagnostic> {
        let message = format!("Lists and maps are nested deeper than {DEEPEST}");
        let help = "Look for brackets that are never closed, or for an alias that nests itself ever deeper.";
        Box::new(Diagnostic::error("yaml-depth", message).at(self.source.place(span), "").help(help))
    }

    fn unknown_tag(&self, written: &str, span: Span) -> Box<Diagnostic> {
        let place = self.source.place(span);
        let message = format!("The tag `{written}` is not known here");
        Box::new(
            Diagnostic::error("yaml-tag", message).at(place, "").help("Take it out, or quote a value that is text."),
        )
    }

    fn syntax(&self, error: &ScanError) -> Box<Diagnostic> {
        let at = error.marker().byte_offset().unwrap_or_default() + self.skipped;
        let span = tab_near(error.kind(), self.source.text(), at).unwrap_or(Span::new(at, at));
        if matches!(error.kind(), granit_parser::ErrorKind::RecursionLimitExceeded) {
            return self.too_deep(span);
        }
        let message = format!("This is not valid YAML: {}", error.info());
        let place = self.source.place(span);
        let above = self.source.line_above(span);
        let help = unquoted_template(&place.text).or_else(|| cure(error.kind(), &place.text, above));
        Box::new(Diagnostic::error("yaml-syntax", message).at(place, "").maybe_help(help.map(str::to_owned)))
    }

    /// The help for a key that is not a text.
    fn about_key(&self, span: Span) -> &'static str {
        unquoted_template(&self.source.place(span).text).unwrap_or("Write a plain text as the key, such as `name:`.")
    }
}
