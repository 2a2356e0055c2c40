//! The description of a request: for an answer, or as an expectation.

use std::sync::Arc;

use super::spanned;
use crate::diagnostic::{Diagnostics, Source, Span};
use crate::language::Fields;
use crate::language::test_file::TEST_REQUEST;
use crate::model::{Method, words};
use crate::playbook::Spanned;
use crate::yaml::{Key, Node, NodeKind};

words! {
    /// What a request is for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RequestKind {
        /// A step's call.
        Call = "call",
        /// The read that finds out whether a call took effect.
        Lookup = "lookup",
        /// The call that takes a step back.
        Rollback = "rollback",
    }
}

words! {
    /// The words after `kind`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum KindWord {
        Call = "call",
        Lookup = "lookup",
        Rollback = "rollback",
        Any = "any",
    }
}

impl KindWord {
    /// The kind that is wanted; `None` where any is.
    fn kind(self) -> Option<RequestKind> {
        match self {
            Self::Call => Some(RequestKind::Call),
            Self::Lookup => Some(RequestKind::Lookup),
            Self::Rollback => Some(RequestKind::Rollback),
            Self::Any => None,
        }
    }
}

/// A request as a test describes it; parts that are not given may be anything.
#[derive(Debug, Clone)]
pub struct RequestPattern {
    /// The step.
    pub step: Option<Spanned<String>>,
    /// The row's key.
    pub row: Option<Spanned<String>>,
    /// The element of `for_each`, from 0.
    pub item: Option<Spanned<u64>>,
    /// The operation.
    pub operation: Option<Spanned<String>>,
    /// What it is for; `None` for anything.
    pub kind: Option<RequestKind>,
    pub(in crate::testing) kind_span: Span,
    pub(in crate::testing) method: Option<Spanned<String>>,
    pub(in crate::testing) path: Option<Spanned<String>>,
    pub(in crate::testing) headers: Vec<(Key, Node)>,
    pub(in crate::testing) body: Option<Node>,
    pub(in crate::testing) exact: bool,
    /// Where it stands.
    pub span: Span,
}

impl RequestPattern {
    /// Reads `extend`, a step's id, or a map.
    pub(in crate::testing) fn read(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Self> {
        if let NodeKind::Scalar { text, .. } = &node.kind
            && !node.is_null()
        {
            let step = Some(Spanned::new(text.clone(), node.span));
            return Some(Self { step, ..Self::any(node.span) });
        }
        let mut fields = Fields::open(node, source, diagnostics, &TEST_REQUEST)?;
        let kind = spanned::choice(&mut fields, "kind", |_: KindWord| true);
        let pattern = Self {
            step: spanned::text(&mut fields, "step"),
            row: spanned::text(&mut fields, "row"),
            item: spanned::integer(&mut fields, "item"),
            operation: spanned::text(&mut fields, "operation"),
            kind: kind.as_ref().map_or(Some(RequestKind::Call), |kind| kind.value.kind()),
            kind_span: kind.map_or(node.span, |kind| kind.span),
            method: method(&mut fields),
            path: spanned::text(&mut fields, "path"),
            headers: fields.map("headers").unwrap_or_default().to_vec(),
            body: fields.entry("body").map(|(_, node)| node.clone()),
            exact: fields.bool("exact").unwrap_or_default(),
            span: node.span,
        };
        fields.finish();
        Some(pattern)
    }

    fn any(span: Span) -> Self {
        Self {
            step: None,
            row: None,
            item: None,
            operation: None,
            kind: Some(RequestKind::Call),
            kind_span: span,
            method: None,
            path: None,
            headers: Vec::new(),
            body: None,
            exact: false,
            span,
        }
    }
}

fn method(fields: &mut Fields<'_, '_>) -> Option<Spanned<String>> {
    let written = spanned::text(fields, "method")?;
    match Method::parse(&written.value) {
        Some(method) => Some(Spanned::new(method.as_str().to_owned(), written.span)),
        None => {
            let help = "Write `GET`, `POST`, `PUT`, `PATCH`, `DELETE` or `HEAD`.".to_owned();
            fields.error("bad-value", written.span, format!("`{}` is no HTTP method", written.value), Some(help));
            None
        }
    }
}
