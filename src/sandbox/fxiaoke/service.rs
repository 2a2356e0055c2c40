//! Finds the operation of a Fxiaoke call, and checks the caller and the rate.

use super::envelope::{BAD_PARAMETER, FxiaokeRefusal, NO_PATH, NOT_ALLOWED, TOO_MANY_CALLS, failure, refuse};
use super::{approval, reads, token};
use crate::model::Method;
use crate::sandbox::exchange::{Call, Reply, SandboxView, broken_answers};
use crate::sandbox::setup::APP_ID;
use crate::sandbox::world::Vendor;

/// Answers a call. Its operation is its path.
pub(in super::super) fn answer(view: &SandboxView<'_>, call: &Call<'_>, operation: &str) -> Reply {
    if operation == "token" {
        let Some(counted) = view.admit_token_call(Vendor::Fxiaoke, APP_ID) else { return throttled(view) };
        let reply = traced(call).and_then(|()| token::grant(view, call));
        return settle(view, Some(counted), reply);
    }
    let user = match token::acting_user(view, call) {
        Ok(user) => user,
        Err(refusal) => return failure(view, &refusal),
    };
    let Some(counted) = view.admit(Vendor::Fxiaoke, operation, APP_ID) else { return throttled(view) };
    let reply = traced(call).and_then(|()| dispatch(view, call, operation, &user));
    settle(view, Some(counted), reply)
}

fn settle(view: &SandboxView<'_>, counted: Option<String>, reply: Result<Reply, FxiaokeRefusal>) -> Reply {
    Reply { counted, ..reply.unwrap_or_else(|refusal| failure(view, &refusal)) }
}

/// Refuses a call without a trace id in its query.
fn traced(call: &Call<'_>) -> Result<(), FxiaokeRefusal> {
    match call.query("thirdTraceId") {
        Some(id) if !id.trim().is_empty() => Ok(()),
        _ => refuse(BAD_PARAMETER, "parameter thirdTraceId is missing"),
    }
}

fn dispatch(view: &SandboxView<'_>, call: &Call<'_>, operation: &str, user: &str) -> Result<Reply, FxiaokeRefusal> {
    if !call.is(Method::Post) {
        return refuse(NO_PATH, "the path or method is not known");
    }
    match operation.trim_end_matches('/') {
        "/cgi/crm/v2/special/approval/rejectToBeforeTask" => approval::reject_to_node(view, call, user),
        "/cgi/crm/approvalTask/action" => approval::complete(view, call, user),
        "/cgi/crm/v2/special/object/approvalTask" => approval::approval_task(view, call, user),
        "/cgi/crm/v2/special/approval/instance/cancel" => approval::cancel(view, call),
        "/cgi/crm/approvalInstance/get" => reads::instance(view, call),
        "/cgi/crm/v2/data/get" => reads::record(view, call),
        _ => refuse(NO_PATH, "the path or method is not known"),
    }
}

/// The answer for too many calls of a path.
pub(in super::super) fn throttled(view: &SandboxView<'_>) -> Reply {
    failure(view, &(TOO_MANY_CALLS, "the number of calls exceeds the limit".to_owned()))
}

/// The refusal of a call that would have succeeded; `None` if it would have failed.
pub(in super::super) fn refused(view: &SandboxView<'_>, done: &Reply, operation: &str) -> Option<Reply> {
    (done.code == "0" && operation != "token")
        .then(|| failure(view, &(NOT_ALLOWED, broken_answers::REFUSED.to_owned())))
}
