//! What follows an attempt: the one table of guarantees 4, 5 and 9.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Disposition, Repeat, StepOutcome};

/// What became of one send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendOutcome {
    /// An answer, read by the provider's table.
    Answered(Disposition),
    /// Sent, and no answer came: a timeout, a reset, a crash of ours.
    Lost,
    /// Provably never reached the vendor.
    Unsent,
}

/// The attempt's circumstances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// Whether the call changes something.
    pub write: bool,
    /// What the operation allows after an answer that never came.
    pub repeat: Repeat,
    /// Whether an earlier send of this same call may have taken effect.
    pub doubt: bool,
    /// Whether the operation has a read that can tell.
    pub lookup: bool,
    /// Whether the retry settings allow another send after trouble.
    pub sends_left: bool,
    /// Whether they allow another after a refusal for pace or a failure to connect.
    pub gate_sends_left: bool,
    /// Whether the token may be renewed once more for this call.
    pub renewals_left: bool,
    /// Whether fresh tokens are refused time and again, for whatever call: the credentials are no good.
    pub token_hopeless: bool,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The call is done, so.
    Done(StepOutcome),
    /// The call has failed for good; no effect of it stands.
    Failed,
    /// It may have taken effect; nobody can tell.
    Unknown,
    /// Send again after the back-off.
    Again,
    /// Renew the token, then send again at once.
    Renew,
    /// Ask the vendor by the operation's lookup, after its settling time.
    LookUp,
    /// Every row would be refused: stop the run; this call stays to be done.
    StopRun,
    /// A quota is used up: hold the run; this call stays to be done.
    Hold,
}

/// What a lookup told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LookupVerdict {
    /// The effect is there.
    TookEffect,
    /// It is not there, and the provider file calls this read conclusive.
    DidNot,
    /// It cannot be told.
    Undecided,
}

impl LookupVerdict {
    /// In words, behind what was said of the call itself.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::TookEffect => "a lookup found the effect",
            Self::DidNot => "a lookup found no effect",
            Self::Undecided => "a lookup could not tell",
        }
    }
}

/// Decides what follows an attempt.
#[must_use]
pub fn decide(came: SendOutcome, attempt: &Attempt) -> Verdict {
    match came {
        SendOutcome::Answered(disposition) => after_answer(disposition, attempt),
        SendOutcome::Lost => after_silence(attempt),
        SendOutcome::Unsent => after_gate(attempt),
    }
}

fn after_answer(disposition: Disposition, attempt: &Attempt) -> Verdict {
    match disposition {
        Disposition::Succeeded => Verdict::Done(StepOutcome::Succeeded),
        Disposition::Warning => Verdict::Done(StepOutcome::Warning),
        // After a lost answer "already so" may be our own doing: the lookup tells whose it is.
        Disposition::Unchanged if attempt.write && attempt.doubt && attempt.lookup => Verdict::LookUp,
        Disposition::Unchanged => Verdict::Done(StepOutcome::Unchanged),
        Disposition::Throttled | Disposition::Unavailable => after_gate(attempt),
        Disposition::ExpiredToken if attempt.token_hopeless => Verdict::StopRun,
        Disposition::ExpiredToken if attempt.renewals_left => Verdict::Renew,
        // Other calls go through with the same token: it is this one that is refused.
        Disposition::ExpiredToken => without_effect_of_this_send(attempt),
        Disposition::Rejected => without_effect_of_this_send(attempt),
        Disposition::Refused => Verdict::StopRun,
        Disposition::QuotaExhausted => Verdict::Hold,
        Disposition::Unknown => after_silence(attempt),
    }
}

/// This send had no effect; only an earlier one may have.
fn without_effect_of_this_send(attempt: &Attempt) -> Verdict {
    match (attempt.write && attempt.doubt, attempt.lookup) {
        (false, _) => Verdict::Failed,
        (true, true) => Verdict::LookUp,
        (true, false) => Verdict::Unknown,
    }
}

fn after_gate(attempt: &Attempt) -> Verdict {
    if attempt.gate_sends_left { Verdict::Again } else { without_effect_of_this_send(attempt) }
}

