//! What the simulator of Tencent e-sign does, the unhappy half first.

use std::time::Duration;

use serde_json::json;

use crate::model::{Method, Value};
use crate::sandbox::setup::SimulatorSettings;
use crate::sandbox::test_client::{START, TestClient, post, request, signed, signed_for};
use crate::sandbox::world::Vendor::{TencentEss as ESS, TencentEssbasic as BASIC};
use crate::sandbox::world::{Flow, NeededState, Vendor};

const DAY: i64 = 86_400;
const FLOW: &str = "yDCNtUUckpvrcvf4UELZnZDvMStFgT7K";
const RECIPIENT: &str = "yDwhyUUckp1cmuh4Uu2bfpvRH38OvSw7";

type Headers = Vec<(String, String)>;

/// An id of 32 characters that ends in `tail`.
fn id(tail: &str) -> String {
    format!("{:0>32}", tail)
}

fn actor(product: Vendor) -> (&'static str, Value) {
    match product {
        ESS => ("Operator", json!({"UserId": "yDxxx"})),
        _ => ("Agent", json!({"AppId": "app", "ProxyOrganizationOpenId": "org", "ProxyOperator": {"OpenId": "n9527"}})),
    }
}

fn with_actor(product: Vendor, mut body: Value) -> Value {
    let (name, value) = actor(product);
    body[name] = value;
    body
}

fn extend(product: Vendor, flow: &str, deadline: i64) -> Value {
    with_actor(product, json!({"FlowId": flow, "Deadline": deadline}))
}

fn extend_signer(product: Vendor, flow: &str, recipient: &str, deadline: i64) -> Value {
    with_actor(product, json!({"FlowId": flow, "Deadline": deadline, "RecipientId": recipient}))
}

fn release(flow: &str) -> Value {
    with_actor(ESS, json!({"NeedRelievedFlowId": flow, "ReliveInfo": {"Reason": "因为业务调整,结束合作。"}}))
}

fn modify(client: &mut TestClient, product: Vendor, body: &Value) -> String {
    client.tencent_code(product, "ModifyFlowDeadline", body)
}

fn brief(client: &mut TestClient, flow: &str) -> Value {
    let body = with_actor(ESS, json!({ "FlowIds": [flow] }));
    client.tencent(ESS, "DescribeFlowBriefs", &body)["FlowBriefs"][0].clone()
}

fn detail(client: &mut TestClient, flow: &str) -> Value {
    let body = with_actor(BASIC, json!({ "FlowIds": [flow] }));
    client.tencent(BASIC, "DescribeFlowDetailInfo", &body)["FlowInfo"][0].clone()
}

/// The product that a call reaches, and the code that it comes to.
fn reached(hosts: (&str, &str), product: Vendor) -> (Vendor, String) {
    let mut client = TestClient::new();
    let body = extend(product, FLOW, START + 30 * DAY);
    client.serve(&signed_for(hosts, product, "ModifyFlowDeadline", &body, client.now));
    (client.last().vendor, client.last().code.clone())
}

#[test]
fn a_signature_for_another_host_or_another_hosts_product_is_refused() {
    let failure = "AuthFailure.SignatureFailure".to_owned();
    for hosts in [("localhost:8470", "ess.tencentcloudapi.com"), ("localhost:8470", "localhost:8471")] {
        assert_eq!(reached(hosts, BASIC), (BASIC, failure.clone()), "{hosts:?}");
    }
    for (host, named, signed) in [("ess.localhost:8470", ESS, BASIC), ("essbasic.localhost:8470", BASIC, ESS)] {
        assert_eq!(reached((host, host), signed), (named, failure.clone()), "{host}");
    }
}

#[test]
fn a_signature_covers_the_host_with_or_without_its_port() {
    for sent in ["localhost:8470", "127.0.0.1:8470", "[::1]:8470", "ess.localhost:8470", "Essbasic.LOCALHOST:8470"] {
        let product = if sent.starts_with("ess.") { ESS } else { BASIC };
        let alone = sent.rsplit_once(':').unwrap().0;
        for signed in [sent, alone] {
            assert_eq!(reached((sent, signed), product), (product, "ok".to_owned()), "{sent} signed as {signed}");
        }
        assert_eq!(reached((alone, &format!("{alone}:80")), product).1, "ok", "{alone}");
    }
}

