//! Answers of every kind: what cannot be read is unknown, whatever the HTTP status says.

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::acme::{changed_registry, map, operation};
use crate::model::{Disposition, Response, Time, why_unreadable};
use crate::provider::{Operation, Reading, Registry, Remedy, RetryAfter};

fn answer(status: u16, body: impl Into<Bytes>) -> Response {
    Response { status, headers: Vec::new(), body: body.into() }
}

fn with_headers(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Response { status, headers, body: body.into() }
}

fn read(operation: &Operation, status: u16, body: &Value) -> Reading {
    operation.read(&answer(status, body.to_string()))
}

#[test]
fn unreadable_answers_are_unknown() {
    let deep = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    let deep_object = format!(r#"{{"head":{{"code":"00"}},"x":{}1{}}}"#, r#"{"x":"#.repeat(1_000), "}".repeat(1_000));
    let operation = operation("create");
    for body in [
        "",
        " ",
        "OK",
        "00",
        "null",
        "[]",
        "{}",
        "true",
        "\"00\"",
        "<html><body>Bad gateway</body></html>",
        r#"{"head":{"code":"00"},"data":{"id":1}"#,
        r#"{"head":{"code":"00"}"#,
        r#"{"head":{"code":"00"},"data":{"id":1}} trailing"#,
        r#"{"head":{"code":"#,
        r#"{"head":"00"}"#,
        r#"{"head":["00"]}"#,
        r#"{"head":{"code":["00"]}}"#,
        r#"{"head":{"code":{"code":"00"}}}"#,
        r#"{"head":{"code":null}}"#,
        r#"{"head":{"code":"00"}}"#,
        r#"{"head":{"code":"00"},"data":{"id":{}}}"#,
        r#"{"head":{"code":"00"},"data":{"id":null}}"#,
        r#"{"head":{"code":"00"},"data":{"id":""}}"#,
        r#"{"head":{"code":"00"},"data":{"id":" \n"},"id":"\u3000"}"#,
        r#"{"head":{"code":"00"},"data":[1]}"#,
        "\u{0}\u{1}",
        &deep,
        &deep_object,
    ] {
        let reading = operation.read(&answer(200, body.to_owned()));
        assert_eq!(reading.disposition, Disposition::Unknown, "{}", body.chars().take(60).collect::<String>());
        assert!(reading.message.is_some() && reading.outputs.is_empty());
    }
    let bytes = operation.read(&answer(200, vec![0xff, 0xfe, 0x00, 0x80]));
    assert_eq!(bytes.disposition, Disposition::Unknown);
}

#[test]
fn codes_are_compared_as_they_are_spelt() {
    let operation = operation("create");
    for (code, disposition) in [
        (json!("00"), Disposition::Succeeded),
        (json!(" 00 "), Disposition::Succeeded),
        (json!(1), Disposition::Succeeded),
        (json!("1"), Disposition::Succeeded),
        (json!(1.0), Disposition::Succeeded),
        (json!(0), Disposition::Rejected),
        (json!("000"), Disposition::Unknown),
        (json!("01"), Disposition::Unknown),
        (json!(10), Disposition::Rejected),
        (json!("21"), Disposition::Rejected),
        (json!("28"), Disposition::Warning),
        (json!(29), Disposition::Unchanged),
        (json!("42"), Disposition::Throttled),
        (json!("50"), Disposition::Unknown),
        (json!("60"), Disposition::Refused),
        (json!("77"), Disposition::Unknown),
        (json!(true), Disposition::Unknown),
    ] {
        let reading = read(&operation, 200, &json!({"head": {"code": code}, "data": {"id": 7, "count": "3"}}));
        assert_eq!(reading.disposition, disposition, "{code}");
        let outputs = if disposition.is_done() { json!({"id": "7", "count": 3}) } else { json!({}) };
        assert_eq!(Value::Object(reading.outputs), outputs, "{code}");
    }
}

#[test]
fn reads_may_be_asked_again_where_writes_may_not() {
    let busy = json!({"head": {"code": "50", "text": "busy", "id": 77}});
    let write = read(&operation("create"), 200, &busy);
    let reading = read(&operation("list"), 200, &busy);
    assert_eq!((write.disposition, reading.disposition), (Disposition::Unknown, Disposition::Unavailable));
    assert_eq!(write.code.as_deref(), Some("50"));
    assert_eq!(write.message.as_deref(), Some("busy"));
    assert_eq!(write.request_id.as_deref(), Some("77"));
}

#[test]
fn a_message_decides_only_where_the_table_says_so() {
    let operation = operation("create");
    let with = |text: &str| read(&operation, 200, &json!({"head": {"code": 0, "text": text}})).disposition;
    assert_eq!(with("Unauthorized Access"), Disposition::ExpiredToken);
    assert_eq!(with("no such thing"), Disposition::Rejected);
    let denied = read(&operation, 200, &json!({"head": {"code": "60", "text": "unauthorized"}}));
    assert_eq!(denied.disposition, Disposition::Refused);
}

#[test]
fn the_http_status_never_makes_a_success() {
    let operation = operation("create");
    let fine = json!({"head": {"code": "00"}, "data": {"id": 7}});
    for status in [100, 199, 300, 302, 400, 500, 502] {
        assert_eq!(read(&operation, status, &fine).disposition, Disposition::Unknown, "{status}");
    }
    // Only what is refused at the gate is believed of a server that failed.
    let code = |code: &str| json!({"head": {"code": code}});
    for status in [500, 502, 504] {
        assert_eq!(read(&operation, status, &code("10")).disposition, Disposition::Unknown);
        assert_eq!(read(&operation, status, &code("28")).disposition, Disposition::Unknown);
        assert_eq!(read(&operation, status, &code("42")).disposition, Disposition::Throttled);
    }
    assert_eq!(read(&operation, 403, &code("10")).disposition, Disposition::Rejected);
    assert_eq!(read(&operation, 404, &code("28")).disposition, Disposition::Unknown);
}

#[test]
fn a_body_that_says_success_under_another_status_leaves_a_write_in_doubt() {
    let fine = json!({"head": {"code": "00", "text": "done", "id": 77}, "data": {"id": 7, "things": []}});
    for status in (300..600).chain([100, 199]) {
        let write = read(&operation("create"), status, &fine);
        assert_eq!((write.disposition, write.code.as_deref()), (Disposition::Unknown, Some("00")), "{status}");
        assert!(write.message.unwrap().contains(&format!("status {status}, and a body that says success")));
        assert_eq!((write.request_id.as_deref(), write.outputs.is_empty()), (Some("77"), true));
    }
    // A read changes nothing: the status speaks, as it always did.
    for (status, disposition) in [(404, Disposition::Rejected), (503, Disposition::Unavailable)] {
        assert_eq!(read(&operation("list"), status, &fine).disposition, disposition, "{status}");
    }
    // A refusal in the body stays one, whatever the status.
    for status in [200, 201, 403, 404] {
        let refused = read(&operation("create"), status, &json!({"head": {"code": "10"}, "data": {"id": 7}}));
        assert_eq!(refused.disposition, Disposition::Rejected, "{status}");
    }
}

#[test]
fn only_a_rule_that_the_body_itself_satisfies_makes_a_contradiction() {
    let open = Registry::builtin().operation("http.request").unwrap();
    let read = |success: Value, status: u16, body: &Value| {
        let mut inputs = map(json!({"method": "POST", "path": "/things", "body": {"id": 1}}));
        if !success.is_null() {
            inputs.insert("success".into(), success);
        }
        open.read_for(&inputs, &answer(status, body.to_string())).disposition
    };
    let fine = json!({"code": 0, "ok": true, "id": 7});
    for rule in
        [json!({"path": "code", "is": 0}), json!({"present": "id"}), json!({"present": "id", "absent": "error"})]
    {
        for status in [400, 401, 403, 404, 408, 409, 429, 500, 503] {
            assert_eq!(read(rule.clone(), status, &fine), Disposition::Unknown, "{rule} under {status}");
        }
        assert_eq!(read(rule.clone(), 404, &json!({"message": "no such thing"})), Disposition::Rejected, "{rule}");
    }
    // Without such a rule nothing says that a body means success.
    for rule in [Value::Null, json!({"absent": "error"}), json!({"path": "code", "is": 1})] {
        for (status, disposition) in [
            (400, Disposition::Rejected),
            (401, Disposition::Refused),
            (404, Disposition::Rejected),
            (429, Disposition::Throttled),
            (500, Disposition::Unknown),
        ] {
            assert_eq!(read(rule.clone(), status, &fine), disposition, "{rule} under {status}");
        }
    }
}

#[test]
fn the_status_decides_if_the_body_has_no_code() {
    let operation = operation("create");
    for (status, disposition) in [
        (404, Disposition::Rejected),
        (503, Disposition::Unavailable),
        (500, Disposition::Unknown),
        (429, Disposition::Unknown),
        (302, Disposition::Unknown),
    ] {
        let reading = operation.read(&answer(status, "<html>"));
        assert_eq!(reading.disposition, disposition, "{status}");
        assert_eq!(reading.code, Some(format!("http {status}")));
    }
    // A code that no table knows leaves the word to the status.
    let odd = read(&operation, 404, &json!({"head": {"code": "99"}}));
    assert_eq!((odd.disposition, odd.code.as_deref()), (Disposition::Rejected, Some("99")));
}

#[test]
fn a_required_output_wants_more_than_a_blank_text() {
    let create =
        |data: Value, id: Value| read(&operation("create"), 200, &json!({"head": {"code": 1}, "data": data, "id": id}));
    let blank = create(json!({"id": ""}), json!(null));
    assert_eq!((blank.disposition, blank.code.as_deref()), (Disposition::Unknown, Some("1")));
    assert_eq!(
        blank.message.as_deref(),
        Some("The answer says success, but `data.id` is missing, empty or of another type")
    );
    // Where documents leave the place open, the next one is looked at.
    let elsewhere = create(json!({"id": " "}), json!("7"));
    assert_eq!((elsewhere.disposition, &elsewhere.outputs["id"]), (Disposition::Succeeded, &json!("7")));
    // A list that is empty says that there is nothing; a missing one says nothing.
    let list = |things: Value| read(&operation("list"), 200, &json!({"head": {"code": 1}, "data": {"things": things}}));
    assert_eq!(list(json!([])).disposition, Disposition::Succeeded);
    for things in [json!(null), json!(""), json!("[]"), json!({})] {
        assert_eq!(list(things).disposition, Disposition::Unknown);
    }
}

#[test]
fn every_required_output_of_the_built_in_operations_wants_more_than_a_blank_text() {
    let registry = Registry::builtin();
    let mut seen = 0;
    for operation in registry.operations().chain(registry.internal_operations()) {
        for output in operation.outputs.iter().filter(|output| output.required) {
            for answer in operation.examples.iter().flat_map(|example| &example.answers) {
                let (Ok(mut body), true) = (serde_json::from_str::<Value>(&answer.body), answer.disposition.is_done())
                else {
                    continue;
                };
                for path in std::iter::once(&output.path).chain(&output.other_paths) {
                    if let Some(value) = body.pointer_mut(&format!("/{}", path.replace('.', "/"))) {
                        *value = json!("");
                    }
                }
                let reading = read(operation, answer.status, &body);
                assert_eq!(reading.disposition, Disposition::Unknown, "{} {body}", operation.full_name());
                seen += 1;
            }
        }
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn half_a_character_in_a_message_spoils_no_answer() {
    let create = operation("create");
    let read = |body: &str| create.read(&answer(200, body.to_owned()));
    let done = read(r#"{"head":{"code":"00","text":"done \ud83d"},"data":{"id":"7"}}"#);
    assert_eq!((done.disposition, done.message.as_deref()), (Disposition::Succeeded, Some("done \u{fffd}")));
    assert_eq!(done.outputs["id"], "7");
    let refused = read(r#"{"head":{"code":"10","text":"\ude00 no"}}"#);
    assert_eq!((refused.disposition, refused.message.as_deref()), (Disposition::Rejected, Some("\u{fffd} no")));
    // What is cut or no JSON stays what it is.
    let cut = read(r#"{"head":{"code":"00","text":"\ud83d"#);
    assert_eq!((cut.disposition, cut.message.as_deref()), (Disposition::Unknown, Some("The answer is cut off")));
}

#[test]
fn failures_of_single_items_in_a_success_are_found() {
    let items = "  otherwise: unknown\n  items: { list: data.items, ok: { path: result, is: [OK] }, message: why }\n";
    let registry = changed_registry(&[("  otherwise: unknown\n", items)]);
    let operation = registry.operation_of("acme", "create").unwrap();
    let body = |items: Value| json!({"head": {"code": 1}, "data": {"id": 7, "items": items}});
    let read = |items: Value| read(operation, 200, &body(items));
    assert_eq!(read(json!([])).disposition, Disposition::Succeeded);
    assert_eq!(read(json!([{"result": "OK"}])).disposition, Disposition::Succeeded);
    let all = read(json!([{"result": "NO", "why": "full"}]));
    assert_eq!((all.disposition, all.message.as_deref()), (Disposition::Rejected, Some("1 of 1 items failed: full")));
    let some = read(json!([{"result": "OK"}, {"result": "NO"}]));
    assert_eq!(some.disposition, Disposition::Unknown);
    assert_eq!(some.outputs["id"], "7");
}

#[test]
fn long_messages_are_cut() {
    let reading = read(&operation("create"), 200, &json!({"head": {"code": 10, "text": "長".repeat(10_000)}}));
    assert_eq!(reading.message.unwrap().chars().count(), 500);
}

#[test]
fn a_redirect_decides_only_where_neither_code_nor_status_is_listed() {
    use Disposition::{Refused, Rejected, Unknown};
    let sent_elsewhere = |operation: &Operation, status: u16, body: &Value| {
        operation.read(&with_headers(status, &[("location", "/there")], body.to_string()))
    };
    for (status, of_write, of_read) in
        [(301, Unknown, Refused), (302, Unknown, Rejected), (303, Unknown, Rejected), (307, Refused, Refused)]
    {
        for (name, wanted) in [("create", of_write), ("list", of_read)] {
            // A code that no table lists says nothing of where the call was sent.
            for body in [json!({}), json!({"head": {"code": "99"}})] {
                let reading = sent_elsewhere(&operation(name), status, &body);
                assert_eq!((reading.disposition, reading.redirect.is_some()), (wanted, true), "{name} {status} {body}");
                assert_eq!(reading.code, Some(format!("http {status}")));
            }
        }
    }
    let by_code = sent_elsewhere(&operation("create"), 307, &json!({"head": {"code": "10"}}));
    assert_eq!((by_code.disposition, by_code.redirect), (Rejected, None));
    let registry = changed_registry(&[("code: http 404, is: rejected", "code: [http 404, http 307], is: rejected")]);
    let by_status = sent_elsewhere(registry.operation_of("acme", "create").unwrap(), 307, &json!({}));
    assert_eq!((by_status.disposition, by_status.redirect), (Rejected, None));
}

#[test]
fn only_answers_that_may_stop_the_run_have_a_remedy() {
    let registry = changed_registry(&[("is: refused }", "is: refused, clock: true, advice: Set the clock. }")]);
    let create = registry.operation_of("acme", "create").unwrap();
    let remedy = |code: &str, text: &str| {
        let body = json!({"head": {"code": code, "text": text}}).to_string();
        create.read(&with_headers(200, &[("date", "Tue, 14 Nov 2023 22:13:20 GMT")], body)).remedy
    };
    let dated = Some(Time::from_secs(1_700_000_000));
    let clock = Remedy { advice: Some("Set the clock.".to_owned()), clock: true, dated };
    assert_eq!(remedy("60", ""), Some(clock));
    assert_eq!(remedy("0", "Unauthorized"), Some(Remedy { advice: None, clock: false, dated }));
    for other in ["10", "28", "42", "50", "99"] {
        assert_eq!(remedy(other, ""), None, "{other}");
    }
}

#[test]
fn a_wait_is_read_off_every_answer() {
    let wait = Some(RetryAfter::For(std::time::Duration::from_secs(7)));
    let done = json!({"head": {"code": "00"}, "data": {"id": 7}});
    for (status, body) in [(200, done), (200, json!({"head": {"code": "42"}})), (503, json!({})), (500, json!(null))] {
        let answer = with_headers(status, &[("retry-after", "7")], body.to_string());
        assert_eq!(operation("create").read(&answer).retry_after, wait, "{status} {body}");
    }
}

#[test]
fn an_operation_that_accepts_any_body_gets_texts_nulls_and_marks() {
    let open = Registry::builtin().operation("http.request").unwrap();
    let body = |bytes: Vec<u8>| {
        let reading = open.read(&with_headers(200, &[("x-request-id", "r-1"), ("location", "/new")], bytes));
        assert_eq!(reading.disposition, Disposition::Succeeded);
        assert_eq!((&reading.outputs["status"], &reading.outputs["location"]), (&json!(200), &json!("/new")));
        assert_eq!(reading.request_id.as_deref(), Some("r-1"));
        reading.body
    };
    assert_eq!(body(b"plain".to_vec()), json!("plain"));
    assert_eq!(body(Vec::new()), Value::Null);
    assert!(why_unreadable(&body(vec![0x1f, 0x8b, 8, 0])).is_some());
    // Of the same bytes another operation can say nothing.
    let acme = operation("create").read(&answer(200, vec![0x1f, 0x8b, 8, 0]));
    assert!(acme.message.unwrap().starts_with("The answer cannot be read:"));
}

proptest! {
    #[test]
    fn any_bytes_at_all_are_read(status in 0_u16..1_000, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let operation = operation("create");
        let reading = operation.read(&answer(status, body));
        prop_assert!(!reading.disposition.is_done());
    }

    #[test]
    fn a_cut_answer_is_never_a_success(length in 0_usize..46) {
        let body = r#"{"head":{"code":"00"},"data":{"id":"abcdef"}}  "#;
        let operation = operation("create");
        let reading = operation.read(&answer(200, &body.as_bytes()[..length.min(44)]));
        prop_assert_eq!(reading.disposition, Disposition::Unknown);
    }
}
