//! `CancelFlow` and `ChannelCancelFlow`: cancels a contract that has not ended, once.

use super::body;
use super::envelope::{TencentRefusal, bad_parameter, refuse, success};
use crate::model::{Map, Value};
use crate::sandbox::exchange::{Reply, SandboxView, text};
use crate::sandbox::world::{FlowState, NeededState, Put, Vendor};

const REASON: &str = "InvalidParameter.CancelReason";
const MAX_MESSAGE: usize = 200;

/// Answers the cancellation of a contract.
pub(super) fn cancel(view: &SandboxView<'_>, product: Vendor, body: &Map) -> Result<Reply, TencentRefusal> {
    if product == Vendor::TencentEss && text(body, "CancelMessage").trim().is_empty() {
        return refuse("MissingParameter.CancelReason", "The reason of the cancellation is missing.");
    }
    body::plain(REASON, body, "CancelMessage", MAX_MESSAGE)?;
    let format = body.get("CancelMessageFormat").and_then(Value::as_i64).unwrap_or_default();
    if !(0..=3).contains(&format) {
        return bad_parameter("`CancelMessageFormat` is not between 0 and 3.");
    }
    let mut flow = body::flow(view, product, body, "FlowId", NeededState::Live { wanted: None })?;
    if flow.at(view.secs()) != FlowState::Live {
        return refuse("OperationDenied.FlowHasTerminated", "The contract has ended already.");
    }
    let taken_in = Put::Flow(flow.clone());
    flow.state = FlowState::Cancelled;
    text(body, "CancelMessage").clone_into(&mut flow.message);
    let effect = format!("CancelFlow:{}", flow.id);
    Ok(success(view, Map::new()).effect(effect).intake(taken_in).put(Put::Flow(flow)))
}
