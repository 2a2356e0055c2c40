//! A contract: its signers, its deadlines, where it stands.

use serde::{Deserialize, Serialize};

use super::super::entry::Vendor;
use super::super::seed;

/// What has happened to a contract, apart from time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Live,
    Rejected,
    Signed,
    Expired,
    Cancelled,
    Released,
}

/// One who signs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Signer {
    pub(super) recipient: String,
    pub(super) signed: bool,
    /// His own deadline; without one the contract's holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deadline: Option<i64>,
    /// Whether a caller named him; whom nobody named may still take another id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) named: bool,
}

/// One contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Flow {
    pub(in super::super) product: Vendor,
    pub(in super::super) id: String,
    pub(super) name: String,
    pub(super) state: State,
    /// Only read so far: the first write may still say what it was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) provisional: bool,
    /// Whether the signers sign one after the other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) ordered: bool,
    pub(super) created: i64,
    pub(super) deadline: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) message: String,
    pub(super) signers: Vec<Signer>,
    /// The agreement that is to release it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) release: Option<String>,
}

const DAY: i64 = 86_400;

/// What a write needs a contract to be that was not seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Nothing: it is only read.
    Reading,
    /// Live; with a deadline before the one that is wanted.
    Live { wanted: Option<i64> },
    /// Live, its signers in no order, so that one of them can be given more time.
    SignerLive,
    /// Signed by all.
    Signed,
}

/// Ids of contracts and of their parties: 32 letters and digits, `-` and `_`.
pub(super) fn well_formed(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether an id ends in a word, in either case.
pub(super) fn ends_in(id: &str, word: &str) -> bool {
    id.to_ascii_lowercase().ends_with(word)
}

/// Endings of ids that say where an unseen contract stands.
const WORDS: &[(&str, State)] = &[
    ("expired", State::Expired),
    ("signed", State::Signed),
    ("cancelled", State::Cancelled),
    ("canceled", State::Cancelled),
    ("rejected", State::Rejected),
    ("released", State::Released),
];

impl Flow {
    /// A contract that was not seen before, as its id and the call that names it first make it.
    pub(super) fn unseen(product: Vendor, id: &str, now: i64, fit: Fit) -> Self {
        let dice = |what: &str, low, high| seed::between(&["flow", what, product.as_str(), id], low, high) as i64;
        let created = now - dice("age", 3, 30) * DAY;
        let mut deadline = now + dice("days", 2, 6) * DAY + dice("seconds", 0, 3_600);
        if let Fit::Live { wanted: Some(wanted) } = fit
            && (now + 2..=deadline).contains(&wanted)
        {
            deadline = now + (wanted - now) / 2;
        }
        let signers = (0..dice("signers", 2, 3))
            .map(|order| Signer {
                recipient: seed::id32("yDR", &["signer", product.as_str(), id, &order.to_string()]),
                signed: order == 0 && dice("first", 0, 1) == 1,
                deadline: None,
                named: false,
            })
            .collect();
        let mut flow = Self {
            product,
            id: id.to_owned(),
            name: format!("Contract {}", seed::hex(&["flow name", id], 6)),
            state: State::Live,
            provisional: true,
            ordered: dice("ordered", 0, 3) == 0,
            created,
            deadline,
            message: String::new(),
            signers,
            release: None,
        };
        match WORDS.iter().find(|(word, _)| ends_in(id, word)) {
            Some((_, state)) => flow.end(*state, now),
            None => flow.settle(fit),
        }
        flow
    }

    /// Makes a contract that was only read what the first write needs it to be.
    pub(super) fn settle(&mut self, fit: Fit) {
        if !self.provisional || fit == Fit::Reading {
            return;
        }
        self.provisional = false;
        match fit {
            Fit::Signed => self.sign(),
            Fit::SignerLive => self.ordered = false,
            Fit::Live { .. } | Fit::Reading => {}
        }
    }

    fn sign(&mut self) {
        self.state = State::Signed;
        self.signers.iter_mut().for_each(|signer| signer.signed = true);
    }

    fn end(&mut self, state: State, now: i64) {
        self.provisional = false;
        if matches!(state, State::Signed | State::Released) {
            self.sign();
        }
        self.state = state;
        if state == State::Expired {
            self.deadline = now - DAY;
        }
    }

    /// Where it stands at `now`.
    pub(super) fn at(&self, now: i64) -> State {
        if self.state == State::Live && self.deadline <= now { State::Expired } else { self.state }
    }

    fn begun(&self) -> bool {
        self.signers.iter().any(|signer| signer.signed)
    }

    /// `FlowStatus` of ess.
    pub(super) fn number(&self, now: i64) -> i64 {
        match self.at(now) {
            State::Live if self.begun() => 2,
            State::Live => 1,
            State::Rejected => 3,
            State::Signed => 4,
            State::Expired => 5,
            State::Cancelled => 6,
            State::Released => 21,
        }
    }

    /// `FlowStatus` of essbasic.
    pub(super) fn word(&self, now: i64) -> &'static str {
        match self.at(now) {
            State::Live if self.begun() => "PART",
            State::Live => "INIT",
            State::Rejected => "REJECT",
            State::Signed => "ALL",
            State::Expired => "DEADLINE",
            State::Cancelled => "CANCEL",
            State::Released => "RELIEVED",
        }
    }
}
