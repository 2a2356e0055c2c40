//! The head of a request (path, query, headers): the inputs in it, and its problems.

use std::collections::BTreeSet;

use super::address::ELSEWHERE;
use crate::model::{Map, Value, contains_deferred};
use crate::provider::descriptor::{Connection, Input, InputPlace, InputProblem, Operation};
use crate::provider::expression::{Expression, Names};
use crate::template::Destination;

impl Operation {
    /// The inputs that are part of the path, the query or the headers.
    #[must_use]
    pub fn head_inputs(&self) -> BTreeSet<&str> {
        let wiring = &self.wiring;
        let pairs = wiring.query.iter().chain(&wiring.headers).chain(&self.provider.headers);
        let expressions = wiring.path.iter().chain(pairs.map(|(_, expression)| expression));
        let named = expressions.flat_map(|expression| expression.names()).filter_map(|name| match name {
            [root, input, ..] if root == "inputs" => Some(input.as_str()),
            _ => None,
        });
        let placed = self.inputs.iter().filter(|input| matches!(input.place, InputPlace::Query | InputPlace::Header));
        let mut inputs: BTreeSet<&str> = named.chain(placed.map(|input| input.name.as_str())).collect();
        inputs.extend(wiring.query_input.as_deref());
        inputs.extend(wiring.headers_input.as_deref());
        inputs
    }

    /// Where the text at a place inside `with` is sent.
    #[must_use]
    pub fn slot(&self, path: &[String]) -> Destination {
        let Some(input) = path.first().and_then(|first| self.inputs.iter().find(|input| input.answers_to(first)))
        else {
            return Destination::Anywhere;
        };
        let raw = self.wiring.path.iter().flat_map(|path| path.raw_names());
        let is_it = |name: &[String]| matches!(name, [root, named, ..] if root == "inputs" && *named == input.name);
        if raw.into_iter().any(is_it) {
            Destination::Url
        } else if self.head_inputs().contains(input.name.as_str()) {
            Destination::Parameter
        } else {
            Destination::Anywhere
        }
    }

    /// Whether the text at a place inside `with` is a whole path or URL, not a part of one.
    #[must_use]
    pub fn is_whole_address(&self, path: &[String]) -> bool {
        self.slot(path) == Destination::Url && self.wiring.path.as_ref().is_some_and(Expression::begins_raw)
    }

    /// The problems with path, query and headers, as far as the inputs are known. Each problem names its input; its
    /// path is empty if it is about none.
    #[must_use]
    pub fn head_problems(&self, connection: &Connection, settings: &Map, inputs: &Map) -> Vec<InputProblem> {
        let settings = self.provider.settings_over(connection, settings);
        if settings.values().any(contains_deferred) {
            return Vec::new();
        }
        let line = self.head_inputs();
        let known: Map = inputs
            .iter()
            .filter(|(name, value)| line.contains(name.as_str()) && !contains_deferred(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let names = Names { inputs: Some(&known), settings: Some(&settings), ..Names::default() };
        let waits = |input: &str| inputs.get(input).is_some_and(contains_deferred);
        let any_waits = line.iter().any(|input| waits(input));
        let mut problems = Vec::new();
        let mut tell = |path: Vec<String>, message: String| {
            let help = message.contains(ELSEWHERE).then(|| {
                "Give a path below the connection's `base_url`, or name a connection of that host.".to_owned()
            });
            problems.push(InputProblem { path, code: "bad-value", message, help, unknown_spelling: false });
        };
        if let Err(wrong) = self.check_settings(connection, &settings) {
            tell(Vec::new(), wrong);
            return problems;
        }
        let of_path: Vec<&Input> = self.path_inputs();
        if !of_path.iter().any(|input| waits(&input.name)) {
            let given = connection.operations.get(&self.name);
            let named_input = of_path.iter().find(|input| known.contains_key(&input.name));
            match self.path_for(connection, given, &names) {
                Err(wrong) => tell(named_input.iter().map(|input| input.name.clone()).collect(), wrong),
                Ok(mut path) if !any_waits => {
                    if let Err(wrong) = self.add_queries(&mut path, &names) {
                        tell(self.named_input(&line, &known, &wrong), wrong);
                    }
                }
                Ok(_) => {}
            }
        }
        if !any_waits && let Err(wrong) = self.headers_for(&names) {
            tell(self.named_input(&line, &known, &wrong), wrong);
        }
        problems
    }

    /// The inputs in the path.
    fn path_inputs(&self) -> Vec<&Input> {
        let names: Vec<&[String]> = self.wiring.path.iter().flat_map(|path| path.names()).collect();
        let is_named = |input: &&Input| {
            names.iter().any(|name| matches!(name, [root, named, ..] if root == "inputs" && *named == input.name))
        };
        self.inputs.iter().filter(is_named).collect()
    }

    /// The place of the input that a message about a query or header names; empty if it names none.
    fn named_input(&self, line: &BTreeSet<&str>, known: &Map, message: &str) -> Vec<String> {
        let said = |name: &str| message.contains(&format!("`{name}`"));
        let place = |input: &str| {
            let fields = known.get(input).and_then(Value::as_object);
            let field = fields.and_then(|fields| fields.keys().find(|name| said(name)));
            let declared = self.inputs.iter().find(|declared| declared.name == *input);
            let is_it = said(input) || declared.and_then(|input| input.wire_name.as_deref()).is_some_and(said);
            match field {
                Some(field) => Some(vec![input.to_owned(), field.clone()]),
                None => is_it.then(|| vec![input.to_owned()]),
            }
        };
        line.iter().copied().find_map(place).unwrap_or_default()
    }
}
