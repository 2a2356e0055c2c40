//! What a test has a vendor answer.

use std::time::Duration;

use bytes::Bytes;

use super::pattern::Pattern;
use crate::diagnostic::Span;
use crate::model::{Disposition, Response};
use crate::playbook::Spanned;

/// How long an answer takes that does not say it.
pub(super) const TAKES: Duration = Duration::from_millis(50);

/// One answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// To which requests; to any, where it does not say it.
    pub to: Option<Pattern>,
    /// What comes.
    pub played: Played,
    /// How long it takes.
    pub takes: Duration,
    /// To how many requests; none for any number, and for none at all.
    pub times: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// What comes back.
#[derive(Debug, Clone)]
pub enum Played {
    /// An answer.
    Response(Response),
    /// The first of the operation's own examples that comes to this.
    Like(Spanned<Disposition>),
    /// Nothing: the vendor gets the request, and its answer is lost.
    Lost,
    /// Nothing: the vendor never gets the request.
    Unsent,
}

impl Played {
    /// An answer with a JSON body, unless its headers say something else.
    pub(super) fn response(status: u16, mut headers: Vec<(String, String)>, body: String, json: bool) -> Self {
        if json && !headers.iter().any(|(name, _)| name == "content-type") {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        Self::Response(Response { status, headers, body: Bytes::from(body) })
    }
}
