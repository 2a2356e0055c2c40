//! The built-in provider files against the simulators: logins, every operation, refusals, and what lookups find.

use std::collections::BTreeMap;

use runsheet::internals::model::{Disposition, Map, Secret, Time, Value};
use runsheet::internals::provider::auth::{
    ResolvedCredentials, Token, authorize, login_chain, login_request, token_from,
};
use runsheet::internals::provider::{Connection, CredentialSource, LookupResult, Operation, Reading, Registry};
use runsheet::internals::sandbox::{Sandbox, SimulatorSettings, environment};
use serde_json::json;

const NOW: i64 = 1_800_000_000;
const FLOW: &str = "yDCNtUUckpvrezq3UudRJ1LEXDLa8Lga";
const SIGNER: &str = "yDwhyUUckp2cmuh4Uu2bfpvRH48OvSw7";
const TASK: &str = "6183b1b622794e6865bca8ce";
const EARLIER: &str = "6183b1b0b89d061cf7fbac1f";

fn map(value: Value) -> Map {
    value.as_object().cloned().unwrap()
}

/// One run's worth of calls.
struct TestFolder {
    sandbox: Sandbox,
    now: Time,
    tokens: BTreeMap<String, Token>,
    random: u128,
}

impl TestFolder {
    fn new() -> Self {
        let sandbox = Sandbox::new(SimulatorSettings::default(), None);
        Self { sandbox, now: Time::from_secs(NOW), tokens: BTreeMap::new(), random: 0 }
    }

    /// A call with its token, a second after the one before it.
    fn call(&mut self, uses: &str, with: Value) -> Reading {
        let operation = Registry::builtin().operation(uses).unwrap();
        self.call_over(&connection(&operation), &operation, map(with))
    }

    fn call_over(&mut self, connection: &Connection, operation: &Operation, with: Map) -> Reading {
        let inputs = operation.prepare(connection, with, self.now).unwrap();
        let prepared = operation.request(connection, &connection.settings, &inputs).unwrap();
        let credentials = resolved(connection);
        let token = self.token(connection, operation, &credentials);
        let random = self.random();
        let request = authorize(
            operation,
            connection,
            &connection.settings,
            &prepared,
            &credentials,
            token.as_ref(),
            self.now,
            || random,
        );
        let answer = self.send(&request.unwrap());
        operation.read_for(&inputs, &answer)
    }

    fn send(&mut self, request: &runsheet::internals::model::Request) -> runsheet::internals::model::Response {
        self.now = Time::from_secs(self.now.as_secs() + 1);
        self.sandbox.answer(self.now, request).into_result().unwrap()
    }

    fn random(&mut self) -> u128 {
        self.random += 1;
        self.random
    }

    fn token(
        &mut self,
        connection: &Connection,
        operation: &Operation,
        credentials: &ResolvedCredentials,
    ) -> Option<Token> {
        if let Some(token) = self.tokens.get(&connection.name) {
            return Some(token.clone());
        }
        let mut token = None;
        let mut values = BTreeMap::new();
        for step in login_chain(&operation.provider, credentials) {
            let random = self.random();
            let settings = &connection.settings;
            let request = login_request(&step, connection, settings, credentials, &values, self.now, random).unwrap();
            let reading = step.operation.read(&self.send(&request));
            assert_eq!(reading.disposition, Disposition::Succeeded, "{reading:?}");
            let got = token_from(&step, &reading, values, self.now).unwrap();
            values = got.values.clone();
            token = Some(got);
        }
        self.tokens.extend(token.clone().map(|token| (connection.name.clone(), token)));
        token
    }

    /// What the operation's lookup finds about a call.
    fn verdict(&mut self, uses: &str, with: Value) -> LookupResult {
        let operation = Registry::builtin().operation(uses).unwrap();
        let connection = connection(&operation);
        let inputs = operation.prepare(&connection, map(with), self.now).unwrap();
        let lookup = operation.lookup_for(&inputs).unwrap();
        let read = Registry::builtin().operation_of(&operation.provider.name, &lookup.operation).unwrap();
        let asked = lookup.inputs(&inputs, self.now).unwrap();
        let reading = self.call_over(&connection, read, asked);
        assert_eq!(reading.disposition, Disposition::Succeeded, "{reading:?}");
        lookup.verdict(&inputs, self.now, &reading)
    }
}

fn connection(operation: &Operation) -> Connection {
    environment().into_iter().find(|connection| connection.provider == operation.provider.name).unwrap()
}

