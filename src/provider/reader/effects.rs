//! The `lookup`, `repeat` and `danger` sections.

use std::sync::Arc;

use super::bodies::written_map;
use super::expressions::{KnownNames, condition, pairs, texts};
use crate::diagnostic::{Diagnostics, Source};
use crate::language::Fields;
use crate::language::operation::{BATCH, DANGER, FIND, LOOKUP, REPEAT_RULE, UNDO};
use crate::provider::descriptor::{Danger, Effect, ElementSearch, Lookup, LookupBatch, RepeatRule, RulePlace, Undo};
use crate::provider::expression::NameRoot;
use crate::yaml::{Node, NodeKind};

/// `repeat: safe`, or a list of `{ when, is }`.
pub(crate) fn read_repeat(fields: &mut Fields<'_, '_>, known: KnownNames<'_>, source: &Arc<Source>) -> Vec<RepeatRule> {
    let Some(node) = fields.node("repeat") else { return Vec::new() };
    let NodeKind::List(items) = &node.kind else {
        return fields.choice("repeat").map(|repeat| RepeatRule { when: None, repeat }).into_iter().collect();
    };
    let mut rules = Vec::new();
    for item in items {
        let Some(mut rule) = Fields::open(item, source, fields.diagnostics(), &REPEAT_RULE) else { continue };
        let when = condition(&mut rule, "when", Some(known));
        rule.required("is");
        rules.extend(rule.choice("is").map(|repeat| RepeatRule { when, repeat }));
        rule.finish();
    }
    rules
}

/// `danger`: a list of `{ kind, when, counts_as, description }`.
pub(crate) fn read_dangers(fields: &mut Fields<'_, '_>, known: KnownNames<'_>, source: &Arc<Source>) -> Vec<Danger> {
    let mut dangers = Vec::new();
    for item in fields.list("danger").unwrap_or_default() {
        let Some(mut danger) = Fields::open(item, source, fields.diagnostics(), &DANGER) else { continue };
        let (when, counts_as) = (condition(&mut danger, "when", Some(known)), danger.text("counts_as"));
        danger.required("kind");
        let kind = danger.choice("kind");
        let description = danger.required_text("description").unwrap_or_default();
        dangers.extend(kind.map(|kind| Danger { kind, when, counts_as, description }));
        danger.finish();
    }
    dangers
}

/// The `lookup` section.
pub(crate) fn read_lookup(
    node: &Node,
    known: KnownNames<'_>,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<Lookup> {
    let mut fields = Fields::open(node, source, diagnostics, &LOOKUP)?;
    let asking = known.with_roots(&[NameRoot::Inputs, NameRoot::Intent]);
    let judging = known.with_roots(&[NameRoot::Inputs, NameRoot::Intent, NameRoot::Answer, NameRoot::Match]);
    let operation = fields.required_text("operation")?;
    let when = condition(&mut fields, "when", Some(asking));
    let inputs = written_map(&mut fields, "inputs", Some(asking));
    let find = match fields.node("find") {
        Some(node) => Some(read_find(node, asking, source, fields.diagnostics())?),
        None => None,
    };
    fields.required("took_effect")?;
    let took_effect = condition(&mut fields, "took_effect", Some(judging))?;
    let did_not = condition(&mut fields, "did_not", Some(judging));
    let outputs = pairs(&mut fields, "outputs", Some(judging));
    let conclusive = fields.bool("conclusive").unwrap_or(false);
    let delay = fields.duration("settle").unwrap_or_else(|| fields.default_duration("settle"));
    let batch = match fields.node("batch") {
        Some(node) => Some(read_batch(node, source, fields.diagnostics())?),
        None => None,
    };
    fields.finish();
    let at = Some(RulePlace::new(source, node.span));
    Some(Lookup { operation, conclusive, delay, batch, when, inputs, find, took_effect, did_not, outputs, at })
}

fn read_find(
    node: &Node,
    known: KnownNames<'_>,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<ElementSearch> {
    let mut fields = Fields::open(node, source, diagnostics, &FIND)?;
    fields.required("in");
    let lists = texts(&mut fields, "in");
    let wanted = pairs(&mut fields, "where", Some(known));
    fields.finish();
    Some(ElementSearch { lists, fields: wanted })
}

fn read_batch(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<LookupBatch> {
    let mut fields = Fields::open(node, source, diagnostics, &BATCH)?;
    let (input, matches) = (fields.required_text("input"), fields.required_text("matches"));
    fields.required("max");
    let max = fields.integer("max").and_then(|max| usize::try_from(max).ok());
    if max == Some(0) {
        let span = fields.span();
        fields.error("bad-value", span, "`max` must be at least 1", None);
    }
    fields.finish();
    Some(LookupBatch { input: input?, max: max?, matches: matches? })
}

/// Reads the `undo` section; its names are the call's inputs and outputs.
pub(crate) fn read_undo(
    node: &Node,
    known: KnownNames<'_>,
    effect: Effect,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<Undo> {
    let mut fields = Fields::open(node, source, diagnostics, &UNDO)?;
    let made = known.with_roots(&[NameRoot::Inputs, NameRoot::Outputs]);
    let operation = fields.required_text("operation");
    let when = condition(&mut fields, "when", Some(made));
    let with = written_map(&mut fields, "with", Some(made));
    if effect == Effect::Read {
        let span = fields.span();
        fields.error("bad-value", span, "A read changes nothing, so nothing of it is undone", None);
    }
    fields.finish();
    Some(Undo { operation: operation?, when, with })
}
