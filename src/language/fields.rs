//! Typed access to the keys of a map, for the readers: reports missing keys, wrong types and unknown keys.
//!
//! With debug assertions, a reader that asks for a key that the table lacks, or for another type than the table says,
//! ends with a panic.

use std::sync::Arc;
use std::time::Duration;

use super::limits::LIMITS;
use super::places::every_place;
use super::shape::{KeyMap, Shape};
use crate::diagnostic::{
    Diagnostic, Diagnostics, Place, Source, Span, did_you_mean, in_backticks, near_miss, suggestion,
};
use crate::model::{Limits, Rate, Value, Word, parse_duration};
use crate::yaml::{Key, Node, NodeKind};

/// Reads the keys of one map of the language. Methods return `None` for a key that is missing, null or wrong, and
/// report a wrong one; [`Fields::finish`] reports the keys that the map does not have.
pub struct Fields<'a, 'd> {
    source: &'d Arc<Source>,
    diagnostics: &'d mut Diagnostics,
    map: &'static KeyMap,
    what: &'d str,
    span: Span,
    entries: &'a [(Key, Node)],
    asked: Vec<&'static str>,
}

impl<'a, 'd> Fields<'a, 'd> {
    /// Opens a map. `None` if the node is not a map, which is reported.
    pub fn open(
        node: &'a Node,
        source: &'d Arc<Source>,
        diagnostics: &'d mut Diagnostics,
        map: &'static KeyMap,
    ) -> Option<Self> {
        Self::open_as(node, source, diagnostics, map, map.what)
    }

