//! Each fault: what the client sees, what the world knows, what the log says.

use serde_json::json;

use crate::model::{SendError, Value};
use crate::sandbox::SimulatorSettings;
use crate::sandbox::Vendor;
use crate::sandbox::exchange::broken_answers::REFUSED;
use crate::sandbox::setup::TOKEN;
use crate::sandbox::test_client::{START, TestClient, post, signed};
use crate::sandbox::{Delivery, Served};

const MODERATOR: &str = "/api/task/service/do_add";

/// One effect under a fault that meets every call, and whether the world changed.
fn under(spec: &str) -> (Served, bool) {
    let mut client = TestClient::with(SimulatorSettings::default(), Some(spec));
    let bearer = format!("Bearer {TOKEN}");
    let body = json!({"task_num": "202402220000021", "emp_id": "e-1"});
    let served = client.serve(&post(MODERATOR, &[("Authorization", &bearer)], &body));
    let changed = !served.entry.puts.is_empty();
    assert_eq!(served.entry.effect, changed);
    (served, changed)
}

fn shown(served: &Served) -> (u16, Result<Value, ()>) {
    match served.clone().into_result() {
        Ok(response) => (response.status, serde_json::from_slice(&response.body).map_err(|_| ())),
        Err(_) => (0, Err(())),
    }
}

#[test]
fn a_lost_answer_leaves_its_effect_and_a_closed_call_none() {
    for (spec, effect) in [("lose=100%", true), ("close=100%", false)] {
        let (served, changed) = under(spec);
        assert_eq!(changed, effect, "{spec}");
        assert!(matches!(served.delivery, Delivery::Closed { .. }));
        assert_eq!(served.entry.status, 0);
        assert_eq!(served.entry.fault.as_deref(), spec.split('=').next());
        assert!(matches!(served.into_result(), Err(SendError::NoAnswer(_))));
    }
}

#[test]
fn gateway_errors_come_before_the_effect_or_after_it() {
    for (spec, status, effect) in
        [("500=100%", 500, false), ("503=100%", 503, false), ("500after=100%", 500, true), ("503after=100%", 503, true)]
    {
        let (served, changed) = under(spec);
        assert_eq!((shown(&served).0, served.entry.status, changed), (status, status, effect), "{spec}");
    }
}

#[test]
fn spoilt_answers_leave_their_effect_and_read_as_nothing() {
    for spec in ["cut=100%", "garble=100%"] {
        let (served, changed) = under(spec);
        assert!(changed, "{spec}");
        assert_eq!(shown(&served), (200, Err(())), "{spec}");
    }
}

#[test]
fn throttling_is_each_vendors_own_and_without_effect() {
    let (served, changed) = under("throttle=100%");
    assert!(!changed);
    assert_eq!(served.entry.status, 429);
    let mut client = TestClient::with(SimulatorSettings::default(), Some("throttle=100%"));
    let response = client.tencent(Vendor::TencentEss, "CancelFlow", &json!({}));
    assert_eq!(response["Error"]["Code"], "RequestLimitExceeded");
    let (_, answer) = client.post("/cgi/crm/approvalTask/action", &[], &json!({}));
    assert_eq!(answer["errorCode"], 14_001);
    assert_eq!(client.post("/api/acme/action", &[], &json!({})).0, 429);
    assert_eq!(client.post("/elsewhere", &[], &json!({})).0, 429);
}

#[test]
fn a_refusal_is_each_vendors_own_and_without_effect() {
    let (served, changed) = under("refuse=100%");
    assert!(!changed);
    assert_eq!((served.entry.code.as_str(), served.entry.fault.as_deref()), ("0", Some("refuse")));
    assert_eq!(shown(&served), (200, Ok(json!({"status": 0, "message": REFUSED}))));
    let mut client = TestClient::with(SimulatorSettings::default(), Some("refuse=100%"));
    let body = json!({"Operator": {"UserId": "u"}, "FlowIds": ["yDCNtUUckpvrcvf4UELZnZDvMStFgT7K"]});
    let response = client.tencent(Vendor::TencentEss, "DescribeFlowBriefs", &body);
    assert_eq!(response["Error"], json!({"Code": "OperationDenied", "Message": REFUSED}));
    assert_eq!(client.post("/elsewhere", &[], &json!({})), (422, json!({ "message": REFUSED })));
    assert!(client.entries.iter().all(|entry| entry.fault.as_deref() == Some("refuse") && !entry.effect));
}

#[test]
fn a_refused_call_counts_against_the_limit() {
    let mut client = TestClient::with(SimulatorSettings::default(), Some("refuse=100%"));
    let body = json!({"Operator": {"UserId": "u"}, "FlowIds": ["yDCNtUUckpvrcvf4UELZnZDvMStFgT7K"]});
    let code = |client: &mut TestClient| client.tencent_code(Vendor::TencentEss, "DescribeFlowBriefs", &body);
    assert!((0..20).all(|_| code(&mut client) == "OperationDenied"));
    assert_eq!(code(&mut client), "RequestLimitExceeded");
    assert_eq!(client.last().fault, None);
}

#[test]
fn logins_and_calls_that_fail_anyway_are_not_refused_on_purpose() {
    let mut client = TestClient::with(SimulatorSettings::default(), Some("refuse=100%"));
    assert!(!client.arctos_token("MODERATOR").is_empty());
    client.post(MODERATOR, &[("Authorization", "Bearer nobody's")], &json!({}));
    client.post("/api/acme/login", &[], &json!({}));
    client.post("/oauth2.0/token?thirdTraceId=1", &[], &json!({}));
    client.tencent_code(Vendor::TencentEss, "CancelFlow", &json!({}));
    client.post("/status/404", &[], &json!({}));
    assert!(client.entries.iter().all(|entry| entry.fault.is_none()), "{:?}", client.entries);
}

#[test]
fn a_fault_that_does_not_fit_is_dropped() {
    let mut client = TestClient::with(SimulatorSettings::default(), Some("expire=100%"));
    let body = json!({"Operator": {"UserId": "u"}, "FlowIds": ["x"]});
    assert_eq!(client.tencent_code(Vendor::TencentEss, "DescribeFlowBriefs", &body), "ok");
    assert_eq!(client.last().fault, None);
}

#[test]
fn slow_answers_are_only_slow() {
    let (served, changed) = under("slow=100%:7s");
    assert!(changed);
    assert_eq!(served.delay.as_secs(), 7);
    assert_eq!(served.entry.fault, None);
}

#[test]
fn equal_calls_get_equal_faults() {
    let run = |seed: u64| {
        let spec = format!("all=4%,seed={seed}");
        let mut client = TestClient::with(SimulatorSettings::unlimited(), Some(&spec));
        for n in 0..300 {
            let flow = format!("{n:032}");
            let agent = json!({"AppId": "a", "ProxyOrganizationOpenId": "o", "ProxyOperator": {"OpenId": "p"}});
            let body = json!({"Agent": agent, "FlowId": flow, "Deadline": START + 9_000_000});
            client.serve(&signed(Vendor::TencentEssbasic, "ModifyFlowDeadline", &body, client.now));
        }
        client.entries
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    let faults = run(1).iter().filter(|entry| entry.fault.is_some()).count();
    assert!((60..160).contains(&faults), "{faults} of 300");
}
