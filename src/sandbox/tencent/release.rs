//! `CreateReleaseFlow` and `ChannelCreateReleaseFlow`: starts an agreement that ends a fully signed contract.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::body;
use super::envelope::{TencentRefusal, bad_parameter, refuse, success};
use crate::model::{Map, Value};
use crate::sandbox::exchange::{Reply, SandboxView, text};
use crate::sandbox::world::{Flow, FlowState, NeededState, Put, Signer, Vendor, seed};

const DAY: i64 = 86_400;
/// Days until the agreement's deadline, if the call names none.
const DEFAULT_DAYS: i64 = 7;
const PARAMETER: &str = "InvalidParameter.ParamError";
const MAX_TEXT: usize = 200;
const MAX_NAME: usize = 50;
const MAX_ROLE: usize = 20;
const MAX_USER_DATA: usize = 20_480;
const TYPES: &[&str] = &["ORGANIZATION", "ENTERPRISESERVER", "ORGANIZATION_PIN_CODE_SIGN"];
const COMPONENTS: &[&str] = &["SIGN_SEAL", "SIGN_SIGNATURE"];

/// Answers the release of a contract.
pub(super) fn create(view: &SandboxView<'_>, product: Vendor, body: &Map) -> Result<Reply, TencentRefusal> {
    let now = view.secs();
    texts(body)?;
    let deadline = body.get("Deadline").and_then(Value::as_i64).unwrap_or(now + DEFAULT_DAYS * DAY);
    if deadline <= now {
        let code = if product == Vendor::TencentEss { "InvalidParameter.FlowDeadLine" } else { PARAMETER };
        return refuse(code, "The deadline must be later than now.");
    }
    let mut original = body::flow(view, product, body, "NeedRelievedFlowId", NeededState::Signed)?;
    approvers(product, body, original.signers.len())?;
    if original.at(now) != FlowState::Signed {
        return refuse("OperationDenied", "Only a contract that all have signed can be released.");
    }
    if view.settings.refuse_second_release && pending(view, &original) {
        return refuse("OperationDenied", "A release of this contract is under way already.");
    }
    let taken_in = Put::Flow(original.clone());
    let release = agreement(view, &original, body, deadline);
    original.release = Some(release.id.clone());
    let fields = Map::from_iter([("FlowId".to_owned(), Value::from(release.id.clone()))]);
    let effect = format!("CreateReleaseFlow:{}", original.id);
    Ok(success(view, fields).effect(effect).intake(taken_in).puts([Put::Flow(original), Put::Flow(release)]))
}

fn pending(view: &SandboxView<'_>, original: &Flow) -> bool {
    let release = original.release.as_ref().and_then(|id| view.world.flow(original.product, id));
    release.is_some_and(|release| matches!(release.at(view.secs()), FlowState::Live | FlowState::Signed))
}

fn agreement(view: &SandboxView<'_>, original: &Flow, body: &Map, deadline: i64) -> Flow {
    let id = seed::id32("yDR", &["release", original.product.as_str(), &original.id, &view.number]);
    let name = text(body, "FlowName");
    let signer = |order: usize| Signer {
        recipient: seed::id32("yDR", &["signer", original.product.as_str(), &id, &order.to_string()]),
        signed: false,
        deadline: None,
        named: false,
    };
    Flow {
        name: if name.is_empty() { format!("Release of {}", original.name) } else { name.to_owned() },
        state: FlowState::Live,
        provisional: false,
        ordered: false,
        created: view.secs(),
        deadline,
        message: String::new(),
        signers: (0..original.signers.len()).map(signer).collect(),
        release: None,
        product: original.product,
        id,
    }
}

fn texts(body: &Map) -> Result<(), TencentRefusal> {
    let empty = Map::new();
    let info = body.get("ReliveInfo").and_then(Value::as_object).unwrap_or(&empty);
    if text(info, "Reason").trim().is_empty() {
        return bad_parameter("`ReliveInfo.Reason` is empty.");
    }
    for field in info.keys() {
        body::plain(PARAMETER, info, field, MAX_TEXT)?;
    }
    body::plain("InvalidParameter.FlowName", body, "FlowName", MAX_TEXT)?;
    let data = text(body, "UserData");
    if data.len() > MAX_USER_DATA || STANDARD.decode(data).is_err() {
        return refuse("InvalidParameter.FlowUserData", "`UserData` is not Base64 of at most 20480 characters.");
    }
    Ok(())
}

/// Checks the people who sign in place of the original signers.
fn approvers(product: Vendor, body: &Map, signers: usize) -> Result<(), TencentRefusal> {
    let given = body.get("ReleasedApprovers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if given.len() > signers {
        return bad_parameter("The release has more signers than the contract.");
    }
    let mut replaced = Vec::new();
    for approver in given.iter().filter_map(Value::as_object) {
        let kind = text(approver, "ApproverType");
        let default = kind.is_empty() && product == Vendor::TencentEss;
        if !default && !TYPES.contains(&kind) {
            return refuse("InvalidParameter.ApproverType", "`ApproverType` is none of the documented ones.");
        }
        let component = text(approver, "ApproverSignComponentType");
        if !component.is_empty() && !COMPONENTS.contains(&component) {
            return bad_parameter("`ApproverSignComponentType` is none of the documented ones.");
        }
        body::plain("InvalidParameter.Name", approver, "Name", MAX_NAME)?;
        body::plain(PARAMETER, approver, "ApproverSignRole", MAX_ROLE)?;
        let whom = if product == Vendor::TencentEss { ess(approver)? } else { essbasic(approver, signers)? };
        if !whom.is_empty() && replaced.contains(&whom) {
            return refuse("OperationDenied.ApproverRepeat", "A signer is replaced twice.");
        }
        replaced.push(whom);
    }
    Ok(())
}

fn is_mobile(text: &str) -> bool {
    let digits = text.trim_start_matches('+');
    (5..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn ess(approver: &Map) -> Result<String, TencentRefusal> {
    if text(approver, "Name").trim().is_empty() {
        return refuse("InvalidParameter.Name", "`Name` is empty.");
    }
    if !is_mobile(text(approver, "Mobile")) {
        return refuse("InvalidParameter.Mobile", "`Mobile` is not a phone number.");
    }
    // The vendor's own examples still use the older name of the field.
    let names = ["RelievedApproverRecipientId", "RelievedApproverReceiptId"];
    Ok(names.map(|name| text(approver, name)).into_iter().find(|id| !id.is_empty()).unwrap_or_default().to_owned())
}

fn essbasic(approver: &Map, signers: usize) -> Result<String, TencentRefusal> {
    let number = approver.get("ApproverNumber").and_then(Value::as_u64).unwrap_or_default();
    if number >= signers as u64 {
        return bad_parameter("`ApproverNumber` is not the number of a signer of the contract, counted from 0.");
    }
    let mobile = text(approver, "Mobile");
    if !mobile.is_empty() && !is_mobile(mobile) {
        return refuse("InvalidParameter.Mobile", "`Mobile` is not a phone number.");
    }
    Ok(number.to_string())
}
