//! One address for all: whose a call is, and the echo for the rest.

use serde_json::json;

use crate::model::Method;
use crate::sandbox::Vendor;
use crate::sandbox::environment;
use crate::sandbox::test_client::{TestClient, post, request};

#[test]
fn calls_find_their_vendor() {
    let mut client = TestClient::new();
    for (target, headers, vendor, operation) in [
        ("/", vec![("X-TC-Action", "A"), ("X-TC-Version", "2020-11-11")], Vendor::TencentEss, "A"),
        ("/", vec![("x-tc-action", "A"), ("X-TC-Version", "2021-05-26")], Vendor::TencentEssbasic, "A"),
        ("/oauth2.0/token", vec![], Vendor::Fxiaoke, "token"),
        ("/cgi/crm/x", vec![], Vendor::Fxiaoke, "/cgi/crm/x"),
        ("/api/auth/login", vec![], Vendor::Arctos, "login"),
        ("/api/task/do_add", vec![], Vendor::Arctos, "createBlankTask"),
        ("/api/acme/login", vec![], Vendor::Esignon, "1001Q"),
        ("/api/acme/action", vec![], Vendor::Esignon, "5010Q"),
        ("/api/v2/workflows/1", vec![], Vendor::Esignon, "workflow"),
        ("/api/acme/elsewhere", vec![], Vendor::Http, "echo"),
        ("/", vec![], Vendor::Http, "echo"),
    ] {
        client.serve(&post(target, &headers, &json!({})));
        assert_eq!((client.last().vendor, client.last().operation.as_str()), (vendor, operation), "{target}");
    }
}

#[test]
fn the_echo_answers_what_it_got() {
    let mut client = TestClient::new();
    let (status, echo) = client.post("/hook/1?a=b%20c", &[("Authorization", "Bearer secret")], &json!({"x": 1.50}));
    assert_eq!(status, 200);
    assert_eq!(echo, json!({"method": "POST", "path": "/hook/1", "query": {"a": "b c"}, "body": {"x": 1.50}}));
    assert!(client.last().effect);
    assert!(!serde_json::to_string(client.last()).unwrap().contains("secret"));
    let (_, echo) = client.send(&request(Method::Get, "/x", &[], "".into()));
    assert_eq!(echo["body"], serde_json::Value::Null);
    assert!(!client.last().effect);
    let (_, echo) = client.send(&request(Method::Put, "/x", &[], "plain".into()));
    assert_eq!(echo["body"], "plain");
}

#[test]
fn statuses_can_be_asked_for() {
    let mut client = TestClient::new();
    for (target, status) in [("/status/404", 404), ("/status/503/x", 503), ("/status/99", 400), ("/status/x", 400)] {
        assert_eq!(client.post(target, &[], &json!({})).0, status, "{target}");
        assert!(!client.last().effect);
    }
    assert_eq!(client.post("/status/201", &[], &json!({})).0, 201);
}

#[test]
fn the_environment_has_a_connection_for_every_vendor() {
    let environment = environment();
    let names: Vec<&str> = environment.iter().map(|connection| connection.name.as_str()).collect();
    assert_eq!(names, Vendor::ALL.map(Vendor::as_str));
    let written = serde_json::to_string(&environment).unwrap();
    for (_, secret) in crate::sandbox::setup::CREDENTIALS.iter().filter(|(name, _)| !name.ends_with("_id")) {
        assert!(!written.contains(secret), "{secret}");
    }
}