fn resolved(connection: &Connection) -> ResolvedCredentials {
    let literal = |source: &CredentialSource| match source {
        CredentialSource::Literal(secret) => secret.clone(),
        other => panic!("{other:?}"),
    };
    connection.credentials.iter().map(|(name, source)| (name.clone(), literal(source))).collect()
}

fn appointment(number: &str) -> Value {
    json!({
        "business_id": 15, "out_task_num": number, "task_type": "normal", "task_notify": false,
        "task_time": NOW + 86_400, "task_remarks": "r", "branch_code": "943", "room_type": "normal", "video": true,
    })
}

#[test]
fn an_appointment_goes_through_its_life() {
    let mut desk = TestFolder::new();
    let created = desk.call("arctos.create_task", appointment("A-1"));
    assert_eq!(created.disposition, Disposition::Succeeded, "{created:?}");
    let number = created.outputs["task_num"].clone();
    let moderator = json!({"task_num": number, "emp_id": "e-1"});
    assert_eq!(desk.call("arctos.add_moderator", moderator.clone()).disposition, Disposition::Succeeded);
    assert_eq!(desk.call("arctos.createTaskModerator", moderator).disposition, Disposition::Warning);
    let customers = json!({"task_num": number, "customer": [
        {"customer_name": "n", "customer_id_num": 1, "customer_phone": "0911211211", "customer_email": null},
        {"customer_name": "m", "customer_id_num": "2"},
    ]});
    assert_eq!(desk.call("arctos.add_publishers", customers).disposition, Disposition::Succeeded);
    let cancel = json!({"task_num": number, "task_status": "canceled"});
    assert_eq!(desk.call("arctos.update_status", cancel.clone()).disposition, Disposition::Succeeded);
    assert_eq!(desk.call("arctos.update_status", cancel).disposition, Disposition::Rejected);
    assert_eq!(desk.call("arctos.create_task", appointment("A-1")).disposition, Disposition::Rejected);
    let nowhere = json!({"task_num": "missing", "emp_id": "e-1"});
    assert_eq!(desk.call("arctos.add_moderator", nowhere).disposition, Disposition::Rejected);
}

#[test]
fn an_expired_token_is_distinguished_from_other_failures() {
    let mut desk = TestFolder::new();
    desk.call("arctos.create_task", appointment("A-1"));
    desk.now = Time::from_secs(NOW + 86_000);
    assert_eq!(desk.call("arctos.create_task", appointment("A-2")).disposition, Disposition::ExpiredToken);
    let stale = Token { values: BTreeMap::from([("access_token".into(), Secret::new("made-up"))]), ..Token::default() };
    for (uses, with) in
        [("esignon.get_workflow", json!({"workflow_id": "w-1"})), ("fxiaoke.get_task", json!({"objectDataId": TASK}))]
    {
        let provider = uses.split('.').next().unwrap();
        desk.tokens.insert(provider.to_owned(), Token { ..stale.clone() });
        if provider == "fxiaoke" {
            desk.tokens.get_mut(provider).unwrap().values.insert("ea".into(), Secret::new("sandbox"));
        }
        assert_eq!(desk.call(uses, with).disposition, Disposition::ExpiredToken, "{uses}");
    }
}

#[test]
fn an_approval_goes_back_once_and_the_lookup_knows() {
    let mut desk = TestFolder::new();
    let task = desk.call("fxiaoke.get_task", json!({"objectDataId": TASK}));
    assert_eq!(task.outputs["state"], "in_progress", "{task:?}");
    let back = json!({"currentTaskId": TASK, "rejectToTaskId": EARLIER, "rejectOpinion": "why",
        "moveToCurrentActivityWhenReject": "1"});
    assert_eq!(desk.verdict("fxiaoke.reject_to_node", back.clone()), LookupResult::DidNot);
    let done = desk.call("fxiaoke.rejectToBeforeTask", back.clone());
    assert_eq!(done.disposition, Disposition::Succeeded, "{done:?}");
    assert!(done.request_id.is_some());
    assert_eq!(desk.verdict("fxiaoke.reject_to_node", back.clone()), LookupResult::TookEffect(Map::new()));
    assert_eq!(desk.call("fxiaoke.reject_to_node", back).disposition, Disposition::Rejected);
    let instance = json!({"instanceId": task.outputs["instance_id"]});
    assert_eq!(desk.call("fxiaoke.get_instance", instance).disposition, Disposition::Succeeded);
}

