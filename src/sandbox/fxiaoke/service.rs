//! Which call of Fxiaoke it is, who may make it and how often.

use super::envelope::{BAD_PARAMETER, NO_PATH, NOT_ALLOWED, Refusal, TOO_MANY_CALLS, failure, refuse};
use super::{approval, reads, token};
use crate::model::Method;
use crate::sandbox::exchange::{Call, Desk, Reply, broken_answers};
use crate::sandbox::setup::APP_ID;
use crate::sandbox::world::Vendor;

/// Answers a call; the operation is its path.
pub(in super::super) fn answer(desk: &Desk<'_>, call: &Call<'_>, operation: &str) -> Reply {
    if operation == "token" {
        let Some(counted) = desk.token_gate(Vendor::Fxiaoke, APP_ID) else { return throttled(desk) };
        let reply = traced(call).and_then(|()| token::grant(desk, call));
        return settle(desk, Some(counted), reply);
    }
    let user = match token::acting_user(desk, call) {
        Ok(user) => user,
        Err(refusal) => return failure(desk, &refusal),
    };
    let Some(counted) = desk.gate(Vendor::Fxiaoke, operation, APP_ID) else { return throttled(desk) };
    let reply = traced(call).and_then(|()| dispatch(desk, call, operation, &user));
    settle(desk, Some(counted), reply)
}

fn settle(desk: &Desk<'_>, counted: Option<String>, reply: Result<Reply, Refusal>) -> Reply {
    Reply { counted, ..reply.unwrap_or_else(|refusal| failure(desk, &refusal)) }
}

/// Every call carries a trace id in its query.
fn traced(call: &Call<'_>) -> Result<(), Refusal> {
    match call.query("thirdTraceId") {
        Some(id) if !id.trim().is_empty() => Ok(()),
        _ => refuse(BAD_PARAMETER, "parameter thirdTraceId is missing"),
    }
}

fn dispatch(desk: &Desk<'_>, call: &Call<'_>, operation: &str, user: &str) -> Result<Reply, Refusal> {
    if !call.is(Method::Post) {
        return refuse(NO_PATH, "the path or method is not known");
    }
    match operation.trim_end_matches('/') {
        "/cgi/crm/v2/special/approval/rejectToBeforeTask" => approval::reject_to_node(desk, call, user),
        "/cgi/crm/approvalTask/action" => approval::complete(desk, call, user),
        "/cgi/crm/v2/special/object/approvalTask" => approval::approval_task(desk, call, user),
        "/cgi/crm/v2/special/approval/instance/cancel" => approval::cancel(desk, call),
        "/cgi/crm/approvalInstance/get" => reads::instance(desk, call),
        "/cgi/crm/v2/data/get" => reads::record(desk, call),
        _ => refuse(NO_PATH, "the path or method is not known"),
    }
}

/// Too many calls of a path.
pub(in super::super) fn throttled(desk: &Desk<'_>) -> Reply {
    failure(desk, &(TOO_MANY_CALLS, "the number of calls exceeds the limit".to_owned()))
}

/// The refusal of a call that would have been done.
pub(in super::super) fn refused(desk: &Desk<'_>, done: &Reply, operation: &str) -> Option<Reply> {
    (done.code == "0" && operation != "token")
        .then(|| failure(desk, &(NOT_ALLOWED, broken_answers::REFUSED.to_owned())))
}
