//! What the simulator of eSignon does, the unhappy half first.

use std::time::Duration;

use serde_json::json;

use crate::model::{Method, Value};
use crate::sandbox::setup::{EMAIL, PASSWORD};
use crate::sandbox::test_client::{TestClient, request};

const ACTION: &str = "/api/acme/action";

fn login_body(password: &str) -> Value {
    json!({
        "header": {"request_code": "1001Q", "version": "9.9.99"},
        "body": {"memb_email": EMAIL, "memb_pwd": password},
    })
}

fn token(client: &mut TestClient, company: &str) -> String {
    let (_, answer) = client.post(&format!("/api/{company}/login"), &[], &login_body(PASSWORD));
    answer["body"]["access_token"].as_str().unwrap().to_owned()
}

/// A client that has logged in, with its `Authorization`.
fn begun() -> (TestClient, String) {
    let mut client = TestClient::new();
    let bearer = format!("esignon {}", token(&mut client, "acme"));
    (client, bearer)
}

fn wish(command: &str, workflow: &str, action: &str) -> Value {
    json!({
        "header": {"request_code": "5010Q", "api_name": "start api", "session_id": "", "version": "9.9.99"},
        "body": {
            "comp_id": "acme", "biz_id": "0", "client_id": "c-1", "memb_email": "kim@example.com",
            "action_id": action, "workflow_id": workflow, "comment": "fine", "command": command,
        },
    })
}

/// The result code.
fn act(client: &mut TestClient, bearer: &str, body: &Value) -> String {
    let (status, answer) = client.post(ACTION, &[("Authorization", bearer)], body);
    assert_eq!(status, 200);
    answer["header"]["result_code"].as_str().unwrap().to_owned()
}

fn read(client: &mut TestClient, bearer: &str, id: &str) -> Value {
    let target = format!("/api/v2/workflows/{id}?offset=%2B09:00");
    client.send(&request(Method::Get, &target, &[("Authorization", bearer)], "".into())).1
}

#[test]
fn logins_need_the_right_password_and_tokens_expire() {
    let mut client = TestClient::new();
    let (_, refused) = client.post("/api/acme/login", &[], &login_body("wrong"));
    assert_eq!(refused["header"]["result_code"], "10");
    let mut other = login_body(PASSWORD);
    other["body"]["comp_id"] = json!("another");
    assert_eq!(client.post("/api/acme/login", &[], &other).1["header"]["result_code"], "10");
    let mut odd = login_body(PASSWORD);
    odd["body"]["pin"] = json!("1");
    assert_eq!(client.post("/api/acme/login", &[], &odd).1["header"]["result_code"], "12");
    assert!(!serde_json::to_string(&client.entries).unwrap().contains(PASSWORD));

    let token = token(&mut client, "acme");
    for bad in ["", "esignon", &format!("Bearer {token}"), "esignon 1.forged"] {
        assert_eq!(act(&mut client, bad, &wish("CF", "w-1", "1")), "94", "{bad}");
    }
    let bearer = format!("esignon {token}");
    client.wait(Duration::from_secs(30 * 86_400));
    assert_eq!(act(&mut client, &bearer, &wish("CF", "w-1", "1")), "94");
    assert!(client.entries.iter().all(|entry| !entry.effect));
}

#[test]
fn a_token_is_of_one_company() {
    let mut client = TestClient::new();
    let bearer = format!("esignon {}", token(&mut client, "other"));
    assert_eq!(act(&mut client, &bearer, &wish("CF", "w-1", "1")), "94");
}

#[test]
fn a_wrong_body_does_nothing() {
    let (mut client, bearer) = begun();
    let bad: &[(&str, Value, &str)] = &[
        ("/header/request_code", json!("1001Q"), "12"),
        ("/header/version", json!(9), "12"),
        ("/body/action_id", json!(1), "12"),
        ("/body/comment", json!(""), "12"),
        ("/body/memb_email", json!(" "), "12"),
        ("/body/comp_id", json!("other"), "10"),
        ("/body/biz_id", json!("1"), "10"),
        ("/body/command", json!("OK"), "99"),
        ("/body/action_id", json!("01"), "10"),
        ("/body/action_id", json!("first"), "10"),
        ("/body/workflow_id", json!("w missing"), "10"),
        ("/body/workflow_id", json!("w-missing"), "10"),
    ];
    for (path, value, code) in bad {
        let mut body = wish("CF", "w-1", "1");
        *body.pointer_mut(path).unwrap() = value.clone();
        assert_eq!(act(&mut client, &bearer, &body), *code, "{path}: {value}");
    }
    for name in ["client_id", "comment", "action_id"] {
        let mut body = wish("CF", "w-1", "1");
        body["body"].as_object_mut().unwrap().remove(name);
        assert_eq!(act(&mut client, &bearer, &body), "12", "without {name}");
    }
    let mut body = wish("CF", "w-1", "1");
    body["body"]["Comment"] = json!("x");
    assert_eq!(act(&mut client, &bearer, &body), "12");
    let broken = request(Method::Post, ACTION, &[("Authorization", &bearer)], "{".into());
    let (status, answer) = client.send(&broken);
    assert_eq!((status, &answer["header"]["result_code"]), (400, &json!("12")));
    assert!(client.entries.iter().all(|entry| !entry.effect));
}

