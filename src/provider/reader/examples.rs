//! Examples, which run as tests.

use std::sync::Arc;

use super::answers::disposition;
use super::expressions::text_map;
use crate::diagnostic::{Diagnostics, Source};
use crate::language::Fields;
use crate::language::operation::{EXAMPLE, EXAMPLE_ANSWER, EXAMPLE_CONNECTION, EXAMPLE_OPERATION, EXAMPLE_REQUEST};
use crate::model::{Map, Method, Time, Value};
use crate::provider::descriptor::{Connection, Example, ExpectedAnswer, ExpectedRequest, OperationOverride};
use crate::yaml::Node;

/// Reads one example.
pub(crate) fn read_example(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Example> {
    let mut fields = Fields::open(node, source, diagnostics, &EXAMPLE)?;
    let name = fields.required_text("name")?;
    let connection = match fields.node("connection") {
        Some(node) => read_connection(node, source, fields.diagnostics())?,
        None => Connection::default(),
    };
    let now = fields.parsed("now", "an instant in RFC 3339", instant).unwrap_or(Time::from_secs(1_700_000_000));
    let inputs = object(&mut fields, "with");
    let request = fields.required("request")?;
    let request = read_request(request, source, fields.diagnostics());
    let mut answers = Vec::new();
    for node in fields.list("answers").unwrap_or_default() {
        answers.extend(read_answer(node, source, fields.diagnostics()));
    }
    if answers.is_empty() {
        let span = fields.span();
        fields.error("missing-key", span, "An example needs at least one of `answers`", None);
    }
    fields.finish();
    Some(Example { name, connection, now, inputs, request: request?, answers })
}

fn instant(text: &str) -> Result<Time, String> {
    text.parse::<jiff::Timestamp>().map(Time::from_timestamp).map_err(|error| error.to_string())
}

fn object(fields: &mut Fields<'_, '_>, key: &'static str) -> Map {
    match fields.node(key).map(Node::to_value) {
        Some(Value::Object(map)) => map,
        None => Map::new(),
        Some(_) => {
            let span = fields.span();
            fields.error("bad-type", span, format!("`{key}` must be a map"), None);
            Map::new()
        }
    }
}

fn read_connection(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Connection> {
    let mut fields = Fields::open(node, source, diagnostics, &EXAMPLE_CONNECTION)?;
    let mut connection = Connection {
        settings: object(&mut fields, "settings"),
        defaults: object(&mut fields, "defaults"),
        scheme: fields.choice("scheme"),
        base_url: fields.text("base_url"),
        ..Connection::default()
    };
    for (key, node) in fields.map("operations").unwrap_or_default() {
        let Some(mut given) = Fields::open(node, source, fields.diagnostics(), &EXAMPLE_OPERATION) else {
            continue;
        };
        let read = OperationOverride {
            path: given.text("path"),
            limits: given.limits("limits").unwrap_or_default(),
            wire: object(&mut given, "wire"),
        };
        given.finish();
        connection.operations.insert(key.text.clone(), read);
    }
    fields.finish();
    Some(connection)
}

fn read_request(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<ExpectedRequest> {
    let mut fields = Fields::open(node, source, diagnostics, &EXAMPLE_REQUEST)?;
    let word = |text: &str| Method::parse(text).ok_or_else(|| "this is no HTTP method".to_owned());
    let method = fields.parsed("method", "an HTTP method", word).unwrap_or(Method::Post);
    let path = fields.required_text("path");
    let body = fields.node("body").map(Node::to_value);
    let headers = text_map(&mut fields, "headers").into_iter().collect();
    fields.finish();
    Some(ExpectedRequest { method, path: path?, body, headers })
}

fn read_answer(node: &Node, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<ExpectedAnswer> {
    let mut fields = Fields::open(node, source, diagnostics, &EXAMPLE_ANSWER)?;
    let status = fields.integer("status").and_then(|status| u16::try_from(status).ok()).unwrap_or(200);
    let text = fields.text("text");
    let json = fields.node("body").map(|node| node.to_value().to_string());
    fields.required("is");
    let disposition = disposition(&mut fields, "is");
    let code = fields.text("code");
    let outputs = fields.node("outputs").is_some().then(|| object(&mut fields, "outputs"));
    fields.finish();
    Some(ExpectedAnswer { status, body: text.or(json).unwrap_or_default(), disposition: disposition?, code, outputs })
}
