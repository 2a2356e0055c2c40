//! `CancelFlow` and `ChannelCancelFlow`: once, and only what has not ended.

use super::body;
use super::envelope::{Refusal, bad_parameter, refuse, success};
use crate::model::{Map, Value};
use crate::sandbox::exchange::{Desk, Reply, text};
use crate::sandbox::world::{Fit, FlowState, Put, Vendor};

const REASON: &str = "InvalidParameter.CancelReason";
const MAX_MESSAGE: usize = 200;

/// Cancels a contract.
pub(super) fn cancel(desk: &Desk<'_>, product: Vendor, body: &Map) -> Result<Reply, Refusal> {
    if product == Vendor::TencentEss && text(body, "CancelMessage").trim().is_empty() {
        return refuse("MissingParameter.CancelReason", "The reason of the cancellation is missing.");
    }
    body::plain(REASON, body, "CancelMessage", MAX_MESSAGE)?;
    let format = body.get("CancelMessageFormat").and_then(Value::as_i64).unwrap_or_default();
    if !(0..=3).contains(&format) {
        return bad_parameter("`CancelMessageFormat` is not between 0 and 3.");
    }
    let mut flow = body::flow(desk, product, body, "FlowId", Fit::Live { wanted: None })?;
    if flow.at(desk.secs()) != FlowState::Live {
        return refuse("OperationDenied.FlowHasTerminated", "The contract has ended already.");
    }
    let taken_in = Put::Flow(flow.clone());
    flow.state = FlowState::Cancelled;
    text(body, "CancelMessage").clone_into(&mut flow.message);
    let effect = format!("CancelFlow:{}", flow.id);
    Ok(success(desk, Map::new()).effect(effect).intake(taken_in).put(Put::Flow(flow)))
}
