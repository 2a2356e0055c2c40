//! What is reported about a row that has not ended: the step, code and message that decide its current outcome.

use crate::journal::{
    Attempted, CallEnded, CallState, Fact, LEFT_TO_OTHER_RUN, RowEnded, RowState, ScopeShape, SendDetails,
};
use crate::model::{RowOutcome, StepOutcome, Time};

/// What is reported about a row that has not ended: the step, code and message that decide its current outcome.
#[must_use]
pub fn report_unended(state: &RowState, shape: &ScopeShape, outcome: RowOutcome, facts: &[(Time, Fact)]) -> RowEnded {
    let mut ended = RowEnded {
        outcome,
        step: None,
        code: None,
        message: None,
        request_id: None,
        results: crate::model::Map::new(),
    };
    for (step, about) in state.steps.iter().zip(&shape.steps) {
        let calls = step.calls.iter().chain(&step.undone);
        for call in calls {
            let waits = call.waits_to_be_repeated();
            let decides = if outcome == RowOutcome::Unknown { call.is_in_doubt() && !waits } else { waits };
            if decides {
                let said = message_of_unknown(call);
                ended.step = Some(about.id.clone());
                ended.code = said.code;
                ended.message = said.message;
                ended.request_id = said.request_id;
            } else if let Some(failed) = failure(call) {
                ended.step = Some(about.id.clone());
                ended.code.clone_from(&failed.code);
                ended.message.clone_from(&failed.message);
                ended.request_id.clone_from(&failed.request_id);
            }
        }
    }
    if let Some(left) = left_to_other_run(facts).filter(|_| outcome != RowOutcome::Unknown) {
        ended.step = shape.steps.get(left.call.step as usize).map(|step| step.id.clone());
        ended.code.clone_from(&left.code);
        ended.message.clone_from(&left.message);
        ended.request_id = None;
    }
    ended
}

/// The call that a row left to another run; `None` if that is not the row's last fact.
fn left_to_other_run(facts: &[(Time, Fact)]) -> Option<&Attempted> {
    match facts.last() {
        Some((_, Fact::Attempted(last))) if last.code.as_deref() == Some(LEFT_TO_OTHER_RUN) => Some(last),
        _ => None,
    }
}

/// The code and message of a call whose outcome is unknown.
fn message_of_unknown(call: &CallState) -> SendDetails {
    let next = if call.to_look_up { "`runsheet resume` looks it up" } else { "`runsheet resume` sends it again" };
    match call.said_so_far() {
        Some(said) => said.with(next),
        None => SendDetails {
            code: Some("interrupted".to_owned()),
            message: Some("sent, and no answer has been recorded; `runsheet resume` goes on with it".to_owned()),
            request_id: None,
        },
    }
}

fn failure(call: &CallState) -> Option<&CallEnded> {
    call.ended.as_ref().filter(|ended| ended.outcome == StepOutcome::Failed)
}
