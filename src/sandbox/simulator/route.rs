//! Finds the vendor of a call. All vendors share one address, so headers, path and body decide.

use crate::model::Method;
use crate::sandbox::exchange::{Call, SandboxView};
use crate::sandbox::world::Vendor;
use crate::sandbox::{arctos, tencent};

/// A call's vendor and the vendor's own name of the operation.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Route {
    pub(in crate::sandbox) vendor: Vendor,
    pub(in crate::sandbox) operation: String,
}

/// Finds the vendor of a call. Calls of no vendor go to the echo.
pub(in crate::sandbox) fn route(view: &SandboxView<'_>, call: &Call<'_>) -> Route {
    let to = |vendor, operation: &str| Route { vendor, operation: operation.to_owned() };
    if let Some((vendor, operation)) = tencent::claims(call) {
        return Route { vendor, operation };
    }
    let post = call.is(Method::Post);
    match call.segments().as_slice() {
        ["status", ..] => to(Vendor::Http, "echo"),
        ["oauth2.0", "token"] => to(Vendor::Fxiaoke, "token"),
        ["cgi", ..] => to(Vendor::Fxiaoke, call.path),
        ["api", "auth" | "task", ..] => to(Vendor::Arctos, arctos::operation(call)),
        ["api", "v2", "workflows", _] => to(Vendor::Esignon, "workflow"),
        ["api", _, "login"] if post => to(Vendor::Esignon, "1001Q"),
        ["api", _, "action"] if post => to(Vendor::Esignon, "5010Q"),
        _ if arctos::claims_status_update(view, call) => to(Vendor::Arctos, arctos::UPDATE_STATUS),
        _ => to(Vendor::Http, "echo"),
    }
}
