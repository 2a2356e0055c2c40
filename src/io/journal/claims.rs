//! Which of several runs on this machine makes an effect, by what their journals say now.

use super::lock::RunLock;
use super::past::{MadeBefore, Past};
use crate::journal::Claim;
use crate::model::EffectKey;

impl Past {
    /// What is to be done about an effect whose intent this run has written, by what has been read of the other runs, and
    /// which of them says so. `None` where no other run made it or is about to.
    pub fn claim(&mut self, key: &EffectKey) -> Option<(Claim, MadeBefore)> {
        let mut claims = Vec::new();
        for place in self.places(key) {
            // Looked at ahead of what the journal says: a run that has ended by now has said everything.
            let is_live = RunLock::is_held(&self.folder_of(place));
            if let Some(before) = self.verify(place, key) {
                claims.push((Claim::of(self.own(), &before.run, before.state, is_live), before));
            }
        }
        // The latest run comes first: it is the one that a person remembers.
        claims.into_iter().rev().max_by_key(|(claim, _)| *claim)
    }
}
