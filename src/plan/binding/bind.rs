//! Binds a playbook: its names to operations, connections and rate limits. Reports every mistake that needs no row.

use std::collections::HashMap;
use std::sync::Arc;

use super::forbidden_headers;
use super::forgotten_braces;
use super::inputs::{bind_settings, bind_tree};
use super::names::Names;
use super::step_settings;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::model::{Map, Value};
use crate::plan::bound::{BoundCall, BoundStep, Plan, RateBucketPlan, SensitiveNames, mark_used_bodies, whole};
use crate::plan::effects::check_budget;
use crate::playbook::{Playbook, Rollback, Spanned, Step, Tree};
use crate::provider::{Connection, Operation, Registry};
use crate::settings::Environment;

/// The input of [`bind`].
pub struct Binding<'a> {
    /// The playbook as read.
    pub playbook: &'a Playbook,
    /// All providers and their operations.
    pub registry: &'a Registry,
    /// The environment that it sends to.
    pub environment: Environment,
    /// The values of the variables, from [`resolve_vars`](super::resolve_vars).
    pub vars: Map,
    /// The columns of the row file; `None` if it is not open, so that columns are not checked.
    pub columns: Option<&'a [String]>,
    /// The values of `run.*` in templates.
    pub run: Map,
}

/// Binds a playbook. Mistakes go to `diagnostics`; `None` if one of them is an error.
#[must_use]
pub fn bind(binding: Binding<'_>, diagnostics: &mut Diagnostics) -> Option<Plan> {
    let playbook = binding.playbook;
    let mut binder = Binder {
        source: &playbook.source,
        registry: binding.registry,
        environment: &binding.environment.name,
        connections: binding.environment.connections.iter().cloned().map(Arc::new).collect(),
        rate_buckets: Vec::new(),
        bucket_of: HashMap::new(),
        diagnostics,
    };
    let before = binder.steps(&playbook.before);
    let steps = binder.steps(&playbook.steps);
    let after = binder.steps(&playbook.after);
    let (connections, rate_buckets) = (binder.connections, binder.rate_buckets);
    let results = playbook
        .results
        .iter()
        .map(|(name, tree)| (name.clone(), bind_tree(tree, None, &playbook.source, diagnostics)))
        .collect();
    let (registry, columns) = (binding.registry, binding.columns);
    Names { playbook, registry, vars: &binding.vars, columns, diagnostics }.check();
    forgotten_braces::check(playbook, columns, diagnostics);
    let mut plan = Plan {
        source: playbook.source.clone(),
        name: playbook.name.clone(),
        templates: playbook.templates.clone(),
        sensitive: SensitiveNames::of(playbook),
        environment: binding.environment,
        connections,
        rate_buckets,
        vars: binding.vars,
        before: before?,
        steps: steps?,
        after: after?,
        results,
        declared_limits: playbook.limits,
        limits: playbook.limits,
        bounds: playbook.bounds(),
        effect_budget_places: playbook.budget.iter().map(|(word, _)| (word.value.clone(), word.span)).collect(),
        has_rows: playbook.rows.is_some(),
        identity: binding.run.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(),
        run: binding.run,
        undoing: None,
    };
    mark_used_bodies(&mut plan);
    plan.find_sent_cells();
    check_budget(&plan, diagnostics);
    (!diagnostics.has_errors()).then_some(plan)
}

struct Binder<'a> {
    source: &'a Arc<Source>,
    registry: &'a Registry,
    environment: &'a str,
    connections: Vec<Arc<Connection>>,
    rate_buckets: Vec<RateBucketPlan>,
    bucket_of: HashMap<String, usize>,
    diagnostics: &'a mut Diagnostics,
}

