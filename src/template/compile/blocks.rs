//! The blocks around a place in a text, and where a name inside them starts.

use handlebars::template::{BlockParam, HelperTemplate, Parameter};

use super::error::{TemplateError, error};
use super::path::Spelled;
use super::program::Base;
use crate::diagnostic::Span;

/// A block that gives `this` a meaning, with its parameters.
struct Frame {
    value: Option<String>,
    key: Option<String>,
    /// Whether it goes through a list or a map, and so counts.
    counts: bool,
}

/// The blocks that are open, the innermost last.
#[derive(Default)]
pub(super) struct Frames(Vec<Frame>);

impl Frames {
    /// Enters a block; `counts` where it goes through a list or a map.
    pub(super) fn enter(&mut self, block: &HelperTemplate, counts: bool) {
        let word = |param: &Parameter| param.as_name().map(str::to_owned);
        let (value, key) = match &block.block_param {
            Some(BlockParam::Single(value)) => (word(value), None),
            Some(BlockParam::Pair((value, key))) => (word(value), word(key)),
            _ => (None, None),
        };
        self.0.push(Frame { value, key, counts });
    }

    /// Leaves the innermost block.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    /// Where a name starts, and its way from there.
    pub(super) fn base(&self, spelled: &Spelled, span: Span) -> Result<(Base, Vec<String>), TemplateError> {
        let segments = spelled.segments.clone();
        if spelled.root {
            return Ok((Base::Scope, segments));
        }
        if spelled.up > self.0.len() {
            return Err(error(span, "`../` leads out of every block here", None));
        }
        if spelled.local {
            return self.local(spelled, span).map(|base| (base, Vec::new()));
        }
        if spelled.up == 0
            && !spelled.this
            && let Some((base, used)) = segments.first().and_then(|first| self.parameter(first))
        {
            return Ok((base, segments[used..].to_vec()));
        }
        if spelled.up == self.0.len() { Ok((Base::Scope, segments)) } else { Ok((Base::This(spelled.up), segments)) }
    }

    /// A block parameter of that name, of the innermost block that has it.
    fn parameter(&self, name: &str) -> Option<(Base, usize)> {
        self.0.iter().rev().enumerate().find_map(|(distance, frame)| {
            if frame.value.as_deref() == Some(name) {
                Some((Base::This(distance), 1))
            } else if frame.key.as_deref() == Some(name) {
                Some((Base::Key(distance), 1))
            } else {
                None
            }
        })
    }

    /// `@index` and its kin, of the nearest block from there on that counts.
    fn local(&self, spelled: &Spelled, span: Span) -> Result<Base, TemplateError> {
        let frames = self.0.iter().rev().enumerate().skip(spelled.up);
        let counting = frames.filter(|(_, frame)| frame.counts).map(|(distance, _)| distance).next();
        let Some(distance) = counting else {
            return Err(error(span, "`@` names count the elements of `each`, and here is none", None));
        };
        match spelled.segments.first().map(String::as_str) {
            Some("index") => Ok(Base::Index(distance)),
            Some("key") => Ok(Base::Key(distance)),
            Some("first") => Ok(Base::First(distance)),
            Some("last") => Ok(Base::Last(distance)),
            _ => Err(error(span, "The `@` names are `@index`, `@key`, `@first`, `@last` and `@root`", None)),
        }
    }
}
