//! Tells the story of a row from its facts: a fact becomes a moment, with the request that was sent and the rule that decided.

use std::collections::BTreeMap;

use super::moment::{CallName, Condition, Moment, MomentKind};
use super::next_steps::next_steps;
use super::row_story::{
    RowStanding, STORY_VERSION, Story, StoryCell, StoryElsewhere, StoryRow, StoryRun, StoryState, StoryStep,
};
use super::shown_value::ShownValue;
use crate::engine::{PastRequests, PlanView, PriorRow, WhySkipped, row_masks};
use crate::journal::{CallRef, Fact, ImportedCall, Intent, RowEnded, RowState, Settled, StepEnded};
use crate::model::{MASK, Map, Masks, Phase, StepOutcome, StepScope, Time, Value};
use crate::plan::{BoundList, BoundStep, Plan};
use crate::policy::StopReason;
use crate::provider::Operation;
use crate::report::event::Event;
use crate::report::steering::SteeringEntry;

/// The most moments of a story; further ones in the middle are left out and counted.
const MOST_MOMENTS: usize = 1_000;
/// The most lines of a step that are shown.
const MOST_LINES: usize = 80;

/// The data that a story is made from.
pub struct StorySource<'a> {
    /// The frozen plan, with the outputs of the steps that run once.
    pub view: &'a PlanView,
    /// The row with its facts.
    pub prior: PriorRow<'a>,
    /// Its number; `None` for steps that run once.
    pub number: Option<u64>,
    /// Why it is invalid; `None` if it is not.
    pub invalid: Option<&'a str>,
    /// The row file's name.
    pub file: Option<String>,
    /// The run.
    pub run: StoryRun,
    /// Whether a process drives the run.
    pub running: bool,
    /// The facts of the run as a whole.
    pub run_facts: &'a [(Time, Fact)],
    /// How the row stands, as the row files have it.
    pub now: RowEnded,
    /// What other runs did with the row.
    pub elsewhere: Vec<StoryElsewhere>,
    /// The only step to tell of; `None` for all.
    pub only_step: Option<&'a str>,
    /// Whether the journal is damaged, so that only the outcome is known.
    pub damaged: bool,
    /// What limits the story.
    pub notes: Vec<String>,
}

impl Story {
    /// Tells the story of a row.
    #[must_use]
    pub(crate) fn tell(source: StorySource<'_>) -> Self {
        let state = RowState::fold(source.prior.facts.iter().map(|(at, fact)| (*at, fact)));
        let masks = row_masks(source.view, source.prior);
        let mut teller = Teller {
            source: &source,
            past: PastRequests::new(source.view, source.prior),
            masks,
            calls: BTreeMap::new(),
            moments: Vec::new(),
        };
        teller.look_ahead();
        teller.tell_all();
        let (row, steps, now) = (teller.row(), teller.steps(&state), teller.state(&state));
        let (timeline, left_out) = shortened_middle(teller.moments);
        let next = next_steps(&source, &state, &now);
        Self {
            version: STORY_VERSION,
            row,
            state: now,
            steps,
            timeline,
            left_out,
            next,
            run: source.run,
            elsewhere: source.elsewhere,
            notes: source.notes,
        }
    }
}

/// Leaves out moments in the middle, and returns how many.
fn shortened_middle(mut moments: Vec<Moment>) -> (Vec<Moment>, u64) {
    let more = moments.len().saturating_sub(MOST_MOMENTS);
    if more > 0 {
        moments.drain(MOST_MOMENTS / 2..MOST_MOMENTS / 2 + more);
    }
    (moments, more as u64)
}

/// What the facts so far say about a call.
#[derive(Default)]
pub(super) struct CallProgress {
    /// When it was first intended or sent.
    pub(super) first_at: Option<Time>,
    /// The intent that has no answer yet: when, and the hash of its request.
    pub(super) open: Option<(Time, String)>,
    /// The sends so far, lookups included.
    pub(super) attempts: u32,
    /// The hash of the request that was shown last, of the call and of its lookup.
    pub(super) shown: [Option<String>; 2],
    /// The index of its last attempt among the facts.
    last_attempt: Option<usize>,
}

/// A story being told.
pub(super) struct Teller<'a> {
    pub(super) source: &'a StorySource<'a>,
    pub(super) past: PastRequests<'a>,
    pub(super) masks: Masks,
    pub(super) calls: BTreeMap<CallRef, CallProgress>,
    moments: Vec<Moment>,
}

