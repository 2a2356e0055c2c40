//! Requests: the body's exact bytes, and everything that must not get into path, query or headers.

use serde_json::{Value, json};

use super::acme::{NOW, changed_registry, connection, inputs, map, operation};
use crate::model::Method;
use crate::provider::{Connection, Operation, OperationOverride, PreparedRequest, Registry};

fn made(operation: &Operation, connection: &Connection, changes: Value) -> Result<PreparedRequest, String> {
    let inputs = operation.prepare(connection, inputs(changes), NOW).unwrap();
    operation.request(connection, &connection.settings, &inputs)
}

fn body(prepared: &PreparedRequest) -> &str {
    std::str::from_utf8(&prepared.body).unwrap()
}

#[test]
fn a_missing_or_unknown_setting_is_reported_with_its_fix() {
    let operation = operation("create");
    let inputs = operation.prepare(&connection(), inputs(json!({})), NOW).unwrap();
    let bare = Connection { settings: map(json!({})), ..connection() };
    let wrong = |settings: Value| operation.request(&bare, &map(settings), &inputs).unwrap_err();
    assert!(operation.request(&connection(), &map(json!({})), &inputs).is_ok(), "the connection's own");
    assert!(wrong(json!({})).contains("needs the setting `user_id`"));
    assert!(wrong(json!({"user_id": null})).contains("needs the setting `user_id`"));
    assert!(wrong(json!({"user_id": "u1", "regoin": "x"})).contains("did you mean `region`?"));
}

#[test]
fn settings_cannot_lead_a_path_elsewhere() {
    let operation = operation("create");
    let inputs = operation.prepare(&connection(), inputs(json!({})), NOW).unwrap();
    let path = |user: &str| operation.request(&connection(), &map(json!({"user_id": user})), &inputs);
    assert_eq!(path("a/b?x#y z").unwrap().path_and_query, "/v1/a%2Fb%3Fx%23y%20z/things");
    for bad in ["..", ".", "a/../b", "../..", "%2e%2e", "..\\x", " "] {
        assert!(path(bad).is_err(), "{bad}");
    }
    assert!(path("").unwrap_err().contains("`settings.user_id` has no value"));
}

#[test]
fn headers_cannot_end_their_line() {
    let operation = operation("create");
    for bad in ["a\r\nX-Evil: 1", "a\nb", "a\u{0}", "é"] {
        let wrong = made(&operation, &connection(), json!({"trace_id": bad})).unwrap_err();
        assert!(wrong.contains("`X-Trace`"), "{wrong}");
    }
    let prepared = made(&operation, &connection(), json!({"trace_id": "t-1"})).unwrap();
    assert!(prepared.headers.contains(&("X-Trace".into(), "t-1".into())));
}

#[test]
fn the_body_is_written_as_the_file_shapes_it() {
    let operation = operation("create");
    let changes = json!({"lang": "zh&a=b", "page": 2, "weight": "1.50", "remark": "汉\"\\\n", "extra": {"k": [1, {}]}});
    let prepared = made(&operation, &connection(), changes).unwrap();
    assert_eq!(prepared.method, Method::Post);
    assert_eq!(prepared.path_and_query, "/v1/u1/things?lang=zh%26a%3Db&page=2");
    assert_eq!(
        body(&prepared),
        r#"{"head":{"op":"make","version":"1.0"},"data":{"user":"u1","num":"a1b2","owner":{"name":"n"},"notify":false,"size":3,"weight":1.50,"remark":"汉\"\\\n","extra":{"k":[1,{}]},"tags":["zh&a=b","fixed"]}}"#
    );
    assert!(prepared.headers.contains(&("Content-Type".into(), "application/json".into())));
    assert!(!prepared.headers.iter().any(|(name, _)| name == "X-Region"), "a null header is left out");
}