fn after_silence(attempt: &Attempt) -> Verdict {
    if !attempt.write {
        return if attempt.sends_left { Verdict::Again } else { Verdict::Failed };
    }
    match attempt.repeat {
        Repeat::Safe | Repeat::Keyed if attempt.sends_left => Verdict::Again,
        Repeat::Never => Verdict::Unknown,
        Repeat::Safe | Repeat::Keyed | Repeat::Lookup if attempt.lookup => Verdict::LookUp,
        Repeat::Safe | Repeat::Keyed | Repeat::Lookup => Verdict::Unknown,
    }
}

/// Decides what follows a lookup of a call in doubt.
#[must_use]
pub fn decide_after_lookup(told: LookupVerdict, attempt: &Attempt) -> Verdict {
    match told {
        LookupVerdict::TookEffect => Verdict::Done(StepOutcome::Succeeded),
        LookupVerdict::DidNot if attempt.repeat == Repeat::Never => Verdict::Failed,
        LookupVerdict::DidNot if attempt.sends_left => Verdict::Again,
        LookupVerdict::DidNot => Verdict::Failed,
        LookupVerdict::Undecided => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Attempt = Attempt {
        write: true,
        repeat: Repeat::Never,
        doubt: false,
        lookup: false,
        sends_left: true,
        gate_sends_left: true,
        renewals_left: true,
        token_hopeless: false,
    };

    #[test]
    fn silence_after_a_write_that_must_not_repeat_is_unknown_at_once() {
        for came in [SendOutcome::Lost, SendOutcome::Answered(Disposition::Unknown)] {
            assert_eq!(decide(came, &BASE), Verdict::Unknown);
            assert_eq!(decide(came, &Attempt { lookup: true, ..BASE }), Verdict::Unknown);
            assert_eq!(decide(came, &Attempt { repeat: Repeat::Lookup, lookup: true, ..BASE }), Verdict::LookUp);
            assert_eq!(decide(came, &Attempt { repeat: Repeat::Safe, ..BASE }), Verdict::Again);
            let spent = Attempt { repeat: Repeat::Safe, sends_left: false, ..BASE };
            assert_eq!(decide(came, &spent), Verdict::Unknown);
        }
    }

    #[test]
    fn what_never_left_is_sent_again_whatever_the_operation_says() {
        for came in [
            SendOutcome::Unsent,
            SendOutcome::Answered(Disposition::Throttled),
            SendOutcome::Answered(Disposition::Unavailable),
        ] {
            assert_eq!(decide(came, &BASE), Verdict::Again);
            assert_eq!(decide(came, &Attempt { gate_sends_left: false, ..BASE }), Verdict::Failed);
            assert_eq!(decide(came, &Attempt { gate_sends_left: false, doubt: true, ..BASE }), Verdict::Unknown);
        }
    }

    #[test]
    fn a_rejection_after_a_lost_answer_proves_nothing() {
        let rejected = SendOutcome::Answered(Disposition::Rejected);
        assert_eq!(decide(rejected, &BASE), Verdict::Failed);
        assert_eq!(decide(rejected, &Attempt { doubt: true, ..BASE }), Verdict::Unknown);
        assert_eq!(decide(rejected, &Attempt { doubt: true, lookup: true, ..BASE }), Verdict::LookUp);
    }

    #[test]
    fn a_token_is_renewed_until_it_is_clear_that_it_does_not_help() {
        let expired = SendOutcome::Answered(Disposition::ExpiredToken);
        assert_eq!(decide(expired, &BASE), Verdict::Renew);
        assert_eq!(decide(expired, &Attempt { token_hopeless: true, ..BASE }), Verdict::StopRun);
        let spent = Attempt { renewals_left: false, ..BASE };
        assert_eq!(decide(expired, &spent), Verdict::Failed);
        assert_eq!(decide(expired, &Attempt { doubt: true, ..spent }), Verdict::Unknown);
    }

    #[test]
    fn no_answer_at_all_ever_repeats_a_never_write_in_doubt() {
        for lookup in [false, true] {
            for sends_left in [false, true] {
                let attempt = Attempt { doubt: true, lookup, sends_left, ..BASE };
                assert_ne!(decide(SendOutcome::Lost, &attempt), Verdict::Again);
                assert_ne!(decide_after_lookup(LookupVerdict::DidNot, &attempt), Verdict::Again);
                assert_eq!(decide_after_lookup(LookupVerdict::Undecided, &attempt), Verdict::Unknown);
            }
        }
    }
}
