//! `ModifyFlowDeadline`: moves the deadline of a pending contract or signer forward.

use super::body;
use super::envelope::{TencentRefusal, bad_parameter, refuse, success};
use crate::model::{Map, Value};
use crate::sandbox::exchange::{Reply, SandboxView, text};
use crate::sandbox::world::{Flow, FlowState, NeededState, Put, Signer, Vendor, ends_in, is_contract_id};

const DAY: i64 = 86_400;

/// Answers the extension of a contract's deadline, or of one signer's if there is a `RecipientId`.
pub(super) fn modify(view: &SandboxView<'_>, product: Vendor, body: &Map) -> Result<Reply, TencentRefusal> {
    let now = view.secs();
    let wanted = body.get("Deadline").and_then(Value::as_i64).unwrap_or_default();
    let recipient = body.get("RecipientId").and_then(Value::as_str);
    let fit = if recipient.is_some() { NeededState::SignerLive } else { NeededState::Live { wanted: Some(wanted) } };
    let mut flow = body::flow(view, product, body, "FlowId", fit)?;
    if flow.at(now) != FlowState::Live {
        return refuse(
            "FailedOperation",
            format!("The contract has ended ({}); its deadline cannot be extended.", flow.word(now)),
        );
    }
    if wanted <= now {
        return bad_parameter("The deadline must be later than now.");
    }
    let mut taken_in = flow.clone();
    match recipient {
        None if wanted <= flow.deadline => return bad_parameter("The deadline must be later than the present one."),
        None => flow.deadline = wanted,
        Some(recipient) => {
            let at = live_signer(&mut flow, recipient, wanted, now)?;
            taken_in = flow.clone();
            flow.signers[at].deadline = Some(wanted);
        }
    }
    let effect = format!("ModifyFlowDeadline:{}:{}:{wanted}", text(body, "FlowId"), recipient.unwrap_or("-"));
    Ok(success(view, Map::new()).effect(effect).intake(Put::Flow(taken_in)).put(Put::Flow(flow)))
}

/// The index of the signer; a refusal if the deadline cannot become `wanted`.
fn live_signer(flow: &mut Flow, recipient: &str, wanted: i64, now: i64) -> Result<usize, TencentRefusal> {
    if !is_contract_id(recipient) {
        return bad_parameter("`RecipientId` is not an id of 32 characters.");
    }
    let Some(at) = signer(flow, recipient, wanted, now) else {
        return refuse("ResourceNotFound", "The contract has no such signer.");
    };
    let Signer { signed, deadline, .. } = flow.signers[at];
    if signed {
        return refuse("FailedOperation", "The signer has signed; his deadline cannot be extended.");
    }
    if deadline.is_some_and(|present| wanted <= present) {
        return bad_parameter("The deadline must be later than the signer's present one.");
    }
    if flow.ordered {
        if wanted >= flow.deadline {
            return bad_parameter("The signer's deadline must be earlier than the contract's.");
        }
        let next = flow.signers.get(at + 1).and_then(|next| next.deadline);
        if next.is_some_and(|next| wanted > next) {
            return bad_parameter("The signer's deadline must not be later than the next signer's.");
        }
    }
    Ok(at)
}

/// The index of a signer; `None` if there is no such signer. An unseen id becomes a signer that no call has named
/// yet, with a deadline some days ahead, or else one more signer.
fn signer(flow: &mut Flow, recipient: &str, wanted: i64, now: i64) -> Option<usize> {
    if let Some(at) = flow.signers.iter().position(|signer| signer.recipient == recipient) {
        flow.signers[at].named = true;
        return Some(at);
    }
    if ends_in(recipient, "missing") {
        return None;
    }
    let present = (now + DAY).min(now + (wanted - now) / 2);
    let unseen = Signer {
        recipient: recipient.to_owned(),
        signed: ends_in(recipient, "signed"),
        deadline: Some(present),
        named: true,
    };
    let free = flow.signers.iter().position(|signer| !signer.signed && !signer.named);
    match free {
        Some(at) => flow.signers[at] = unseen,
        None => flow.signers.push(unseen),
    }
    Some(free.unwrap_or(flow.signers.len() - 1))
}
