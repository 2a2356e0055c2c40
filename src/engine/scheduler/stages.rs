//! Ends: of a row, of a stage, of the run.

use std::sync::Arc;

use super::action::Action;
use super::admission::Waiting;
use super::engine::{Active, Engine, Stage};
use super::row_intake::end_of;
use crate::engine::row::RowMachine;
use crate::journal::{Fact, RowEnded};
use crate::model::{Map, RowOutcome, StepOutcome, StepScope as Whose, Time, Value};
use crate::plan::BoundList;
use crate::playbook::OnFailure;
use crate::policy::{StopReason, stop_reached};

impl Engine {
    /// Opens the steps that run once.
    pub(super) fn open_once(&mut self, whose: Whose, facts: &[(Time, Fact)], now: Time) {
        let list = if whose == Whose::Before { BoundList::Before } else { BoundList::After };
        if self.plan.list(list).is_empty() {
            return;
        }
        let mut machine = RowMachine::new(&self.base, whose, "", None, facts);
        if whose == Whose::After {
            machine.set("run", self.run_value());
        }
        self.begin(whose, machine, now);
    }

    /// A scope has ended: its last facts are written and it is forgotten.
    pub(super) fn close_scope(&mut self, whose: Whose, mut active: Box<Active>, now: Time) {
        let facts = active.machine.take_facts();
        let news = !facts.is_empty();
        if news {
            self.append(now, whose, facts);
        }
        let Some(ended) = active.machine.state().ended.clone() else { return };
        match whose {
            Whose::Row(_) => {
                if news {
                    self.counts.add(ended.outcome);
                    self.counts_here.add(ended.outcome);
                }
                self.judge_row(&active, &ended, news, now);
            }
            Whose::Before => {
                let mut base = (*self.base).clone();
                base.set("steps", Value::Object(active.machine.known_steps()));
                self.base = Arc::new(base);
                let good = ended.outcome.is_good();
                if !good {
                    self.stop_for(StopReason::Before { step: ended.step.unwrap_or_default() }, now);
                }
            }
            Whose::After | Whose::Run => {}
        }
    }

    /// Whether the run must stop after this row.
    fn judge_row(&mut self, active: &Active, ended: &RowEnded, news: bool, now: Time) {
        let stopping = active.machine.state().steps.iter().zip(&self.plan.steps).find(|(state, step)| {
            step.on_failure == OnFailure::StopRun
                && state.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Failed)
        });
        let by_step =
            stopping.map(|(_, step)| StopReason::StepFailed { step: step.id.clone(), key: active.machine.key.clone() });
        let by_wave = news.then(|| self.count_in_wave(&end_of(ended))).flatten();
        let bad = ended.outcome.is_trouble();
        let by_rule = || bad.then(|| stop_reached(&self.stop_when, &self.counts_here)).flatten();
        if let Some(reason) = by_step.or_else(by_rule).or(by_wave) {
            self.stop_for(reason, now);
        }
    }

    /// Stops the run: whoever waits keeps waiting, what has its intent written but is not sent is withheld.
    pub(super) fn stop_for(&mut self, reason: StopReason, now: Time) {
        if self.stop.is_some() || self.stage == Stage::Closed {
            return;
        }
        self.stop = Some(reason);
        for granted in std::mem::take(&mut self.granted) {
            self.withhold_granted(granted, now);
        }
        for budget in &mut self.gates.budgets {
            for whose in std::mem::take(&mut budget.waiting).iter().flat_map(Waiting::members) {
                if let Some(active) = self.active.get_mut(whose) {
                    active.outgoing = None;
                }
            }
        }
        self.timers.clear();
    }

    /// Goes on to the next stage when the present one is over.
    pub(super) fn change_stage(&mut self, now: Time) {
        loop {
            if self.stop.is_some() {
                if self.on_the_wire.is_empty() && self.stage != Stage::Closed {
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
                Stage::Rows if idle && (self.is_at_gate() || self.rows_over) && self.has_left_rows() => {
                    self.stop_for_left_rows(now);
                }
                Stage::Rows if idle && self.is_at_gate() => {
                    self.end_wave(now);
                    self.take_rows_in();
                    if self.rows_asked > 0 {
                        return;
                    }
                }
                Stage::Rows if idle && self.rows_over => {
                    self.stage = Stage::After;
                    let facts = std::mem::take(&mut self.after);
                    self.open_once(Whose::After, &facts, now);
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
        if !self.settling {
            self.append(now, Whose::Run, vec![last]);
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
