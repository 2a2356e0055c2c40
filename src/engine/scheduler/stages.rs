//! The stages of a run and their ends: steps before the rows, the rows, steps after the rows, the end of the run.

use std::sync::Arc;

use super::action::Action;
use super::admission::QueueEntry;
use super::engine::{Active, Engine, Stage};
use super::row_intake::wave_row_end;
use crate::engine::row::RowMachine;
use crate::journal::{Fact, RowEnded};
use crate::model::{Map, RowOutcome, StepOutcome, StepScope, Time, Value};
use crate::plan::BoundList;
use crate::playbook::OnFailure;
use crate::policy::{StopReason, stop_reached};

impl Engine {
    /// Begins the steps that run once before or after the rows, if there are any.
    pub(super) fn open_once(&mut self, scope: StepScope, facts: &[(Time, Fact)], now: Time) {
        let list = if scope == StepScope::Before { BoundList::Before } else { BoundList::After };
        if self.plan.list(list).is_empty() {
            return;
        }
        let mut machine = RowMachine::new(&self.base, scope, "", None, facts);
        if scope == StepScope::After {
            machine.set("run", self.run_value());
        }
        self.begin(scope, machine, now);
    }

    /// Closes a scope that has ended: writes its last facts, counts it, and applies the stop rules.
    pub(super) fn close_scope(&mut self, scope: StepScope, mut active: Box<Active>, now: Time) {
        let facts = active.machine.take_facts();
        let news = !facts.is_empty();
        if news {
            self.append(now, scope, facts);
        }
        let Some(ended) = active.machine.state().ended.clone() else { return };
        if news {
            self.count_ended(scope, &mut active, &ended, now);
        }
        match scope {
            StepScope::Row(_) => {
                if news {
                    self.counts.add(ended.outcome);
                    self.counts_of_process.add(ended.outcome);
                }
                self.apply_stop_rules(&active, &ended, news, now);
            }
            StepScope::Before => {
                let mut base = (*self.base).clone();
                base.set("steps", Value::Object(active.machine.step_values()));
                self.base = Arc::new(base);
                let good = ended.outcome.is_good();
                if !good {
                    self.stop_for(StopReason::Before { step: ended.step.unwrap_or_default() }, now);
                }
            }
            StepScope::After | StepScope::Run => {}
        }
    }

    /// Stops the run if the end of a row requires it: by its step's `on_failure`, by a stop rule, or by its wave.
    fn apply_stop_rules(&mut self, active: &Active, ended: &RowEnded, news: bool, now: Time) {
        let stopping = active.machine.state().steps.iter().zip(&self.plan.steps).find(|(state, step)| {
            step.on_failure == OnFailure::StopRun
                && state.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Failed)
        });
        let by_step =
            stopping.map(|(_, step)| StopReason::StepFailed { step: step.id.clone(), key: active.machine.key.clone() });
        let by_wave = news.then(|| self.count_in_wave(&wave_row_end(ended))).flatten();
        let by_rule = || stop_reached(&self.stop_when, &self.counts_of_process, ended.outcome);
        if let Some(reason) = by_step.or_else(by_rule).or(by_wave) {
            self.stop_for(reason, now);
        }
    }

    /// Stops the run: queues are emptied, and calls whose intent is written but which are not sent are withheld.
    pub(super) fn stop_for(&mut self, reason: StopReason, now: Time) {
        if self.stop.is_some() || self.stage == Stage::Closed {
            return;
        }
        self.stop = Some(reason);
        for granted in std::mem::take(&mut self.granted) {
            self.withhold_granted(granted, now);
        }
        for bucket in &mut self.admission.buckets {
            for scope in std::mem::take(&mut bucket.waiting).iter().flat_map(QueueEntry::members) {
                if let Some(active) = self.active.get_mut(scope) {
                    active.outgoing = None;
                }
            }
        }
        self.timers.clear();
    }

    /// Starts the next stage once the current one is over.
    pub(super) fn change_stage(&mut self, now: Time) {
        loop {
            if self.stop.is_some() {
                if self.in_flight.is_empty() && self.stage != Stage::Closed {
                    self.close(now);
                }
                return;
            }
            let idle = self.active.is_empty() && self.rows_asked == 0;
            match self.stage {
                Stage::Before if idle => {
                    self.stage = Stage::Rows;
                    self.take_rows_in();
                    if self.rows_asked > 0 {
                        return;
                    }
                }
                Stage::Rows if idle && (self.is_at_gate() || self.no_more_rows) && self.has_left_rows() => {
                    self.stop_for_left_rows(now);
                }
                Stage::Rows if idle && self.is_at_gate() => {
                    self.end_wave(now);
                    self.take_rows_in();
                    if self.rows_asked > 0 {
                        return;
                    }
                }
                Stage::Rows if idle && self.no_more_rows => {
                    self.stage = Stage::After;
                    let facts = std::mem::take(&mut self.after);
                    self.open_once(StepScope::After, &facts, now);
                    self.pump_once(now);
                }
                Stage::After if idle => {
                    self.close(now);
                    return;
                }
                Stage::Before | Stage::Rows | Stage::After | Stage::Closed => return,
            }
        }
    }

    fn close(&mut self, now: Time) {
        self.flush_all(now);
        let last = match &self.stop {
            Some(reason) => Fact::Stopped(reason.clone()),
            None => Fact::Finished,
        };
        if !self.lookups_only {
            self.append(now, StepScope::Run, vec![last]);
        }
        self.stage = Stage::Closed;
        self.actions.push(Action::Done);
    }

    fn run_value(&self) -> Value {
        let mut run = self.plan.run.clone();
        let mut counts = Map::new();
        counts.insert("total".into(), self.counts.total.into());
        for outcome in RowOutcome::ALL {
            counts.insert(outcome.as_str().into(), self.counts.of(outcome).into());
        }
        run.insert("counts".into(), Value::Object(counts));
        Value::Object(run)
    }
}