#[test]
fn the_hosts_name_tells_the_product_where_nothing_else_does() {
    let mut client = TestClient::new();
    for (host, product) in [("ess.localhost", ESS), ("ess.localhost:8470", ESS), ("essbasic.localhost:8470", BASIC)] {
        let (status, answer) = client.send(&post("/", &[("Host", host)], &json!({})));
        assert_eq!((status, &answer["Response"]["Error"]["Code"]), (200, &json!("AuthFailure.InvalidAuthorization")));
        assert_eq!(client.last().vendor, product, "{host}");
    }
    for host in ["localhost:8470", "other.localhost", "ess.localhost.example.com", "xess.localhost"] {
        client.serve(&post("/", &[("Host", host)], &json!({})));
        assert_eq!(client.last().vendor, Vendor::Http, "{host}");
    }
}

#[test]
fn the_gateway_refuses_wrong_signatures() {
    let mut client = TestClient::new();
    let right = signed(BASIC, "ModifyFlowDeadline", &extend(BASIC, FLOW, START + 30 * DAY), client.now);
    let mut code = |change: &dyn Fn(&mut Headers)| {
        let mut request = right.clone();
        change(&mut request.headers);
        client.send(&request).1["Response"]["Error"]["Code"].as_str().unwrap_or("ok").to_owned()
    };
    let set = |headers: &mut Headers, name: &str, value: &str| {
        headers.retain(|(known, _)| known != name);
        headers.push((name.to_owned(), value.to_owned()));
    };
    assert_eq!(
        code(&|headers| headers.retain(|(name, _)| name != "Authorization")),
        "AuthFailure.InvalidAuthorization"
    );
    assert_eq!(code(&|headers| set(headers, "X-TC-Version", "2020-11-11")), "NoSuchVersion");
    assert_eq!(code(&|headers| headers.retain(|(name, _)| name != "X-TC-Version")), "MissingParameter");
    assert_eq!(code(&|headers| set(headers, "X-TC-Action", "ModifyFlowDeadlines")), "InvalidAction");
    assert_eq!(
        code(&|headers| set(headers, "X-TC-Action", "CreateReleaseFlow")),
        "InvalidAction",
        "of the other product"
    );
    assert_eq!(code(&|headers| set(headers, "X-TC-Token", "nobody's")), "AuthFailure.TokenFailure");
    assert_eq!(code(&|headers| set(headers, "Host", "elsewhere")), "AuthFailure.SignatureFailure");
    assert_eq!(
        code(&|headers| set(headers, "X-TC-Timestamp", &(START - 301).to_string())),
        "AuthFailure.SignatureExpire"
    );
    let scope = |headers: &mut Headers, from: &str, to: &str| {
        let authorization = headers.last_mut().unwrap();
        authorization.1 = authorization.1.replace(from, to);
    };
    assert_eq!(code(&|headers| scope(headers, "/essbasic/", "/ess/")), "AuthFailure.SignatureFailure");
    assert_eq!(code(&|headers| scope(headers, "SANDBOX-SECRET-ID", "AKID")), "AuthFailure.SecretIdNotFound");
    assert_eq!(code(&|_| {}), "ok");
    let effects = client.entries.iter().filter(|entry| entry.effect).count();
    assert_eq!(effects, 1);
}

#[test]
fn the_gateway_refuses_bodies_that_are_not_as_documented() {
    let mut client = TestClient::new();
    let right = extend(BASIC, FLOW, START + 30 * DAY);
    for (name, value, code) in [
        ("RecipientID", json!(RECIPIENT), "UnknownParameter"),
        ("Deadline", json!("1900000000"), "InvalidParameter"),
        ("Deadline", json!(1.5), "InvalidParameter"),
        ("Deadline", Value::Null, "InvalidParameter"),
        ("FlowId", json!(1), "InvalidParameter"),
        ("FlowId", json!("short"), "InvalidParameter.ParamError"),
        ("Agent", json!({"AppId": "a", "Proxy": {}}), "UnknownParameter"),
        ("Agent", json!({"ProxyOrganizationOpenId": "org"}), "MissingParameter"),
        ("Agent", json!({"AppId": "a", "ProxyOrganizationOpenId": "org"}), "MissingParameter"),
        (
            "Agent",
            json!({"AppId": "a", "ProxyOrganizationOpenId": "o".repeat(65), "ProxyOperator": {"OpenId": "n"}}),
            "InvalidParameter.ParamError",
        ),
    ] {
        let mut body = right.clone();
        body[name] = value.clone();
        assert_eq!(modify(&mut client, BASIC, &body), code, "{name}: {value}");
        client.wait(Duration::from_secs(1));
    }
    for name in ["FlowId", "Deadline", "Agent"] {
        let mut body = right.clone();
        body.as_object_mut().unwrap().remove(name);
        assert_eq!(modify(&mut client, BASIC, &body), "MissingParameter", "{name}");
    }
    let no_operator = json!({"FlowId": FLOW, "Deadline": START + 30 * DAY, "Operator": {"UserId": ""}});
    assert_eq!(modify(&mut client, ESS, &no_operator), "MissingParameter");
    assert_eq!(modify(&mut client, BASIC, &json!([])), "InvalidRequest");
    assert!(client.entries.iter().all(|entry| !entry.effect));
    assert!(client.entries.iter().all(|entry| entry.request_id.as_ref().is_some_and(|id| id.len() == 36)));
}

