//! The reads of approvals: one instance with its tasks, and one task as a record.

use serde_json::json;

use super::approval::{millis, with_task};
use super::envelope::{BAD_PARAMETER, FxiaokeRefusal, NO_TASK, malformed, refuse, success};
use crate::model::{Map, Value};
use crate::sandbox::exchange::{Call, FieldSpec, FieldType, Reply, SandboxView, body_fields, may, must, text};
use crate::sandbox::world::{ApprovalState, ApprovalTask, Instance, Put, is_approval_id};

const INSTANCE: &[FieldSpec] = &[must("instanceId", FieldType::Text), may("includeNull", FieldType::FlagOrText)];
const RECORD: &[FieldSpec] = &[must("data", FieldType::Object(RECORD_DATA))];
const RECORD_DATA: &[FieldSpec] = &[
    must("dataObjectApiName", FieldType::Text),
    must("objectDataId", FieldType::Text),
    may("includeInvalid", FieldType::FlagOrText),
];

fn with(view: &SandboxView<'_>, name: &str, value: Value) -> Reply {
    success(view, Map::from_iter([(name.to_owned(), value)]))
}

fn body<'c>(call: &'c Call<'_>, fields: &[FieldSpec]) -> Result<&'c Map, FxiaokeRefusal> {
    let Some(body) = call.object() else { return refuse(BAD_PARAMETER, "the body is not a JSON object") };
    body_fields::check(body, fields).map_err(malformed)?;
    Ok(body)
}

/// Answers `approvalInstance/get`.
pub(super) fn instance(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, FxiaokeRefusal> {
    let id = text(body(call, INSTANCE)?, "instanceId");
    if let Some(known) = view.world.instance(id) {
        return Ok(with(view, "instanceDetail", detail(known)));
    }
    if !is_approval_id(id) {
        return refuse(NO_TASK, "the approval instance does not exist");
    }
    let unseen = Instance::unseen(id.to_owned(), millis(view));
    Ok(with(view, "instanceDetail", detail(&unseen)).put(Put::Instance(unseen)))
}

fn people(handler: Option<&String>) -> Vec<&str> {
    handler.map_or(vec!["1000"], |handler| vec![handler])
}

fn detail(instance: &Instance) -> Value {
    let tasks: Vec<Value> = instance.tasks.iter().map(task_line).collect();
    let ended = (instance.state != ApprovalState::InProgress).then_some(instance.modified);
    json!({
        "instance": {
            "instanceId": instance.id,
            "instanceName": "Approval in the sandbox",
            "dataId": instance.object,
            "objectApiName": instance.entity,
            "triggerType": "Update",
            "state": instance.state.as_str(),
            "createTime": instance.created,
            "lastModifyTime": instance.modified,
            "endTime": ended,
            "cancelTime": (instance.state == ApprovalState::Cancel).then_some(instance.modified),
        },
        "tasks": tasks,
    })
}

fn task_line(task: &ApprovalTask) -> Value {
    let open = task.state == ApprovalState::InProgress;
    let opinions: Vec<Value> = task
        .opinion
        .iter()
        .map(|opinion| {
            let verdict = task.state.as_str();
            json!({"opinion": opinion, "actionType": verdict, "replyTime": task.modified, "userId": task.handler})
        })
        .collect();
    json!({
        "id": task.id,
        "type": "single",
        "state": task.state.as_str(),
        "opinions": opinions,
        "unCompletePersons": if open { people(task.handler.as_ref()) } else { vec![] },
        "completeOpenPersons": if open { vec![] } else { people(task.handler.as_ref()) },
        "createTime": task.created,
        "modifyTime": task.modified,
        "endTime": (!open).then_some(task.modified),
    })
}

/// Answers `v2/data/get` of an `ApprovalTaskObj`.
pub(super) fn record(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, FxiaokeRefusal> {
    let body = body(call, RECORD)?;
    let Some(data) = body.get("data").and_then(Value::as_object) else {
        return refuse(BAD_PARAMETER, "parameter data is missing");
    };
    if text(data, "dataObjectApiName") != "ApprovalTaskObj" {
        return refuse(BAD_PARAMETER, "the sandbox has records of ApprovalTaskObj only");
    }
    let id = text(data, "objectDataId");
    let Some((instance, at)) = with_task(view.world, id, millis(view)) else {
        return refuse(NO_TASK, "the approval task does not exist");
    };
    let task = &instance.tasks[at];
    let reply = with(
        view,
        "data",
        json!({
            "_id": task.id,
            "state": task.state.as_str(),
            "workflow_instance_id": instance.id,
            "object_api_name": instance.entity,
            "object_data_id": instance.object,
            "candidate_ids": people(task.handler.as_ref()),
            "opinion": task.opinion,
            "create_time": task.created,
            "last_modified_time": task.modified,
        }),
    );
    let known = view.world.instance_of_task(id).is_some();
    Ok(if known { reply } else { reply.put(Put::Instance(instance)) })
}
