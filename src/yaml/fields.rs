//! Typed access to the keys of a map; reports missing keys, wrong types and unknown keys.

use std::sync::Arc;
use std::time::Duration;

use super::node::{Key, Node, NodeKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Source, Span, did_you_mean_among, near_miss, suggestion};
use crate::model::{Limits, Rate, Value, Word, parse_duration};

/// Reads the keys of one map. Methods return `None` for a key that is missing, null or wrong, and report a wrong one;
/// [`Fields::finish`] reports the keys that were never read.
pub struct Fields<'a, 'd> {
    source: &'d Arc<Source>,
    diagnostics: &'d mut Diagnostics,
    what: &'d str,
    span: Span,
    entries: &'a [(Key, Node)],
    asked: Vec<&'static str>,
}

impl<'a, 'd> Fields<'a, 'd> {
    /// Opens a map; `what` names it in messages (`a step`). `None` if the node is not a map, which is reported.
    pub fn open(
        node: &'a Node,
        source: &'d Arc<Source>,
        diagnostics: &'d mut Diagnostics,
        what: &'d str,
    ) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            let message = format!("{} must be a map of keys, and this is {}", capital(what), node.describe());
            diagnostics.push(Diagnostic::error("bad-type", message).at(source.place(node.span), "must be a map"));
            return None;
        };
        Some(Self { source, diagnostics, what, span: node.span, entries, asked: Vec::new() })
    }

    /// The list of messages, for reading nested nodes.
    pub fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// The span of the map.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// A place in the file being read.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        self.source.place(span)
    }

    /// Reports an error at a span.
    pub fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: Option<String>) {
        let place = self.source.place(span);
        self.diagnostics.push(Diagnostic::error(code, message).at(place, "").maybe_help(help));
    }

    /// The key and node under `key`, including a null.
    pub fn entry(&mut self, key: &'static str) -> Option<(&'a Key, &'a Node)> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.iter().find(|(name, _)| name.text == key).map(|(name, node)| (name, node))
    }

    /// The node under `key`, unless it is null.
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|(_, node)| node).filter(|node| !node.is_null())
    }

    /// The node under an unknown key that probably means `key`. [`Fields::finish`] reports the key; reading its node
    /// all the same keeps one misspelling from causing a dozen messages.
    #[must_use]
    pub fn misspelt(&self, key: &'static str, known: &[&'static str]) -> Option<&'a Node> {
        let meant = |name: &str| !known.contains(&name) && near_miss(name, known.iter().copied()) == Some(key);
        self.entries.iter().find(|(name, _)| meant(&name.text)).map(|(_, node)| node)
    }

    /// The node under `key`; a missing one is reported.
    pub fn required(&mut self, key: &'static str) -> Option<&'a Node> {
        let found = self.node(key);
        if found.is_none() {
            let message = format!("{} needs the key `{key}`", capital(self.what));
            self.error("missing-key", self.span, message, None);
        }
        found
    }

    /// The text of a scalar of any type, as written in the file.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        let node = self.node(key)?;
        self.scalar(key, node, "a text").map(str::to_owned)
    }

    /// A text that is required and must not be empty.
    pub fn required_text(&mut self, key: &'static str) -> Option<String> {
        let node = self.required(key)?;
        let text = self.scalar(key, node, "a text")?;
        if text.trim().is_empty() {
            self.error("bad-value", node.span, format!("`{key}` must not be empty"), None);
            return None;
        }
        Some(text.to_owned())
    }

    /// `true` or `false`.
    pub fn bool(&mut self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        node.to_value().as_bool().or_else(|| self.wrong(key, node, "`true` or `false`"))
    }

    /// A whole number from 0 on.
    pub fn integer(&mut self, key: &'static str) -> Option<u64> {
        let node = self.node(key)?;
        node.to_value().as_u64().or_else(|| self.wrong(key, node, "a whole number"))
    }

    /// A duration such as `30s`.
    pub fn duration(&mut self, key: &'static str) -> Option<Duration> {
        self.parsed(key, "a duration such as `30s`", parse_duration)
    }

    /// A rate such as `20/s`.
    pub fn rate(&mut self, key: &'static str) -> Option<Rate> {
        self.parsed(key, "a rate such as `20/s`", Rate::parse)
    }

    /// One of the words of `T`.
    pub fn choice<T: Word>(&mut self, key: &'static str) -> Option<T> {
        self.choice_among(key, |_| true)
    }

    /// One of the words of `T` for which `may_stand` is true.
    pub fn choice_among<T: Word>(&mut self, key: &'static str, may_stand: impl Fn(T) -> bool) -> Option<T> {
        let node = self.node(key)?;
        let text = self.scalar(key, node, "a word")?;
        let words = || T::TABLE.iter().filter(|(_, variant)| may_stand(*variant));
        if let Some((_, variant)) = words().find(|(word, _)| *word == text) {
            return Some(*variant);
        }
        let known = words().map(|(word, _)| *word);
        let help = suggestion(text, known.clone());
        let listed = known.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        self.error("bad-value", node.span, format!("`{key}` must be one of {listed}"), help);
        None
    }

    /// A scalar's text read by `read`, whose error is reported. `wanted` describes the value in messages.
    pub fn parsed<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let node = self.node(key)?;
        let text = self.scalar(key, node, wanted)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(message) => {
                self.error("bad-value", node.span, format!("`{key}`: {message}"), None);
                None
            }
        }
    }

    /// A share between 0 and 1, written `10%` or `0.1`.
    pub fn ratio(&mut self, key: &'static str) -> Option<f64> {
        self.parsed(key, "a share such as `10%`", parse_ratio)
    }

    /// `{ in_flight: 16, rate: 10/s }`.
    pub fn limits(&mut self, key: &'static str) -> Option<Limits> {
        let node = self.node(key)?;
        let mut fields = Fields::open(node, self.source, self.diagnostics, "`limits`")?;
        let limits = Limits { in_flight: fields.in_flight(), rate: fields.rate("rate") };
        fields.finish();
        Some(limits)
    }

    fn in_flight(&mut self) -> Option<u32> {
        let node = self.node("in_flight")?;
        match node.to_value().as_u64().and_then(|count| u32::try_from(count).ok()) {
            Some(count) if count > 0 => Some(count),
            _ => self.wrong("in_flight", node, "a whole number from 1 on"),
        }
    }

    /// The value by YAML's core schema.
    pub fn value(&mut self, key: &'static str) -> Option<Value> {
        self.node(key).map(Node::to_value)
    }

    /// The nodes of a list.
    pub fn list(&mut self, key: &'static str) -> Option<&'a [Node]> {
        let node = self.node(key)?;
        match &node.kind {
            NodeKind::List(items) => Some(items),
            NodeKind::Scalar { .. } | NodeKind::Map(_) => self.wrong(key, node, "a list"),
        }
    }

    /// The entries of a map.
    pub fn map(&mut self, key: &'static str) -> Option<&'a [(Key, Node)]> {
        let node = self.node(key)?;
        match &node.kind {
            NodeKind::Map(entries) => Some(entries),
            NodeKind::Scalar { .. } | NodeKind::List(_) => self.wrong(key, node, "a map"),
        }
    }

    /// Reports `key`, if present, as not built. `message` says what it would do and what to use instead.
    pub fn refuse(&mut self, key: &'static str, message: &str) {
        if let Some((name, _)) = self.entry(key) {
            let help = Some("Take the key out to go on without it.".to_owned());
            self.error("not-built", name.span, message, help);
        }
    }

    /// Reports the keys that were never read.
    pub fn finish(self) {
        for (key, _) in self.entries.iter().filter(|(key, _)| !self.asked.contains(&key.text.as_str())) {
            let message = format!("`{}` is no key of {}", key.text, self.what);
            let help = did_you_mean_among(&key.text, &self.asked, "The keys are");
            let place = self.source.place(key.span);
            self.diagnostics.push(Diagnostic::error("unknown-key", message).at(place, "unknown key").help(help));
        }
    }

    fn scalar(&mut self, key: &str, node: &'a Node, wanted: &str) -> Option<&'a str> {
        match node.as_text() {
            Some(text) => Some(text),
            None => self.wrong(key, node, wanted),
        }
    }

    fn wrong<T>(&mut self, key: &str, node: &Node, wanted: &str) -> Option<T> {
        let message = format!("`{key}` must be {wanted}, and this is {}", node.describe());
        self.error("bad-type", node.span, message, None);
        None
    }
}

/// Reads `10%` or `0.1`.
fn parse_ratio(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is not a share: write a percentage such as `10%`, or a number from 0 to 1");
    let (number, divisor) = match text.trim().strip_suffix('%') {
        Some(number) => (number.trim(), 100.0),
        None => (text.trim(), 1.0),
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let share = number.parse::<f64>().ok().filter(|_| plain).map(|number| number / divisor);
    share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(wrong)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
