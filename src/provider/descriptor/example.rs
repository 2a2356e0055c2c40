//! Examples of an operation, which run as tests.

use super::connection::Connection;
use crate::model::{Disposition, Map, Method, Time, Value};

/// A call with its exact request and possible answers.
#[derive(Debug, Clone)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The connection with the settings that the example assumes.
    pub connection: Connection,
    /// When it is sent.
    pub now: Time,
    /// The step's inputs.
    pub inputs: Map,
    /// The expected request.
    pub request: ExpectedRequest,
    /// Answers with their expected readings.
    pub answers: Vec<ExpectedAnswer>,
}

/// The request that an example expects.
#[derive(Debug, Clone)]
pub struct ExpectedRequest {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The body as JSON; `None` without a body.
    pub body: Option<Value>,
    /// Headers that must be among those sent.
    pub headers: Vec<(String, String)>,
}

/// An answer and its expected reading.
#[derive(Debug, Clone)]
pub struct ExpectedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body's text.
    pub body: String,
    /// The expected disposition.
    pub disposition: Disposition,
    /// The expected code; `None` to accept any.
    pub code: Option<String>,
    /// The expected outputs; `None` to accept any.
    pub outputs: Option<Map>,
}
