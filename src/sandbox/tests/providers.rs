//! The built-in providers against the simulators: what their files say is what the sandbox takes and answers.

use std::collections::BTreeMap;

use crate::model::{Disposition, Map, Request, Response, Secret, Time};
use crate::provider::auth::{ResolvedCredentials, Token, authorize, login_chain, login_request, token_from};
use crate::provider::{Connection, CredentialSource, Effect, LookupResult, Operation, Reading, Registry};
use crate::sandbox::Sandbox;
use crate::sandbox::SimulatorSettings;
use crate::sandbox::environment;
use crate::sandbox::test_client::{START, TestClient};

struct Client {
    connection: Connection,
    credentials: ResolvedCredentials,
    token: Option<Token>,
    rehearsal: TestClient,
}

fn at(response: Result<Response, crate::model::SendError>) -> Response {
    response.unwrap()
}

impl Client {
    fn new(connection: &Connection, now: Time, faults: Option<&str>) -> Self {
        let credentials = connection.credentials.iter().map(|(name, source)| match source {
            CredentialSource::Literal(secret) => (name.clone(), secret.clone()),
            other => panic!("{other:?}"),
        });
        let mut rehearsal = TestClient::with(SimulatorSettings::unlimited(), None);
        rehearsal.now = now;
        let mut client =
            Self { connection: connection.clone(), credentials: credentials.collect(), token: None, rehearsal };
        client.log_in();
        if let Some(spec) = faults {
            let faults = crate::sandbox::Faults::parse(spec).unwrap();
            let mut troubled = Sandbox::new(SimulatorSettings::unlimited(), Some(faults));
            client.rehearsal.entries.iter().for_each(|entry| troubled.apply(entry));
            client.rehearsal.sandbox = troubled;
        }
        client
    }

    fn log_in(&mut self) {
        let registry = Registry::builtin();
        let provider = registry.provider(&self.connection.provider).unwrap();
        let mut values: BTreeMap<String, Secret> = BTreeMap::new();
        for step in login_chain(provider, &self.credentials) {
            let now = self.rehearsal.now;
            let request =
                login_request(&step, &self.connection, &Map::new(), &self.credentials, &values, now, 1).unwrap();
            let answer = at(self.rehearsal.serve(&request).into_result());
            let token = token_from(&step, &step.operation.read(&answer), values, now).unwrap();
            values = token.values.clone();
            self.token = Some(token);
        }
    }

    fn request(&self, operation: &Operation, inputs: &Map) -> Request {
        let settings = &Map::new();
        let prepared = operation.request(&self.connection, settings, inputs).unwrap();
        let (token, now) = (self.token.as_ref(), self.rehearsal.now);
        authorize(operation, &self.connection, settings, &prepared, &self.credentials, token, now, || 2).unwrap()
    }

    fn call(&mut self, operation: &Operation, inputs: &Map) -> Option<Reading> {
        let request = self.request(operation, inputs);
        let answer = self.rehearsal.serve(&request).into_result().ok()?;
        Some(operation.read_for(inputs, &answer))
    }
}

/// Every example of every operation, with the sandbox's connection of its provider.
fn each(mut judge: impl FnMut(&Operation, &Connection, Map, Time)) {
    let environment = environment();
    for operation in Registry::builtin().operations() {
        let own = environment.iter().find(|connection| connection.provider == operation.provider.name).unwrap();
        for example in &operation.examples {
            let mut connection = own.clone();
            for (name, given) in &example.connection.operations {
                if given.path.is_none() {
                    connection.operations.insert(name.clone(), given.clone());
                }
            }
            let inputs = operation.prepare(&connection, example.inputs.clone(), example.now);
            let inputs = inputs.unwrap();
            // Without a deadline an example is as good at any time; some name things of the year after.
            let timed = !operation.deadlines(&inputs).is_empty();
            judge(operation, &connection, inputs, if timed { example.now } else { Time::from_secs(START) });
        }
    }
}

#[test]
fn every_example_is_taken_and_understood() {
    let mut calls = 0;
    each(|operation, connection, inputs, now| {
        if operation.provider.name == "http" {
            return;
        }
        let mut client = Client::new(connection, now, None);
        let reading = client.call(operation, &inputs).unwrap();
        let name = operation.full_name();
        assert_eq!(reading.disposition, Disposition::Succeeded, "{name}: {reading:?}");
        for output in &operation.outputs {
            assert!(!reading.outputs[&output.name].is_null(), "{name}: {} is not in {reading:?}", output.name);
        }
        let write = operation.effect_for(&inputs) == Effect::Write;
        assert_eq!(client.rehearsal.last().effect, write, "{name}");
        calls += 1;
    });
    assert!(calls >= 17, "{calls}");
}

