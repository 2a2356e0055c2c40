//! Reads a step.

use std::time::Duration;

use super::name_scope::{NameScope, Section};
use super::reader::{EXPECT, StepReader};
use super::step::{OnFailure, Retry, Rollback, Step, Until};
use crate::diagnostic::Span;
use crate::language::Fields;
use crate::language::playbook::{RETRY, ROLLBACK, STEP, UNTIL};
use crate::model::Repeat;
use crate::playbook::snake_case::snake_case;
use crate::playbook::spanned::{Spanned, spanned_text};
use crate::template::Template;
use crate::yaml::{Node, NodeKind};

/// The most attempts of one call that a playbook can declare.
const MOST_ATTEMPTS: u64 = 100;

/// The keys of a step, before their nodes are read.
struct StepKeys<'n> {
    id: Option<Spanned<String>>,
    name: Option<String>,
    uses: Option<Spanned<String>>,
    connection: Option<Spanned<String>>,
    on_failure: Option<OnFailure>,
    timeout: Option<Duration>,
    repeat: Option<Spanned<Repeat>>,
    with: Option<&'n Node>,
    settings: Option<&'n Node>,
    when: Option<&'n Node>,
    for_each: Option<&'n Node>,
    until: Option<&'n Node>,
    expect: Option<&'n Node>,
    rollback: Option<&'n Node>,
    retry: Option<&'n Node>,
}

impl StepReader<'_, '_> {
    /// Reads the step with the index `at` among all steps. `None` if it has no id or operation; all mistakes are
    /// reported.
    pub(in crate::playbook) fn step(&mut self, node: &Node, section: Section, at: usize) -> Option<Step> {
        let keys = self.keys(node)?;
        let each = keys.for_each.is_some();
        let ahead = NameScope { section, at, own: false, item: false };
        let during = NameScope { item: each, ..ahead };
        let behind = NameScope { own: true, ..during };
        let span = node.span;
        let when = keys.when.and_then(|node| self.expr("when", node, ahead));
        let for_each = keys.for_each.and_then(|node| self.expr("for_each", node, ahead));
        let with = self.map_tree("with", keys.with, span, during);
        let settings = self.map_tree("settings", keys.settings, span, during);
        let until = keys.until.and_then(|node| self.until(node, behind));
        let expect = keys.expect.map(|node| self.expect(node, behind)).unwrap_or_default();
        let retry = keys.retry.and_then(|node| self.retry(node));
        let rollback = keys.rollback.and_then(|node| self.rollback(node, behind));
        Some(Step {
            id: keys.id?.value,
            name: keys.name,
            uses: keys.uses?,
            with,
            when,
            for_each,
            until,
            expect,
            on_failure: keys.on_failure.unwrap_or_default(),
            rollback,
            retry,
            timeout: keys.timeout,
            connection: keys.connection,
            settings,
            repeat: keys.repeat,
            span,
        })
    }

