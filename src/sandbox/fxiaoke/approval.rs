//! The writes of approvals: agree, reject, reject to an earlier node, withdraw. Each task can be handled once.

use super::envelope::{
    BAD_PARAMETER, FxiaokeRefusal, INSTANCE_DONE, NO_NODE, NO_TASK, NOT_IN_CHARGE, TASK_DONE, malformed, refuse,
    success,
};
use crate::model::Map;
use crate::sandbox::exchange::{Call, FieldSpec, FieldType, Reply, SandboxView, body_fields, may, must, text};
use crate::sandbox::world::{ApprovalState, ApprovalTask, Instance, Put, World, is_approval_id, record_key, seed};

const REJECT_TO: &[FieldSpec] = &[must("data", FieldType::Object(REJECT_TO_DATA))];
const REJECT_TO_DATA: &[FieldSpec] = &[
    must("currentTaskId", FieldType::Text),
    must("rejectToTaskId", FieldType::Text),
    must("rejectOpinion", FieldType::Text),
    // The page's table says text, its example has a boolean.
    may("moveToCurrentActivityWhenReject", FieldType::FlagOrText),
];
const ACTION: &[FieldSpec] =
    &[must("taskId", FieldType::Text), must("opinion", FieldType::Text), must("actionType", FieldType::Text)];
const APPROVAL_TASK: &[FieldSpec] = &[must("data", FieldType::Object(APPROVAL_TASK_DATA))];
const APPROVAL_TASK_DATA: &[FieldSpec] =
    &[must("taskId", FieldType::Text), must("approvalResult", FieldType::Text), must("opinion", FieldType::Text)];
const CANCEL: &[FieldSpec] = &[must("data", FieldType::Object(CANCEL_DATA))];
const CANCEL_DATA: &[FieldSpec] =
    &[must("entityId", FieldType::Text), must("objectId", FieldType::Text), must("cancelReason", FieldType::Text)];

/// The time in milliseconds since the Unix epoch.
pub(super) fn millis(view: &SandboxView<'_>) -> i64 {
    view.now.as_micros().div_euclid(1_000)
}

/// The fields of the body's `data`, or of the body itself. A refusal if they are not as documented, or a required one
/// is blank.
fn fields<'c>(call: &'c Call<'_>, shape: &[FieldSpec], wrapped: bool) -> Result<&'c Map, FxiaokeRefusal> {
    let Some(body) = call.object() else { return refuse(BAD_PARAMETER, "the body is not a JSON object") };
    body_fields::check(body, shape).map_err(malformed)?;
    let inner = if wrapped { body.get("data").and_then(serde_json::Value::as_object) } else { Some(body) };
    let Some(inner) = inner else { return refuse(BAD_PARAMETER, "parameter data is missing") };
    match inner.iter().find(|(_, value)| value.as_str().is_some_and(|text| text.trim().is_empty())) {
        Some((name, _)) => refuse(BAD_PARAMETER, format!("parameter {name} is empty")),
        None => Ok(inner),
    }
}

/// The instance of a task and the task's index, if `user` may handle it now.
fn handled(view: &SandboxView<'_>, task: &str, user: &str) -> Result<(Instance, usize), FxiaokeRefusal> {
    let Some((mut instance, at)) = with_task(view.world, task, millis(view)) else {
        return refuse(NO_TASK, "the approval task does not exist");
    };
    if instance.tasks[at].state != ApprovalState::InProgress {
        return refuse(TASK_DONE, "the approval task has been handled already");
    }
    if instance.state != ApprovalState::InProgress {
        return refuse(INSTANCE_DONE, "the approval instance is not in progress");
    }
    let handler = instance.tasks[at].handler.get_or_insert_with(|| user.to_owned());
    if handler != user {
        return refuse(NOT_IN_CHARGE, "the user does not handle this approval task");
    }
    Ok((instance, at))
}

fn close(task: &mut ApprovalTask, state: ApprovalState, opinion: &str, now_ms: i64) {
    task.state = state;
    task.opinion = Some(opinion.to_owned());
    task.modified = now_ms;
}

