//! Lists of words that several kinds of files share.

use super::documented::documents;
use super::shape::{WordDoc, word};
use crate::model::{Disposition, Method, Repeat, RowOutcome};

/// How a row ends, in the order in which one outcome wins over another.
pub const ROW_OUTCOMES: [WordDoc; 7] = [
    word("unknown", "A call was sent, and its outcome was never learned"),
    word("partial", "Some effects of the row stand and others are missing"),
    word("failed", "The row finished without success, and none of its effects stands"),
    word("not_started", "No call of the row was sent"),
    word("succeeded", "Every step was done"),
    word("unchanged", "Everything was already as wanted"),
    word("skipped", "No step was wanted, by the playbook's own conditions"),
];

/// What one answer means.
pub const DISPOSITIONS: [WordDoc; 10] = [
    word("succeeded", "The vendor says that the call was carried out"),
    word("warning", "The call was carried out, and the vendor has a warning"),
    word("unchanged", "The vendor says that it was so already"),
    word("throttled", "Refused before it took effect, because calls came too fast; the call is sent again"),
    word("unavailable", "Not served and without effect; the call is sent again"),
    word("expired_token", "The token ran out; it is renewed and the call is sent again"),
    word("rejected", "The vendor refused this request; a repeat would not help"),
    word("refused", "The vendor refuses the account, the permission or the quota; the run stops"),
    word("quota_exhausted", "The calls of the day are used up; the run stops until they come back"),
    word("unknown", "The call may or may not have taken effect"),
];

/// What may follow an answer that never came.
pub const REPEATS: [WordDoc; 4] = [
    word("safe", "The call is sent again: a second effect equals the first"),
    word("keyed", "The call is sent again under the same idempotency key"),
    word("lookup", "The operation's `lookup` finds out whether the call took effect"),
    word("never", "The call is never sent again; its outcome is unknown"),
];

/// The HTTP methods.
pub const METHODS: [WordDoc; 6] = [
    word("GET", "Reads"),
    word("POST", "Sends a body"),
    word("PUT", "Replaces"),
    word("PATCH", "Changes parts"),
    word("DELETE", "Removes"),
    word("HEAD", "Reads the headers alone"),
];

documents!(ROW_OUTCOMES, RowOutcome);
documents!(DISPOSITIONS, Disposition);
documents!(REPEATS, Repeat);
documents!(METHODS, Method);
