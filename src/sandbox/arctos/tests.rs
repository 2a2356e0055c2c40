//! What the simulator of arctos does, the unhappy half first.

use std::time::Duration;

use serde_json::json;

use crate::model::{Method, Value};
use crate::sandbox::setup::{LICENSE_KEY, SimulatorSettings, TOKEN};
use crate::sandbox::test_client::{TestClient, request};

const CREATE: &str = "/api/task/do_add";
const MODERATOR: &str = "/api/task/service/do_add";
const PUBLISHERS: &str = "/api/task/customer/do_add";
const STATUS: &str = "/told/by/the/vendor";

fn appointment(out_task_num: &str) -> Value {
    json!({
        "business_id": 15, "out_task_num": out_task_num, "task_type": "normal", "task_notify": false,
        "task_time": "1800090000", "task_remark": "", "branch_code": 943, "business_code": "2",
        "room_type": "normal", "video": true,
    })
}

fn call(client: &mut TestClient, target: &str, body: &Value) -> (u16, Value) {
    client.post(target, &[("Authorization", &format!("Bearer {TOKEN}"))], body)
}

/// HTTP status and the body's own.
fn status(client: &mut TestClient, target: &str, body: &Value) -> (u16, i64) {
    let (http, answer) = call(client, target, body);
    (http, answer["status"].as_i64().unwrap_or(-1))
}

fn made(client: &mut TestClient, out_task_num: &str) -> String {
    let (_, answer) = call(client, CREATE, &appointment(out_task_num));
    answer["info"]["task_num"].as_str().unwrap().to_owned()
}

#[test]
fn without_a_valid_token_nothing_happens() {
    let mut client = TestClient::new();
    for headers in [vec![], vec![("authorization", "Bearer nobody")], vec![("authorization", TOKEN)]] {
        let (http, answer) = client.post(CREATE, &headers, &appointment("A-1"));
        assert_eq!((http, &answer["status"], &answer["message"]), (200, &json!(0), &json!("Unauthorized Access")));
        assert!(!client.last().effect);
    }
    assert_eq!(made(&mut client, "A-1"), "202701150000001");
}

