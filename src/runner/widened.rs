//! Calls that do more because an input is absent, in words: both kinds are counted apart wherever a person decides.

use super::intake::Tally;
use crate::plan::Plan;

impl Tally {
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
