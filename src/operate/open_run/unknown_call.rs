//! One call in doubt, as a person sees it.

use crate::engine::CallInDoubt;
use crate::model::{Masks, Scope};

/// A call in doubt with its row.
#[derive(Debug, Clone)]
pub(crate) struct UnknownCall {
    /// Whose call it is.
    pub(crate) scope: Scope,
    /// The row's key; of the run's own steps the list's name.
    pub(crate) key: String,
    /// The row's number, as a spreadsheet counts.
    pub(crate) number: u64,
    /// The call.
    pub(crate) doubt: CallInDoubt,
    /// What of its row people must not see.
    pub(crate) masks: Masks,
}

impl UnknownCall {
    /// Whether a read can tell what became of it.
    pub(crate) fn can_be_looked_up(&self) -> bool {
        self.doubt.lookup.is_some() && self.doubt.ended
    }

    /// What a person has to write to say that it is done; empty where nothing of the answer is used.
    pub(crate) fn wanted(&self) -> Vec<String> {
        let wanted = &self.doubt.wanted;
        let body = wanted.body.then(|| "body".to_owned());
        wanted.outputs.iter().cloned().chain(body).collect()
    }
}