#[test]
fn an_approval_is_completed_or_withdrawn() {
    let mut desk = TestFolder::new();
    for (task, verdict) in [("6183b1b622794e6865bca8c1", "agree"), ("6183b1b622794e6865bca8c2", "reject")] {
        let with = json!({"taskId": task, "opinion": "o", "actionType": verdict});
        assert_eq!(desk.verdict("fxiaoke.complete_approval", with.clone()), LookupResult::DidNot, "{verdict}");
        assert_eq!(desk.call("fxiaoke.complete_approval", with.clone()).disposition, Disposition::Succeeded);
        assert_eq!(desk.verdict("fxiaoke.complete_approval", with), LookupResult::TookEffect(Map::new()), "{verdict}");
    }
    let cancel = json!({"entityId": "AccountObj", "objectId": "6183b1b622794e6865bca8c3", "cancelReason": "c"});
    assert_eq!(desk.call("fxiaoke.cancel_approval", cancel.clone()).disposition, Disposition::Succeeded);
    assert_eq!(desk.call("fxiaoke.cancel_approval", cancel).disposition, Disposition::Rejected);
}

#[test]
fn documents_are_approved_and_returned_and_the_lookup_knows() {
    let mut desk = TestFolder::new();
    for (uses, step) in [("esignon.approve", "2"), ("esignon.return", "2"), ("esignon.return", "1")] {
        let workflow = format!("w-{}-{step}", &uses[8..]);
        let with = json!({"memb_email": "a@example.com", "action_id": step, "workflow_id": workflow, "comment": "c"});
        let done = desk.call(uses, with.clone());
        assert_eq!(done.disposition, Disposition::Succeeded, "{uses} {step}: {done:?}");
        assert_eq!(desk.verdict(uses, with.clone()), LookupResult::TookEffect(Map::new()), "{uses} {step}");
        assert_eq!(desk.call(uses, with).disposition, Disposition::Rejected, "{uses} {step}");
    }
    let read = desk.call("esignon.get_workflow", json!({"workflow_id": "w-untouched"}));
    let current = read.outputs["action_id"].clone();
    let with =
        json!({"memb_email": "a@example.com", "action_id": current, "workflow_id": "w-untouched", "comment": "c"});
    assert_eq!(desk.verdict("esignon.approve", with), LookupResult::DidNot);
}

#[test]
fn deadlines_move_forward_and_the_lookup_knows() {
    let mut desk = TestFolder::new();
    for provider in ["tencent_essbasic", "tencent_ess"] {
        let uses = format!("{provider}.ModifyFlowDeadline");
        let with = json!({"FlowId": FLOW, "Deadline": NOW + 90 * 86_400});
        assert_eq!(desk.verdict(&uses, with.clone()), LookupResult::DidNot, "{provider}");
        let done = desk.call(&uses, with.clone());
        assert_eq!(done.disposition, Disposition::Succeeded, "{done:?}");
        assert!(done.request_id.is_some());
        assert_eq!(desk.verdict(&uses, with.clone()), LookupResult::TookEffect(Map::new()), "{provider}");
        let repeated = desk.call(&uses, with);
        assert_eq!(repeated.disposition, Disposition::Rejected, "{repeated:?}");
        let signer = json!({"FlowId": FLOW, "Deadline": NOW + 30 * 86_400, "RecipientId": SIGNER});
        let operation = Registry::builtin().operation(&uses).unwrap();
        assert!(operation.lookup_for(&map(signer.clone())).is_none());
        assert_eq!(desk.call(&uses, signer).disposition, Disposition::Succeeded);
    }
}

#[test]
fn contracts_are_read_released_and_cancelled() {
    let mut desk = TestFolder::new();
    for (provider, read) in [
        ("tencent_essbasic", "describe_flow_details"),
        ("tencent_ess", "describe_flow_briefs"),
        ("tencent_ess", "describe_flow_info"),
    ] {
        let reading = desk.call(&format!("{provider}.{read}"), json!({"FlowIds": [FLOW]}));
        assert_eq!(reading.outputs["flows"][0]["FlowId"], FLOW, "{reading:?}");
    }
    for provider in ["tencent_essbasic", "tencent_ess"] {
        let uses = format!("{provider}.cancel_flow");
        let with = json!({"FlowId": FLOW, "CancelMessage": "条款有误"});
        assert_eq!(desk.call(&uses, with.clone()).disposition, Disposition::Succeeded);
        assert_eq!(desk.verdict(&uses, with.clone()), LookupResult::TookEffect(Map::new()));
        assert_eq!(desk.call(&uses, with).disposition, Disposition::Rejected);
    }
    let release =
        json!({"NeedRelievedFlowId": "yDwnGUUgygkgi7fdUx6JlVOE0wxxxxxx", "RelieveInfo": {"Reason": "结束合作"}});
    let released = desk.call("tencent_ess.create_release_flow", release);
    assert_eq!(released.disposition, Disposition::Succeeded, "{released:?}");
    assert_eq!(released.outputs["FlowId"].as_str().map(str::len), Some(32));
}

