//! What people and later runs do about a run: unknown rows are looked up or settled by the truth, the run goes on,
//! and a linked run does what is missing.

use runsheet::internals::engine::{PlanView, PriorRow, import_row};
use runsheet::internals::journal::{CallRef, Fact, JournalEntry, RowState, Settled};
use runsheet::internals::model::{Map, Phase, RowOutcome, RunId, StepOutcome, StepScope, Value};

use super::scenario::Scenario;
use super::world::{World, outcome};

/// Rounds of settling, or linked runs, after which something is wrong.
const ROUNDS: u32 = 60;

/// How often the vendors are asked before a person is.
const PASSES: u32 = 4;

impl World {
    /// Settles and resumes until nothing is unknown. Gives how many calls lookups settled, and how many the truth.
    pub(crate) fn settle_all(&mut self, scenario: &Scenario) -> [usize; 2] {
        let mut settled = [0, 0];
        for _ in 0..ROUNDS {
            let doubts = self.doubts().len();
            if doubts == 0 {
                return settled;
            }
            // A read that fails today may tell tomorrow.
            (0..PASSES).for_each(|_| self.ask());
            let left = self.doubts();
            settled[0] += doubts - left.len();
            settled[1] += left.len();
            for (scope, call) in left {
                let fact = Fact::Settled(self.truth(scenario, scope, call));
                self.append(scope, vec![fact]);
            }
            self.run();
        }
        panic!("rows stay unknown");
    }

    /// The first call in doubt of each row.
    pub(super) fn doubts(&self) -> Vec<(StepScope, CallRef)> {
        let first = |position| {
            let state = self.state(StepScope::Row(position));
            state.doubts().first().map(|call| (StepScope::Row(position), *call))
        };
        self.rows.iter().filter_map(|row| first(row.position)).collect()
    }

    fn state(&self, scope: StepScope) -> RowState {
        let facts = self.facts(scope);
        RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)))
    }

    pub(super) fn append(&mut self, scope: StepScope, facts: Vec<Fact>) {
        let seq = self.disk.last().map_or(1, |entry| entry.seq + 1);
        self.disk.push(JournalEntry { seq, at: self.now, scope, facts });
    }

    /// Looks up what reads can tell of, and sends nothing else.
    pub(super) fn ask(&mut self) {
        let mut asked = false;
        for (scope, call) in self.doubts() {
            let step = &self.plan.steps[call.step as usize];
            let bound = if call.phase == Phase::Do { &step.call } else { step.rollback.as_ref().unwrap() };
            let ended = self.state(scope).call(call).is_some_and(|known| known.ended.is_some());
            if bound.lookup.is_some() && ended {
                self.append(scope, vec![Fact::Reopened(call)]);
                asked = true;
            }
        }
        if asked {
            let before = self.effects();
            self.run_as(true);
            assert_eq!(self.effects(), before, "a pass that only asks changed something");
        }
    }

    fn effects(&self) -> usize {
        self.log.iter().filter(|entry| entry.effect).count()
    }

    /// What the simulators' log says of a call.
    pub(super) fn truth(&self, scenario: &Scenario, scope: StepScope, call: CallRef) -> Settled {
        let StepScope::Row(position) = scope else { panic!("only rows are unknown") };
        let row = scenario.row(position);
        let key = row.values().next().and_then(Value::as_str).unwrap_or_default();
        let number = self.state(scope).steps.first().and_then(|step| task_num(step.calls.first()?));
        let number = number.unwrap_or_else(|| "none".to_owned());
        let wanted = match (scenario.name, call.step, call.phase) {
            ("onboard", 0, Phase::Do) => format!("create_task:{key}"),
            ("onboard", _, Phase::Rollback) => format!("update_status:{number}:canceled"),
            ("onboard", 1, _) => {
                format!("add_moderator:{number}:{}", row["moderators"][call.item as usize].as_str().unwrap())
            }
            ("onboard", ..) => format!("add_publishers:{number}:"),
            _ => key.to_owned(),
        };
        let made = self.log.iter().filter(|entry| entry.effect).find(|entry| {
            entry
                .effect_id
                .as_deref()
                .is_some_and(|id| id.starts_with(&wanted) || id.split(':').any(|part| part == wanted))
        });
        let outcome = if made.is_some() { StepOutcome::Succeeded } else { StepOutcome::Failed };
        let mut outputs = Map::new();
        let puts = made.map(|entry| serde_json::to_value(entry).unwrap()["puts"].clone()).unwrap_or_default();
        for put in puts.as_array().into_iter().flatten() {
            if let Some(number) = put["appointment"]["task_num"].as_str().filter(|_| call.step == 0) {
                outputs.insert("task_num".into(), number.into());
            }
        }
        Settled { call, outcome, outputs, body: Value::Null, note: None, who: "the log".into() }
    }

    /// A linked run over the rows that are not done; the vendors are the same.
    pub(crate) fn retry(self) -> Self {
        let side = PlanView::new(self.plan.clone(), None);
        let run = RunId::from_text("earlier");
        let mut facts = Vec::new();
        let mut rows = Vec::new();
        for row in &self.rows {
            let scope = StepScope::Row(row.position);
            let known = self.facts(scope);
            if !matches!(outcome(&known), Some(RowOutcome::Failed | RowOutcome::Partial)) {
                continue;
            }
            let earlier = PriorRow { scope, key: &row.key, cells: Some(&row.cells), facts: &known, run: &run };
            let brought = import_row(earlier, &side, &side, Some(&row.cells), false).unwrap();
            rows.push(row.clone());
            facts.push((scope, brought.facts));
        }
        let mut later = self.linked(rows);
        for (scope, facts) in facts.into_iter().filter(|(_, facts)| !facts.is_empty()) {
            later.append(scope, facts);
        }
        later
    }

    /// Does what is missing until all is done, for jobs whose rows leave nothing behind when they fail.
    pub(crate) fn retry_all(mut self, scenario: &Scenario) -> Self {
        for _ in 0..ROUNDS {
            self = self.retry();
            if self.rows.is_empty() {
                return self;
            }
            self.run();
            self.settle_all(scenario);
            let problems = super::truth::problems_of_a_retry(&self, scenario);
            assert_eq!(problems, Vec::<String>::new(), "{}", scenario.name);
        }
        panic!("rows are never done");
    }
}

fn task_num(call: &runsheet::internals::journal::CallState) -> Option<String> {
    call.ended.as_ref()?.outputs.get("task_num")?.as_str().map(str::to_owned)
}
