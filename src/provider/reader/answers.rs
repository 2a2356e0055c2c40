//! The `answer` section: rules, tables, items.

use std::sync::Arc;

use regex::Regex;

use super::expressions::texts;
use crate::diagnostic::{Diagnostics, Source};
use crate::language::Fields;
use crate::language::provider::{ANSWER, CODE, ITEMS, SUCCESS};
use crate::model::Disposition;
use crate::provider::descriptor::{AnswerRules, CodeMeaning, CodeTable, ItemRule, RulePlace, SuccessRule};
use crate::yaml::{Node, NodeKind};

/// Reads an `answer` section over the provider's own.
pub(crate) fn read_answers(
    node: &Node,
    over: &AnswerRules,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<AnswerRules> {
    let mut fields = Fields::open(node, source, diagnostics, &ANSWER)?;
    let mut answers = over.clone();
    if let Some(node) = fields.node("success") {
        let rules = if let NodeKind::List(rules) = &node.kind { rules.as_slice() } else { std::slice::from_ref(node) };
        let read = |node| read_success(node, source, fields.diagnostics());
        answers.success = rules.iter().filter_map(read).collect();
        answers.success_at = Some(RulePlace::new(source, node.span));
    }
    answers.success_input = fields.text("success_input").or(answers.success_input);
    for (key, paths) in
        [("code", &mut answers.code), ("message", &mut answers.message), ("request_id", &mut answers.request_id)]
    {
        let own = texts(&mut fields, key);
        if !own.is_empty() {
            *paths = own;
        }
    }
    answers.any_body = fields.bool("any_body").unwrap_or(answers.any_body);
    if let Some(node) = fields.node("otherwise") {
        answers.otherwise_at = Some(RulePlace::new(source, node.span));
    }
    answers.otherwise = fields.choice("otherwise").or(answers.otherwise);
    if let Some(node) = fields.node("items") {
        answers.items = Some(read_items(node, source, fields.diagnostics())?);
        answers.items_at = Some(RulePlace::new(source, node.span));
    }
    if answers.success.is_empty() {
        answers.success = vec![SuccessRule::default()];
    }
    if let Some(nodes) = fields.list("codes") {
        let mut table = CodeTable::default();
        for node in nodes {
            read_meaning(node, &mut table, source, fields.diagnostics());
        }
        answers.tables.insert(0, Arc::new(table));
    }
    fields.finish();
    Some(answers)
}

fn read_success(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<SuccessRule> {
    let mut fields = Fields::open(node, source, diagnostics, &SUCCESS)?;
    let is = fields.list("is").unwrap_or_default().iter().map(Node::to_value).collect();
    let success =
        SuccessRule { path: fields.text("path"), is, absent: fields.text("absent"), present: fields.text("present") };
    if success.path.is_some() == success.is.is_empty() {
        let span = fields.span();
        fields.error(
            "bad-value",
            span,
            "`path` and `is` go together: where the code stands, and what it must be",
            None,
        );
    }
    fields.finish();
    Some(success)
}

fn read_items(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<ItemRule> {
    let mut fields = Fields::open(node, source, diagnostics, &ITEMS)?;
    let list = fields.required_text("list")?;
    let ok = match fields.node("ok") {
        Some(node) => read_success(node, source, fields.diagnostics())?,
        None => SuccessRule::default(),
    };
    let message = fields.text("message");
    let all_failed = fields.choice("all_failed").unwrap_or(Disposition::Rejected);
    let some_failed = fields.choice("some_failed").unwrap_or(Disposition::Unknown);
    fields.finish();
    Some(ItemRule { list, ok, message, all_failed, some_failed })
}

fn read_meaning(node: &Node, table: &mut CodeTable, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let Some(mut fields) = Fields::open(node, source, diagnostics, &CODE) else { return };
    fields.required("code");
    let codes = texts(&mut fields, "code");
    fields.required("is");
    let disposition = fields.choice("is");
    let for_reads = fields.choice("for_reads");
    let gate = fields.bool("gate").unwrap_or(false);
    let clock = fields.bool("clock").unwrap_or(false);
    let regex = |text: &str| Regex::new(text).map_err(|error| error.to_string());
    let message = fields.parsed("message", "a regular expression", regex);
    let (means, advice) = (fields.text("means"), fields.text("advice"));
    let span = fields.span();
    if let Some(disposition) = disposition {
        use Disposition::{ExpiredToken, Throttled, Unavailable};
        if matches!(disposition, Throttled | Unavailable | ExpiredToken) && !gate {
            let help = "Say `gate: true` if the vendor refuses before it acts; else `is: unknown`, with `for_reads`.";
            let message = "A call is sent again after this answer, so nothing may have taken effect";
            fields.error("bad-value", span, message, Some(help.to_owned()));
        }
        if clock && disposition != Disposition::Refused {
            let help = "A wrong clock is wrong for every row: say `is: refused`.";
            fields.error("bad-value", span, "`clock` is for refusals of the whole run", Some(help.to_owned()));
        }
        for code in codes {
            let (message, means, advice) = (message.clone(), means.clone(), advice.clone());
            let at = Some(RulePlace::new(source, node.span));
            if !table.add(&code, CodeMeaning { disposition, for_reads, gate, clock, message, means, advice, at }) {
                fields.error("duplicate-key", span, format!("The code `{code}` has a meaning already"), None);
            }
        }
    }
    fields.finish();
}

/// The words for dispositions in files.
pub(crate) fn disposition(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Disposition> {
    fields.choice(key)
}
