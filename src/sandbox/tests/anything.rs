//! Whatever is sent: the simulators answer, the log's line reads back, and nothing panics.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::model::Method;
use crate::sandbox::SimulatorSettings;
use crate::sandbox::setup::TOKEN;
use crate::sandbox::test_client::{TestClient, request, signed};
use crate::sandbox::{LogEntry, Vendor};

const PATHS: &[&str] = &[
    "/api/auth/code",
    "/api/auth/login",
    "/api/task/do_add",
    "/api/task/service/do_add",
    "/api/task/customer/do_add",
    "/api/task/x",
    "/oauth2.0/token?thirdTraceId=1",
    "/cgi/crm/v2/special/approval/rejectToBeforeTask?thirdTraceId=1",
    "/cgi/crm/approvalTask/action?thirdTraceId=1",
    "/cgi/crm/v2/data/get?thirdTraceId=1",
    "/api/acme/login",
    "/api/acme/action",
    "/api/v2/workflows/%C3%A9?offset=%2B09:00",
    "/status/204",
    "/%zz?%&=&a",
];
const ACTIONS: &[&str] =
    &["ModifyFlowDeadline", "CreateReleaseFlow", "CancelFlow", "DescribeFlowBriefs", "DescribeFlowInfo"];
const NAMES: &[&str] = &[
    "header",
    "body",
    "data",
    "task_num",
    "task_status",
    "customer",
    "emp_id",
    "out_task_num",
    "appId",
    "taskId",
    "currentTaskId",
    "rejectToTaskId",
    "memb_email",
    "FlowId",
    "FlowIds",
    "Deadline",
    "Operator",
    "UserId",
    "RecipientId",
];

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,40}".prop_map(Value::from),
        "[0-9]{15}|[0-9a-f]{24}|[0-9A-Za-z]{32}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(NAMES), inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

fn hold(client: &TestClient) -> Result<(), TestCaseError> {
    let line = serde_json::to_string(client.last()).unwrap();
    prop_assert!(!line.contains('\n'));
    let back: LogEntry = serde_json::from_str(&line).unwrap();
    prop_assert_eq!(&back, client.last());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_body_anywhere_is_answered(path in prop::sample::select(PATHS), body in json_value(), get in any::<bool>()) {
        let mut client = TestClient::with(SimulatorSettings::unlimited(), None);
        let method = if get { Method::Get } else { Method::Post };
        let headers = [("Authorization", format!("Bearer {TOKEN}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        client.serve(&request(method, path, &headers, body.to_string().into()));
        hold(&client)?;
    }

    #[test]
    fn any_bytes_anywhere_are_answered(path in ".{0,30}", header in ".{0,60}", body in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut client = TestClient::with(SimulatorSettings::default(), Some("all=9%"));
        for _ in 0..4 {
            client.serve(&request(Method::Post, &path, &[("Authorization", &header)], body.clone().into()));
            hold(&client)?;
        }
    }

    #[test]
    fn any_signed_body_is_answered(action in prop::sample::select(ACTIONS), mut body in json_value()) {
        let mut client = TestClient::with(SimulatorSettings::unlimited(), None);
        if let Value::Object(body) = &mut body {
            body.insert("Operator".to_owned(), json!({"UserId": "u"}));
        }
        let now = client.now;
        client.serve(&signed(Vendor::TencentEss, action, &body, now));
        hold(&client)?;
    }
}