/// Answers `rejectToBeforeTask`: the task goes back, and the earlier node is in progress again.
pub(super) fn reject_to_node(view: &SandboxView<'_>, call: &Call<'_>, user: &str) -> Result<Reply, FxiaokeRefusal> {
    let data = fields(call, REJECT_TO, true)?;
    let (current, target) = (text(data, "currentTaskId"), text(data, "rejectToTaskId"));
    let back = match data.get("moveToCurrentActivityWhenReject").map(crate::model::as_text).as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return refuse(BAD_PARAMETER, "parameter moveToCurrentActivityWhenReject is not a boolean"),
    };
    let (mut instance, at) = match beside_known_target(view, current, target) {
        Some(found) => found,
        None => handled(view, current, user)?,
    };
    let node = target_node(view, &mut instance, at, target)?;
    let taken_in = Put::Instance(instance.clone());
    let now_ms = millis(view);
    let from = instance.tasks[at].node;
    close(&mut instance.tasks[at], ApprovalState::GoBack, text(data, "rejectOpinion"), now_ms);
    instance.begin(node, back.then_some(from), now_ms);
    instance.modified = now_ms;
    let effect = format!("reject_to_node:{current}:{target}");
    Ok(success(view, Map::new()).effect(effect).intake(taken_in).put(Put::Instance(instance)))
}

/// The instance of a known target task, with the unseen current task added as a parallel branch; `None` if the target
/// is unknown.
fn beside_known_target(view: &SandboxView<'_>, current: &str, target: &str) -> Option<(Instance, usize)> {
    if view.world.instance_of_task(current).is_some() || !is_approval_id(current) {
        return None;
    }
    let mut instance =
        view.world.instance_of_task(target).filter(|known| known.state == ApprovalState::InProgress)?.clone();
    let node = instance.tasks[instance.position(target)?].node + 1;
    instance.begin(node, None, millis(view));
    let at = instance.tasks.len() - 1;
    current.clone_into(&mut instance.tasks[at].id);
    instance.tasks[at].named = true;
    instance.tasks[at].handler = None;
    Some((instance, at))
}

/// The node of the task to go back to. An unseen id takes the place of an earlier task that no call has named.
fn target_node(
    view: &SandboxView<'_>,
    instance: &mut Instance,
    at: usize,
    target: &str,
) -> Result<u32, FxiaokeRefusal> {
    let node = instance.tasks[at].node;
    let earlier = |task: &ApprovalTask| task.node < node && task.state == ApprovalState::Pass;
    if let Some(known) = instance.position(target) {
        if earlier(&instance.tasks[known]) {
            instance.tasks[known].named = true;
            return Ok(instance.tasks[known].node);
        }
        return refuse(NO_NODE, "the task cannot be rejected to that node");
    }
    if view.world.instance_of_task(target).is_some() || !is_approval_id(target) || node == 0 {
        return refuse(NO_NODE, "the task cannot be rejected to that node");
    }
    match instance.tasks.iter_mut().rev().find(|task| earlier(task) && !task.named) {
        Some(task) => {
            target.clone_into(&mut task.id);
            task.named = true;
            Ok(task.node)
        }
        None => refuse(NO_NODE, "the task cannot be rejected to that node"),
    }
}

/// Answers `approvalTask/action`.
pub(super) fn complete(view: &SandboxView<'_>, call: &Call<'_>, user: &str) -> Result<Reply, FxiaokeRefusal> {
    let body = fields(call, ACTION, false)?;
    verdict(view, user, text(body, "taskId"), text(body, "actionType"), text(body, "opinion"))
}

/// Answers `special/object/approvalTask`, which does the same in another form.
pub(super) fn approval_task(view: &SandboxView<'_>, call: &Call<'_>, user: &str) -> Result<Reply, FxiaokeRefusal> {
    let data = fields(call, APPROVAL_TASK, true)?;
    verdict(view, user, text(data, "taskId"), text(data, "approvalResult"), text(data, "opinion"))
}

