//! The reads of contracts: briefs and infos of ess, details of essbasic; at most 100 contracts per call.

use serde_json::json;

use super::envelope::{TencentRefusal, bad_parameter, refuse, success};
use crate::model::{Map, Value};
use crate::sandbox::exchange::{Reply, SandboxView};
use crate::sandbox::world::{Flow, FlowState, NeededState, Put, Vendor, ends_in, is_contract_id};

const MAX_IDS: usize = 100;

/// The kinds of reads, which differ in their answers and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    Briefs,
    Infos,
    Details,
}

impl Read {
    fn product(self) -> Vendor {
        if self == Self::Details { Vendor::TencentEssbasic } else { Vendor::TencentEss }
    }

    fn missing_ids(self) -> &'static str {
        match self {
            Self::Briefs => "MissingParameter.FlowId",
            Self::Infos => "MissingParameter",
            Self::Details => "MissingParameter.FlowIdsOrFlowGroupId",
        }
    }

    fn too_many_ids(self) -> &'static str {
        if self == Self::Details { "LimitExceeded.FlowIds" } else { "LimitExceeded" }
    }

    fn line(self, flow: &Flow, now: i64) -> Value {
        match self {
            Self::Briefs => brief(flow, now),
            Self::Infos => info(flow, now),
            Self::Details => detail(flow, now),
        }
    }
}

/// Answers a read.
pub(super) fn read(view: &SandboxView<'_>, read: Read, body: &Map) -> Result<Reply, TencentRefusal> {
    if body.get("FlowGroupId").and_then(Value::as_str).is_some_and(|id| !id.is_empty()) {
        let code = if read == Read::Details { "ResourceNotFound.FlowGroup" } else { "ResourceNotFound.Resource" };
        return refuse(code, "The group of contracts is not found.");
    }
    let ids: Vec<&str> =
        body.get("FlowIds").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if ids.is_empty() {
        return refuse(read.missing_ids(), "No contract is named.");
    }
    if ids.len() > MAX_IDS {
        return refuse(read.too_many_ids(), "More than 100 contracts are named.");
    }
    let (flows, unseen) = find(view, read, ids)?;
    let lines: Vec<Value> = flows.iter().map(|flow| read.line(flow, view.secs())).collect();
    let fields = match read {
        Read::Briefs => json!({ "FlowBriefs": lines }),
        Read::Infos => json!({"FlowDetailInfos": lines, "FlowGroupId": "", "FlowGroupName": ""}),
        Read::Details => json!({
            "ApplicationId": body.get("Agent").and_then(|agent| agent.get("AppId")),
            "ProxyOrganizationOpenId": body.get("Agent").and_then(|agent| agent.get("ProxyOrganizationOpenId")),
            "FlowInfo": lines,
            "FlowGroupId": "",
            "FlowGroupName": "",
        }),
    };
    let fields = if let Value::Object(fields) = fields { fields } else { Map::new() };
    Ok(success(view, fields).puts(unseen))
}

/// The contracts in a fixed order, each once, and the unseen ones to store. A contract that does not exist is left
/// out, except by the infos of ess, which fail as a whole.
fn find(view: &SandboxView<'_>, read: Read, mut ids: Vec<&str>) -> Result<(Vec<Flow>, Vec<Put>), TencentRefusal> {
    ids.sort_unstable();
    ids.dedup();
    let (mut flows, mut unseen) = (Vec::new(), Vec::new());
    for id in ids {
        if ends_in(id, "denied") {
            return refuse("OperationDenied", "The operator has no permission for one of the contracts.");
        }
        if !is_contract_id(id) || ends_in(id, "missing") {
            match read {
                Read::Infos => return refuse("FailedOperation", "One of the contracts is not found."),
                Read::Details if !is_contract_id(id) => return bad_parameter("One of the ids has not 32 characters."),
                Read::Briefs | Read::Details => continue,
            }
        }
        match view.world.flow(read.product(), id) {
            Some(known) => flows.push(known.clone()),
            None => {
                let flow = Flow::unseen(read.product(), id, view.secs(), NeededState::Reading);
                unseen.push(Put::Flow(flow.clone()));
                flows.push(flow);
            }
        }
    }
    Ok((flows, unseen))
}

fn brief(flow: &Flow, now: i64) -> Value {
    json!({
        "FlowId": flow.id,
        "FlowName": flow.name,
        "FlowDescription": "",
        "FlowType": "",
        "FlowStatus": flow.number(now),
        "CreatedOn": flow.created,
        "FlowMessage": flow.message,
        "Creator": "Sandbox",
        "Deadline": flow.deadline,
    })
}

fn info(flow: &Flow, now: i64) -> Value {
    let approvers: Vec<Value> = flow
        .signers
        .iter()
        .enumerate()
        .map(|(order, signer)| {
            json!({
                "ApproveName": format!("Signer {}", order + 1),
                "ApproveStatus": approve_number(flow, signer.signed, now),
                "ApproveMessage": "",
                "Mobile": "",
                "SignOrder": if flow.ordered { order } else { 0 },
                "ApproveTime": if signer.signed { flow.created } else { 0 },
                "ApproveType": "ORGANIZATION",
                "OrganizationName": "Sandbox",
                "SignId": signer.recipient,
                "RecipientId": signer.recipient,
            })
        })
        .collect();
    json!({
        "FlowId": flow.id,
        "FlowName": flow.name,
        "FlowType": "",
        "FlowStatus": flow.number(now),
        "FlowMessage": flow.message,
        "FlowDescription": "",
        "CreatedOn": flow.created,
        "FlowApproverInfos": approvers,
        "CcInfos": [],
        "Creator": "Sandbox",
    })
}

fn detail(flow: &Flow, now: i64) -> Value {
    let approvers: Vec<Value> = flow
        .signers
        .iter()
        .enumerate()
        .map(|(order, signer)| {
            json!({
                "ProxyOrganizationOpenId": "",
                "ProxyOperatorOpenId": "",
                "ProxyOrganizationName": "Sandbox",
                "Mobile": "",
                "SignOrder": if flow.ordered { order } else { 0 },
                "ApproveName": format!("Signer {}", order + 1),
                "ApproveStatus": approve_word(flow, signer.signed, now),
                "ApproveMessage": "",
                "ApproveTime": if signer.signed { flow.created } else { 0 },
                "ApproveType": "ORGANIZATION",
                "SignId": signer.recipient,
                "RecipientId": signer.recipient,
            })
        })
        .collect();
    json!({
        "FlowId": flow.id,
        "FlowName": flow.name,
        "FlowType": "",
        "FlowStatus": flow.word(now),
        "FlowMessage": flow.message,
        "CreateOn": flow.created,
        "DeadLine": flow.deadline,
        "CustomData": "",
        "FlowApproverInfos": approvers,
        "CcInfos": [],
        "NeedCreateReview": false,
    })
}

fn approve_number(flow: &Flow, signed: bool, now: i64) -> i64 {
    match (signed, flow.at(now)) {
        (true, _) => 3,
        (false, FlowState::Rejected) => 4,
        (false, FlowState::Expired) => 5,
        (false, FlowState::Cancelled) => 6,
        (false, _) => 2,
    }
}

fn approve_word(flow: &Flow, signed: bool, now: i64) -> &'static str {
    match (signed, flow.at(now)) {
        (true, _) => "ACCEPT",
        (false, FlowState::Rejected) => "REJECT",
        (false, FlowState::Expired) => "DEADLINE",
        (false, FlowState::Cancelled) => "CANCEL",
        (false, _) => "PENDING",
    }
}
