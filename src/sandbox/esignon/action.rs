//! Request 5010Q: the person whose turn it is approves (CF) or returns (RT) a document.

use serde_json::json;

use super::envelope::{EsignonRefusal, failure, open, success};
use super::find::{find, step};
use crate::sandbox::exchange::{Call, FieldSpec, FieldType, Reply, SandboxView, must, text};
use crate::sandbox::world::{Put, Workflow, WorkflowState};

const ANSWER: &str = "5010A";
const ACTION: &[FieldSpec] = &[
    must("comp_id", FieldType::Text),
    must("biz_id", FieldType::Text),
    must("client_id", FieldType::Text),
    must("memb_email", FieldType::Text),
    must("action_id", FieldType::Text),
    must("workflow_id", FieldType::Text),
    must("comment", FieldType::Text),
    must("command", FieldType::Text),
];

/// The action that the caller asks for.
struct RequestedAction<'c> {
    email: &'c str,
    step: u64,
    comment: &'c str,
    approves: bool,
}

/// Answers an action on a document.
pub(super) fn act(view: &SandboxView<'_>, call: &Call<'_>, company: &str) -> Result<Reply, EsignonRefusal> {
    let failed = |message: &str| failure(ANSWER, "10", message);
    let body = open(call.json(), "5010Q", ANSWER, ACTION)?;
    if let Some(empty) = ACTION_TEXTS.iter().find(|name| text(body, name).trim().is_empty()) {
        return Err(failure(ANSWER, "12", format!("the body is not as documented: {empty} is empty")));
    }
    if text(body, "comp_id") != company || text(body, "biz_id") != "0" {
        return Err(failed("comp_id or biz_id is wrong."));
    }
    let approves = match text(body, "command") {
        "CF" => true,
        "RT" => false,
        _ => return Err(failure(ANSWER, "99", "unexpected exception: command is CF or RT.")),
    };
    let asked = step(text(body, "action_id")).ok_or_else(|| failed("the action does not exist."))?;
    let id = text(body, "workflow_id");
    let workflow = find(view.world, id, view.now.timestamp()).ok_or_else(|| failed("the workflow does not exist."))?;
    let requested =
        RequestedAction { email: text(body, "memb_email"), step: asked, comment: text(body, "comment"), approves };
    let taken_in = taken_in(view, workflow, &requested)?;
    let done = moved(view, taken_in.clone(), &requested);
    let verdict = if approves { "approve" } else { "return" };
    Ok(success(ANSWER, json!({ "comp_id": company }))
        .effect(format!("{verdict}:{id}:{asked}"))
        .intake(Put::Workflow(taken_in))
        .put(Put::Workflow(done)))
}

/// Fields that must not be blank.
const ACTION_TEXTS: &[&str] = &["comp_id", "client_id", "memb_email", "action_id", "workflow_id", "comment"];

/// The document before the action; a refusal if the action is not allowed.
fn taken_in(
    view: &SandboxView<'_>,
    mut workflow: Workflow,
    requested: &RequestedAction<'_>,
) -> Result<Workflow, EsignonRefusal> {
    let failed = |message: &str| Err(failure(ANSWER, "10", message));
    if workflow.shown(view.now.timestamp()) != "Playing" {
        return failed("the workflow is not in progress.");
    }
    if workflow.provisional {
        workflow.provisional = false;
        if workflow.current != requested.step {
            workflow.stand_at(requested.step);
        }
    }
    if workflow.current != requested.step {
        return failed("the action is not the current one.");
    }
    let owner = workflow.owners.entry(requested.step).or_insert_with(|| requested.email.to_owned());
    if owner != requested.email {
        return failed("the member is not in charge of this action.");
    }
    if requested.approves && !workflow.filled {
        return Err(failure(ANSWER, "99", "required fields are still empty."));
    }
    Ok(workflow)
}

/// The document after the action.
fn moved(view: &SandboxView<'_>, mut workflow: Workflow, requested: &RequestedAction<'_>) -> Workflow {
    let now = view.now.timestamp();
    let verdict = if requested.approves { "SIGN_COMPLETE" } else { "SIGN_RETURN" };
    workflow.record(verdict, requested.step, requested.email, requested.comment, now);
    match (requested.approves, requested.step) {
        (true, step) if step >= workflow.total => {
            workflow.state = WorkflowState::Complete;
            workflow.record("WORKFLOW_COMPLETE", step, requested.email, "", now);
        }
        (true, step) => workflow.current = step + 1,
        (false, 1) => {
            workflow.state = WorkflowState::Canceled;
            workflow.record("WORKFLOW_CANCEL", 1, requested.email, "", now);
        }
        (false, step) => workflow.current = step - 1,
    }
    workflow
}
