//! Checks what all actions share: the actor, the contract, and texts with limits.

use super::envelope::{TencentRefusal, bad_parameter, refuse};
use crate::model::{Map, Value, value_at};
use crate::sandbox::exchange::{SandboxView, text};
use crate::sandbox::world::{Flow, NeededState, Vendor, ends_in, is_contract_id};

/// The longest id of a company or a person, in characters.
const MAX_ACTOR: usize = 64;

/// Checks the actor against the rules of the product.
pub(super) fn actor(product: Vendor, action: &str, body: &Value) -> Result<(), TencentRefusal> {
    let needed: &[&str] = match (product, action) {
        (Vendor::TencentEss, "DescribeFlowInfo") if body.get("Operator").is_none() => &[],
        (Vendor::TencentEss, _) => &["Operator.UserId"],
        _ => &["Agent.AppId", "Agent.ProxyOrganizationOpenId", "Agent.ProxyOperator.OpenId"],
    };
    for path in needed {
        match value_at(body, path).and_then(Value::as_str).unwrap_or_default() {
            "" => return refuse("MissingParameter", format!("The request is missing a required parameter `{path}`.")),
            id if id.chars().count() > MAX_ACTOR => {
                return bad_parameter(format!("`{path}` is longer than {MAX_ACTOR}."));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The contract that a write names in `field`. An unseen one is accepted.
pub(super) fn flow(
    view: &SandboxView<'_>,
    product: Vendor,
    body: &Map,
    field: &str,
    fit: NeededState,
) -> Result<Flow, TencentRefusal> {
    let id = text(body, field);
    if !is_contract_id(id) {
        return bad_parameter(format!("`{field}` is not a contract's id of 32 characters."));
    }
    if ends_in(id, "denied") {
        let code = if product == Vendor::TencentEss { "OperationDenied" } else { "OperationDenied.NoFlowPermission" };
        return refuse(code, "The operator has no permission for this contract.");
    }
    if ends_in(id, "missing") {
        let code = if product == Vendor::TencentEss { "ResourceNotFound" } else { "ResourceNotFound.Flow" };
        return refuse(code, "The contract is not found.");
    }
    Ok(match view.world.flow(product, id) {
        Some(known) => {
            let mut flow = known.clone();
            flow.settle(fit);
            flow
        }
        None => Flow::unseen(product, id, view.secs(), fit),
    })
}

/// Checks a text: its length in characters, and that it has no emoji.
pub(super) fn plain(code: &'static str, body: &Map, field: &str, max: usize) -> Result<(), TencentRefusal> {
    let text = text(body, field);
    if text.chars().count() > max {
        return refuse(code, format!("`{field}` is longer than {max} characters."));
    }
    if text.chars().any(is_emoji) {
        return refuse(code, format!("`{field}` must not contain emoji."));
    }
    Ok(())
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1_f000..=0x1_faff | 0x2600..=0x27bf | 0xfe0f | 0x200d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_counted_in_characters() {
        let judge = |text: &str| {
            let body = json!({ "Reason": text });
            plain("Code", body.as_object().unwrap(), "Reason", 3).is_ok()
        };
        assert!(judge("解除协"));
        assert!(!judge("解除协议"));
        assert!(!judge("好👍"));
        assert!(judge(""));
    }
}