#[test]
fn twenty_calls_of_an_action_pass_in_a_second() {
    let mut client = TestClient::new();
    for n in 0..20 {
        assert_eq!(modify(&mut client, BASIC, &extend(BASIC, &id(&n.to_string()), START + 30 * DAY)), "ok");
    }
    assert_eq!(modify(&mut client, BASIC, &extend(BASIC, FLOW, START + 30 * DAY)), "RequestLimitExceeded");
    assert!(!client.last().effect);
    assert_eq!(modify(&mut client, ESS, &extend(ESS, FLOW, START + 30 * DAY)), "ok", "the other product");
    assert_eq!(detail(&mut client, FLOW)["FlowStatus"], detail(&mut client, FLOW)["FlowStatus"], "another action");
    client.wait(Duration::from_secs(1));
    assert_eq!(modify(&mut client, BASIC, &extend(BASIC, FLOW, START + 30 * DAY)), "ok");
}

#[test]
fn deadlines_move_only_forward() {
    let mut client = TestClient::new();
    for product in [ESS, BASIC] {
        let bad = "InvalidParameter.ParamError";
        assert_eq!(modify(&mut client, product, &extend(product, FLOW, START)), bad, "now");
        assert_eq!(modify(&mut client, product, &extend(product, FLOW, START - DAY)), bad, "the past");
        assert_eq!(modify(&mut client, product, &extend(product, FLOW, START + 30 * DAY)), "ok");
        let effect = format!("ModifyFlowDeadline:{FLOW}:-:{}", START + 30 * DAY);
        assert_eq!(client.last().effect_id.as_deref(), Some(effect.as_str()));
        assert_eq!(modify(&mut client, product, &extend(product, FLOW, START + 30 * DAY)), bad, "the same");
        assert_eq!(modify(&mut client, product, &extend(product, FLOW, START + 29 * DAY)), bad, "back");
        assert_eq!(modify(&mut client, product, &extend(product, FLOW, START + 31 * DAY)), "ok");
    }
    assert_eq!(detail(&mut client, FLOW)["DeadLine"], START + 31 * DAY);
    assert_eq!(brief(&mut client, FLOW)["Deadline"], START + 31 * DAY);
}

#[test]
fn any_deadline_ahead_fits_an_unseen_contract() {
    let mut client = TestClient::with(SimulatorSettings::unlimited(), None);
    for n in 0..200 {
        let deadline = START + 2 + n * 3_600;
        assert_eq!(modify(&mut client, BASIC, &extend(BASIC, &id(&n.to_string()), deadline)), "ok", "{n}");
        let flow = format!("signer{n}");
        assert_eq!(modify(&mut client, BASIC, &extend_signer(BASIC, &id(&flow), RECIPIENT, deadline)), "ok", "{n}");
    }
}

#[test]
fn only_live_contracts_are_extended() {
    let mut client = TestClient::new();
    for (tail, code) in [
        ("Expired", "FailedOperation"),
        ("Signed", "FailedOperation"),
        ("Canceled", "FailedOperation"),
        ("Rejected", "FailedOperation"),
        ("Released", "FailedOperation"),
        ("Missing", "ResourceNotFound.Flow"),
        ("Denied", "OperationDenied.NoFlowPermission"),
    ] {
        assert_eq!(modify(&mut client, BASIC, &extend(BASIC, &id(tail), START + 30 * DAY)), code, "{tail}");
    }
    assert_eq!(modify(&mut client, ESS, &extend(ESS, &id("missing"), START + 30 * DAY)), "ResourceNotFound");
    assert_eq!(modify(&mut client, BASIC, &extend(BASIC, FLOW, START + DAY)), "ok");
    client.wait(Duration::from_secs(DAY as u64));
    assert_eq!(modify(&mut client, BASIC, &extend(BASIC, FLOW, START + 30 * DAY)), "FailedOperation", "has run out");
    assert_eq!(detail(&mut client, FLOW)["FlowStatus"], "DEADLINE");
}

