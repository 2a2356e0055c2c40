//! One test run: prepared as `run` prepares, rehearsed, judged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::rows::TestRows;
use super::suite::Suite;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::cli::prepare::run_names;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{RunId, Value};
use crate::plan::{Binding, Plan, bind, resolve_vars};
use crate::testing::{Rehearsal, Rehearsed, Test, judge, judge_refused, rehearse};

/// How a test went.
pub(super) struct Outcome {
    /// What it shows.
    pub(super) name: String,
    /// Where it stands.
    pub(super) place: Place,
    /// What is not as expected; nothing where it passed.
    pub(super) found: Diagnostics,
    /// What came of its run, where it began.
    pub(super) done: Option<Rehearsed>,
    /// How long it took.
    pub(super) took: Duration,
}

impl Outcome {
    /// Whether everything is as expected.
    pub(super) fn passed(&self) -> bool {
        self.found.is_empty()
    }

    /// Runs a test.
    ///
    /// # Errors
    /// The machine's trouble.
    pub(super) fn of(suite: &Suite, test: &Test, common: &Common) -> Result<Self, Failure> {
        let began = Instant::now();
        let mut found = Diagnostics::new();
        let run_id = RunId::new(test.now, 0);
        let rows = TestRows::open(suite, test, common.unmask, &mut found);
        let bound = bound(suite, test, &run_id, rows.names.as_deref(), common.unmask, &mut found);
        let (done, found) = match (bound, rows) {
            (Some(plan), TestRows { source: Some(source), names, inlines }) => {
                let rows = TestRows { source: None, names, inlines };
                let rehearsal = Rehearsal { test, plan: Arc::new(plan), registry: &suite.registry, source, run_id };
                let done = rehearse(rehearsal, &mut found).map_err(anyhow::Error::from)?;
                (done, rows.placed(suite, found))
            }
            (_, mut rows) => {
                if let Some(source) = &mut rows.source {
                    source.tell_mistakes(&mut found);
                }
                (None, rows.placed(suite, found))
            }
        };
        let source = &suite.file.source;
        let found = match &done {
            Some(done) => judge(source, test, done, common.unmask),
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