#[test]
fn a_step_is_acted_on_once_by_its_person_and_leaves_a_trace() {
    let (mut client, bearer) = begun();
    assert_eq!(act(&mut client, &bearer, &wish("CF", "w-1", "2")), "00");
    assert_eq!(client.last().effect_id.as_deref(), Some("approve:w-1:2"));
    assert_eq!(act(&mut client, &bearer, &wish("CF", "w-1", "2")), "10", "not current any more");
    assert_eq!(act(&mut client, &bearer, &wish("CF", "w-1", "7")), "10", "not current yet");
    let seen = read(&mut client, &bearer, "w-1")["body"].clone();
    let last = seen["action_history_list"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|event| event["action_id"] == "2")
        .unwrap()
        .clone();
    assert_eq!(last["confirm_email"], "kim@example.com");
    assert_eq!(last["comment"], "fine");
    assert_eq!(last["confirm_date"], "2027-01-15T17:00:00+09:00");
    if seen["workflow_status"] == "Playing" {
        assert_eq!(seen["current_action_id"], "3");
    }
}

#[test]
fn documents_go_on_to_their_end() {
    let (mut client, bearer) = begun();
    let mut step = 1;
    while act(&mut client, &bearer, &wish("CF", "w-2", &step.to_string())) == "00" {
        step += 1;
        assert!(step < 10);
    }
    assert_eq!(read(&mut client, &bearer, "w-2")["body"]["workflow_status"], "Complete");
    assert_eq!(act(&mut client, &bearer, &wish("RT", "w-2", "1")), "10");
}

#[test]
fn the_first_signers_return_cancels_and_a_later_one_goes_a_step_back() {
    let (mut client, bearer) = begun();
    assert_eq!(act(&mut client, &bearer, &wish("RT", "w-1", "1")), "00");
    assert_eq!(read(&mut client, &bearer, "w-1")["body"]["workflow_status"], "Canceled");
    assert_eq!(act(&mut client, &bearer, &wish("RT", "w-1", "1")), "10");

    assert_eq!(act(&mut client, &bearer, &wish("RT", "w-2", "3")), "00");
    let seen = read(&mut client, &bearer, "w-2")["body"].clone();
    assert_eq!((&seen["workflow_status"], &seen["current_action_id"]), (&json!("Playing"), &json!("2")));
    let owners = seen["owner_list"].as_array().unwrap();
    assert_eq!(owners.iter().filter(|owner| owner["turn_yn"] == "Y").count(), 1);
    assert_eq!(act(&mut client, &bearer, &wish("RT", "w-2", "3")), "10");
    assert_eq!(act(&mut client, &bearer, &wish("CF", "w-2", "2")), "00");
    let mut another = wish("CF", "w-2", "3");
    another["body"]["memb_email"] = json!("lee@example.com");
    assert_eq!(act(&mut client, &bearer, &another), "10", "not her step");
}

#[test]
fn a_document_that_was_read_first_fits_the_first_action() {
    let (mut client, bearer) = begun();
    for n in 0..5 {
        let id = format!("read-{n}");
        assert_eq!(read(&mut client, &bearer, &id)["body"]["workflow_status"], "Playing");
        assert_eq!(act(&mut client, &bearer, &wish("CF", &id, "4")), "00", "{id}");
        assert_eq!(act(&mut client, &bearer, &wish("CF", &id, "4")), "10", "{id}");
    }
}

#[test]
fn endings_of_ids_decide_the_state_of_a_document() {
    let (mut client, bearer) = begun();
    assert_eq!(act(&mut client, &bearer, &wish("CF", "w-unfilled", "1")), "99");
    assert_eq!(act(&mut client, &bearer, &wish("RT", "w-unfilled", "1")), "00");
    for id in ["w-complete", "w-canceled"] {
        assert_eq!(act(&mut client, &bearer, &wish("CF", id, "1")), "10", "{id}");
    }
    assert_eq!(read(&mut client, &bearer, "w-missing")["header"]["result_code"], "10");
    assert_eq!(read(&mut client, &bearer, "w-complete")["body"]["workflow_status"], "Complete");
}
