//! One row over the test vendor: its machine, the clock, and the facts that it has written.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::fixtures::{START, cells, plan};
use crate::engine::row::call_result::{AnswerEffects, CallResult, RunSignals};
use crate::engine::row::outgoing_call::OutgoingCall;
use crate::engine::row::row_machine::{NextMove, RowMachine};
use crate::engine::row::step_context::{StepContext, shared_scope};
use crate::journal::{Attempted, CallRef, Fact, RowEnded, ScopeShape};
use crate::model::{Map, Phase, StepScope, Time, Value};
use crate::plan::{BoundList, Plan};
use crate::policy::SeededRng;

/// A row under test.
pub(super) struct RowBench {
    pub(super) plan: Arc<Plan>,
    pub(super) shape: ScopeShape,
    pub(super) machine: RowMachine,
    pub(super) now: Time,
    /// The facts that are on the disk, in order.
    pub(super) journal: Vec<(Time, Fact)>,
    pub(super) signals: RunSignals,
    cells: Map,
}

impl RowBench {
    /// A row that has not begun, over a playbook with these steps.
    pub(super) fn new(steps: &str) -> Self {
        Self::over(plan(steps), cells(0), Vec::new())
    }

    /// The same with another cell.
    pub(super) fn with_cell(steps: &str, name: &str, value: Value) -> Self {
        let mut cells = cells(0);
        cells.insert(name.to_owned(), value);
        Self::over(plan(steps), cells, Vec::new())
    }

    /// The same in another row of the run.
    pub(super) fn in_row(steps: &str, position: u64) -> Self {
        let bench = Self::over(plan(steps), cells(position), Vec::new());
        let machine = machine(&bench.plan, &bench.cells, position, &[]);
        Self { machine, ..bench }
    }

    /// A row of a plan whose journal holds these facts.
    pub(super) fn over(plan: Plan, cells: Map, journal: Vec<(Time, Fact)>) -> Self {
        let shape = ScopeShape::of(&plan, BoundList::Steps);
        let now = journal.last().map_or(START, |(at, _)| *at);
        let machine = machine(&plan, &cells, 0, &journal);
        let (plan, signals) = (Arc::new(plan), RunSignals::default());
        Self { plan, shape, machine, now, journal, signals, cells }
    }

    /// The process ends and another one goes on from the first `facts` facts of the journal.
    pub(super) fn resume_from(&self, facts: usize) -> Self {
        Self::over((*self.plan).clone(), self.cells.clone(), self.journal[..facts].to_vec())
    }

    /// The process ends and another one goes on.
    pub(super) fn resume(&self) -> Self {
        self.resume_from(self.journal.len())
    }

    /// Facts from outside the run, and the machine that goes on from them.
    pub(super) fn told(&self, fact: Fact) -> Self {
        let mut journal = self.journal.clone();
        journal.push((self.now, fact));
        Self::over((*self.plan).clone(), self.cells.clone(), journal)
    }

    fn write(&mut self) {
        let now = self.now;
        self.journal.extend(self.machine.take_facts().into_iter().map(|fact| (now, fact)));
    }

    /// What the machine wants to do now.
    pub(super) fn next(&mut self) -> NextMove {
        let context = StepContext { plan: &self.plan, shape: &self.shape, rng: SeededRng::new(7), now: self.now };
        let next = self.machine.next(context);
        self.write();
        next
    }

    /// The call that goes out now, its intent written.
    pub(super) fn send(&mut self) -> OutgoingCall {
        match self.next() {
            NextMove::Send(outgoing) => {
                self.intend(&outgoing);
                *outgoing
            }
            NextMove::Wait(until) => panic!("it waits for {:?}", until.since(self.now)),
            NextMove::Ended => panic!("the row has ended"),
        }
    }

    /// How long the row waits; goes on to the end of that.
    pub(super) fn wait(&mut self) -> Duration {
        match self.next() {
            NextMove::Wait(until) => {
                let waited = until.since(self.now);
                self.now = until;
                waited
            }
            NextMove::Send(outgoing) => panic!("it sends {}", outgoing.operation.full_name()),
            NextMove::Ended => panic!("the row has ended"),
        }
    }

    /// The next call, once its wait is over.
    pub(super) fn send_in_time(&mut self) -> OutgoingCall {
        if let NextMove::Wait(until) = self.next() {
            self.now = until;
        }
        self.send()
    }

    /// What becomes of a call.
    pub(super) fn answer(&mut self, outgoing: &OutgoingCall, result: CallResult) -> AnswerEffects {
        let context = StepContext { plan: &self.plan, shape: &self.shape, rng: SeededRng::new(7), now: self.now };
        let effects = self.machine.on_result(context, outgoing, result, self.signals);
        self.write();
        effects
    }

