//! What the rows of a run will do, counted before anything is sent.

use std::collections::BTreeMap;

use super::repeats::Repeats;
use crate::journal::FrozenRow;
use crate::plan::{CheckedCall, Plan};
use crate::provider::DangerKind;

/// What the rows will do.
#[derive(Debug, Clone, Default)]
pub struct IntakeTally {
    /// Rows taken.
    pub rows: u64,
    /// Rows with mistakes among them.
    pub invalid: u64,
    /// Calls by operation, as far as they can be counted ahead.
    pub calls: BTreeMap<String, u64>,
    /// Calls by the plan's budgets.
    pub budget_calls: Vec<u64>,
    /// Steps left out by a condition, by id.
    pub skipped: BTreeMap<String, u64>,
    /// Calls by danger and by what they count as.
    pub dangers: BTreeMap<(DangerKind, String), u64>,
    /// Rows that bill, cancel, notify or sign, or do again what another run did.
    pub dangerous_rows: u64,
    /// Calls that other runs have made.
    pub repeats: Repeats,
    /// Calls by the words of the run's budget.
    pub effects: BTreeMap<String, u64>,
    /// Calls that an absent input widens, by operation and input.
    pub widened: BTreeMap<(String, String), u64>,
    /// The first rows with their calls.
    pub samples: Vec<(FrozenRow, Vec<CheckedCall>)>,
    /// Keys asked for with `only` that no row has.
    pub missing_keys: Vec<String>,
    /// Of these, those that look like the key of a row, and how the two differ.
    pub alike_keys: BTreeMap<String, String>,
}

impl IntakeTally {
    /// Says that no row has a key that was asked for, where that is so.
    #[must_use]
    pub fn missing_key(&self) -> Option<String> {
        let key = self.missing_keys.first()?;
        let alike = self.alike_keys.get(key);
        let hint = alike.map_or_else(String::new, |difference| format!("; one looks the same, and {difference}"));
        Some(format!("`--only`: no row has the key `{key}`{hint}"))
    }

    /// A line for each operation and input: how many calls lack it, what they do more, and how many have it.
    #[must_use]
    pub fn widened_words(&self, plan: &Plan) -> Vec<String> {
        let line = |((operation, input), without): (&(String, String), &u64)| {
            let wider = wider(plan, operation, input).map(|what| format!(" ({what})")).unwrap_or_default();
            let with = self.calls.get(operation).copied().unwrap_or_default().saturating_sub(*without);
            format!("{without} × {operation} without `{input}`{wider}, {with} with it")
        };
        self.widened.iter().map(line).collect()
    }
}

/// What a call does more without an input, as its operation says.
fn wider<'p>(plan: &'p Plan, operation: &str, input: &str) -> Option<&'p str> {
    let steps = plan.before.iter().chain(&plan.steps).chain(&plan.after);
    let called = steps.map(|step| &step.call.operation).find(|called| called.full_name() == operation)?;
    called.inputs.iter().find(|one| one.name == input)?.widens_when_absent.as_deref()
}
