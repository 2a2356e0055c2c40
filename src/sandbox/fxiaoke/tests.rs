//! What the simulator of Fxiaoke does, the unhappy half first.

use std::time::Duration;

use serde_json::json;

use crate::model::Value;
use crate::sandbox::setup::{APP_ID, APP_SECRET, PERMANENT_CODE};
use crate::sandbox::test_client::TestClient;

const REJECT_TO: &str = "/cgi/crm/v2/special/approval/rejectToBeforeTask";
const ACTION: &str = "/cgi/crm/approvalTask/action";
const CANCEL: &str = "/cgi/crm/v2/special/approval/instance/cancel";
const INSTANCE: &str = "/cgi/crm/approvalInstance/get";
const RECORD: &str = "/cgi/crm/v2/data/get";

const CURRENT: &str = "6183b1b622794e6865bca8ce";
const TARGET: &str = "6183b1b0b89d061cf7fbac1f";

fn credentials() -> Value {
    json!({"appId": APP_ID, "appSecret": APP_SECRET, "permanentCode": PERMANENT_CODE, "grantType": "app_secret"})
}

fn granted(client: &mut TestClient, body: &Value) -> Value {
    client.post("/oauth2.0/token?thirdTraceId=t", &[], body).1
}

struct Client {
    client: TestClient,
    token: String,
    user: &'static str,
}

impl Client {
    fn new() -> Self {
        let mut client = TestClient::new();
        let token = granted(&mut client, &credentials())["accessToken"].as_str().unwrap().to_owned();
        Self { client, token, user: "1000" }
    }

    fn call(&mut self, path: &str, body: &Value) -> Value {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("x-fs-ea", "acme"), ("x-fs-userid", self.user)];
        let (status, answer) = self.client.post(&format!("{path}?thirdTraceId=t"), &headers, body);
        assert_eq!(status, 200);
        answer
    }

    fn code(&mut self, path: &str, body: &Value) -> i64 {
        self.call(path, body)["errorCode"].as_i64().unwrap()
    }

    fn task(&mut self, id: &str) -> Value {
        self.call(RECORD, &json!({"data": {"dataObjectApiName": "ApprovalTaskObj", "objectDataId": id}}))["data"]
            .clone()
    }

    fn instance_of(&mut self, task: &str) -> Value {
        let id = self.task(task)["workflow_instance_id"].clone();
        self.call(INSTANCE, &json!({ "instanceId": id }))["instanceDetail"].clone()
    }
}

impl Client {
    /// The latest task of the instance that holds `task`.
    fn open_task(&mut self, task: &str) -> String {
        let instance = self.instance_of(task);
        let last = instance["tasks"].as_array().unwrap().last().unwrap();
        assert_eq!(last["state"], "in_progress");
        last["id"].as_str().unwrap().to_owned()
    }
}

fn reject(current: &str, target: &str) -> Value {
    json!({"data": {"currentTaskId": current, "rejectToTaskId": target, "rejectOpinion": "no"}})
}

fn agree(task: &str) -> Value {
    json!({"taskId": task, "opinion": "yes", "actionType": "agree"})
}

#[test]
fn wrong_credentials_and_headers_are_told_apart() {
    let mut client = TestClient::new();
    for (name, value, code) in [
        ("appSecret", json!("wrong"), 20_015),
        ("permanentCode", json!("wrong"), 20_015),
        ("grantType", json!("password"), 10_001),
        ("appId", json!(1), 32_000),
        ("extra", json!("x"), 32_000),
    ] {
        let mut body = credentials();
        body[name] = value;
        assert_eq!(granted(&mut client, &body)["errorCode"], json!(code), "{name}");
    }
    assert_eq!(client.post("/oauth2.0/token", &[], &credentials()).1["errorCode"], 32_000, "no trace id");
    let logged = serde_json::to_string(&client.entries).unwrap();
    assert!(!logged.contains(APP_SECRET) && !logged.contains(PERMANENT_CODE));

    let token = granted(&mut client, &credentials())["accessToken"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let all = [("authorization", bearer.as_str()), ("x-fs-ea", "acme"), ("x-fs-userid", "1000")];
    let target = format!("{REJECT_TO}?thirdTraceId=t");
    for (missing, code) in [(0, 20_005), (1, 20_017), (2, 20_017)] {
        let headers: Vec<_> =
            all.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, header)| *header).collect();
        assert_eq!(client.post(&target, &headers, &reject(CURRENT, TARGET)).1["errorCode"], json!(code));
    }
    let forged = [("authorization", "Bearer 1.forged"), all[1], all[2]];
    assert_eq!(client.post(&target, &forged, &reject(CURRENT, TARGET)).1["errorCode"], 11_014);
    assert!(client.entries.iter().all(|entry| !entry.effect));
}

