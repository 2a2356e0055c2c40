//! Compares a sent request with its description in a test.

use super::compare::{Difference, compare};
use super::sent::SentRequest;
use crate::model::Value;
use crate::playbook::Spanned;
use crate::testing::file::RequestPattern;

impl RequestPattern {
    /// Whether a request is as described.
    pub(in crate::testing) fn fits(&self, sent: &SentRequest) -> bool {
        self.is_for(sent) && self.differences(sent).is_empty()
    }

    /// Whether a request is for the same step and row.
    pub(in crate::testing) fn is_for(&self, sent: &SentRequest) -> bool {
        self.step.as_ref().is_none_or(|step| step.value == sent.step)
            && self.row.as_ref().is_none_or(|row| Some(&row.value) == sent.row.as_ref())
    }

    /// All differences between a request and its description.
    pub(in crate::testing) fn differences(&self, sent: &SentRequest) -> Vec<Difference> {
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