#[test]
fn a_signers_deadline_is_his_own() {
    let mut client = TestClient::new();
    assert_eq!(modify(&mut client, BASIC, &extend_signer(BASIC, FLOW, RECIPIENT, START + 9 * DAY)), "ok");
    let before = detail(&mut client, FLOW)["DeadLine"].as_i64().unwrap();
    assert!(before < START + 9 * DAY, "the contract's is untouched");
    let bad = "InvalidParameter.ParamError";
    for deadline in [START - 1, START + 9 * DAY, START + 8 * DAY] {
        assert_eq!(modify(&mut client, BASIC, &extend_signer(BASIC, FLOW, RECIPIENT, deadline)), bad);
    }
    assert_eq!(modify(&mut client, BASIC, &extend_signer(BASIC, FLOW, "short", START + 9 * DAY)), bad);
    assert_eq!(
        modify(&mut client, BASIC, &extend_signer(BASIC, FLOW, &id("missing"), START + 9 * DAY)),
        "ResourceNotFound"
    );
    assert_eq!(
        modify(&mut client, BASIC, &extend_signer(BASIC, FLOW, &id("signed"), START + 9 * DAY)),
        "FailedOperation"
    );
    assert_eq!(modify(&mut client, BASIC, &extend(BASIC, FLOW, START + 20 * DAY)), "ok");
    assert_eq!(modify(&mut client, BASIC, &extend_signer(BASIC, FLOW, RECIPIENT, START + 10 * DAY)), "ok");
    let names: Vec<_> = detail(&mut client, FLOW)["FlowApproverInfos"].as_array().unwrap().clone();
    assert!(names.iter().any(|signer| signer["RecipientId"] == RECIPIENT));
}

#[test]
fn in_an_ordered_contract_a_signer_stays_before_the_next_and_the_end() {
    let mut client = TestClient::with(SimulatorSettings::unlimited(), None);
    let ordered = (0..200)
        .map(|n| id(&format!("o{n}")))
        .find(|id| {
            let flow = Flow::unseen(BASIC, id, START, NeededState::Live { wanted: None });
            flow.ordered && flow.signers.iter().all(|signer| !signer.signed)
        })
        .unwrap();
    assert_eq!(modify(&mut client, BASIC, &extend(BASIC, &ordered, START + 30 * DAY)), "ok");
    let bad = "InvalidParameter.ParamError";
    let signers = detail(&mut client, &ordered)["FlowApproverInfos"].as_array().unwrap().clone();
    let name = |at: usize| signers[at]["RecipientId"].as_str().unwrap().to_owned();
    assert_eq!(signers[1]["SignOrder"], 1);
    let mut to = |at: usize, days: i64| {
        modify(&mut client, BASIC, &extend_signer(BASIC, &ordered, &name(at), START + days * DAY))
    };
    assert_eq!(to(0, 30), bad, "not before the contract's");
    assert_eq!(to(1, 10), "ok");
    assert_eq!(to(0, 11), bad, "after the next signer's");
    assert_eq!(to(0, 10), "ok");
}

#[test]
fn only_a_fully_signed_contract_is_released_and_once_at_a_time() {
    let mut client = TestClient::new();
    for tail in ["Expired", "Canceled", "Rejected", "Released"] {
        assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &release(&id(tail))), "OperationDenied", "{tail}");
    }
    assert_eq!(modify(&mut client, ESS, &extend(ESS, &id("live"), START + 30 * DAY)), "ok");
    assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &release(&id("live"))), "OperationDenied");
    assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &release(&id("missing"))), "ResourceNotFound");

    let answer = client.tencent(ESS, "CreateReleaseFlow", &release(FLOW));
    let agreement = answer["FlowId"].as_str().unwrap().to_owned();
    assert_eq!(agreement.len(), 32);
    assert_eq!(client.last().effect_id.as_deref(), Some(format!("CreateReleaseFlow:{FLOW}").as_str()));
    assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &release(FLOW)), "OperationDenied", "one is under way");
    let seen = brief(&mut client, &agreement);
    assert_eq!((&seen["FlowStatus"], &seen["Deadline"]), (&json!(1), &json!(START + 7 * DAY)));
    assert_eq!(brief(&mut client, FLOW)["FlowStatus"], 4, "the original stays signed");
    let cancel = with_actor(ESS, json!({"FlowId": agreement, "CancelMessage": "mistake"}));
    assert_eq!(client.tencent_code(ESS, "CancelFlow", &cancel), "ok");
    let next = client.tencent(ESS, "CreateReleaseFlow", &release(FLOW));
    assert_ne!(next["FlowId"], json!(agreement));

    let mut lenient =
        TestClient::with(SimulatorSettings { refuse_second_release: false, ..SimulatorSettings::default() }, None);
    for _ in 0..2 {
        assert_eq!(lenient.tencent_code(ESS, "CreateReleaseFlow", &release(FLOW)), "ok");
    }
}

