//! What a request looks like: which answer is for it, or what is expected to be sent.

use std::sync::Arc;

use super::compare::{Difference, compare};
use super::sent::Sent;
use super::spanned;
use crate::diagnostic::{Diagnostics, Source, Span};
use crate::model::{Method, Value, words};
use crate::playbook::Spanned;
use crate::yaml::{Fields, Key, Node, NodeKind};

words! {
    /// What a request is for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RequestKind {
        /// A step's call.
        Call = "call",
        /// The read that tells what became of a call.
        Lookup = "lookup",
        /// The call that takes a step back.
        Rollback = "rollback",
    }
}

words! {
    /// The words after `kind`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum WantedKind {
        Call = "call",
        Lookup = "lookup",
        Rollback = "rollback",
        Any = "any",
    }
}

impl WantedKind {
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

/// A request as a test describes it; what is not written may be anything.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The step.
    pub step: Option<Spanned<String>>,
    /// The row's key.
    pub row: Option<Spanned<String>>,
    /// The element of `for_each`, from 0.
    pub item: Option<Spanned<u64>>,
    /// The operation.
    pub operation: Option<Spanned<String>>,
    /// What it is for; anything, where that is said.
    pub kind: Option<RequestKind>,
    kind_span: Span,
    method: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
    headers: Vec<(Key, Node)>,
    body: Option<Node>,
    exact: bool,
    /// Where it stands.
    pub span: Span,
}

impl Pattern {
    /// Reads `extend`, a step's id, or a map.
    pub(super) fn read(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Self> {
        if let NodeKind::Scalar { text, .. } = &node.kind
            && !node.is_null()
        {
            let step = Some(Spanned::new(text.clone(), node.span));
            return Some(Self { step, ..Self::any(node.span) });
        }
        let mut fields = Fields::open(node, source, diagnostics, "a request")?;
        let kind = spanned::choice(&mut fields, "kind", |_: WantedKind| true);
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

    /// Whether a request is as described.
    pub(super) fn fits(&self, sent: &Sent) -> bool {
        self.is_for(sent) && self.differences(sent).is_empty()
    }

    /// Whether a request is for the same step and row.
    pub(super) fn is_for(&self, sent: &Sent) -> bool {
        self.step.as_ref().is_none_or(|step| step.value == sent.step)
            && self.row.as_ref().is_none_or(|row| Some(&row.value) == sent.row.as_ref())
    }

    /// Everything in which a request is not as described.
    pub(super) fn differences(&self, sent: &Sent) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut same = |what: &str, wanted: Option<&Spanned<String>>, got: &str| {
            if let Some(wanted) = wanted.filter(|wanted| wanted.value != got) {
                found.push(Difference::of(what, wanted.span, &wanted.value, got));
            }
        };
        same("step", self.step.as_ref(), &sent.step);
        same("row", self.row.as_ref(), sent.row.as_deref().unwrap_or("none"));
        same("operation", self.operation.as_ref(), &sent.operation);
        same("method", self.method.as_ref(), &sent.method);
        let path = self.path.as_ref();
        same("path", path, sent.path_as(path.is_some_and(|path| path.value.contains('?'))));
        if let Some(item) = self.item.as_ref().filter(|item| item.value != u64::from(sent.item)) {
            found.push(Difference::of("item", item.span, &item.value.to_string(), &sent.item.to_string()));
        }
        if let Some(kind) = self.kind.filter(|kind| *kind != sent.kind) {
            found.push(Difference::of("kind", self.kind_span, kind.as_str(), sent.kind.as_str()));
        }
        for (name, wanted) in &self.headers {
            let got = sent.header(&name.text).map_or(Value::Null, Value::from);
            // A header is text, whatever it spells.
            let wanted = wanted.as_text().filter(|_| !wanted.is_null()).map_or(Value::Null, Value::from);
            if wanted != got {
                found.push(Difference::between(&format!("headers.{}", name.text), name.span, &wanted, &got));
            }
        }
        if let Some(body) = &self.body {
            compare(body, &sent.body, self.exact, "body", &mut found);
        }
        found
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
