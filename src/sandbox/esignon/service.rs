//! Finds the operation of an eSignon call, and checks the caller and the rate.

use super::envelope::{failure, unauthorized};
use super::{action, login, read};
use crate::model::Method;
use crate::sandbox::exchange::{Call, Reply, SandboxView, broken_answers, decode};
use crate::sandbox::world::Vendor;

/// Answers a call.
pub(in super::super) fn answer(view: &SandboxView<'_>, call: &Call<'_>, operation: &str) -> Reply {
    let segments = call.segments();
    if operation == "1001Q" {
        let company = segments.get(1).map(|&segment| decode(segment)).unwrap_or_default();
        let Some(counted) = view.admit(Vendor::Esignon, operation, &company) else {
            return broken_answers::too_many_requests();
        };
        return Reply { counted: Some(counted), ..login::login(view, call, &company).unwrap_or_else(Reply::from) };
    }
    let response_code = if operation == "5010Q" { "5010A" } else { "" };
    let Some(token) = login::token(view, call) else { return unauthorized(response_code).into() };
    let Some(counted) = view.admit(Vendor::Esignon, operation, &token.holder) else {
        return broken_answers::too_many_requests();
    };
    let reply = match (operation, segments.as_slice()) {
        ("5010Q", ["api", company, "action"]) if decode(company) == token.holder => {
            action::act(view, call, &token.holder)
        }
        ("5010Q", _) => Err(unauthorized(response_code)),
        ("workflow", ["api", "v2", "workflows", id]) if call.is(Method::Get) => read::read(view, call, &decode(id)),
        _ => Err(failure(response_code, "10", "the method is not supported.")),
    };
    Reply { counted: Some(counted), ..reply.unwrap_or_else(Reply::from) }
}

/// The refusal of a call that would have succeeded; `None` if it would have failed.
pub(in super::super) fn refused(done: &Reply, operation: &str) -> Option<Reply> {
    let response_code = if operation == "5010Q" { "5010A" } else { "" };
    (done.code == "00" && operation != "1001Q").then(|| failure(response_code, "10", broken_answers::REFUSED).into())
}
