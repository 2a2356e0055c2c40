//! A document under way: whose turn it is, what was done, how it ended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::seed;
use super::super::world::World;

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Playing,
    Complete,
    Canceled,
}

/// One line of a document's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) step_code: String,
    pub(super) action_id: String,
    pub(super) email: String,
    pub(super) comment: String,
    pub(super) time: Timestamp,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Workflow {
    pub(in super::super) id: String,
    pub(super) state: State,
    /// The step whose turn it is; its text is the `action_id`.
    pub(super) current: u64,
    /// How many steps there are.
    pub(super) total: u64,
    /// Who acts at a step, where known.
    pub(super) owners: BTreeMap<u64, String>,
    pub(super) history: Vec<Event>,
    pub(super) created: Timestamp,
    pub(super) expires: Timestamp,
    /// Whether required fields are filled.
    pub(super) filled: bool,
    /// Only read so far: the first action may still say which step's turn it is.
    pub(super) provisional: bool,
}

const DAY: i64 = 86_400;
/// The longest `action_id` that is taken, in digits.
const MAX_ACTION_DIGITS: usize = 9;

/// The step of a well-formed `action_id`: a number from 1, without leading zeros.
pub(super) fn step(action_id: &str) -> Option<u64> {
    let digits = (1..=MAX_ACTION_DIGITS).contains(&action_id.len()) && !action_id.starts_with('0');
    (digits && action_id.bytes().all(|byte| byte.is_ascii_digit())).then(|| action_id.parse().ok()).flatten()
}

fn well_formed(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The document of that id. One that was not seen yet is taken in, at a step made of its id;
/// ids that end in `missing` do not exist, those in `complete`, `canceled` or `unfilled` are so.
pub(super) fn find(world: &World, id: &str, now: Timestamp) -> Option<Workflow> {
    if let Some(known) = world.workflow(id) {
        return Some(known.clone());
    }
    let lower = id.to_ascii_lowercase();
    if !well_formed(id) || id == "0" || lower.ends_with("missing") {
        return None;
    }
    let back = Timestamp::from_second(now.as_second() - DAY).unwrap_or(now);
    let ahead = Timestamp::from_second(now.as_second() + 30 * DAY).unwrap_or(now);
    let mut workflow = Workflow {
        id: id.to_owned(),
        state: State::Playing,
        current: 1,
        total: 1,
        owners: BTreeMap::new(),
        history: Vec::new(),
        created: back,
        expires: ahead,
        filled: !lower.ends_with("unfilled"),
        provisional: true,
    };
    workflow.stand_at(seed::between(&["esignon step", id], 1, 3));
    let ended = [("complete", State::Complete), ("canceled", State::Canceled)];
    if let Some((_, state)) = ended.iter().find(|(word, _)| lower.ends_with(word)) {
        workflow.state = *state;
        workflow.provisional = false;
    }
    Some(workflow)
}

impl Workflow {
    /// Makes an unseen document stand at `step`, the steps before it done.
    pub(super) fn stand_at(&mut self, step: u64) {
        self.current = step;
        self.total = step + seed::between(&["esignon steps", &self.id], 0, 2);
        self.history.clear();
        for done in step.saturating_sub(3).max(1)..step {
            let email = self.owner(done);
            self.record("SIGN_COMPLETE", done, &email, "", self.created);
        }
    }

    /// Who acts at a step.
    pub(super) fn owner(&self, step: u64) -> String {
        let made_up = || {
            format!("signer{}@example.com", seed::between(&["esignon owner", &self.id, &step.to_string()], 100, 999))
        };
        self.owners.get(&step).cloned().unwrap_or_else(made_up)
    }

    pub(super) fn record(&mut self, step_code: &str, step: u64, email: &str, comment: &str, time: Timestamp) {
        self.history.push(Event {
            step_code: step_code.to_owned(),
            action_id: step.to_string(),
            email: email.to_owned(),
            comment: comment.to_owned(),
            time,
        });
    }

    /// Where it stands at `now`: a document whose time has run out is over.
    pub(super) fn shown(&self, now: Timestamp) -> &'static str {
        match self.state {
            State::Playing if self.expires <= now => "Truncate",
            State::Playing => "Playing",
            State::Complete => "Complete",
            State::Canceled => "Canceled",
        }
    }
}
