//! Runs the examples of an operation: builds the request, and reads each answer.

use bytes::Bytes;

use crate::model::{Map, Response, Value};
use crate::provider::descriptor::{Connection, Example, ExpectedAnswer, ExpectedRequest, Operation};
use crate::provider::request::PreparedRequest;

impl Operation {
    /// What is wrong with its examples, one sentence each; empty if all hold.
    #[must_use]
    #[cfg(any(test, feature = "internals"))]
    pub fn example_failures(&self) -> Vec<String> {
        let name = |example: usize| format!("{}: {}", self.full_name(), self.examples[example].name);
        self.failing_examples().into_iter().map(|(example, wrong)| format!("{}: {wrong}", name(example))).collect()
    }

    /// The examples that do not hold, by their index, each with what is wrong; an example may stand there several times.
    pub(super) fn failing_examples(&self) -> Vec<(usize, String)> {
        let examples = self.examples.iter().enumerate();
        examples.flat_map(|(at, example)| example.failures(self).into_iter().map(move |wrong| (at, wrong))).collect()
    }
}

impl Example {
    fn failures(&self, operation: &Operation) -> Vec<String> {
        let connection = Connection {
            name: operation.provider.name.clone(),
            provider: operation.provider.name.clone(),
            ..self.connection.clone()
        };
        let inputs = match operation.prepare(&connection, self.inputs.clone(), self.now) {
            Ok(inputs) => inputs,
            Err(problems) => return problems.into_iter().map(|problem| problem.message).collect(),
        };
        let request = operation.request(&connection, &connection.settings, &inputs);
        let mut failures = match request {
            Ok(prepared) => self.request.failures(&prepared),
            Err(wrong) => vec![wrong],
        };
        failures.extend(self.answers.iter().flat_map(|answer| answer.failures(operation, &inputs)));
        failures
    }
}

impl ExpectedRequest {
    fn failures(&self, prepared: &PreparedRequest) -> Vec<String> {
        let mut failures = Vec::new();
        let mut expect = |what: &str, wanted: String, got: String| {
            if wanted != got {
                failures.push(format!("the {what} is {got}, not {wanted}"));
            }
        };
        expect("method", self.method.as_str().to_owned(), prepared.method.as_str().to_owned());
        expect("path", self.path.clone(), prepared.path_and_query.clone());
        if let Some(body) = &self.body {
            // The order of an object's keys is part of the body, and so of the example.
            expect("body", body.to_string(), String::from_utf8_lossy(&prepared.body).into_owned());
        }
        for (name, value) in &self.headers {
            let sent = prepared.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            expect(name, value.clone(), sent.map_or_else(|| "absent".to_owned(), |(_, sent)| sent.clone()));
        }
        failures
    }
}

impl ExpectedAnswer {
    fn failures(&self, operation: &Operation, inputs: &Map) -> Vec<String> {
        let answer = Response { status: self.status, headers: Vec::new(), body: Bytes::from(self.body.clone()) };
        let reading = operation.read_for(inputs, &answer);
        let shown = format!("the answer {} {}", self.status, self.body);
        let mut failures = Vec::new();
        if reading.disposition != self.disposition {
            failures.push(format!(
                "{shown} reads as `{}`, not `{}`",
                reading.disposition.as_str(),
                self.disposition.as_str()
            ));
        }
        if let Some(code) = self.code.as_ref().filter(|code| reading.code.as_ref() != Some(code)) {
            let got = reading.code.as_ref().map_or("no code".to_owned(), |got| format!("the code `{got}`"));
            failures.push(format!("{shown} has {got}, not `{code}`"));
        }
        if let Some(outputs) = self.outputs.as_ref().filter(|outputs| **outputs != reading.outputs) {
            let (got, wanted) = (Value::Object(reading.outputs.clone()), Value::Object(outputs.clone()));
            failures.push(format!("{shown} gives the outputs {got}, not {wanted}"));
        }
        failures
    }
}
