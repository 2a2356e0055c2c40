//! Finds the product and action of a Tencent call, and checks its signature and rate.

use super::envelope::{TencentRefusal, failure, malformed, refuse};
use super::reads::Read;
use super::signature::{Authorization, SCHEME, split_port, verify};
use super::{body, cancel, deadline, reads, release, shapes};
use crate::sandbox::exchange::{Call, Reply, SandboxView, body_fields, broken_answers, without_scheme};
use crate::sandbox::setup::{SECRET_ID, TOKEN};
use crate::sandbox::world::Vendor;

const ESS_VERSION: &str = "2020-11-11";
const ESSBASIC_VERSION: &str = "2021-05-26";

/// The product and action of a call; `None` if it is not a call of Tencent. The product comes from the host, else
/// from the signature's scope, else from the version.
pub(in super::super) fn claims(call: &Call<'_>) -> Option<(Vendor, String)> {
    let named = product_of_host(call);
    let authorization = call.header("authorization").unwrap_or_default();
    let action = call.header("x-tc-action");
    if named.is_none() && action.is_none() && !authorization.starts_with(SCHEME) {
        return None;
    }
    let product = named.unwrap_or_else(|| {
        let service = Authorization::parse(authorization).map(|parsed| parsed.service);
        let ess = service.map_or_else(|| call.header("x-tc-version") == Some(ESS_VERSION), |service| service == "ess");
        if ess { Vendor::TencentEss } else { Vendor::TencentEssbasic }
    });
    Some((product, action.unwrap_or_default().to_owned()))
}

/// The product in a host name of the vendor's form: `ess.localhost`, `essbasic.localhost`.
fn product_of_host(call: &Call<'_>) -> Option<Vendor> {
    let (host, _) = split_port(without_scheme(call.header("host")?));
    match host.to_ascii_lowercase().as_str() {
        "ess.localhost" => Some(Vendor::TencentEss),
        "essbasic.localhost" => Some(Vendor::TencentEssbasic),
        _ => None,
    }
}

/// Answers a call.
pub(in super::super) fn answer(view: &SandboxView<'_>, call: &Call<'_>, product: Vendor, action: &str) -> Reply {
    if let Err(refusal) = admitted(view, call, product, action) {
        return failure(view, &refusal);
    }
    let Some(counted) = view.admit(product, action, SECRET_ID) else { return throttled(view) };
    let reply = handle(view, call, product, action).unwrap_or_else(|refusal| failure(view, &refusal));
    Reply { counted: Some(counted), ..reply }
}

/// Checks what the gateway checks before it counts a call: signature, product, version, action.
fn admitted(view: &SandboxView<'_>, call: &Call<'_>, product: Vendor, action: &str) -> Result<(), TencentRefusal> {
    let service = verify(call, view.now)?;
    if !matches!(service, "ess" | "essbasic") {
        // Node's client derives the product from the first part of the address.
        let names = "Clients that take the product from the address call ess.localhost or essbasic.localhost.";
        return refuse("NoSuchProduct", format!("The product {service} is not found. {names}"));
    }
    if (service == "ess") != (product == Vendor::TencentEss) {
        return refuse("AuthFailure.SignatureFailure", "The signature is for another product than this host's.");
    }
    if call.header("x-tc-token").is_some_and(|token| token != TOKEN) {
        return refuse("AuthFailure.TokenFailure", "The token is not valid.");
    }
    let expected = if product == Vendor::TencentEss { ESS_VERSION } else { ESSBASIC_VERSION };
    match call.header("x-tc-version") {
        None => return refuse("MissingParameter", "The request is missing the header `X-TC-Version`."),
        Some(version) if version != expected => {
            return refuse("NoSuchVersion", format!("The product {service} has no version {version}."));
        }
        _ => {}
    }
    if action.is_empty() {
        return refuse("MissingParameter", "The request is missing the header `X-TC-Action`.");
    }
    if shapes::fields(product, action).is_none() {
        return refuse("InvalidAction", format!("The action {action} is not found, or is not simulated."));
    }
    Ok(())
}

fn handle(view: &SandboxView<'_>, call: &Call<'_>, product: Vendor, action: &str) -> Result<Reply, TencentRefusal> {
    let (Some(json), Some(object)) = (call.json(), call.object()) else {
        return refuse("InvalidRequest", "The body is not a JSON object.");
    };
    body_fields::check(object, shapes::fields(product, action).unwrap_or_default()).map_err(malformed)?;
    body::actor(product, action, json)?;
    match action {
        "ModifyFlowDeadline" => deadline::modify(view, product, object),
        "CreateReleaseFlow" | "ChannelCreateReleaseFlow" => release::create(view, product, object),
        "CancelFlow" | "ChannelCancelFlow" => cancel::cancel(view, product, object),
        "DescribeFlowBriefs" => reads::read(view, Read::Briefs, object),
        "DescribeFlowInfo" => reads::read(view, Read::Infos, object),
        "DescribeFlowDetailInfo" => reads::read(view, Read::Details, object),
        _ => refuse("InvalidAction", format!("The action {action} is not found.")),
    }
}

/// The answer for too many calls of an action.
pub(in super::super) fn throttled(view: &SandboxView<'_>) -> Reply {
    failure(view, &("RequestLimitExceeded", "The number of calls exceeds the limit of this action.".to_owned()))
}

/// The answer for an expired token; `None` for calls with permanent keys, which carry none.
pub(in super::super) fn expired(view: &SandboxView<'_>, call: &Call<'_>) -> Option<Reply> {
    call.header("x-tc-token")?;
    Some(failure(view, &("AuthFailure.TokenFailure", "The token has expired.".to_owned())))
}

/// The refusal of a call that would have succeeded; `None` if it would have failed.
pub(in super::super) fn refused(view: &SandboxView<'_>, done: &Reply) -> Option<Reply> {
    (done.code == "ok").then(|| failure(view, &("OperationDenied", broken_answers::REFUSED.to_owned())))
}