#[test]
fn a_wrong_key_stops_the_run() {
    let mut desk = TestFolder::new();
    let operation = Registry::builtin().operation("tencent_ess.describe_flow_briefs").unwrap();
    let mut connection = connection(&operation);
    connection.credentials.insert("secret_key".into(), CredentialSource::Literal(Secret::new("wrong")));
    let reading = desk.call_over(&connection, &operation, map(json!({"FlowIds": [FLOW]})));
    assert_eq!(reading.disposition, Disposition::Refused, "{reading:?}");
    assert!(reading.code.unwrap().starts_with("AuthFailure"));
}

#[test]
fn a_path_that_the_vendor_keeps_to_itself_is_asked_for() {
    let operation = Registry::builtin().operation("arctos.updateTaskStatus").unwrap();
    let bare = Connection { name: "arctos".into(), provider: "arctos".into(), ..Connection::default() };
    let wrong = operation.missing_path(&bare).unwrap();
    assert!(wrong.contains("`operations.update_status.path` of the connection `arctos`"), "{wrong}");
    assert_eq!(operation.missing_path(&connection(&operation)), None);
}

#[test]
fn a_vendors_name_of_two_operations_names_both() {
    let error = Registry::builtin().operation("esignon.5010Q").unwrap_err();
    assert!(error.message.contains("`esignon.approve` and `esignon.return`"), "{error}");
    assert_eq!(Registry::builtin().operation("tencent_ess.CreateReleaseFlow").unwrap().name, "create_release_flow");
    assert_eq!(Registry::builtin().operation("arctos.createBlankTask").unwrap().name, "create_task");
}

#[test]
fn a_misspelt_input_never_widens_a_call() {
    let operation = Registry::builtin().operation("tencent_essbasic.extend_deadline").unwrap();
    let connection = connection(&operation);
    let prepare = |with: Value| operation.prepare(&connection, map(with), Time::from_secs(NOW));
    let deadline = NOW + 1;
    let misspelt = prepare(json!({"FlowId": FLOW, "Deadline": deadline, "RecipientID": SIGNER})).unwrap_err();
    assert_eq!(misspelt[0].help.as_deref(), Some("Did you mean `RecipientId`?"));
    let whole = prepare(json!({"FlowId": FLOW, "Deadline": deadline, "RecipientId": null})).unwrap();
    assert_eq!(operation.widened(&whole), ["RecipientId"]);
    let one = prepare(json!({"FlowId": FLOW, "Deadline": deadline, "RecipientId": SIGNER})).unwrap();
    assert!(operation.widened(&one).is_empty());
    for bad in [
        json!({"FlowId": &FLOW[1..], "Deadline": deadline}),
        json!({"FlowId": FLOW, "Deadline": NOW}),
        json!({"FlowId": FLOW, "Deadline": deadline, "RecipientId": ""}),
        json!({"FlowId": FLOW, "Deadline": deadline * 1_000}),
        json!({"FlowId": FLOW, "Deadline": deadline, "Agent": {"AppID": "x"}}),
    ] {
        assert!(prepare(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn texts_that_a_vendor_refuses_are_refused_here() {
    let operation = Registry::builtin().operation("tencent_ess.create_release_flow").unwrap();
    let connection = connection(&operation);
    let reason = |reason: &str| {
        let with = json!({"NeedRelievedFlowId": FLOW, "ReliveInfo": {"Reason": reason}});
        operation.prepare(&connection, map(with), Time::from_secs(NOW)).is_ok()
    };
    assert!(reason("因为业务调整，结束合作。(a) 100% “x”"));
    assert!(reason(&"长".repeat(200)));
    assert!(!reason(&"长".repeat(201)));
    assert!(!reason("再见👋"));
    assert!(!reason("🇨🇳"));
    assert!(!reason(""));
}
