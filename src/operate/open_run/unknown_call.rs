//! One call in doubt, as a person sees it.

use crate::engine::Doubt;
use crate::model::{Masks, Phase, Scope};

/// A call in doubt with its row.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Whose call it is.
    pub(crate) scope: Scope,
    /// The row's key; of the run's own steps the list's name.
    pub(crate) key: String,
    /// The row's number, as a spreadsheet counts.
    pub(crate) number: u64,
    /// The call.
    pub(crate) doubt: Doubt,
    /// What of its row people must not see.
    pub(crate) masks: Masks,
}

impl Case {
    /// `moderators`, `moderators, element 2`, `rollback of task`.
    pub(crate) fn place(&self) -> String {
        let undo = if self.doubt.call.phase == Phase::Rollback { "rollback of " } else { "" };
        match self.doubt.element {
            Some(element) => format!("{undo}{}, element {element}", self.doubt.step),
            None => format!("{undo}{}", self.doubt.step),
        }
    }

    /// What a person has to write to say that it is done; empty where nothing of the answer is used.
    pub(crate) fn wanted(&self) -> Vec<String> {
        let wanted = &self.doubt.wanted;
        let body = wanted.body.then(|| "body".to_owned());
        wanted.outputs.iter().cloned().chain(body).collect()
    }
}
