//! One sent request, before credentials are added.

use crate::engine::{AskedBy, SendOrder};
use crate::journal::CallRef;
use crate::model::{Map, Phase, StepScope, Value};
use crate::plan::{BoundList, Plan};
use crate::testing::file::RequestKind;
use crate::yaml::{flow_map, write_map};

/// A request and its purpose.
#[derive(Debug, Clone)]
pub struct SentRequest {
    /// The scope of the request; for a shared lookup, the first one.
    pub whose: StepScope,
    /// The call within that scope.
    pub call: CallRef,
    /// The step.
    pub step: String,
    /// The row's key; `None` for steps that run once.
    pub row: Option<String>,
    /// The index of the element of `for_each`, from 0.
    pub item: u32,
    /// Whether the step has elements.
    pub each: bool,
    /// Its purpose.
    pub kind: RequestKind,
    /// The operation.
    pub operation: String,
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers without credentials.
    pub headers: Vec<(String, String)>,
    /// The body: JSON if it is JSON, else text; null if there is none.
    pub body: Value,
}

impl SentRequest {
    /// The request of an order; `key` gives a row's key.
    pub(in crate::testing) fn of(
        order: &SendOrder,
        asked_by: &[AskedBy],
        plan: &Plan,
        key: impl Fn(u64) -> Option<String>,
    ) -> Self {
        let asked = asked_by.first().copied();
        let (whose, call) = asked.map_or((StepScope::Run, CallRef::default()), |asked| (asked.whose, asked.call));
        let step = plan.list(BoundList::of(whose)).get(call.step as usize);
        let kind = match (asked.is_some_and(|asked| asked.lookup), call.phase) {
            (true, _) => RequestKind::Lookup,
            (false, Phase::Do) => RequestKind::Call,
            (false, Phase::Rollback) => RequestKind::Rollback,
        };
        let own = &plan.connections[order.connection].headers;
        let own = own.iter().map(|(name, value)| (name.clone(), value.clone()));
        Self {
            whose,
            call,
            step: step.map(|step| step.id.clone()).unwrap_or_default(),
            row: if let StepScope::Row(position) = whose { key(position) } else { None },
            item: call.item,
            each: step.is_some_and(|step| step.for_each.is_some()),
            kind,
            operation: order.operation.full_name().to_owned(),
            method: order.prepared.method.as_str().to_owned(),
            path: order.prepared.path_and_query.clone(),
            headers: order.prepared.headers.iter().cloned().chain(own).collect(),
            body: body(&order.prepared.body),
        }
    }

    /// The path, with its query or without.
    pub(in crate::testing) fn path_as(&self, with_query: bool) -> &str {
        let bare = self.path.split('?').next().unwrap_or_default();
        if with_query { &self.path } else { bare }
    }

    /// The first header with this name, in any case.
    pub(in crate::testing) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The step and row of the request, for messages.
    #[must_use]
    pub fn describe(&self) -> String {
        let what = match self.kind {
            RequestKind::Call => String::new(),
            RequestKind::Lookup => "the lookup of ".to_owned(),
            RequestKind::Rollback => "the rollback of ".to_owned(),
        };
        let item = if self.each { format!(", element {}", self.item) } else { String::new() };
        let row = match &self.row {
            Some(row) if !row.is_empty() => format!(" of row `{row}`"),
            _ => String::new(),
        };
        format!("{what}`{}`{row}{item}", self.step)
    }

    /// What identifies the request, as a map of a test file.
    fn names(&self) -> Map {
        let mut names = Map::new();
        names.insert("step".to_owned(), self.step.clone().into());
        if let Some(row) = self.row.as_ref().filter(|row| !row.is_empty()) {
            names.insert("row".to_owned(), row.clone().into());
        }
        if self.each {
            names.insert("item".to_owned(), self.item.into());
        }
        if self.kind != RequestKind::Call {
            names.insert("kind".to_owned(), self.kind.as_str().into());
        }
        names
    }

    /// The request as an element of `expect.requests`.
    #[must_use]
    pub fn as_expected(&self) -> String {
        let mut all = self.names();
        all.insert("method".to_owned(), self.method.clone().into());
        all.insert("path".to_owned(), self.path.clone().into());
        if !self.body.is_null() {
            all.insert("body".to_owned(), self.body.clone());
        }
        let mut text = String::new();
        write_map(&all, 2, &mut text);
        format!("- {}", text.trim_start())
    }

    /// The request as an element of `answers`, with an example of an answer.
    pub(in crate::testing) fn as_answered(&self, like: Option<&str>) -> String {
        let content = match like {
            Some(like) => format!("like: {like}"),
            None => "body: {}".to_owned(),
        };
        format!("- to: {}\n  {content}\n", flow_map(&self.names()))
    }

    /// Method, path and body, line by line.
    pub(in crate::testing) fn request_text(&self) -> String {
        let mut text = format!("{} {}\n", self.method, self.path);
        if !self.body.is_null() {
            write_map(&Map::from_iter([("body".to_owned(), self.body.clone())]), 0, &mut text);
        }
        text
    }
}

fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned().into())
}
