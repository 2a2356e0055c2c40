//! The open blocks around a position in the text, and the base of a name inside them.

use handlebars::template::{BlockParam, HelperTemplate, Parameter};

use super::error::{TemplateError, error};
use super::path::SplitName;
use super::program::PathBase;
use crate::diagnostic::Span;

/// An open block that defines `this`, with its block parameters.
struct OpenBlock {
    value: Option<String>,
    key: Option<String>,
    /// Whether it is `each`, which defines `@index`, `@key`, `@first` and `@last`.
    counts: bool,
}

/// The open blocks, the innermost last.
#[derive(Default)]
pub(super) struct OpenBlocks(Vec<OpenBlock>);

impl OpenBlocks {
    /// Enters a block. `counts` is true for `each`.
    pub(super) fn enter(&mut self, block: &HelperTemplate, counts: bool) {
        let word = |param: &Parameter| param.as_name().map(str::to_owned);
        let (value, key) = match &block.block_param {
            Some(BlockParam::Single(value)) => (word(value), None),
            Some(BlockParam::Pair((value, key))) => (word(value), word(key)),
            _ => (None, None),
        };
        self.0.push(OpenBlock { value, key, counts });
    }

    /// Leaves the innermost block.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    /// Finds where a name starts, and the segments from there.
    ///
    /// # Errors
    /// `../` leads out of all blocks, or an `@` name is unknown or outside `each`.
    pub(super) fn base(&self, spelled: &SplitName, span: Span) -> Result<(PathBase, Vec<String>), TemplateError> {
        let segments = spelled.segments.clone();
        if spelled.root {
            return Ok((PathBase::Scope, segments));
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
        if spelled.up == self.0.len() {
            Ok((PathBase::Scope, segments))
        } else {
            Ok((PathBase::This(spelled.up), segments))
        }
    }

    /// The block parameter of this name in the innermost block that has one.
    fn parameter(&self, name: &str) -> Option<(PathBase, usize)> {
        self.0.iter().rev().enumerate().find_map(|(distance, frame)| {
            if frame.value.as_deref() == Some(name) {
                Some((PathBase::This(distance), 1))
            } else if frame.key.as_deref() == Some(name) {
                Some((PathBase::Key(distance), 1))
            } else {
                None
            }
        })
    }

    /// Resolves `@index`, `@key`, `@first` or `@last` in the nearest `each`.
    fn local(&self, spelled: &SplitName, span: Span) -> Result<PathBase, TemplateError> {
        let frames = self.0.iter().rev().enumerate().skip(spelled.up);
        let counting = frames.filter(|(_, frame)| frame.counts).map(|(distance, _)| distance).next();
        let Some(distance) = counting else {
            return Err(error(span, "`@` names count the elements of `each`, and this is outside of one", None));
        };
        match spelled.segments.first().map(String::as_str) {
            Some("index") => Ok(PathBase::Index(distance)),
            Some("key") => Ok(PathBase::Key(distance)),
            Some("first") => Ok(PathBase::First(distance)),
            Some("last") => Ok(PathBase::Last(distance)),
            _ => Err(error(span, "The `@` names are `@index`, `@key`, `@first`, `@last` and `@root`", None)),
        }
    }
}