impl<'a> Teller<'a> {
    pub(super) fn plan(&self) -> &'a Plan {
        &self.source.view.plan
    }

    pub(super) fn steps_of_list(&self) -> &'a [BoundStep] {
        self.plan().list(BoundList::of(self.source.prior.scope))
    }

    /// Finds the last attempt of each call, so that the story knows which intent has no answer.
    fn look_ahead(&mut self) {
        for (place, (_, fact)) in self.source.prior.facts.iter().enumerate() {
            if let Fact::Attempted(attempted) = fact {
                self.calls.entry(attempted.call).or_default().last_attempt = Some(place);
            }
        }
    }

    /// Tells the facts of the row, and between them those of the run.
    fn tell_all(&mut self) {
        let facts = self.source.prior.facts;
        let first = facts.first().map(|(at, _)| *at);
        let mut of_run =
            self.source.run_facts.iter().filter(|(at, _)| first.is_none_or(|first| *at >= first)).peekable();
        for (place, (at, fact)) in facts.iter().enumerate() {
            while let Some((then, of_run)) = of_run.next_if(|(then, _)| then < at) {
                self.tell_run_fact(*then, of_run);
            }
            self.tell_fact(place, *at, fact);
        }
        let last = facts.last().map(|(at, fact)| (*at, fact.ends_row()));
        for (at, fact) in of_run {
            if last.is_none_or(|(last, over)| !over || *at <= last) {
                self.tell_run_fact(*at, fact);
            }
        }
    }

    fn tell_run_fact(&mut self, at: Time, fact: &Fact) {
        let kind = match fact {
            Fact::Began { process, .. } => {
                MomentKind::ProcessBegan { process: *process, resumed: self.is_resumed(fact) }
            }
            Fact::Steered(steered) => MomentKind::Steered { command: SteeringEntry::of(steered) },
            Fact::Stopped(reason) => MomentKind::RunStopped { message: self.stop_message(reason) },
            Fact::Finished => MomentKind::RunFinished,
            Fact::Intent(_)
            | Fact::Attempted(_)
            | Fact::StepEnded(_)
            | Fact::RollbackStarted
            | Fact::RowEnded(_)
            | Fact::Settled(_)
            | Fact::Reopened(_)
            | Fact::ImportedCall(_)
            | Fact::ContinuedIn(_) => return,
        };
        self.push(at, kind);
    }

    /// Whether the beginning of a process is not the first of the run.
    fn is_resumed(&self, began: &Fact) -> bool {
        let begins = |fact: &Fact| matches!(fact, Fact::Began { .. });
        let first = self.source.run_facts.iter().find(|(_, fact)| begins(fact));
        first.is_none_or(|(_, first)| !std::ptr::eq(first, began))
    }

    /// Why the run stopped. What the vendor said may hold data of another row, so it is left out.
    fn stop_message(&self, reason: &StopReason) -> String {
        let plan = self.plan();
        if reason.said_by_vendor().is_some_and(|said| !said.is_empty()) && !plan.is_unmasked() {
            return reason.kind().as_str().replace('_', " ");
        }
        self.text(&reason.with_shown_key(|key| plan.shown_key(key).to_owned()).to_string())
    }

    fn tell_fact(&mut self, place: usize, at: Time, fact: &Fact) {
        let kind = match fact {
            Fact::Intent(intent) if intent.is_of_a_copy() => Some(MomentKind::FromCopy),
            Fact::Intent(intent) => self.intended(place, at, intent),
            Fact::Attempted(attempted) => {
                self.attempt(place, at, attempted).map(|one| MomentKind::Attempt(Box::new(one)))
            }
            Fact::StepEnded(ended) => self.step_ended(ended),
            Fact::RollbackStarted => Some(MomentKind::RollbackStarted),
            Fact::RowEnded(ended) => Some(self.row_ended(ended)),
            Fact::Settled(settled) => self.settled(settled),
            Fact::Reopened(call) => self.call_name(*call).map(|call| MomentKind::Reopened { call }),
            Fact::ImportedCall(imported) => self.imported(imported),
            Fact::ContinuedIn(handed) => {
                Some(MomentKind::ContinuedIn { run: handed.to.clone(), outcome: handed.outcome })
            }
            Fact::Began { .. } | Fact::Steered(_) | Fact::Stopped(_) | Fact::Finished => None,
        };
        kind.into_iter().for_each(|kind| self.push(at, kind));
    }

    fn push(&mut self, at: Time, kind: MomentKind) {
        self.moments.push(Moment { at: Event::instant(at), kind });
    }

    /// Remembers an intent; a moment of its own if no answer follows.
    fn intended(&mut self, place: usize, at: Time, intent: &Intent) -> Option<MomentKind> {
        let known = self.calls.entry(intent.call).or_default();
        known.first_at.get_or_insert(at);
        known.open = Some((at, intent.hash.clone()));
        if known.last_attempt.is_some_and(|last| last > place) {
            return None;
        }
        let call = self.call_name(intent.call)?;
        let request = self.request_of(intent.call, at, Some(&intent.hash)).0;
        Some(MomentKind::Intended { call, attempt: intent.attempt, request })
    }

    fn step_ended(&mut self, ended: &StepEnded) -> Option<MomentKind> {
        let step = self.steps_of_list().get(ended.step as usize)?;
        if self.is_left_out(&step.id) {
            return None;
        }
        let condition = match ended.outcome {
            StepOutcome::Skipped => self.why_skipped(step, ended.step as usize),
            StepOutcome::Failed if ended.code.as_deref() == Some("expectation") => {
                let said = ended.message.as_deref().unwrap_or_default();
                let broken = step.expect.iter().find(|(expect, _)| said.ends_with(expect.text()));
                broken
                    .map(|(expect, span)| self.condition("expect", expect.text(), self.plan().source.place(*span).line))
            }
            StepOutcome::Succeeded
            | StepOutcome::Warning
            | StepOutcome::Unchanged
            | StepOutcome::Failed
            | StepOutcome::Unknown => None,
        };
        let message = ended.message.as_ref().map(|message| self.text(message));
        let code = ended.code.clone();
        Some(MomentKind::StepEnded { step: step.id.clone(), outcome: ended.outcome, code, message, condition })
    }

    fn why_skipped(&mut self, step: &BoundStep, place: usize) -> Option<Condition> {
        let (key, template) = match self.past.why_skipped(place) {
            WhySkipped::When => ("when", step.when.as_ref()),
            WhySkipped::NoElements => ("for_each", step.for_each.as_ref()),
            WhySkipped::Unclear => return None,
        };
        let (template, span) = template?;
        Some(self.condition(key, template.text(), self.plan().source.place(*span).line))
    }

    fn condition(&self, key: &str, text: &str, line: usize) -> Condition {
        let file = self.plan().source.name().to_owned();
        Condition { key: key.to_owned(), text: self.text(text), file, line }
    }

    fn row_ended(&self, ended: &RowEnded) -> MomentKind {
        MomentKind::RowEnded {
            outcome: ended.outcome,
            step: ended.step.clone(),
            code: ended.code.as_ref().map(|code| self.text(code)),
            message: ended.message.as_ref().map(|message| self.text(message)),
        }
    }

    fn settled(&self, settled: &Settled) -> Option<MomentKind> {
        let call = self.call_name(settled.call)?;
        Some(MomentKind::Settled {
            call,
            outcome: settled.outcome,
            who: settled.who.clone(),
            note: settled.note.as_ref().map(|note| self.text(note)),
            outputs: self.outputs_of(settled.call, &settled.outputs),
        })
    }

    fn imported(&mut self, imported: &ImportedCall) -> Option<MomentKind> {
        let known = self.calls.entry(imported.call).or_default();
        known.first_at.get_or_insert(imported.made_at);
        let call = self.call_name(imported.call)?;
        Some(MomentKind::Imported {
            call,
            from: imported.from.clone(),
            made_at: Event::instant(imported.made_at),
            outcome: imported.outcome,
            code: imported.code.as_ref().map(|code| self.text(code)),
            message: imported.message.as_ref().map(|message| self.text(message)),
            request_id: imported.request_id.clone(),
            outputs: self.outputs_of(imported.call, &imported.outputs),
        })
    }

    /// The name of a call; `None` if another step is asked for.
    pub(super) fn call_name(&self, call: CallRef) -> Option<CallName> {
        let Some((step, bound)) = self.past.bound(call) else {
            // A journal may name a call that the plan does not have: the story shows it, too.
            let step = format!("step {}", u64::from(call.step) + 1);
            let (element, rollback) = (None, call.phase == Phase::Rollback);
            return Some(CallName { step, element, rollback, operation: String::new() });
        };
        if self.is_left_out(&step.id) {
            return None;
        }
        Some(CallName {
            step: step.id.clone(),
            element: step.for_each.as_ref().map(|_| call.item.saturating_add(1)),
            rollback: call.phase == Phase::Rollback,
            operation: bound.operation.full_name().to_owned(),
        })
    }

    fn is_left_out(&self, step: &str) -> bool {
        self.source.only_step.is_some_and(|only| only != step)
    }

    /// A text with sensitive values masked.
    pub(super) fn text(&self, text: &str) -> String {
        self.masks.text(text).into_owned()
    }

    pub(super) fn outputs_of(&self, call: CallRef, outputs: &Map) -> Vec<StoryCell> {
        let operation = self.past.bound(call).map(|(_, bound)| &*bound.operation);
        self.named(outputs, |name| operation.is_some_and(|operation| is_sensitive(operation, name)))
    }

    /// Named values, those that `hidden` names masked as a whole.
    fn named(&self, values: &Map, hidden: impl Fn(&str) -> bool) -> Vec<StoryCell> {
        let unmasked = self.plan().is_unmasked();
        let shown = values.iter().map(|(name, value)| {
            let hide = hidden(name) && !unmasked && !value.is_null();
            let value = if hide { Value::from(MASK) } else { self.masks.value(value) };
            StoryCell { name: name.clone(), value: ShownValue::of(value) }
        });
        shown.collect()
    }

    fn row(&self) -> StoryRow {
        let StorySource { prior, number, invalid, file, .. } = self.source;
        let plan = self.plan();
        let is_row = matches!(prior.scope, StepScope::Row(_));
        let key = (is_row && plan.has_rows).then(|| plan.shown_key(prior.key).to_owned());
        let cells = prior.cells.map(|cells| plan.shown_cells(cells)).unwrap_or_default();
        StoryRow {
            scope: if is_row { "row" } else { BoundList::of(prior.scope).as_str() }.to_owned(),
            number: number.filter(|_| plan.has_rows),
            key,
            file: file.clone(),
            cells: self.named(&cells, |_| false),
            invalid: invalid.map(|why| self.text(why)),
        }
    }

    fn steps(&self, state: &RowState) -> Vec<StoryStep> {
        let steps = self.steps_of_list().iter().enumerate().filter(|(_, step)| !self.is_left_out(&step.id));
        let told = steps.map(|(place, step)| {
            let source = &self.plan().source;
            let at = source.place(step.span);
            let ended = state.steps.get(place).and_then(|step| step.ended.as_ref());
            let text = source.lines_of(step.span).into_iter().take(MOST_LINES);
            StoryStep {
                id: step.id.clone(),
                operation: step.call.operation.full_name().to_owned(),
                rollback: step.rollback.as_ref().map(|call| call.operation.full_name().to_owned()),
                outcome: ended.map(|ended| ended.outcome),
                file: at.file,
                line: at.line,
                lines: text.map(|line| self.text(line)).collect(),
            }
        });
        told.collect()
    }

    fn state(&self, state: &RowState) -> StoryState {
        let now = &self.source.now;
        let standing = match () {
            () if self.source.damaged => RowStanding::Damaged,
            () if state.continued_in.is_some() => RowStanding::WentOn,
            () if state.ended.is_some() => RowStanding::Ended,
            () if !state.has_begun() => RowStanding::NotStarted,
            () if self.source.running => RowStanding::UnderWay,
            () => RowStanding::Open,
        };
        let sensitive = self.plan().sensitive_results();
        StoryState {
            standing,
            outcome: now.outcome,
            step: now.step.clone(),
            code: now.code.as_ref().map(|code| self.text(code)),
            message: now.message.as_ref().map(|message| self.text(message)),
            request_id: now.request_id.clone(),
            attempts: state.sends,
            results: self.named(&now.results, |name| sensitive.contains(&name)),
        }
    }
}

fn is_sensitive(operation: &Operation, output: &str) -> bool {
    operation.outputs.iter().any(|one| one.name == output && one.sensitive)
}
