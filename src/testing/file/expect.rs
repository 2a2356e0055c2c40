//! What a test expects of a run.

use std::sync::Arc;

use super::pattern::RequestPattern;
use super::spanned;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, code, codes, near_miss};
use crate::language::Fields;
use crate::language::test_file::{EXPECT, EXPECTED_COUNTS, EXPECTED_ROW};
use crate::model::RowOutcome;
use crate::playbook::Spanned;
use crate::report::RunOutcome;
use crate::yaml::{Key, Node, NodeKind};

/// What must come of a run; parts that are not given may be anything.
#[derive(Debug, Default)]
pub struct Expectation {
    /// All requests, row by row in the order of the rows.
    pub requests: Option<(Vec<RequestPattern>, Span)>,
    /// How rows end, by key.
    pub rows: Vec<(Spanned<String>, ExpectedRow)>,
    /// How many rows have an outcome; `None` for all rows.
    pub counts: Vec<(Option<RowOutcome>, Spanned<u64>)>,
    /// How the run ends.
    pub outcome: Option<Spanned<RunOutcome>>,
    /// Words of the reason why it stops early.
    pub stopped: Option<Spanned<String>>,
    /// The codes of the errors that refuse the run.
    pub diagnostics: Option<(Vec<Spanned<String>>, Span)>,
}

/// How a row ends.
#[derive(Debug, Default)]
pub struct ExpectedRow {
    /// Its outcome.
    pub outcome: Option<Spanned<RowOutcome>>,
    /// The step that decided it.
    pub step: Option<Spanned<String>>,
    /// The code.
    pub code: Option<Spanned<String>>,
    /// Words of the message.
    pub message: Option<Spanned<String>>,
    /// How many requests were sent for it.
    pub attempts: Option<Spanned<u64>>,
    /// Columns of the playbook's `results`.
    pub results: Vec<(Key, Node)>,
}

/// The word for no request at all.
const NONE: &str = "none";
/// The count of all rows.
const TOTAL: &str = "total";

/// Reads `expect`.
pub(in crate::testing) fn read_expect(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Expectation {
    let Some(mut fields) = Fields::open(node, source, diagnostics, &EXPECT) else { return Expectation::default() };
    let (requests, rows) = (fields.entry("requests").map(|(_, node)| node), fields.map("rows").unwrap_or_default());
    let counts = fields.node("counts");
    let outcome = spanned::choice(&mut fields, "outcome", RunOutcome::can_be_expected);
    let stopped = spanned::text(&mut fields, "stopped");
    let codes = fields.node("diagnostics");
    if node.is_empty_map() {
        let help =
            "Say what must be sent (`requests`), how rows end (`rows`, `counts`) or how the run does (`outcome`).";
        fields.error(
            "bad-value",
            node.span,
            "`expect` says nothing, so the test could not fail",
            Some(help.to_owned()),
        );
    }
    if let Some(codes) = codes.filter(|_| !rows.is_empty() || counts.is_some() || outcome.is_some()) {
        let help = "Expect either `diagnostics`, or what comes of the run.".to_owned();
        fields.error("bad-value", codes.span, "A run that is refused has no rows and no outcome", Some(help));
    }
    fields.finish();
    let requests = requests.map(|node| (read_requests(node, source, diagnostics), node.span));
    let rows = rows.iter().filter_map(|(key, node)| read_row(key, node, source, diagnostics)).collect();
    let counts = counts.map(|node| read_counts(node, source, diagnostics)).unwrap_or_default();
    let diagnostics = codes.map(|node| (read_codes(node, source, diagnostics), node.span));
    Expectation { requests, rows, counts, outcome, stopped, diagnostics }
}

/// `none`, or the requests.
fn read_requests(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<RequestPattern> {
    match &node.kind {
        NodeKind::List(items) => {
            items.iter().filter_map(|item| RequestPattern::read(item, source, diagnostics)).collect()
        }
        NodeKind::Scalar { text, .. } if text == NONE => Vec::new(),
        NodeKind::Scalar { .. } | NodeKind::Map(_) => {
            let message = format!("`requests` must be a list or `none`, and this is {}", node.describe());
            diagnostics.push(Diagnostic::error("bad-type", message).at(source.place(node.span), ""));
            Vec::new()
        }
    }
}

/// `succeeded`, or what else is to be known of the row.
fn read_row(
    key: &Key,
    node: &Node,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<(Spanned<String>, ExpectedRow)> {
    let key = Spanned::new(key.text.clone(), key.span);
    if let (NodeKind::Scalar { text, .. }, false) = (&node.kind, node.is_null()) {
        let outcome = Some(Spanned::new(outcome_of(text, node.span, source, diagnostics)?, node.span));
        return Some((key, ExpectedRow { outcome, ..ExpectedRow::default() }));
    }
    let mut fields = Fields::open(node, source, diagnostics, &EXPECTED_ROW)?;
    let row = ExpectedRow {
        outcome: spanned::choice(&mut fields, "outcome", |_: RowOutcome| true),
        step: spanned::text(&mut fields, "step"),
        code: spanned::text(&mut fields, "code"),
        message: spanned::text(&mut fields, "message"),
        attempts: spanned::integer(&mut fields, "attempts"),
        results: fields.map("results").unwrap_or_default().to_vec(),
    };
    fields.finish();
    Some((key, row))
}

fn outcome_of(text: &str, span: Span, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<RowOutcome> {
    let found = RowOutcome::named(text);
    if found.is_none() {
        let listed = RowOutcome::WORDS.join("`, `");
        let message = format!("`{text}` is no outcome of a row: write one of `{listed}`");
        let help = near_miss(text, RowOutcome::WORDS).map(|near| format!("Did you mean `{near}`?"));
        diagnostics.push(Diagnostic::error("bad-value", message).at(source.place(span), "").maybe_help(help));
    }
    found
}

fn read_counts(
    node: &Node,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Vec<(Option<RowOutcome>, Spanned<u64>)> {
    let Some(mut fields) = Fields::open(node, source, diagnostics, &EXPECTED_COUNTS) else { return Vec::new() };
    let mut counts: Vec<_> = spanned::integer(&mut fields, TOTAL).map(|count| (None, count)).into_iter().collect();
    for outcome in RowOutcome::ALL {
        counts.extend(spanned::integer(&mut fields, outcome.as_str()).map(|count| (Some(outcome), count)));
    }
    fields.finish();
    counts
}

/// A code, or several.
fn read_codes(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    let one = std::slice::from_ref(node);
    let nodes = if let NodeKind::List(items) = &node.kind { items.as_slice() } else { one };
    let mut found = Vec::new();
    for node in nodes {
        let text = node.as_text().unwrap_or_default();
        if code(text).is_some() {
            found.push(Spanned::new(text.to_owned(), node.span));
            continue;
        }
        let near = near_miss(text, codes().iter().map(|entry| entry.name));
        let help = near.map_or("`runsheet explain` lists them.".to_owned(), |near| format!("Did you mean `{near}`?"));
        let message = format!("`{text}` is no code of a message");
        diagnostics.push(Diagnostic::error("bad-value", message).at(source.place(node.span), "").help(help));
    }
    found
}
