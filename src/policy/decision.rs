//! Decides what follows an attempt: the only table of these decisions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Disposition, Repeat, StepOutcome};

/// The result of one send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendOutcome {
    /// An answer, read by the provider's table.
    Answered(Disposition),
    /// Sent without an answer: a time-out, a reset, or a crash of this process.
    Lost,
    /// It provably did not reach the vendor.
    Unsent,
}

/// What is known after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// Whether the call changes something.
    pub write: bool,
    /// What may follow a lost answer, by the operation's rules.
    pub repeat: Repeat,
    /// Whether an earlier send of the same call may have taken effect.
    pub doubt: bool,
    /// Whether the operation has a lookup.
    pub lookup: bool,
    /// Whether the retry settings allow another send after a failure.
    pub sends_left: bool,
    /// Whether they allow another send after throttling or a failed connection.
    pub gate_sends_left: bool,
    /// Whether the token may be renewed once more for this call.
    pub renewals_left: bool,
    /// Whether fresh tokens were refused repeatedly, for any call: then the credentials are wrong.
    pub token_hopeless: bool,
}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The call is done with this outcome.
    Done(StepOutcome),
    /// The call has failed for good, and no effect of it exists.
    Failed,
    /// It may have taken effect, and nothing can decide it.
    Unknown,
    /// Send again after the back-off.
    Again,
    /// Renew the token, then send again at once.
    Renew,
    /// Look up whether it took effect, after the lookup's delay.
    LookUp,
    /// Every row would be refused: stop the run. This call can be sent later.
    StopRun,
    /// A quota is used up: the run waits. This call can be sent later.
    Hold,
}

/// What a lookup found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LookupVerdict {
    /// The effect exists.
    TookEffect,
    /// The effect does not exist, and the provider file calls this read conclusive.
    DidNot,
    /// It cannot be determined.
    Undecided,
}

impl LookupVerdict {
    /// The verdict in words, to follow the details of the call.
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
        // After a lost answer, the earlier send may be what changed it: the lookup decides.
        Disposition::Unchanged if attempt.write && attempt.doubt && attempt.lookup => Verdict::LookUp,
        Disposition::Unchanged => Verdict::Done(StepOutcome::Unchanged),
        Disposition::Throttled | Disposition::Unavailable => after_gate(attempt),
        Disposition::ExpiredToken if attempt.token_hopeless => Verdict::StopRun,
        Disposition::ExpiredToken if attempt.renewals_left => Verdict::Renew,
        // Other calls succeed with the same token, so this call itself is refused.
        Disposition::ExpiredToken => without_effect_of_this_send(attempt),
        Disposition::Rejected => without_effect_of_this_send(attempt),
        Disposition::Refused => Verdict::StopRun,
        Disposition::QuotaExhausted => Verdict::Hold,
        Disposition::Unknown => after_silence(attempt),
    }
}

