//! One test run: prepared as `run` prepares, rehearsed, judged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::rows::TestRows;
use super::suite::Suite;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{RunId, Value};
use crate::operate::interface::{Context, Refusal, chain};
use crate::operate::stored_run::run_names;
use crate::plan::{Binding, Plan, bind, resolve_vars};
use crate::report::Summary;
use crate::testing::{Rehearsal, Rehearsed, Test, judge, judge_refused, rehearse};

/// How a test went.
#[derive(Debug)]
pub struct TestOutcome {
    /// What it shows, in the words of its file.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What is not as expected; empty where it passed.
    pub found: Diagnostics,
    /// How long it took.
    pub took: Duration,
    /// What came of its run, where it began.
    pub(crate) done: Option<Rehearsed>,
}

impl TestOutcome {
    /// Whether everything is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.found.is_empty()
    }

    /// The summary of the run that the test makes; `None` where that run was refused before it began.
    #[must_use]
    pub fn summary(&self) -> Option<&Summary> {
        self.done.as_ref().map(|done| &done.end.summary)
    }

    /// How many requests the run sent.
    #[must_use]
    pub fn requests(&self) -> usize {
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
        let bound = bound(suite, test, &run_id, rows.names.as_deref(), context.unmask, &mut found);
        let (done, found) = match (bound, rows) {
            (Some(plan), TestRows { source: Some(source), names, inlines }) => {
                let rows = TestRows { source: None, names, inlines };
                let rehearsal = Rehearsal { test, plan: Arc::new(plan), registry: &suite.registry, source, run_id };
                let done = rehearse(rehearsal, &mut found).map_err(|error| Refusal::broken(chain(&error)))?;
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

fn bound(
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
    let run = run_names(run_id, test.now, &suite.environment.name);
    let environment = suite.environment.clone();
    let mut plan = bind(Binding { playbook, registry: &suite.registry, environment, vars, columns, run }, diagnostics)?;
    if unmask {
        plan.unmask();
    }
    Some(plan)
}
