//! Finds the operation of an arctos call, and checks the caller and the rate.

use super::envelope::{failure, not_found, unauthorized};
use super::{auth, tasks};
use crate::model::Method;
use crate::sandbox::exchange::{Call, Reply, SandboxView, broken_answers};
use crate::sandbox::world::Vendor;

/// The operation whose path is in no document.
pub(in super::super) const UPDATE_STATUS: &str = "updateTaskStatus";

/// The vendor's name of the operation; the path if it is unknown.
pub(in super::super) fn operation<'c>(call: &Call<'c>) -> &'c str {
    if !call.is(Method::Post) {
        return call.path;
    }
    match call.segments().as_slice() {
        ["api", "auth", "code"] => "getAuthCode",
        ["api", "auth", "login"] => "login",
        ["api", "task", "do_add"] => "createBlankTask",
        ["api", "task", "service", "do_add"] => "createTaskModerator",
        ["api", "task", "customer", "do_add"] => "createTaskPublisher",
        ["api", "task", ..] if tells_status(call) => UPDATE_STATUS,
        _ => call.path,
    }
}

fn tells_status(call: &Call<'_>) -> bool {
    call.object().is_some_and(|body| body.contains_key("task_num") && body.contains_key("task_status"))
}

/// Whether a call to an unknown path is a status update of arctos: by its fields, and a token of the sandbox.
pub(in super::super) fn claims_status_update(view: &SandboxView<'_>, call: &Call<'_>) -> bool {
    if !call.is(Method::Post) || call.authorization("Bearer").is_none() {
        return false;
    }
    let only_its_fields =
        call.object().is_some_and(|body| body.keys().all(|name| name == "task_num" || name == "task_status"));
    tells_status(call) && (only_its_fields || auth::carries_token(view, call))
}

/// Answers a call.
pub(in super::super) fn answer(view: &SandboxView<'_>, call: &Call<'_>, operation: &str) -> Reply {
    let caller = match operation {
        "getAuthCode" | "login" => None,
        _ => match auth::caller(view, call) {
            Some(caller) => Some(caller),
            None => return unauthorized(),
        },
    };
    let credential = caller.as_ref().map_or("", |caller| &caller.user_id);
    let Some(counted) = view.admit(Vendor::Arctos, operation, credential) else {
        return broken_answers::too_many_requests();
    };
    let reply = match (operation, &caller) {
        ("getAuthCode", _) => auth::code(view, call),
        ("login", _) => auth::login(view, call),
        ("createBlankTask", _) => tasks::create(view, call),
        ("createTaskModerator", Some(caller)) => tasks::add_moderator(view, call, caller),
        ("createTaskPublisher", _) => tasks::add_publishers(view, call),
        (UPDATE_STATUS, Some(caller)) => tasks::update_status(view, call, caller),
        _ => Err(not_found()),
    };
    Reply { counted: Some(counted), ..reply.unwrap_or_else(Reply::from) }
}

/// The refusal of a call that would have succeeded, also with a warning; `None` if it would have failed.
pub(in super::super) fn refused(done: &Reply, operation: &str) -> Option<Reply> {
    let refusable = matches!(done.code.as_str(), "1" | "2") && !matches!(operation, "getAuthCode" | "login");
    refusable.then(|| failure(broken_answers::REFUSED).into())
}