#[test]
fn a_release_keeps_the_limits_of_its_page() {
    let mut client = TestClient::with(SimulatorSettings::unlimited(), None);
    let param = "InvalidParameter.ParamError";
    let approver =
        |name: &str, mobile: &str| json!({"Name": name, "Mobile": mobile, "RelievedApproverReceiptId": id(name)});
    for (name, value, code) in [
        ("ReliveInfo", json!({"Reason": " "}), param),
        ("ReliveInfo", json!({"Reason": "长".repeat(201)}), param),
        ("ReliveInfo", json!({"Reason": "ok", "OtherDeals": "👍"}), param),
        ("ReliveInfo", json!({"OtherDeals": "x"}), "MissingParameter"),
        ("ReliveInfo", json!({"Reason": "ok", "Deals": "x"}), "UnknownParameter"),
        ("Deadline", json!(START), "InvalidParameter.FlowDeadLine"),
        ("FlowName", json!("n".repeat(201)), "InvalidParameter.FlowName"),
        ("UserData", json!("not base64!"), "InvalidParameter.FlowUserData"),
        ("ReleasedApprovers", json!([approver("", "18700000000")]), "InvalidParameter.Name"),
        ("ReleasedApprovers", json!([approver("a", "phone")]), "InvalidParameter.Mobile"),
        ("ReleasedApprovers", json!([{"Name": "a"}]), "MissingParameter"),
        (
            "ReleasedApprovers",
            json!([approver("a", "18700000000"), approver("a", "18700000001")]),
            "OperationDenied.ApproverRepeat",
        ),
        ("ReleasedApprovers", json!(vec![approver("a", "18700000000"); 4]), param),
    ] {
        let mut body = release(FLOW);
        body[name] = value.clone();
        assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &body), code, "{name}: {value}");
    }
    let mut typed = release(FLOW);
    typed["ReleasedApprovers"] = json!([approver("典子谦", "18700000000")]);
    typed["ReleasedApprovers"][0]["ApproverType"] = json!("PERSON");
    assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &typed), "InvalidParameter.ApproverType");
    typed["ReleasedApprovers"][0]["ApproverType"] = json!("ORGANIZATION");
    typed["UserData"] = json!("cm93LTE=");
    assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &typed), "ok");
}

#[test]
fn the_platforms_release_counts_its_signers() {
    let mut client = TestClient::new();
    let mut body = release(FLOW);
    body.as_object_mut().unwrap().remove("Operator");
    let mut body = with_actor(BASIC, body);
    body["ReleasedApprovers"] = json!([{"ApproverNumber": 9, "ApproverType": "ORGANIZATION", "OrganizationName": "o"}]);
    let action = "ChannelCreateReleaseFlow";
    assert_eq!(client.tencent_code(BASIC, action, &body), "InvalidParameter.ParamError");
    body["ReleasedApprovers"][0]["ApproverNumber"] = json!(0);
    assert_eq!(client.tencent_code(BASIC, action, &body), "ok");
}

#[test]
fn a_contract_is_cancelled_once() {
    let mut client = TestClient::new();
    for (message, code) in [("", "MissingParameter.CancelReason"), ("👍", "InvalidParameter.CancelReason")] {
        let body = with_actor(ESS, json!({"FlowId": FLOW, "CancelMessage": message}));
        assert_eq!(client.tencent_code(ESS, "CancelFlow", &body), code);
    }
    let body = with_actor(ESS, json!({"FlowId": FLOW, "CancelMessage": "内容有误"}));
    assert_eq!(client.tencent_code(ESS, "CancelFlow", &body), "ok");
    assert_eq!(client.tencent_code(ESS, "CancelFlow", &body), "OperationDenied.FlowHasTerminated");
    let seen = brief(&mut client, FLOW);
    assert_eq!((&seen["FlowStatus"], &seen["FlowMessage"]), (&json!(6), &json!("内容有误")));

    let bare = with_actor(BASIC, json!({ "FlowId": FLOW }));
    assert_eq!(client.tencent_code(BASIC, "ChannelCancelFlow", &bare), "ok", "another product, another contract");
    assert_eq!(client.tencent_code(BASIC, "ChannelCancelFlow", &bare), "OperationDenied.FlowHasTerminated");
    assert_eq!(detail(&mut client, FLOW)["FlowStatus"], "CANCEL");
    let odd = with_actor(BASIC, json!({"FlowId": id("x"), "CancelMessageFormat": 4}));
    assert_eq!(client.tencent_code(BASIC, "ChannelCancelFlow", &odd), "InvalidParameter.ParamError");
}