impl Binder<'_> {
    /// Binds all steps, so that all mistakes are reported; `None` if one could not be bound.
    fn steps(&mut self, steps: &[Step]) -> Option<Vec<BoundStep>> {
        let bound: Vec<_> = steps.iter().map(|step| self.step(step)).collect();
        bound.into_iter().collect()
    }

    fn step(&mut self, step: &Step) -> Option<BoundStep> {
        let call = self.call(&WrittenCall {
            uses: &step.uses,
            with: &step.with,
            connection: step.connection.as_ref(),
            settings: &step.settings,
            step,
        });
        let rollback = step.rollback.as_ref().map(|rollback| self.rollback(rollback, step));
        let call = call?;
        self.check_repeat(step, &call);
        Some(BoundStep {
            id: step.id.clone(),
            when: step.when.as_ref().map(|when| (when.value.clone(), when.span)),
            for_each: step.for_each.as_ref().map(|each| (each.value.clone(), each.span)),
            until: step.until.clone(),
            expect: step.expect.iter().map(|expect| (expect.value.clone(), expect.span)).collect(),
            on_failure: step.on_failure,
            rollback: match rollback {
                Some(bound) => Some(bound?),
                None => None,
            },
            retry: step.retry.unwrap_or_default(),
            body_used: false,
            span: step.span,
            call,
        })
    }

    fn rollback(&mut self, rollback: &Rollback, step: &Step) -> Option<BoundCall> {
        self.call(&WrittenCall {
            uses: &rollback.uses,
            with: &rollback.with,
            connection: rollback.connection.as_ref().or(step.connection.as_ref()),
            settings: &rollback.settings,
            step,
        })
    }

    fn call(&mut self, written: &WrittenCall<'_>) -> Option<BoundCall> {
        let operation = self.operation(written.uses)?;
        let connection = self.connection(&operation, written)?;
        let over = self.connections[connection].clone();
        if let Some(why) = operation.missing_path(&over) {
            self.error("no-path", why, written.uses.span, "this call", None);
            return None;
        }
        let with = bind_tree(written.with, Some(&operation), self.source, self.diagnostics);
        forbidden_headers::check(&operation, &over, &with, self.source, self.diagnostics);
        step_settings::check(&operation, &over, written.settings, written.uses.span, self.source, self.diagnostics);
        let settings = bind_settings(written.settings, self.source, self.diagnostics);
        let merged_settings = match whole(&settings) {
            Some(Value::Object(own)) => Some(Arc::new(operation.provider.settings_over(&over, &own).into_owned())),
            _ => None,
        };
        let rate_bucket = self.rate_bucket(&operation, &over, connection);
        let lookup = operation.lookup.as_ref().and_then(|lookup| {
            let read = self.registry.operation(&format!("{}.{}", operation.provider.name, lookup.operation)).ok()?;
            let rate_bucket = self.rate_bucket(&read, &over, connection);
            Some((read, rate_bucket))
        });
        Some(BoundCall {
            timeout: written.step.timeout.unwrap_or_else(|| operation.timeout_over(&over)),
            repeat: written.step.repeat.as_ref().map(|repeat| repeat.value),
            span: written.uses.span,
            operation,
            connection,
            rate_bucket,
            with,
            settings,
            merged_settings,
            undoes: None,
            lookup,
        })
    }

    fn operation(&mut self, uses: &Spanned<String>) -> Option<Arc<Operation>> {
        match self.registry.operation(&uses.value) {
            Ok(operation) => Some(operation),
            Err(error) => {
                self.error("unknown-operation", error.message, uses.span, "here", error.help);
                None
            }
        }
    }

    /// Finds the connection of a call: the one it names, the only one of the provider, or the one with its name.
    fn connection(&mut self, operation: &Operation, written: &WrittenCall<'_>) -> Option<usize> {
        let provider = &operation.provider.name;
        let of_provider = |connections: &[Arc<Connection>]| -> Vec<usize> {
            (0..connections.len()).filter(|place| connections[*place].provider == *provider).collect()
        };
        let candidates = of_provider(&self.connections);
        if let Some(wanted) = written.connection {
            let found = candidates.iter().copied().find(|place| self.connections[*place].name == wanted.value);
            if found.is_none() {
                let message = format!(
                    "Environment `{}` has no connection `{}` of provider `{provider}`",
                    self.environment, wanted.value
                );
                let known = self.names_of(&candidates);
                let help = (!known.is_empty()).then(|| format!("It has {known}."));
                self.error("unknown-connection", message, wanted.span, "named here", help);
            }
            return found;
        }
        match candidates.as_slice() {
            [one] => Some(*one),
            [] => {
                let message = format!("Environment `{}` has no connection for provider `{provider}`", self.environment);
                let help = format!(
                    "Add `connections: {{ {provider}: … }}` under `environments.{}` in `runsheet.yaml`.",
                    self.environment
                );
                self.error("no-connection", message, written.uses.span, "this call needs it", Some(help));
                None
            }
            several => {
                let named = several.iter().copied().find(|place| self.connections[*place].name == *provider);
                if named.is_none() {
                    let known = self.names_of(several);
                    let message = format!("Environment `{}` has several connections of `{provider}`", self.environment);
                    let help = Some(format!("Say which: `connection: NAME` with one of {known}."));
                    self.error("ambiguous-connection", message, written.uses.span, "this call", help);
                }
                named
            }
        }
    }

    fn names_of(&self, places: &[usize]) -> String {
        places.iter().map(|place| format!("`{}`", self.connections[*place].name)).collect::<Vec<_>>().join(", ")
    }

    /// The index of the bucket of an operation on a connection; calls with equal keys share one.
    fn rate_bucket(&mut self, operation: &Operation, over: &Connection, connection: usize) -> usize {
        let rate_bucket = RateBucketPlan::new(operation, over, connection);
        let next = self.rate_buckets.len();
        let place = *self.bucket_of.entry(rate_bucket.key.clone()).or_insert(next);
        if place == next {
            self.rate_buckets.push(rate_bucket);
        }
        place
    }

    /// Reports `repeat:` on an operation that is not open: its file already says what may be repeated.
    fn check_repeat(&mut self, step: &Step, call: &BoundCall) {
        if let Some(repeat) = &step.repeat
            && !call.operation.open
        {
            let message = format!("`{}` says itself what may be repeated", call.operation.full_name());
            self.error("repeat-not-open", message, repeat.span, "not here", Some("Remove `repeat:`.".to_owned()));
        }
    }

    fn error(&mut self, code: &'static str, message: String, span: Span, label: &str, help: Option<String>) {
        let diagnostic = Diagnostic::error(code, message).at(self.source.place(span), label);
        self.diagnostics.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
}

/// A call as the playbook writes it: of a step, or of its rollback.
struct WrittenCall<'a> {
    uses: &'a Spanned<String>,
    with: &'a Tree,
    connection: Option<&'a Spanned<String>>,
    settings: &'a Tree,
    step: &'a Step,
}