#[test]
fn the_token_stays_until_shortly_before_its_end() {
    let mut client = TestClient::new();
    let first = granted(&mut client, &credentials());
    assert_eq!(first["expiresIn"], 7_200);
    client.wait(Duration::from_secs(6_599));
    let same = granted(&mut client, &credentials());
    assert_eq!((&same["accessToken"], &same["expiresIn"]), (&first["accessToken"], &json!(601)));
    client.wait(Duration::from_secs(1));
    assert_ne!(granted(&mut client, &credentials())["accessToken"], first["accessToken"]);
    let mut client = Client { token: first["accessToken"].as_str().unwrap().to_owned(), client, user: "1000" };
    assert_eq!(client.code(ACTION, &agree(CURRENT)), 0, "the old one stays valid to its end");
    client.client.wait(Duration::from_secs(600));
    assert_eq!(client.code(ACTION, &agree(TARGET)), 20_016);
}

#[test]
fn ten_token_calls_a_minute_and_a_hundred_calls_of_a_path_in_twenty_seconds() {
    let mut client = TestClient::new();
    for _ in 0..10 {
        assert_eq!(granted(&mut client, &credentials())["errorCode"], 0);
    }
    assert_eq!(granted(&mut client, &credentials())["errorCode"], 14_001);
    let mut client = Client::new();
    for n in 0..100 {
        assert_eq!(client.code(ACTION, &agree(&format!("{n:024x}").replace("00000000", "12345678"))), 0);
    }
    assert_eq!(client.code(ACTION, &agree(CURRENT)), 14_001);
    assert_eq!(client.code(REJECT_TO, &reject(CURRENT, TARGET)), 0, "another path");
    client.client.wait(Duration::from_secs(20));
    assert_eq!(client.code(ACTION, &agree("6183b1b622794e6865bca8cf")), 0);
}

#[test]
fn a_wrong_body_does_nothing() {
    let mut client = Client::new();
    for (name, value) in [
        ("currentTaskId", json!(1)),
        ("rejectToTaskId", Value::Null),
        ("rejectOpinion", json!("")),
        ("moveToCurrentActivityWhenReject", json!("maybe")),
        ("moveToCurrentActivityWhenReject", json!(1)),
        ("opinion", json!("x")),
    ] {
        let mut body = reject(CURRENT, TARGET);
        body["data"][name] = value;
        assert_eq!(client.code(REJECT_TO, &body), 32_000, "{name}");
    }
    assert_eq!(client.code(REJECT_TO, &reject(CURRENT, TARGET)["data"]), 32_000, "not wrapped");
    assert_eq!(client.code(ACTION, &json!({ "data": agree(CURRENT) })), 32_000, "wrapped");
    assert_eq!(client.code(ACTION, &json!({"taskId": CURRENT, "opinion": "x", "actionType": "approve"})), 32_000);
    assert_eq!(client.code("/cgi/crm/nowhere", &json!({})), 10_006);
    for id in ["", "6183b1b6", "zzz3b1b622794e6865bca8ce", "00000000227 94e6865bca8c", "00000000227f4e6865bca8ce"] {
        assert!(client.code(ACTION, &agree(id)) > 0, "{id}");
    }
    assert!(client.client.entries.iter().all(|entry| !entry.effect));
}

#[test]
fn a_rejected_task_goes_back_and_the_node_begins_anew() {
    let mut client = Client::new();
    assert_eq!(client.code(REJECT_TO, &reject(CURRENT, TARGET)), 0);
    assert_eq!(client.code(REJECT_TO, &reject(CURRENT, TARGET)), 30_102, "only once");
    assert_eq!(client.code(ACTION, &agree(CURRENT)), 30_102);
    assert_eq!(client.task(CURRENT)["state"], "go_back");
    assert_eq!(client.task(TARGET)["state"], "pass");
    let instance = client.instance_of(CURRENT);
    assert_eq!(instance["instance"]["state"], "in_progress");
    let tasks = instance["tasks"].as_array().unwrap();
    let open: Vec<_> = tasks.iter().filter(|task| task["state"] == "in_progress").collect();
    assert_eq!(open.len(), 1);
    assert_ne!(open[0]["id"], json!(TARGET));
    let back = tasks.iter().find(|task| task["id"] == CURRENT).unwrap();
    assert_eq!(back["opinions"][0]["opinion"], "no");
}

#[test]
fn a_node_is_rejected_to_only_from_later_in_the_same_instance() {
    let mut client = Client::new();
    assert_eq!(client.code(REJECT_TO, &reject(CURRENT, CURRENT)), 30_103);
    assert_eq!(client.code(REJECT_TO, &reject(CURRENT, TARGET)), 0);
    let other = "6183b1b622794e6865bca8aa";
    assert_eq!(client.task(other)["state"], "in_progress", "another instance");
    assert_eq!(client.code(REJECT_TO, &reject(other, TARGET)), 30_103);
    assert_eq!(client.code(REJECT_TO, &reject(other, "not an id")), 30_103);
}