    /// Writes a call's intent.
    pub(super) fn intend(&mut self, outgoing: &OutgoingCall) {
        self.machine.intend(self.now, outgoing);
        self.write();
    }

    /// A call whose intent is written is kept from being sent.
    pub(super) fn withhold(&mut self, outgoing: &OutgoingCall, why: &str) {
        self.machine.on_withheld(self.now, outgoing, why);
        self.write();
    }

    /// A call's deadline passes before it is sent.
    pub(super) fn expire(&mut self, outgoing: &OutgoingCall) {
        self.machine.expire(self.now, outgoing, "too late");
        self.write();
    }

    /// The row goes on in another process that finds another cell.
    pub(super) fn with_other_cell(&self, name: &str, value: Value) -> Self {
        let mut cells = self.cells.clone();
        cells.insert(name.to_owned(), value);
        Self::over((*self.plan).clone(), cells, self.journal.clone())
    }

    /// Sends the next call in time and answers it.
    pub(super) fn call(&mut self, result: CallResult) -> AnswerEffects {
        let outgoing = self.send_in_time();
        self.answer(&outgoing, result)
    }

    /// The row's end, which must have come.
    pub(super) fn end(&mut self) -> RowEnded {
        match self.next() {
            NextMove::Ended => self.machine.state().ended.clone().expect("the machine ends with a fact"),
            NextMove::Send(outgoing) => panic!("it sends {}", outgoing.operation.full_name()),
            NextMove::Wait(until) => panic!("it waits for {:?}", until.since(self.now)),
        }
    }

    /// The last attempt in the journal.
    pub(super) fn last_attempt(&self) -> &Attempted {
        let attempts = self.journal.iter().rev().filter_map(|(_, fact)| match fact {
            Fact::Attempted(attempted) => Some(attempted),
            _ => None,
        });
        attempts.into_iter().next().expect("an attempt has ended")
    }

    /// The journal in short words: see [`words`].
    pub(super) fn story(&self) -> Vec<String> {
        self.journal.iter().map(|(_, fact)| words(fact)).collect()
    }

    /// The last fact in the journal, in short words.
    pub(super) fn last_story(&self) -> String {
        self.story().pop().unwrap_or_default()
    }
}

fn machine(plan: &Plan, cells: &Map, position: u64, journal: &[(Time, Fact)]) -> RowMachine {
    RowMachine::new(&Arc::new(shared_scope(plan)), StepScope::Row(position), "a0", Some(cells.clone()), journal)
}

/// A fact in short words: `intent 0 #1`, `attempt 0 Lost no_answer > look up`, `step 0 succeeded`, `row failed`.
pub(super) fn words(fact: &Fact) -> String {
    match fact {
        Fact::Intent(intent) => format!("intent {} #{}", place(intent.call), intent.attempt),
        Fact::Attempted(attempted) => {
            // A success has the code `true`, which says nothing.
            let code = attempted.code.iter().filter(|code| *code != "true");
            let code = code.map(|code| format!(" {code}")).collect::<String>();
            let follows = match attempted.outcome {
                Some(outcome) => outcome.as_str(),
                None if attempted.look_up => "look up",
                None => "open",
            };
            format!("attempt {} {:?}{code} > {follows}", place(attempted.call), attempted.end)
        }
        Fact::StepEnded(ended) => {
            let code = ended.code.iter().map(|code| format!(" {code}")).collect::<String>();
            format!("step {} {}{code}", ended.step, ended.outcome.as_str())
        }
        Fact::RollbackStarted => "rollback".to_owned(),
        Fact::RowEnded(ended) => format!("row {}", ended.outcome.as_str()),
        Fact::Settled(settled) => format!("settled {} {}", place(settled.call), settled.outcome.as_str()),
        Fact::Reopened(call) => format!("reopened {}", place(*call)),
        Fact::ImportedCall(carried) => format!("imported {} {}", place(carried.call), carried.outcome.as_str()),
        Fact::ContinuedIn(_) => "continued elsewhere".to_owned(),
        Fact::Began { .. } | Fact::Steered(_) | Fact::Stopped(_) | Fact::Finished => "of the run".to_owned(),
    }
}

/// `STEP`, `STEP.ITEM` from the second element on, and `undo` in front of a rollback.
fn place(call: CallRef) -> String {
    let undo = if call.phase == Phase::Rollback { "undo " } else { "" };
    let item = if call.item > 0 { format!(".{}", call.item) } else { String::new() };
    format!("{undo}{}{item}", call.step)
}
