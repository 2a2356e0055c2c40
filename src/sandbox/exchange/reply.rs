//! A simulator's reply to a call: the answer, and the changes of the state.

use bytes::Bytes;

use crate::model::{Response, Time, Value};
use crate::sandbox::world::Put;

/// An answer with its changes, which are not applied yet.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Reply {
    pub(in crate::sandbox) status: u16,
    pub(in crate::sandbox) headers: Vec<(String, String)>,
    pub(in crate::sandbox) body: Value,
    /// The vendor's code in the answer.
    pub(in crate::sandbox) code: String,
    /// The effect that the caller asked for; `None` if there was none.
    pub(in crate::sandbox) effect: Option<String>,
    pub(in crate::sandbox) request_id: Option<String>,
    pub(in crate::sandbox) counted: Option<String>,
    pub(in crate::sandbox) puts: Vec<Put>,
    /// The object before the effect. It is stored even if a fault prevents the effect.
    pub(in crate::sandbox) intake: Option<Put>,
}

impl Reply {
    pub(in crate::sandbox) fn new(status: u16, code: impl Into<String>, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body,
            code: code.into(),
            effect: None,
            request_id: None,
            counted: None,
            puts: Vec::new(),
            intake: None,
        }
    }

    pub(in crate::sandbox) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the effect that the caller asked for.
    pub(in crate::sandbox) fn effect(mut self, id: String) -> Self {
        self.effect = Some(id);
        self
    }

    pub(in crate::sandbox) fn put(mut self, put: Put) -> Self {
        self.puts.push(put);
        self
    }

    /// Sets the object before the effect.
    pub(in crate::sandbox) fn intake(mut self, put: Put) -> Self {
        self.intake = Some(put);
        self
    }

    pub(in crate::sandbox) fn puts(mut self, puts: impl IntoIterator<Item = Put>) -> Self {
        self.puts.extend(puts);
        self
    }

    /// The answer as it is sent at `now`.
    pub(in crate::sandbox) fn response(&self, now: Time) -> Response {
        let mut headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("date".to_owned(), now.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        ];
        headers.extend(self.headers.iter().cloned());
        Response { status: self.status, headers, body: Bytes::from(self.body.to_string()) }
    }
}
