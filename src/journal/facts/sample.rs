//! Facts as the tests of this floor need them.

use std::sync::Arc;

use super::{AttemptEnd, Attempted, CallRef, Fact, Intent};
use crate::model::StepOutcome;

/// A write is about to be sent.
pub(crate) fn intent(call: CallRef) -> Fact {
    let (hash, element, natural_key) = ("h".to_owned(), Some("e".to_owned()), None);
    Fact::Intent(Intent { call, attempt: 1, hash, element, natural_key, counts: Vec::new(), effect: None })
}

/// An attempt ended, without a word of the vendor.
pub(crate) fn answer(call: CallRef, end: AttemptEnd, outcome: Option<StepOutcome>) -> Fact {
    let (code, message, request_id) = (None, None, None);
    Fact::Attempted(Attempted {
        call,
        end,
        outcome,
        look_up: false,
        read: false,
        joined: false,
        token_known_expired: false,
        code,
        message,
        request_id,
        outputs: Arc::default(),
        body: Arc::default(),
        http_status: None,
        took_ms: None,
        waited: Default::default(),
    })
}