#[test]
fn two_branches_may_go_back_to_one_node() {
    let mut client = Client::new();
    assert_eq!(client.code(REJECT_TO, &reject(CURRENT, TARGET)), 0);
    assert_eq!(client.code(REJECT_TO, &reject("6183b1b622794e6865bca8bb", TARGET)), 0);
    let one = client.task(CURRENT)["workflow_instance_id"].clone();
    assert_eq!(client.task("6183b1b622794e6865bca8bb")["workflow_instance_id"], one);
}

#[test]
fn coming_back_skips_what_lies_between() {
    let mut client = Client::new();
    let mut body = reject(CURRENT, TARGET);
    body["data"]["moveToCurrentActivityWhenReject"] = json!(true);
    assert_eq!(client.code(REJECT_TO, &body), 0);
    let before = client.instance_of(CURRENT)["tasks"].as_array().unwrap().len();
    let open = client.open_task(CURRENT);
    assert_eq!(client.code(ACTION, &agree(&open)), 0);
    let tasks = client.instance_of(CURRENT)["tasks"].as_array().unwrap().clone();
    assert_eq!(tasks.len(), before + 1);
    assert_eq!(tasks.last().unwrap()["state"], "in_progress");
}

#[test]
fn approvals_pass_node_by_node_and_one_rejection_ends_them() {
    let mut client = Client::new();
    let mut task = CURRENT.to_owned();
    for _ in 0..5 {
        assert_eq!(client.code(ACTION, &agree(&task)), 0);
        let instance = client.instance_of(CURRENT);
        if instance["instance"]["state"] == "pass" {
            break;
        }
        task = instance["tasks"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    }
    assert_eq!(client.instance_of(CURRENT)["instance"]["state"], "pass");

    let no = json!({"data": {"taskId": TARGET, "approvalResult": "reject", "opinion": "no"}});
    assert_eq!(client.code("/cgi/crm/v2/special/object/approvalTask", &no), 0);
    assert_eq!(client.instance_of(TARGET)["instance"]["state"], "reject");
    assert_eq!(client.code("/cgi/crm/v2/special/object/approvalTask", &no), 30_102);
}

#[test]
fn a_node_stays_its_handlers() {
    let mut client = Client::new();
    assert_eq!(client.code(ACTION, &agree("6183b1b622794e68ffffffff")), 30_102, "has passed already");
    let mut body = reject(CURRENT, TARGET);
    body["data"]["moveToCurrentActivityWhenReject"] = json!(true);
    assert_eq!(client.code(REJECT_TO, &body), 0);
    let open = client.open_task(CURRENT);
    client.user = "2000";
    assert_eq!(client.code(ACTION, &agree(&open)), 0, "nobody handled the earlier node yet");
    let back = client.open_task(CURRENT);
    assert_eq!(client.code(ACTION, &agree(&back)), 30_105, "user 1000 handled this node");
    client.user = "1000";
    assert_eq!(client.code(ACTION, &agree(&back)), 0);
}

#[test]
fn a_withdrawn_approval_is_over() {
    let mut client = Client::new();
    let cancel =
        json!({"data": {"entityId": "AccountObj", "objectId": "62f0b1b622794e6865bca8ce", "cancelReason": "mistake"}});
    assert_eq!(client.code(CANCEL, &cancel), 0);
    assert_eq!(client.client.last().effect_id.as_deref(), Some("cancel:AccountObj/62f0b1b622794e6865bca8ce"));
    assert_eq!(client.code(CANCEL, &cancel), 30_104);
    let mut missing = cancel.clone();
    missing["data"]["objectId"] = json!("0000000022794e6865bca8ce");
    assert_eq!(client.code(CANCEL, &missing), 30_101);
    let mut misnamed = cancel;
    misnamed["data"]["opinion"] = json!("x");
    assert_eq!(client.code(CANCEL, &misnamed), 32_000);
}

#[test]
fn an_instance_that_was_read_first_can_be_acted_on() {
    let mut client = Client::new();
    let detail = client.call(INSTANCE, &json!({"instanceId": "5fb4c4d2e4b0f3a1c8d9e0f1"}))["instanceDetail"].clone();
    let open = detail["tasks"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(client.code(REJECT_TO, &reject(&open, TARGET)), 0);
    assert_eq!(client.code(INSTANCE, &json!({"instanceId": "nothing"})), 30_101);
    assert_eq!(
        client.code(RECORD, &json!({"data": {"dataObjectApiName": "AccountObj", "objectDataId": CURRENT}})),
        32_000
    );
}