#[test]
fn lookups_show_the_effects_of_lost_answers_and_closed_calls() {
    let mut looked_up = 0;
    each(|operation, connection, inputs, now| {
        let Some(lookup) = operation.lookup_for(&inputs) else { return };
        let read = Registry::builtin().operation_of(&operation.provider.name, &lookup.operation).unwrap().clone();
        for (spec, done) in [("lose=100%", true), ("500after=100%", true), ("close=100%", false), ("503=100%", false)] {
            let mut client = Client::new(connection, now, Some(spec));
            let reading = client.call(operation, &inputs);
            assert!(reading.is_none_or(|reading| reading.disposition == Disposition::Unknown));
            let mut calm = Sandbox::new(SimulatorSettings::unlimited(), None);
            client.rehearsal.entries.iter().for_each(|entry| calm.apply(entry));
            client.rehearsal.sandbox = calm;
            let asked = read.prepare(&client.connection, lookup.inputs(&inputs, now).unwrap(), now).unwrap();
            let reading = client.call(&read, &asked).unwrap();
            let verdict = lookup.verdict(&inputs, now, &reading);
            let told = match verdict {
                LookupResult::TookEffect(_) => Some(true),
                LookupResult::DidNot => Some(false),
                LookupResult::Undecided => None,
            };
            assert_eq!(told, Some(done), "{} under {spec}: {reading:?}", operation.full_name());
            looked_up += 1;
        }
    });
    assert!(looked_up >= 28, "{looked_up}");
}

#[test]
fn throttled_and_expired_calls_are_recognised() {
    each(|operation, connection, inputs, now| {
        let name = operation.full_name();
        let mut client = Client::new(connection, now, Some("throttle=100%"));
        let reading = client.call(operation, &inputs).unwrap();
        if operation.provider.name != "http" {
            assert_eq!(reading.disposition, Disposition::Throttled, "{name}: {reading:?}");
        }
        if client.token.is_some() {
            let mut client = Client::new(connection, now, Some("expire=100%"));
            let reading = client.call(operation, &inputs).unwrap();
            assert_eq!(reading.disposition, Disposition::ExpiredToken, "{name}: {reading:?}");
        }
    });
}

/// The operations that fetch tokens.
const LOGINS: [&str; 4] = ["arctos.get_auth_code", "arctos.login", "esignon.login", "fxiaoke.get_token"];

#[test]
fn refusals_on_purpose_fail_the_row_alone_and_change_nothing() {
    let mut refused = std::collections::BTreeSet::new();
    each(|operation, connection, inputs, now| {
        let name = operation.full_name();
        let mut client = Client::new(connection, now, Some("refuse=100%"));
        let reading = client.call(operation, &inputs).unwrap();
        if client.rehearsal.last().fault.is_none() {
            assert!(LOGINS.contains(&name), "{name}: {reading:?}");
            return;
        }
        assert_eq!(reading.disposition, Disposition::Rejected, "{name}: {reading:?}");
        assert!(reading.message.as_deref().is_some_and(|message| message.contains("`refuse`")), "{name}: {reading:?}");
        assert!(!client.rehearsal.last().effect, "{name}");
        refused.insert(operation.provider.name.clone());
        let Some(lookup) = operation.lookup_for(&inputs) else { return };
        let read = Registry::builtin().operation_of(&operation.provider.name, &lookup.operation).unwrap().clone();
        let asked = read.prepare(&client.connection, lookup.inputs(&inputs, now).unwrap(), now).unwrap();
        let reading = client.call(&read, &asked).unwrap();
        let verdict = lookup.verdict(&inputs, now, &reading);
        assert!(matches!(verdict, LookupResult::Undecided), "{name}: a refused lookup tells nothing: {verdict:?}");
        let mut calm = Sandbox::new(SimulatorSettings::unlimited(), None);
        client.rehearsal.entries.iter().for_each(|entry| calm.apply(entry));
        client.rehearsal.sandbox = calm;
        let verdict = lookup.verdict(&inputs, now, &client.call(&read, &asked).unwrap());
        assert!(matches!(verdict, LookupResult::DidNot), "{name}: {verdict:?}");
    });
    let vendors: Vec<&str> = refused.iter().map(String::as_str).collect();
    assert_eq!(vendors, ["arctos", "esignon", "fxiaoke", "http", "tencent_ess", "tencent_essbasic"]);
}

#[test]
fn spoilt_answers_of_writes_are_unknown() {
    each(|operation, connection, inputs, now| {
        for spec in ["cut=100%", "garble=100%", "500=100%", "503after=100%"] {
            let mut client = Client::new(connection, now, Some(spec));
            let reading = client.call(operation, &inputs).unwrap();
            if operation.provider.name != "http" {
                let name = operation.full_name();
                let expected = match operation.effect_for(&inputs) {
                    Effect::Write => vec![Disposition::Unknown],
                    Effect::Read => vec![Disposition::Unknown, Disposition::Unavailable],
                };
                assert!(expected.contains(&reading.disposition), "{name} under {spec}: {reading:?}");
            }
        }
    });
}
