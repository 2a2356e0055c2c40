//! What a test has a vendor answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::pattern::RequestPattern;
use super::spanned;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::language::Fields;
use crate::language::test_file::TEST_ANSWER;
use crate::model::{Disposition, Response, Value};
use crate::playbook::Spanned;
use crate::provider::Operation;
use crate::yaml::Node;

/// The default delay of an answer.
pub(in crate::testing) const TAKES: Duration = Duration::from_millis(50);

/// One answer.
#[derive(Debug, Clone)]
pub struct TestAnswer {
    /// The requests that it is for; `None` for any.
    pub to: Option<RequestPattern>,
    /// What comes back.
    pub content: AnswerContent,
    /// How long it takes.
    pub takes: Duration,
    /// How many requests it answers; `None` for any number, including none.
    pub times: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// What comes back.
#[derive(Debug, Clone)]
pub enum AnswerContent {
    /// An answer.
    Response(Response),
    /// The first answer of the operation's own examples with this disposition.
    Like(Spanned<Disposition>),
    /// No answer: the vendor gets the request, and its answer is lost.
    Lost,
    /// No answer: the vendor never gets the request.
    Unsent,
}

impl AnswerContent {
    /// An answer with a JSON body, unless its headers say something else.
    pub(in crate::testing) fn response(
        status: u16,
        mut headers: Vec<(String, String)>,
        body: String,
        json: bool,
    ) -> Self {
        if json && !headers.iter().any(|(name, _)| name == "content-type") {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        Self::Response(Response { status, headers, body: Bytes::from(body) })
    }
}

/// The word for any number of requests.
const ANY: &str = "any";

/// Reads `answers`.
pub(in crate::testing) fn read_answers(
    nodes: &[Node],
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Vec<TestAnswer> {
    nodes.iter().filter_map(|node| read_answer(node, source, diagnostics)).collect()
}

fn read_answer(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<TestAnswer> {
    let mut fields = Fields::open(node, source, diagnostics, &TEST_ANSWER)?;
    let span = fields.span();
    let to = fields.node("to");
    let takes = fields.duration("takes").unwrap_or(TAKES);
    let times = read_times(&mut fields);
    let content = read_played(&mut fields);
    fields.finish();
    let to = match to {
        Some(node) => Some(RequestPattern::read(node, source, diagnostics)?),
        None => None,
    };
    Some(TestAnswer { to, content: content?, takes, times, span })
}

/// Reads `times`; without it an answer is for one request.
fn read_times(fields: &mut Fields<'_, '_>) -> Option<u64> {
    let Some(node) = fields.node("times") else { return Some(1) };
    if node.as_text() == Some(ANY) {
        return None;
    }
    match fields.integer("times") {
        Some(0) => {
            let help = "Take the answer out: `expect.requests` says what must not be sent.".to_owned();
            fields.error("bad-value", node.span, "`times` must be a number from 1 on, or `any`", Some(help));
            Some(1)
        }
        times => times.or(Some(1)),
    }
}

/// Reads what comes back: a body, a text, an example's answer, or nothing.
fn read_played(fields: &mut Fields<'_, '_>) -> Option<AnswerContent> {
    let (like, lost) = (spanned::choice(fields, "like", |_: Disposition| true), flag(fields, "lost"));
    let unsent = flag(fields, "unsent");
    let (status, status_at) = (fields.integer("status"), fields.node("status").map(|node| node.span));
    let headers = fields.map("headers").unwrap_or_default();
    let (body, text) = (fields.entry("body").map(|(_, node)| node), spanned::text(fields, "text"));
    let span = fields.span();
    let answered = body.is_some() || text.is_some() || status.is_some() || !headers.is_empty();
    let said = [like.is_some(), lost, unsent, answered].into_iter().filter(|said| *said).count();
    if said != 1 || (body.is_some() && text.is_some()) {
        let help = "Write `body:` (or `text:`, with `status:` and `headers:` beside it), `like:`, `lost: true` or `unsent: true`.";
        let message = if said == 0 { "An answer must say what comes back" } else { "An answer says one thing only" };
        fields.error("bad-value", span, message, Some(help.to_owned()));
        return None;
    }
    if let Some(like) = like {
        return Some(AnswerContent::Like(like));
    }
    if lost || unsent {
        return Some(if lost { AnswerContent::Lost } else { AnswerContent::Unsent });
    }
    let headers = headers.iter().map(|(name, node)| (name.text.to_lowercase(), header(node))).collect();
    let json = text.is_none() && body.is_some();
    let content = match (text, body) {
        (Some(text), _) => text.value,
        (None, Some(body)) => body.to_value().to_string(),
        (None, None) => String::new(),
    };
    Some(AnswerContent::response(checked(fields, status, status_at)?, headers, content, json))
}

fn header(node: &Node) -> String {
    match node.as_text() {
        Some(text) => text.to_owned(),
        None => Value::to_string(&node.to_value()),
    }
}

fn flag(fields: &mut Fields<'_, '_>, key: &'static str) -> bool {
    fields.bool(key).unwrap_or_default()
}

/// Checks the HTTP status; without one it is 200.
fn checked(fields: &mut Fields<'_, '_>, status: Option<u64>, at: Option<Span>) -> Option<u16> {
    let status = status.unwrap_or(200);
    let found = u16::try_from(status).ok().filter(|status| (100..600).contains(status));
    if found.is_none() {
        let place = fields.place(at.unwrap_or_default());
        let message = format!("`status` must be an HTTP status such as 200 or 503, and this is {status}");
        fields.diagnostics().push(Diagnostic::error("bad-value", message).at(place, ""));
    }
    found
}

/// Returns the first answer of an operation's examples with a disposition; `None` without one.
pub(in crate::testing) fn example(operation: &Operation, like: Disposition) -> Option<Response> {
    let answers = operation.examples.iter().flat_map(|example| &example.answers);
    let found = answers.into_iter().find(|answer| answer.disposition == like)?;
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Some(Response { status: found.status, headers, body: found.body.clone().into() })
}
