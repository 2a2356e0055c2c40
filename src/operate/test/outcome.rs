//! Runs one test: prepared as `run` does, rehearsed, then compared with what it expects.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::rows::TestRows;
use super::suite::Suite;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{RunId, Value};
use crate::operate::interface::{Context, Refusal, with_causes};
use crate::operate::stored_run::run_values;
use crate::plan::{Binding, Plan, bind, resolve_vars};
use crate::report::Summary;
use crate::testing::{Rehearsal, Rehearsed, Test, judge, judge_refused, rehearse};

/// The result of a test.
#[derive(Debug)]
pub struct TestOutcome {
    /// The name of the test.
    pub name: String,
    /// Its place in the file.
    pub place: Place,
    /// The differences from what it expects; empty where it passed.
    pub found: Diagnostics,
    /// How long it took.
    pub took: Duration,
    /// The result of its run; `None` where that was refused.
    pub(crate) done: Option<Rehearsed>,
}

impl TestOutcome {
    /// Whether everything is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.found.is_empty()
    }

    /// The summary of the run of the test; `None` where that run was refused.
    #[must_use]
    pub fn summary(&self) -> Option<&Summary> {
        self.done.as_ref().map(|done| &done.end.summary)
    }

    /// The number of requests that the run sent.
    #[must_use]
    pub(crate) fn requests(&self) -> usize {
        self.done.as_ref().map_or(0, |done| done.sent.len())
    }

    /// Runs a test.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the run's scratch files cannot be written.
    pub(super) fn of(suite: &Suite, test: &Test, context: &Context) -> Result<Self, Refusal> {
        let began = Instant::now();
        let mut found = Diagnostics::new();
        let run_id = RunId::new(test.now, 0);
        let rows = TestRows::open(suite, test, context.unmask, &mut found);
        let bound = bind_test(suite, test, &run_id, rows.names.as_deref(), context.unmask, &mut found);
        let (done, found) = match (bound, rows) {
            (Some(plan), TestRows { source: Some(source), names, inlines }) => {
                let rows = TestRows { source: None, names, inlines };
                let rehearsal = Rehearsal { test, plan: Arc::new(plan), registry: &suite.registry, source, run_id };
                let done = rehearse(rehearsal, &mut found).map_err(|error| Refusal::broken(with_causes(&error)))?;
                (done, rows.placed(suite, found))
            }
            (_, mut rows) => {
                if let Some(source) = &mut rows.source {
                    source.report_mistakes(&mut found);
                }
                (None, rows.placed(suite, found))
            }
        };
        let source = &suite.file.source;
        let found = match &done {
            Some(done) => judge(source, test, done, context.unmask),
            None => judge_refused(source, test, found),
        };
        let place = source.place(test.name.span);
        Ok(Self { name: test.name.value.clone(), place, found, done, took: began.elapsed() })
    }
}

fn bind_test(
    suite: &Suite,
    test: &Test,
    run_id: &RunId,
    columns: Option<&[String]>,
    unmask: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let playbook = &suite.playbook;
    let given: BTreeMap<String, Value> =
        test.vars.iter().map(|(name, value)| (name.clone(), value.value.clone())).collect();
    let vars = resolve_vars(&playbook.vars, &given, &playbook.source, diagnostics);
    let run = run_values(run_id, test.now, &suite.environment.name);
    let environment = suite.environment.clone();
    let mut plan = bind(Binding { playbook, registry: &suite.registry, environment, vars, columns, run }, diagnostics)?;
    if unmask {
        plan.unmask();
    }
    Some(plan)
}