#[test]
fn reads_have_their_own_ways_to_fail() {
    let mut client = TestClient::new();
    let ess = |ids: Value| with_actor(ESS, json!({ "FlowIds": ids }));
    let basic = |ids: Value| with_actor(BASIC, json!({ "FlowIds": ids }));
    let many: Vec<String> = (0..101).map(|n| id(&n.to_string())).collect();
    for (product, action, body, code) in [
        (ESS, "DescribeFlowBriefs", ess(json!([])), "MissingParameter.FlowId"),
        (ESS, "DescribeFlowBriefs", ess(json!(many)), "LimitExceeded"),
        (ESS, "DescribeFlowBriefs", ess(json!([FLOW, id("denied")])), "OperationDenied"),
        (ESS, "DescribeFlowInfo", ess(json!([FLOW, "short"])), "FailedOperation"),
        (ESS, "DescribeFlowInfo", json!({"FlowGroupId": "g"}), "ResourceNotFound.Resource"),
        (BASIC, "DescribeFlowDetailInfo", basic(json!([])), "MissingParameter.FlowIdsOrFlowGroupId"),
        (BASIC, "DescribeFlowDetailInfo", basic(json!(many)), "LimitExceeded.FlowIds"),
        (BASIC, "DescribeFlowDetailInfo", basic(json!(["short"])), "InvalidParameter.ParamError"),
    ] {
        assert_eq!(client.tencent_code(product, action, &body), code, "{action} {body}");
    }
    let briefs = client.tencent(ESS, "DescribeFlowBriefs", &ess(json!(["short", FLOW, id("missing"), FLOW])));
    assert_eq!(briefs["FlowBriefs"].as_array().unwrap().len(), 1, "unknown ones are left out, each once");
    let info = client.tencent(ESS, "DescribeFlowInfo", &json!({ "FlowIds": [FLOW] }));
    assert!(info["FlowDetailInfos"][0]["FlowApproverInfos"][0]["RecipientId"].is_string());
    let detail = client.tencent(BASIC, "DescribeFlowDetailInfo", &basic(json!([FLOW])));
    assert_eq!((&detail["ApplicationId"], &detail["ProxyOrganizationOpenId"]), (&json!("app"), &json!("org")));
    assert!(client.entries.iter().all(|entry| !entry.effect));
}

#[test]
fn a_contract_that_was_read_first_fits_the_first_write() {
    let mut client = TestClient::with(SimulatorSettings::unlimited(), None);
    for n in 0..20 {
        let (to_release, to_extend) = (id(&format!("r{n}")), id(&format!("e{n}")));
        let live = brief(&mut client, &to_release)["FlowStatus"].as_i64().unwrap();
        assert!((1..=2).contains(&live));
        let deadline = brief(&mut client, &to_extend)["Deadline"].as_i64().unwrap();
        assert!((START + DAY..START + 7 * DAY).contains(&deadline));
        assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &release(&to_release)), "ok");
        assert_eq!(modify(&mut client, ESS, &extend(ESS, &to_extend, deadline)), "InvalidParameter.ParamError");
        assert_eq!(modify(&mut client, ESS, &extend(ESS, &to_extend, deadline + 1)), "ok");
        assert_eq!(client.tencent_code(ESS, "CreateReleaseFlow", &release(&to_extend)), "OperationDenied");
    }
}

#[test]
fn what_is_not_json_is_refused_under_a_right_signature_only() {
    let mut client = TestClient::new();
    let unsigned = request(Method::Post, "/", &[("X-TC-Action", "CancelFlow")], "{".into());
    let (status, answer) = client.send(&unsigned);
    assert_eq!(status, 200);
    assert_eq!(answer["Response"]["Error"]["Code"], "AuthFailure.InvalidAuthorization");
}