#[test]
fn codes_work_once_and_for_ten_minutes_and_tokens_expire() {
    let mut client = TestClient::new();
    let asked = json!({"user_id": "u-1", "role": "MODERATOR"});
    let (_, refused) = client.post("/api/auth/code", &[("arc-license-key", "wrong")], &asked);
    assert_eq!(refused["message"], "Unauthorized Access");
    for bad in [
        json!({"role": "MODERATOR"}),
        json!({"user_id": "u", "role": "BOSS"}),
        json!({"user_id": " ", "role": "ADMIN"}),
    ] {
        let (_, refused) = client.post("/api/auth/code", &[("arc-license-key", LICENSE_KEY)], &bad);
        assert_eq!(refused["status"], 0, "{bad}");
    }
    let code = |client: &mut TestClient| {
        let (_, answer) = client.post("/api/auth/code", &[("arc-license-key", LICENSE_KEY)], &asked);
        answer["info"]["code"].as_str().unwrap().to_owned()
    };
    let login = |client: &mut TestClient, code: &str, client_id: &str| {
        let body = json!({"grant_type": "authorization_code", "client_id": client_id, "code": code});
        client.post("/api/auth/login", &[], &body).1
    };
    let first = code(&mut client);
    assert_eq!(login(&mut client, &first, "somebody")["status"], 0);
    assert_eq!(login(&mut client, "1.forged", "arctos-webapp")["status"], 0);
    let token = login(&mut client, &first, "arctos-webapp")["info"]["access_token"].as_str().unwrap().to_owned();
    assert_eq!(login(&mut client, &first, "arctos-webapp")["status"], 0, "used");
    let late = code(&mut client);
    client.wait(Duration::from_secs(600));
    assert_eq!(login(&mut client, &late, "arctos-webapp")["status"], 0, "too late");
    let bearer = format!("Bearer {token}");
    let (_, answer) = client.post(CREATE, &[("Authorization", &bearer)], &appointment("A-1"));
    assert_eq!(answer["status"], 1);
    client.wait(Duration::from_secs(6_600));
    let (_, answer) = client.post(CREATE, &[("Authorization", &bearer)], &appointment("A-2"));
    assert_eq!(answer["message"], "Unauthorized Access");
    let logged = serde_json::to_string(&client.entries).unwrap();
    for secret in [LICENSE_KEY, &first, &token] {
        assert!(!logged.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn a_wrong_body_makes_nothing() {
    let mut client = TestClient::new();
    let bad: &[(&str, Value)] = &[
        ("business_id", json!("15")),
        ("business_id", Value::Null),
        ("out_task_num", json!("  ")),
        ("task_type", json!("urgent")),
        ("task_notify", json!("false")),
        ("task_time", json!("1800090000000")),
        ("task_time", json!("tomorrow")),
        ("room_type", json!("big")),
        ("video", json!("yes")),
        ("task_remrk", json!("misspelt")),
    ];
    for (name, value) in bad {
        let mut body = appointment("A-1");
        body[*name] = value.clone();
        assert_eq!(status(&mut client, CREATE, &body), (200, 0), "{name}: {value}");
        assert!(!client.last().effect);
    }
    for name in ["business_id", "out_task_num", "task_time", "branch_code", "video"] {
        let mut body = appointment("A-1");
        body.as_object_mut().unwrap().remove(name);
        assert_eq!(status(&mut client, CREATE, &body), (200, 0), "without {name}");
    }
    let headers = [("Authorization", format!("Bearer {TOKEN}"))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (_, answer) = client.send(&request(Method::Post, CREATE, &headers, "{".into()));
    assert_eq!(answer["status"], 0);
}

#[test]
fn a_number_of_the_callers_own_makes_one_appointment() {
    let mut client = TestClient::new();
    assert_eq!(made(&mut client, "A-1"), "202701150000001");
    assert_eq!(made(&mut client, "A-2"), "202701150000002");
    assert_eq!(status(&mut client, CREATE, &appointment("A-1")), (200, 0));
    let effects: Vec<_> = client.entries.iter().filter_map(|entry| entry.effect_id.as_deref()).collect();
    assert_eq!(effects, ["create_task:A-1", "create_task:A-2"]);
}

#[test]
fn task_numbers_must_exist() {
    let mut client = TestClient::new();
    for bad in ["", "1", "20270115000000", "2027011500000a1", "202713450000001", "202701150000000", "202701170000001"] {
        let body = json!({"task_num": bad, "emp_id": "e-1"});
        assert_eq!(status(&mut client, MODERATOR, &body), (404, 0), "{bad}");
    }
    let seen_elsewhere = json!({"task_num": "202402220000021", "emp_id": "e-1"});
    assert_eq!(status(&mut client, MODERATOR, &seen_elsewhere), (200, 1));
}

#[test]
fn people_are_added_once() {
    let mut client = TestClient::new();
    let task = made(&mut client, "A-1");
    let moderator = json!({"task_num": task, "emp_id": "e-1"});
    assert_eq!(status(&mut client, MODERATOR, &moderator), (200, 1));
    assert_eq!(status(&mut client, MODERATOR, &moderator), (200, 2));
    assert!(!client.last().effect);
    assert_eq!(status(&mut client, MODERATOR, &json!({ "task_num": task })), (200, 1));
    assert_eq!(client.last().effect_id.as_deref(), Some(format!("add_moderator:{task}:sandbox").as_str()));
    assert_eq!(status(&mut client, MODERATOR, &json!({"task_num": task, "emp_id": ""})), (200, 0));

    let customer = |id: &str| json!({"customer_name": "n", "customer_id_num": id, "customer_phone": "0911211211"});
    for bad in [json!([]), json!({}), json!([{"customer_name": "n"}]), json!([customer("")])] {
        assert_eq!(status(&mut client, PUBLISHERS, &json!({"task_num": task, "customer": bad})), (200, 0));
    }
    let both = json!({"task_num": task, "customer": [customer("c-1"), customer("c-2")]});
    assert_eq!(status(&mut client, PUBLISHERS, &both), (200, 1));
    assert_eq!(status(&mut client, PUBLISHERS, &both), (200, 2));
    assert!(!client.last().effect);
    let one_more = json!({"task_num": task, "customer": [customer("c-2"), customer("c-3")]});
    assert_eq!(status(&mut client, PUBLISHERS, &one_more), (200, 2));
    assert_eq!(client.last().effect_id.as_deref(), Some(format!("add_publishers:{task}:c-3").as_str()));
}

#[test]
fn an_ended_appointment_cannot_be_changed() {
    let mut client = TestClient::new();
    for (number, end) in [("A-1", "finished"), ("A-2", "canceled")] {
        let task = made(&mut client, number);
        for word in ["cancelled", "done", ""] {
            let body = json!({"task_num": task, "task_status": word});
            assert_eq!(status(&mut client, STATUS, &body), (200, 0), "{word}");
        }
        assert_eq!(status(&mut client, STATUS, &json!({"task_num": task, "task_status": end})), (200, 1));
        for again in ["finished", "canceled"] {
            assert_eq!(status(&mut client, STATUS, &json!({"task_num": task, "task_status": again})), (200, 0));
        }
        assert_eq!(status(&mut client, MODERATOR, &json!({"task_num": task, "emp_id": "e"})), (200, 0));
    }
}

#[test]
fn only_moderators_set_the_status() {
    let mut client = TestClient::new();
    let body = json!({"task_num": "202402220000021", "task_status": "finished"});
    for (role, http) in [("PUBLISHER", 403), ("CLIENT", 403), ("MODERATOR", 200)] {
        let bearer = format!("Bearer {}", client.arctos_token(role));
        assert_eq!(client.post(STATUS, &[("Authorization", &bearer)], &body).0, http, "{role}");
    }
}

#[test]
fn the_status_update_is_known_by_token_and_fields_on_any_path() {
    let mut client = TestClient::new();
    let body = json!({"task_num": "202402220000021", "task_status": "finished"});
    let (_, echo) = client.post(STATUS, &[], &body);
    assert_eq!(echo["path"], STATUS, "nobody's without a token");
    let (_, refused) = client.post(STATUS, &[("Authorization", "Bearer nobody")], &body);
    assert_eq!(refused["message"], "Unauthorized Access");
    let mut misspelt = body.clone();
    misspelt["remark"] = json!("x");
    assert_eq!(status(&mut client, STATUS, &misspelt), (200, 0));
    assert_eq!(status(&mut client, "/api/task/status/do_update", &body), (200, 1));
    assert_eq!(call(&mut client, "/api/task/nowhere", &json!({})).0, 404);
}

#[test]
fn twenty_calls_a_second_pass() {
    let mut client = TestClient::new();
    for n in 0..20 {
        assert_eq!(status(&mut client, CREATE, &appointment(&format!("A-{n}"))), (200, 1));
    }
    assert_eq!(status(&mut client, CREATE, &appointment("A-20")), (429, -1));
    client.wait(Duration::from_secs(1));
    assert_eq!(status(&mut client, CREATE, &appointment("A-20")), (200, 1));
}

#[test]
fn a_revoked_token_is_replaced_by_a_new_login() {
    let mut client = TestClient::with(SimulatorSettings::default(), Some("expire=100%"));
    let bearer = format!("Bearer {}", client.arctos_token("MODERATOR"));
    let (_, answer) = client.post(CREATE, &[("Authorization", &bearer)], &appointment("A-1"));
    assert_eq!(answer["message"], "Unauthorized Access");
    assert_eq!(client.last().fault.as_deref(), Some("expire"));
    let again = format!("Bearer {}", client.arctos_token("MODERATOR"));
    assert_ne!(bearer, again);
}