    /// Opens a map that messages call by a name of its own (``the column `phone` ``). `None` if the node is not a map,
    /// which is reported.
    pub fn open_as(
        node: &'a Node,
        source: &'d Arc<Source>,
        diagnostics: &'d mut Diagnostics,
        map: &'static KeyMap,
        what: &'d str,
    ) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            let message = format!("{} must be a map of keys, and this is {}", capital(what), node.describe());
            let help = format!("The keys are {}.", in_backticks(&map.names()));
            diagnostics
                .push(Diagnostic::error("bad-type", message).at(source.place(node.span), "must be a map").help(help));
            return None;
        };
        Some(Self { source, diagnostics, map, what, span: node.span, entries, asked: Vec::new() })
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
        self.note(key);
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
    pub fn misspelt(&self, key: &'static str) -> Option<&'a Node> {
        let known = self.map.names();
        let meant = |name: &str| self.map.key(name).is_none() && near_miss(name, known.iter().copied()) == Some(key);
        self.entries.iter().find(|(name, _)| meant(&name.text)).map(|(_, node)| node)
    }

    /// Opens a map that stands inside this one. `None` if the node is not a map, which is reported.
    pub fn within<'s>(&'s mut self, node: &'s Node, map: &'static KeyMap) -> Option<Fields<'s, 's>> {
        Fields::open(node, self.source, self.diagnostics, map)
    }

    /// The node under `key`, which the table requires; a missing one is reported.
    pub fn required(&mut self, key: &'static str) -> Option<&'a Node> {
        debug_assert!(
            self.map.key(key).is_some_and(|key| key.required),
            "`{key}` of {} is not required",
            self.map.name
        );
        self.needed(key)
    }

    /// The node under `key`, which other keys of the map ask for; a missing one is reported.
    pub fn needed(&mut self, key: &'static str) -> Option<&'a Node> {
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

    /// A text that must be there and must not be empty.
    pub fn required_text(&mut self, key: &'static str) -> Option<String> {
        let node = self.needed(key)?;
        let text = self.scalar(key, node, "a text")?;
        if text.trim().is_empty() {
            self.error("bad-value", node.span, format!("`{key}` must not be empty"), None);
            return None;
        }
        Some(text.to_owned())
    }

    /// `true` or `false`.
    pub fn bool(&mut self, key: &'static str) -> Option<bool> {
        self.fits(key, |shape| matches!(shape, Shape::Bool));
        let node = self.node(key)?;
        node.to_value().as_bool().or_else(|| self.wrong(key, node, "`true` or `false`"))
    }

    /// A whole number from 0 on.
    pub fn integer(&mut self, key: &'static str) -> Option<u64> {
        self.fits(key, |shape| matches!(shape, Shape::Count { .. } | Shape::Version(_) | Shape::Slot(..)));
        let node = self.node(key)?;
        node.to_value().as_u64().or_else(|| self.wrong(key, node, "a whole number"))
    }

    /// A duration such as `30s`.
    pub fn duration(&mut self, key: &'static str) -> Option<Duration> {
        self.fits(key, |shape| matches!(shape, Shape::Duration));
        self.parsed(key, "a duration such as `30s`", parse_duration)
    }

    /// The duration that the table gives as the default of `key`.
    #[must_use]
    pub fn default_duration(&self, key: &'static str) -> Duration {
        let default = self.map.key(key).and_then(|key| key.default).unwrap_or_default();
        let read = parse_duration(default);
        debug_assert!(read.is_ok(), "the default of `{key}` of {} is no duration", self.map.name);
        read.unwrap_or_default()
    }

    /// A rate such as `20/s`.
    pub fn rate(&mut self, key: &'static str) -> Option<Rate> {
        self.fits(key, |shape| matches!(shape, Shape::Rate));
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
        self.fits(key, |shape| {
            matches!(shape, Shape::Words(docs) if docs.iter().map(|doc| doc.word).eq(words().map(|(word, _)| *word)))
        });
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
        self.fits(key, |shape| matches!(shape, Shape::Share));
        self.parsed(key, "a share such as `10%`", parse_ratio)
    }

    /// `{ in_flight: 16, rate: 10/s }`.
    pub fn limits(&mut self, key: &'static str) -> Option<Limits> {
        let node = self.node(key)?;
        let mut fields = Fields::open(node, self.source, self.diagnostics, &LIMITS)?;
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
        self.fits(key, |shape| matches!(shape, Shape::List { .. } | Shape::Any | Shape::AnyNames | Shape::Names));
        let node = self.node(key)?;
        match &node.kind {
            NodeKind::List(items) => Some(items),
            NodeKind::Scalar { .. } | NodeKind::Map(_) => self.wrong(key, node, "a list"),
        }
    }

    /// The entries of a map.
    pub fn map(&mut self, key: &'static str) -> Option<&'a [(Key, Node)]> {
        self.fits(key, |shape| matches!(shape, Shape::Each(_) | Shape::AnyMap | Shape::Map(_) | Shape::Slot(..)));
        let node = self.node(key)?;
        match &node.kind {
            NodeKind::Map(entries) => Some(entries),
            NodeKind::Scalar { .. } | NodeKind::List(_) => self.wrong(key, node, "a map"),
        }
    }

    /// Reports `key`, if present, as one that maps of this kind do not take here.
    pub fn refuse(&mut self, key: &'static str, help: &str) {
        if let Some((name, _)) = self.entry(key) {
            let message = format!("`{key}` is no key of {}", self.what);
            self.error("unknown-key", name.span, message, Some(help.to_owned()));
        }
    }

    /// Reports the keys that the map does not have, those that are not built, and those that were not read because the
    /// other keys rule them out.
    pub fn finish(self) {
        for (name, node) in self.entries {
            let place = self.source.place(name.span);
            match self.map.key(&name.text) {
                None => {
                    let message = format!("`{}` is no key of {}", name.text, self.what);
                    let error = Diagnostic::error("unknown-key", message).at(place, "unknown key");
                    self.diagnostics.push(error.help(help_for_unknown(self.map, &name.text)));
                }
                Some(key) => {
                    if let Some(message) = key.not_built {
                        let error = Diagnostic::error("not-built", message).at(place, "");
                        self.diagnostics.push(error.help("Take the key out to go on without it."));
                    } else if !self.asked.contains(&key.name) && !node.is_null() {
                        let message = format!("`{}` is no key of {}", name.text, self.what);
                        let error = Diagnostic::error("unknown-key", message).at(place, "does not go with the others");
                        self.diagnostics.push(error.help(help_for_ruled_out(self.map, &self.asked)));
                    }
                }
            }
        }
    }

    /// Notes that a key is read, and that the table has it.
    fn note(&self, key: &'static str) {
        debug_assert!(self.map.key(key).is_some(), "the table of {} lacks `{key}`", self.map.name);
        #[cfg(feature = "internals")]
        read::note(self.map.name, key);
    }

    /// Asserts that the table gives a key a shape that `fits`.
    fn fits(&self, key: &str, fits: impl Fn(&Shape) -> bool) {
        debug_assert!(
            self.map.key(key).is_none_or(|key| any_shape(&key.shape, &fits)),
            "`{key}` of {} is read as another shape than its table says",
            self.map.name
        );
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

/// What to say of a key that the map has, but not beside its other keys: the keys that it may have there.
fn help_for_ruled_out(map: &KeyMap, asked: &[&str]) -> String {
    let known: Vec<&str> = map.names().into_iter().filter(|name| asked.contains(name)).collect();
    format!("With its other keys as they are, it takes {}.", in_backticks(&known))
}

/// What to say of a key that a map does not have: the key that is probably meant, the map that has it, or all keys.
fn help_for_unknown(map: &KeyMap, name: &str) -> String {
    let known = map.names();
    let elsewhere = where_it_stands(map, name);
    match (near_miss(name, known.iter().copied()), elsewhere) {
        (Some(near), Some(elsewhere)) => format!("{} {elsewhere}", did_you_mean(name, near)),
        (None, Some(elsewhere)) => elsewhere,
        (Some(near), None) => did_you_mean(name, near),
        (None, None) if known.is_empty() => "It has none.".to_owned(),
        (None, None) => format!("The keys are {}.", in_backticks(&known)),
    }
}

/// ``"`lists` stands under `rows`."``: where a key of this name stands in a file that has such a map. `None` where it
/// stands nowhere, or only in a map that says so already.
fn where_it_stands(map: &KeyMap, name: &str) -> Option<String> {
    let places = every_place();
    let files: Vec<_> = places.iter().filter(|place| place.map.name == map.name).map(|place| place.file).collect();
    let file = files.first()?;
    let of_file: Vec<_> = places.iter().filter(|place| place.file == *file && place.map.key(name).is_some()).collect();
    let mut stands: Vec<String> = Vec::new();
    for place in &of_file {
        let same_map = of_file.iter().filter(|other| other.map.name == place.map.name).count();
        // A map that stands in several places is named by its own key alone.
        let path = if same_map > 1 { place.own_key().to_owned() } else { place.dotted() };
        let shown = if path.is_empty() { "at the top of the file".to_owned() } else { format!("under `{path}`") };
        if !stands.contains(&shown) {
            stands.push(shown);
        }
    }
    match stands.as_slice() {
        [] => None,
        [one] => Some(format!("`{name}` stands {one}.")),
        [first, second] => Some(format!("`{name}` stands {first} or {second}.")),
        // A name that many maps have says nothing of what was meant.
        [_, _, _, ..] => None,
    }
}

/// Whether a shape, or one of its alternatives, fits.
fn any_shape(shape: &Shape, fits: &impl Fn(&Shape) -> bool) -> bool {
    let is_choice = matches!(shape, Shape::AnyOf(_) | Shape::OrNull(_));
    if is_choice { shape.inside().iter().any(|shape| any_shape(shape, fits)) } else { fits(shape) }
}

/// The keys that readers asked for in this process, for the test that every key of the tables is read.
#[cfg(feature = "internals")]
mod read {
    use std::collections::BTreeSet;
    use std::sync::{Mutex, PoisonError};

    static READ: Mutex<BTreeSet<(&'static str, &'static str)>> = Mutex::new(BTreeSet::new());

    pub(super) fn note(map: &'static str, key: &'static str) {
        READ.lock().unwrap_or_else(PoisonError::into_inner).insert((map, key));
    }

    /// The keys that readers asked for in this process, each with the name of its map.
    #[must_use]
    pub fn keys_read() -> BTreeSet<(&'static str, &'static str)> {
        READ.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(feature = "internals")]
pub use read::keys_read;
