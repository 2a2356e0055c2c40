//! What the rows of a run will do, counted before anything is sent.

use std::collections::BTreeMap;

use super::repeats::Repeats;
use crate::journal::FrozenRow;
use crate::plan::{CheckedCall, Plan};
use crate::provider::DangerKind;

/// What the rows of a run will do.
#[derive(Debug, Clone, Default)]
pub struct IntakeTally {
    /// The number of rows taken.
    pub rows: u64,
    /// The number of rows with mistakes.
    pub invalid: u64,
    /// Calls by operation, as far as they can be counted before the run.
    pub calls: BTreeMap<String, u64>,
    /// Calls by the plan's rate buckets.
    pub bucket_calls: Vec<u64>,
    /// Rows that skip a step because of its condition, by step id.
    pub skipped: BTreeMap<String, u64>,
    /// Calls by their danger and what they count as.
    pub dangers: BTreeMap<(DangerKind, String), u64>,
    /// Rows that bill, cancel, notify or sign, or repeat what another run did.
    pub dangerous_rows: u64,
    /// Calls that other runs have already made.
    pub repeats: Repeats,
    /// Effects by the kinds of the run's effect budget.
    pub effects: BTreeMap<String, u64>,
    /// Calls that affect more because an input is missing, by operation and input.
    pub widened: BTreeMap<(String, String), u64>,
    /// The first rows, with their calls.
    pub samples: Vec<(FrozenRow, Vec<CheckedCall>)>,
    /// Selected keys that no row has.
    pub missing_keys: Vec<String>,
    /// Those of them that look like the key of a row, with the difference.
    pub alike_keys: BTreeMap<String, String>,
}

impl IntakeTally {
    /// A message about the first selected key that no row has; `None` if all were found.
    #[must_use]
    pub fn missing_key(&self) -> Option<String> {
        let key = self.missing_keys.first()?;
        let alike = self.alike_keys.get(key);
        let hint = alike.map_or_else(String::new, |difference| format!("; one looks the same, and {difference}"));
        Some(format!("`--only`: no row has the key `{key}`{hint}"))
    }

    /// A line for each operation and input: the number of calls without the input, what they affect in addition, and
    /// the number of calls with it.
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

/// What a call affects in addition if an input is missing; `None` if its operation does not say.
fn wider<'p>(plan: &'p Plan, operation: &str, input: &str) -> Option<&'p str> {
    let steps = plan.before.iter().chain(&plan.steps).chain(&plan.after);
    let called = steps.map(|step| &step.call.operation).find(|called| called.full_name() == operation)?;
    called.inputs.iter().find(|one| one.name == input)?.widens_when_absent.as_deref()
}
