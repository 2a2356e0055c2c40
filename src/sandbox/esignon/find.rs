//! Finds the document of an id, and the step of an `action_id`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::sandbox::world::{Workflow, WorkflowState, World, seed};

const DAY: i64 = 86_400;
/// The most digits of an `action_id`.
const MAX_ACTION_DIGITS: usize = 9;

/// The step of an `action_id`: a number from 1 without leading zeros; `None` for any other text.
pub(super) fn step(action_id: &str) -> Option<u64> {
    let digits = (1..=MAX_ACTION_DIGITS).contains(&action_id.len()) && !action_id.starts_with('0');
    (digits && action_id.bytes().all(|byte| byte.is_ascii_digit())).then(|| action_id.parse().ok()).flatten()
}

fn well_formed(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The document with an id. An unknown one is accepted, at a step computed from its id. An id that ends in `missing`
/// does not exist; one that ends in `complete`, `canceled` or `unfilled` is in that state.
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
        state: WorkflowState::Playing,
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
    let ended = [("complete", WorkflowState::Complete), ("canceled", WorkflowState::Canceled)];
    if let Some((_, state)) = ended.iter().find(|(word, _)| lower.ends_with(word)) {
        workflow.state = *state;
        workflow.provisional = false;
    }
    Some(workflow)
}