fn verdict(
    view: &SandboxView<'_>,
    user: &str,
    task: &str,
    verdict: &str,
    opinion: &str,
) -> Result<Reply, FxiaokeRefusal> {
    if !matches!(verdict, "agree" | "reject") {
        return refuse(BAD_PARAMETER, "the verdict is neither agree nor reject");
    }
    let (mut instance, at) = handled(view, task, user)?;
    let taken_in = Put::Instance(instance.clone());
    let now_ms = millis(view);
    instance.modified = now_ms;
    if verdict == "agree" {
        close(&mut instance.tasks[at], ApprovalState::Pass, opinion, now_ms);
        let next = instance.tasks[at].then.unwrap_or(instance.tasks[at].node + 1);
        let beside = instance.tasks.iter().any(|task| task.state == ApprovalState::InProgress);
        if next < instance.nodes {
            instance.begin(next, None, now_ms);
        } else if !beside {
            instance.state = ApprovalState::Pass;
        }
    } else {
        close(&mut instance.tasks[at], ApprovalState::Reject, opinion, now_ms);
        instance.state = ApprovalState::Reject;
        withdraw(&mut instance, now_ms);
    }
    let effect = format!("{verdict}:{task}");
    Ok(success(view, Map::new()).effect(effect).intake(taken_in).put(Put::Instance(instance)))
}

/// Cancels every task in progress.
fn withdraw(instance: &mut Instance, now_ms: i64) {
    for task in instance.tasks.iter_mut().filter(|task| task.state == ApprovalState::InProgress) {
        task.state = ApprovalState::Cancel;
        task.modified = now_ms;
    }
}

/// Answers `instance/cancel`, which withdraws the approval of a record.
pub(super) fn cancel(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, FxiaokeRefusal> {
    let data = fields(call, CANCEL, true)?;
    let (entity, object) = (text(data, "entityId"), text(data, "objectId"));
    let record = record_key(entity, object);
    let now_ms = millis(view);
    let mut instance = match view.world.instance_of_record(&record) {
        Some(known) => known.clone(),
        None if !is_object(object) => return refuse(NO_TASK, "the record does not exist"),
        None => {
            let mut unseen = Instance::unseen(seed::hex(&["fxiaoke instance of", &record], 24), now_ms);
            entity.clone_into(&mut unseen.entity);
            object.clone_into(&mut unseen.object);
            unseen
        }
    };
    if instance.state != ApprovalState::InProgress {
        return refuse(INSTANCE_DONE, "the approval instance is not in progress");
    }
    let taken_in = Put::Instance(instance.clone());
    instance.state = ApprovalState::Cancel;
    instance.modified = now_ms;
    withdraw(&mut instance, now_ms);
    let effect = format!("cancel:{record}");
    Ok(success(view, Map::new()).effect(effect).intake(taken_in).put(Put::Instance(instance)))
}

/// Whether an id can be that of a record: 24 or 32 hex digits, or a word of letters and digits.
fn is_object(id: &str) -> bool {
    let word = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    word && !id.starts_with("00000000")
}

/// The instance that contains a task, and the task's index; `None` if there is none. An unseen task is accepted as in
/// progress; if its id ends in eight `f`, it is already handled.
pub(super) fn with_task(world: &World, task: &str, now_ms: i64) -> Option<(Instance, usize)> {
    if let Some(known) = world.instance_of_task(task) {
        let at = known.position(task)?;
        let mut instance = known.clone();
        instance.tasks[at].named = true;
        return Some((instance, at));
    }
    if !is_approval_id(task) {
        return None;
    }
    let mut instance = Instance::unseen(seed::hex(&["fxiaoke instance of", task], 24), now_ms);
    let at = instance.tasks.len() - 1;
    instance.tasks[at].id = task.to_owned();
    instance.tasks[at].named = true;
    if task.ends_with("ffffffff") {
        instance.tasks[at].state = ApprovalState::Pass;
        instance.state = ApprovalState::Pass;
    }
    Some((instance, at))
}
