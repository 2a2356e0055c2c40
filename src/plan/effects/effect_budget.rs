//! Checks the words of an effect budget against the operations that count under them.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics, near_miss};
use crate::plan::bound::Plan;

/// Reports words of the effect budget that no operation of the playbook counts under.
pub(in crate::plan) fn check_budget(plan: &Plan, diagnostics: &mut Diagnostics) {
    let steps = plan.before.iter().chain(&plan.steps).chain(&plan.after);
    let calls = steps.flat_map(|step| std::iter::once(&step.call).chain(&step.rollback));
    let counted: BTreeSet<&str> =
        calls.flat_map(|call| &call.operation.dangers).filter_map(|danger| danger.counts_as.as_deref()).collect();
    for (word, span) in plan.effect_budget_places.iter().filter(|(word, _)| !counted.contains(word.as_str())) {
        let listed: Vec<String> = counted.iter().map(|word| format!("`{word}`")).collect();
        let help = match near_miss(word, counted.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None if listed.is_empty() => "None of its operations counts anything: take the key out.".to_owned(),
            None => format!("They count {}.", listed.join(", ")),
        };
        let message = format!("No operation of this playbook counts `{word}`");
        diagnostics.push(Diagnostic::error("unknown-effect", message).at(plan.source.place(*span), "").help(help));
    }
}