    fn keys<'n>(&mut self, node: &'n Node) -> Option<StepKeys<'n>> {
        let mut fields = Fields::open(node, self.source, self.diagnostics, &STEP)?;
        let id = fields.required("id").is_some().then(|| spanned_text(&mut fields, "id")).flatten();
        let uses = fields.required("uses").is_some().then(|| spanned_text(&mut fields, "uses")).flatten();
        let repeat = fields.choice_among("repeat", Repeat::may_be_said_by_a_step);
        let keys = StepKeys {
            id: id.filter(|id| check_id(&mut fields, id)),
            name: fields.text("name"),
            uses: uses.filter(|uses| check_uses(&mut fields, uses)),
            connection: spanned_text(&mut fields, "connection"),
            on_failure: fields.choice("on_failure"),
            timeout: positive(&mut fields, "timeout"),
            repeat: repeat.and_then(|value| fields.node("repeat").map(|node| Spanned::new(value, node.span))),
            with: fields.node("with"),
            settings: fields.node("settings"),
            when: fields.node("when"),
            for_each: fields.node("for_each"),
            until: fields.node("until"),
            expect: fields.node("expect"),
            rollback: fields.node("rollback"),
            retry: fields.node("retry"),
        };
        fields.finish();
        Some(keys)
    }

    fn until(&mut self, node: &Node, scope: NameScope) -> Option<Until> {
        let mut fields = Fields::open(node, self.source, self.diagnostics, &UNTIL)?;
        let is = fields.required("is");
        let every = positive(&mut fields, "every").unwrap_or_else(|| fields.default_duration("every"));
        let within = positive(&mut fields, "within").unwrap_or_else(|| fields.default_duration("within"));
        fields.finish();
        let is = self.expr("is", is?, scope)?;
        Some(Until { is, every, within })
    }

    fn expect(&mut self, node: &Node, scope: NameScope) -> Vec<Spanned<Template>> {
        let nodes = match &node.kind {
            NodeKind::List(items) => items.as_slice(),
            NodeKind::Scalar { .. } | NodeKind::Map(_) => std::slice::from_ref(node),
        };
        nodes.iter().filter_map(|node| self.expr(EXPECT, node, scope)).collect()
    }

    fn retry(&mut self, node: &Node) -> Option<Retry> {
        let mut fields = Fields::open(node, self.source, self.diagnostics, &RETRY)?;
        let usual = Retry::default();
        let attempts = attempts(&mut fields).unwrap_or(usual.attempts);
        let delay = fields.duration("delay").unwrap_or(usual.delay);
        let longest = fields.duration("max_delay");
        let max_delay = longest.unwrap_or(usual.max_delay.max(delay));
        if max_delay < delay {
            let span = fields.node("max_delay").map_or(node.span, |node| node.span);
            fields.error("bad-value", span, "`max_delay` must not be shorter than `delay`", None);
        }
        fields.finish();
        Some(Retry { attempts, delay, max_delay })
    }

    fn rollback(&mut self, node: &Node, scope: NameScope) -> Option<Rollback> {
        let mut fields = Fields::open(node, self.source, self.diagnostics, &ROLLBACK)?;
        let uses = fields.required("uses").is_some().then(|| spanned_text(&mut fields, "uses")).flatten();
        let uses = uses.filter(|uses| check_uses(&mut fields, uses));
        let connection = spanned_text(&mut fields, "connection");
        let (with, settings) = (fields.node("with"), fields.node("settings"));
        fields.finish();
        let with = self.map_tree("with", with, node.span, scope);
        let settings = self.map_tree("settings", settings, node.span, scope);
        Some(Rollback { uses: uses?, with, connection, settings })
    }
}

fn attempts(fields: &mut Fields<'_, '_>) -> Option<u32> {
    let count = fields.integer("attempts")?;
    let span = fields.node("attempts").map_or(Span::default(), |node| node.span);
    if !(1..=MOST_ATTEMPTS).contains(&count) {
        let message = format!("`attempts` must lie between 1 and {MOST_ATTEMPTS}");
        fields.error("bad-value", span, message, Some("1 sends once and never again.".to_owned()));
        return None;
    }
    u32::try_from(count).ok()
}

/// Reads a duration longer than zero.
fn positive(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Duration> {
    let span = fields.node(key)?.span;
    let duration = fields.duration(key)?;
    if duration.is_zero() {
        fields.error("bad-value", span, format!("`{key}` must be longer than zero"), None);
        return None;
    }
    Some(duration)
}

fn check_id(fields: &mut Fields<'_, '_>, id: &Spanned<String>) -> bool {
    if snake_case(&id.value) {
        return true;
    }
    let help = "Use lower-case letters, digits and `_`, beginning with a letter: `create_task`.".to_owned();
    fields.error("bad-value", id.span, format!("The step's id `{}` must be in snake case", id.value), Some(help));
    false
}

fn check_uses(fields: &mut Fields<'_, '_>, uses: &Spanned<String>) -> bool {
    if uses.value.contains("{{") {
        fields.error("template-place", uses.span, "`uses` cannot hold a template", None);
        return false;
    }
    true
}
