//! The statement of a person about one call: checked against what the playbook needs, then turned into a fact.

use super::request::SettleAs;
use crate::diagnostic::{did_you_mean_inline, near_miss};
use crate::journal::Settled;
use crate::model::{Map, Phase, StepOutcome, Value};
use crate::operate::stored_run::UnknownCall;
use crate::plan::Plan;
use crate::provider::{Output, OutputKind};

/// What a person states about a call.
pub(super) struct Statement<'a> {
    /// The outcome.
    pub(super) settled_as: SettleAs,
    /// The outputs by name, as texts.
    pub(super) outputs: Vec<(&'a str, &'a str)>,
    /// Why, for the record.
    pub(super) note: Option<&'a str>,
    /// The name of the person.
    pub(super) who: &'a str,
}

/// Turns a statement into the fact that settles the call.
///
/// # Errors
/// A message about a missing or wrong output.
pub(super) fn settlement(call: &UnknownCall, plan: &Plan, statement: &Statement<'_>) -> Result<Settled, String> {
    let outcome = match statement.settled_as {
        SettleAs::Done => StepOutcome::Succeeded,
        SettleAs::Failed => StepOutcome::Failed,
    };
    let mut settled = Settled {
        call: call.doubt.call,
        outcome,
        outputs: Map::new(),
        body: Value::Null,
        note: statement.note.map(str::to_owned),
        who: statement.who.to_owned(),
    };
    if statement.settled_as == SettleAs::Failed {
        return match statement.outputs.first() {
            Some((name, _)) => Err(format!("what is not done has no output `{name}`")),
            None => Ok(settled),
        };
    }
    let declared = declared(call, plan);
    for (name, text) in &statement.outputs {
        if *name == "body" && call.doubt.wanted.body {
            settled.body =
                serde_json::from_str(text).map_err(|_| "`body` must be the whole answer as JSON".to_owned())?;
            continue;
        }
        let value = output(declared, name, text, call)?;
        settled.outputs.insert((*name).to_owned(), value);
    }
    let blank = |name: &String, value: &Value| {
        declared.iter().any(|output| output.name == *name && output.required && !output.is_answered_by(value))
    };
    let given = |name: &String| {
        settled.outputs.get(name).is_some_and(|value| !blank(name, value))
            || (name == "body" && !settled.body.is_null())
    };
    let missing: Vec<String> = call.wanted().into_iter().filter(|name| !given(name)).collect();
    if missing.is_empty() { Ok(settled) } else { Err(lacks(call, &missing)) }
}

/// The outputs that the operation of the call declares.
fn declared<'p>(call: &UnknownCall, plan: &'p Plan) -> &'p [Output] {
    let mut steps = plan.before.iter().chain(&plan.steps).chain(&plan.after);
    match steps.find(|step| step.id == call.doubt.step) {
        Some(step) if call.doubt.call.phase == Phase::Do => &step.call.operation.outputs,
        _ => &[],
    }
}

fn output(declared: &[Output], name: &str, text: &str, call: &UnknownCall) -> Result<Value, String> {
    if let Some(output) = declared.iter().find(|output| output.name == name) {
        return output.kind.read(text).map_err(|why| format!("output `{name}`: {why}"));
    }
    if declared.iter().any(|output| output.name == "*") {
        return OutputKind::Any.read(text);
    }
    let names = declared.iter().map(|output| output.name.as_str());
    let hint = match near_miss(name, names.clone()) {
        Some(near) => format!("; {}", did_you_mean_inline(name, near)),
        None if declared.is_empty() => "; it has none".to_owned(),
        None => format!("; its outputs are `{}`", names.collect::<Vec<_>>().join("`, `")),
    };
    Err(format!("`{}` has no output `{name}`{hint}", call.doubt.operation))
}

fn lacks(call: &UnknownCall, missing: &[String]) -> String {
    let names = missing.join("`, `");
    let how: Vec<String> = missing.iter().map(|name| format!("--output {name}=…")).collect();
    format!(
        "later steps of `{}` use its `{names}`: say what the vendor answered with {}",
        call.doubt.step,
        how.join(" ")
    )
}
