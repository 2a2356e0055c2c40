//! A contract: its signers, deadlines and state.

use serde::{Deserialize, Serialize};

use super::seed;
use super::vendor::Vendor;

/// The state of a contract, apart from its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum FlowState {
    Live,
    Rejected,
    Signed,
    Expired,
    Cancelled,
    Released,
}

/// A signer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Signer {
    pub(in crate::sandbox) recipient: String,
    pub(in crate::sandbox) signed: bool,
    /// The signer's own deadline; `None` if the contract's applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) deadline: Option<i64>,
    /// Whether a call has named the signer. Until then an unseen id can take this place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::sandbox) named: bool,
}

/// One contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Flow {
    pub(in crate::sandbox) product: Vendor,
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) state: FlowState,
    /// Whether it was only read so far. The first write still decides its state.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::sandbox) provisional: bool,
    /// Whether the signers sign one after another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::sandbox) ordered: bool,
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) deadline: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::sandbox) message: String,
    pub(in crate::sandbox) signers: Vec<Signer>,
    /// The agreement that releases it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) release: Option<String>,
}

const DAY: i64 = 86_400;

/// The state that an unseen contract must have for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum NeededState {
    /// Any: it is only read.
    Reading,
    /// Pending, with a deadline before the wanted one.
    Live { wanted: Option<i64> },
    /// Pending, with signers in any order, so that each can be given more time.
    SignerLive,
    /// Signed by all signers.
    Signed,
}

/// Whether a text is the id of a contract or of a party: 32 letters, digits, `-` and `_`.
pub(in crate::sandbox) fn is_contract_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether an id ends in a word, in any case.
pub(in crate::sandbox) fn ends_in(id: &str, word: &str) -> bool {
    id.to_ascii_lowercase().ends_with(word)
}

/// The endings of ids that decide the state of an unseen contract.
const WORDS: &[(&str, FlowState)] = &[
    ("expired", FlowState::Expired),
    ("signed", FlowState::Signed),
    ("cancelled", FlowState::Cancelled),
    ("canceled", FlowState::Cancelled),
    ("rejected", FlowState::Rejected),
    ("released", FlowState::Released),
];

impl Flow {
    /// A contract that was not seen before, made from its id and from the call that names it first.
    pub(in crate::sandbox) fn unseen(product: Vendor, id: &str, now: i64, fit: NeededState) -> Self {
        let computed = |what: &str, low, high| seed::between(&["flow", what, product.as_str(), id], low, high) as i64;
        let created = now - computed("age", 3, 30) * DAY;
        let mut deadline = now + computed("days", 2, 6) * DAY + computed("seconds", 0, 3_600);
        if let NeededState::Live { wanted: Some(wanted) } = fit
            && (now + 2..=deadline).contains(&wanted)
        {
            deadline = now + (wanted - now) / 2;
        }
        let signers = (0..computed("signers", 2, 3))
            .map(|order| Signer {
                recipient: seed::id32("yDR", &["signer", product.as_str(), id, &order.to_string()]),
                signed: order == 0 && computed("first", 0, 1) == 1,
                deadline: None,
                named: false,
            })
            .collect();
        let mut flow = Self {
            product,
            id: id.to_owned(),
            name: format!("Contract {}", seed::hex(&["flow name", id], 6)),
            state: FlowState::Live,
            provisional: true,
            ordered: computed("ordered", 0, 3) == 0,
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

    /// Gives a contract that was only read the state that the first write needs.
    pub(in crate::sandbox) fn settle(&mut self, fit: NeededState) {
        if !self.provisional || fit == NeededState::Reading {
            return;
        }
        self.provisional = false;
        match fit {
            NeededState::Signed => self.sign(),
            NeededState::SignerLive => self.ordered = false,
            NeededState::Live { .. } | NeededState::Reading => {}
        }
    }

    fn sign(&mut self) {
        self.state = FlowState::Signed;
        self.signers.iter_mut().for_each(|signer| signer.signed = true);
    }

    fn end(&mut self, state: FlowState, now: i64) {
        self.provisional = false;
        if matches!(state, FlowState::Signed | FlowState::Released) {
            self.sign();
        }
        self.state = state;
        if state == FlowState::Expired {
            self.deadline = now - DAY;
        }
    }

    /// The state at `now`.
    pub(in crate::sandbox) fn at(&self, now: i64) -> FlowState {
        if self.state == FlowState::Live && self.deadline <= now { FlowState::Expired } else { self.state }
    }

    fn begun(&self) -> bool {
        self.signers.iter().any(|signer| signer.signed)
    }

    /// The `FlowStatus` of ess.
    pub(in crate::sandbox) fn number(&self, now: i64) -> i64 {
        match self.at(now) {
            FlowState::Live if self.begun() => 2,
            FlowState::Live => 1,
            FlowState::Rejected => 3,
            FlowState::Signed => 4,
            FlowState::Expired => 5,
            FlowState::Cancelled => 6,
            FlowState::Released => 21,
        }
    }

    /// The `FlowStatus` of essbasic.
    pub(in crate::sandbox) fn word(&self, now: i64) -> &'static str {
        match self.at(now) {
            FlowState::Live if self.begun() => "PART",
            FlowState::Live => "INIT",
            FlowState::Rejected => "REJECT",
            FlowState::Signed => "ALL",
            FlowState::Expired => "DEADLINE",
            FlowState::Cancelled => "CANCEL",
            FlowState::Released => "RELIEVED",
        }
    }
}