/// This send had no effect; only an earlier one may have had one.
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
    fn an_unsent_call_is_sent_again_whatever_the_operation_says() {
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

    /// Every attempt that the flags can describe.
    fn all_attempts() -> Vec<Attempt> {
        let repeats = [Repeat::Safe, Repeat::Keyed, Repeat::Lookup, Repeat::Never];
        let flags = (0..128_u32).map(|bits| (0..7).map(|bit| bits >> bit & 1 == 1).collect::<Vec<_>>());
        flags
            .flat_map(|flag| {
                repeats.map(|repeat| Attempt {
                    write: flag[0],
                    repeat,
                    doubt: flag[1],
                    lookup: flag[2],
                    sends_left: flag[3],
                    gate_sends_left: flag[4],
                    renewals_left: flag[5],
                    token_hopeless: flag[6],
                })
            })
            .collect()
    }

    /// What follows where this send had no effect and no further send is allowed.
    fn given_up(attempt: &Attempt) -> Verdict {
        match attempt {
            Attempt { write: true, doubt: true, lookup: true, .. } => Verdict::LookUp,
            Attempt { write: true, doubt: true, lookup: false, .. } => Verdict::Unknown,
            _ => Verdict::Failed,
        }
    }

    #[test]
    fn an_answer_that_says_done_ends_the_call_whatever_else_holds() {
        for attempt in all_attempts() {
            let after = |disposition| decide(SendOutcome::Answered(disposition), &attempt);
            assert_eq!(after(Disposition::Succeeded), Verdict::Done(StepOutcome::Succeeded));
            assert_eq!(after(Disposition::Warning), Verdict::Done(StepOutcome::Warning));
            let own_doing = attempt.write && attempt.doubt && attempt.lookup;
            let unchanged = if own_doing { Verdict::LookUp } else { Verdict::Done(StepOutcome::Unchanged) };
            assert_eq!(after(Disposition::Unchanged), unchanged, "{attempt:?}");
        }
    }

    #[test]
    fn a_refusal_of_every_row_stops_or_holds_the_run_whatever_else_holds() {
        for attempt in all_attempts() {
            let after = |disposition| decide(SendOutcome::Answered(disposition), &attempt);
            assert_eq!(after(Disposition::Refused), Verdict::StopRun);
            assert_eq!(after(Disposition::QuotaExhausted), Verdict::Hold);
        }
    }

    #[test]
    fn a_send_without_effect_is_repeated_while_the_gate_allows_and_then_given_up() {
        for attempt in all_attempts() {
            let expected = if attempt.gate_sends_left { Verdict::Again } else { given_up(&attempt) };
            for came in [
                SendOutcome::Unsent,
                SendOutcome::Answered(Disposition::Throttled),
                SendOutcome::Answered(Disposition::Unavailable),
            ] {
                assert_eq!(decide(came, &attempt), expected, "{attempt:?}");
            }
            assert_eq!(decide(SendOutcome::Answered(Disposition::Rejected), &attempt), given_up(&attempt));
        }
    }

    #[test]
    fn an_expired_token_is_renewed_unless_that_is_hopeless_or_used_up() {
        for attempt in all_attempts() {
            let expected = match (attempt.token_hopeless, attempt.renewals_left) {
                (true, _) => Verdict::StopRun,
                (false, true) => Verdict::Renew,
                (false, false) => given_up(&attempt),
            };
            assert_eq!(decide(SendOutcome::Answered(Disposition::ExpiredToken), &attempt), expected, "{attempt:?}");
        }
    }

    #[test]
    fn after_silence_a_read_is_repeated_and_a_write_follows_its_repeat() {
        for attempt in all_attempts() {
            let looked_up = if attempt.lookup { Verdict::LookUp } else { Verdict::Unknown };
            let expected = match (attempt.write, attempt.repeat) {
                (false, _) => [Verdict::Failed, Verdict::Again][usize::from(attempt.sends_left)],
                (true, Repeat::Never) => Verdict::Unknown,
                (true, Repeat::Lookup) => looked_up,
                (true, Repeat::Safe | Repeat::Keyed) if attempt.sends_left => Verdict::Again,
                (true, Repeat::Safe | Repeat::Keyed) => looked_up,
            };
            for came in [SendOutcome::Lost, SendOutcome::Answered(Disposition::Unknown)] {
                assert_eq!(decide(came, &attempt), expected, "{attempt:?}");
            }
        }
    }

    #[test]
    fn a_lookup_that_found_nothing_sends_again_only_what_may_be_repeated() {
        for attempt in all_attempts() {
            let again = attempt.repeat != Repeat::Never && attempt.sends_left;
            let expected = if again { Verdict::Again } else { Verdict::Failed };
            assert_eq!(decide_after_lookup(LookupVerdict::DidNot, &attempt), expected, "{attempt:?}");
            let found = decide_after_lookup(LookupVerdict::TookEffect, &attempt);
            assert_eq!(found, Verdict::Done(StepOutcome::Succeeded));
            assert_eq!(decide_after_lookup(LookupVerdict::Undecided, &attempt), Verdict::Unknown);
        }
    }

    #[test]
    fn every_verdict_of_a_lookup_has_its_own_words() {
        assert_eq!(LookupVerdict::TookEffect.in_words(), "a lookup found the effect");
        assert_eq!(LookupVerdict::DidNot.in_words(), "a lookup found no effect");
        assert_eq!(LookupVerdict::Undecided.in_words(), "a lookup could not tell");
    }
}
