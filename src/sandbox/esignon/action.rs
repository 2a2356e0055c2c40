//! 5010Q: the person whose turn it is approves (CF) or returns (RT).

use serde_json::json;

use super::envelope::{Refusal, failure, open, success};
use super::find::{find, step};
use crate::sandbox::exchange::{Call, Desk, Field, Kind, Reply, must, text};
use crate::sandbox::world::{Put, Workflow, WorkflowState};

const ANSWER: &str = "5010A";
const ACTION: &[Field] = &[
    must("comp_id", Kind::Text),
    must("biz_id", Kind::Text),
    must("client_id", Kind::Text),
    must("memb_email", Kind::Text),
    must("action_id", Kind::Text),
    must("workflow_id", Kind::Text),
    must("comment", Kind::Text),
    must("command", Kind::Text),
];

/// What a caller wants done.
struct Wish<'c> {
    email: &'c str,
    step: u64,
    comment: &'c str,
    approves: bool,
}

/// Acts on a document.
pub(super) fn act(desk: &Desk<'_>, call: &Call<'_>, company: &str) -> Result<Reply, Refusal> {
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
    let workflow = find(desk.world, id, desk.now.timestamp()).ok_or_else(|| failed("the workflow does not exist."))?;
    let wish = Wish { email: text(body, "memb_email"), step: asked, comment: text(body, "comment"), approves };
    let taken_in = taken_in(desk, workflow, &wish)?;
    let done = moved(desk, taken_in.clone(), &wish);
    let verdict = if approves { "approve" } else { "return" };
    Ok(success(ANSWER, json!({ "comp_id": company }))
        .effect(format!("{verdict}:{id}:{asked}"))
        .intake(Put::Workflow(taken_in))
        .put(Put::Workflow(done)))
}

/// Fields that must not be blank.
const ACTION_TEXTS: &[&str] = &["comp_id", "client_id", "memb_email", "action_id", "workflow_id", "comment"];

/// The document before the wish is granted, if it may be.
fn taken_in(desk: &Desk<'_>, mut workflow: Workflow, wish: &Wish<'_>) -> Result<Workflow, Refusal> {
    let failed = |message: &str| Err(failure(ANSWER, "10", message));
    if workflow.shown(desk.now.timestamp()) != "Playing" {
        return failed("the workflow is not in progress.");
    }
    if workflow.provisional {
        workflow.provisional = false;
        if workflow.current != wish.step {
            workflow.stand_at(wish.step);
        }
    }
    if workflow.current != wish.step {
        return failed("the action is not the current one.");
    }
    let owner = workflow.owners.entry(wish.step).or_insert_with(|| wish.email.to_owned());
    if owner != wish.email {
        return failed("the member is not in charge of this action.");
    }
    if wish.approves && !workflow.filled {
        return Err(failure(ANSWER, "99", "required fields are still empty."));
    }
    Ok(workflow)
}

/// The document after the wish.
fn moved(desk: &Desk<'_>, mut workflow: Workflow, wish: &Wish<'_>) -> Workflow {
    let now = desk.now.timestamp();
    let verdict = if wish.approves { "SIGN_COMPLETE" } else { "SIGN_RETURN" };
    workflow.record(verdict, wish.step, wish.email, wish.comment, now);
    match (wish.approves, wish.step) {
        (true, step) if step >= workflow.total => {
            workflow.state = WorkflowState::Complete;
            workflow.record("WORKFLOW_COMPLETE", step, wish.email, "", now);
        }
        (true, step) => workflow.current = step + 1,
        (false, 1) => {
            workflow.state = WorkflowState::Canceled;
            workflow.record("WORKFLOW_CANCEL", 1, wish.email, "", now);
        }
        (false, step) => workflow.current = step - 1,
    }
    workflow
}
