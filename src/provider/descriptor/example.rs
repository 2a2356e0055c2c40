//! Examples of an operation, which run as tests.

use super::connection::Connection;
use crate::model::{Disposition, Map, Method, Time, Value};

/// A call with its exact request and the answers that may come.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
#[derive(Debug, Clone)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The connection's settings it supposes.
    pub connection: Connection,
    /// When it is sent.
    pub now: Time,
    /// The step's inputs.
    pub inputs: Map,
    /// The request that must result.
    pub request: ExpectedRequest,
    /// Answers and how each must be read.
    pub answers: Vec<ExpectedAnswer>,
}

/// The request that an example expects.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
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

/// An answer and how it must be read.
#[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
#[derive(Debug, Clone)]
pub struct ExpectedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body's text.
    pub body: String,
    /// The disposition it must come to.
    pub disposition: Disposition,
    /// The vendor's code, where the example says it.
    pub code: Option<String>,
    /// The outputs, where the example says them.
    pub outputs: Option<Map>,
}