#[test]
fn an_account_may_spell_inputs_its_own_way() {
    let operation = operation("create");
    let wired = |wire: Value| {
        let mut connection = connection();
        let given = OperationOverride { wire: map(wire), ..OperationOverride::default() };
        connection.operations.insert("create".into(), given);
        made(&operation, &connection, json!({"remark": "r"}))
    };
    let prepared =
        wired(json!({"remark": "remarks", "notify": "string", "size": {"name": "length", "type": "string"}})).unwrap();
    let text = body(&prepared);
    assert!(text.contains(r#""notify":"false","length":"3","remarks":"r""#), "{text}");
    assert!(wired(json!({"num": "integer"})).unwrap_err().contains("`num` must be a whole number"));
    assert!(wired(json!({"num": 1})).unwrap_err().contains("`wire.num`"));
}

#[test]
fn a_path_that_no_document_names_is_asked_for() {
    let registry = changed_registry(&[("path: /v1/list\ninputs", "path: null\ninputs")]);
    let operation = registry.operation_of("acme", "list").unwrap();
    let inputs = map(json!({"nums": ["a1b2"]}));
    let wrong = operation.missing_path(&connection()).unwrap();
    assert!(
        wrong.contains("`acme.list`") && wrong.contains("`operations.list.path` of the connection `acme`"),
        "{wrong}"
    );
    let settings = connection().settings;
    assert_eq!(operation.request(&connection(), &settings, &inputs), Err(wrong));
    let with = |path: &str| {
        let mut connection = connection();
        let given = OperationOverride { path: Some(path.into()), ..OperationOverride::default() };
        connection.operations.insert("list".into(), given);
        assert_eq!(operation.missing_path(&connection), None);
        operation.request(&connection, &settings, &inputs)
    };
    assert_eq!(with("/told/by/them").unwrap().path_and_query, "/told/by/them");
    for bad in ["told", "", "/a b", "/a\n", "/a/../b", "/{{ nothing }}"] {
        assert!(with(bad).is_err(), "{bad}");
    }
}

#[test]
fn limits_and_timeouts_of_the_settings_come_first() {
    use crate::model::{Limits, Rate};
    use std::time::Duration;
    let (create, list) = (operation("create"), operation("list"));
    let rate = |text: &str| Rate::parse(text).ok();
    let mut connection = connection();
    assert_eq!(create.limits_over(&connection), Limits { in_flight: Some(4), rate: rate("2/s") });
    assert_eq!(list.limits_over(&connection), Limits { in_flight: Some(4), rate: rate("10/s") });
    connection.limits = Limits { in_flight: None, rate: rate("5/s") };
    assert_eq!(create.limits_over(&connection), Limits { in_flight: Some(4), rate: rate("5/s") });
    let own = OperationOverride { limits: Limits { in_flight: Some(1), rate: None }, ..OperationOverride::default() };
    connection.operations.insert("create".into(), own);
    assert_eq!(create.limits_over(&connection), Limits { in_flight: Some(1), rate: rate("5/s") });
    assert_eq!(create.timeout_over(&connection), Duration::from_secs(20));
    connection.timeout = Some(Duration::from_secs(3));
    assert_eq!(create.timeout_over(&connection), Duration::from_secs(3));
}

#[test]
fn the_open_operation_takes_any_request_but_no_credentials() {
    let operation = Registry::builtin().operation("http.request").unwrap();
    let connection =
        Connection { name: "h".into(), base_url: Some("https://h.example".into()), ..Connection::default() };
    let make = |with: Value| {
        let inputs = operation.prepare(&connection, map(with), NOW).map_err(|problems| problems[0].message.clone())?;
        operation.request(&connection, &json!({}).as_object().cloned().unwrap(), &inputs)
    };
    for name in ["Host", "content-length", "Authorization", "COOKIE", "Transfer-Encoding", "bad name", ""] {
        assert!(make(json!({"method": "GET", "path": "/", "headers": {name: "x"}})).is_err(), "{name}");
    }
    assert!(make(json!({"method": "TRACE", "path": "/"})).is_err());
    assert!(make(json!({"method": "GET"})).unwrap_err().contains("`path` is required"));
    assert!(make(json!({"method": "GET", "path": "x"})).is_err());
    assert!(make(json!({"method": "GET", "path": "/", "query": {"q": {"a": 1}}})).is_err());
    let text = make(json!({"method": "PATCH", "path": "/a?b=c", "body": "x=1", "query": {"d": [1, "e"]}})).unwrap();
    assert_eq!((text.method, text.path_and_query.as_str()), (Method::Patch, "/a?b=c&d=1&d=e"));
    assert_eq!(text.body.as_ref(), b"x=1");
    let bare = make(json!({"method": "DELETE", "path": "/a"})).unwrap();
    assert!(bare.body.is_empty() && bare.headers.is_empty());
}
