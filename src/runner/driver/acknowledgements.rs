//! The answers to commands of people: given once the command is on disk.

use std::collections::VecDeque;

use tokio::sync::oneshot;

use crate::engine::AcceptedCommand;
use crate::io::control::SteerReply;
use crate::policy::{SteerDone, SteerRefusal};

/// The answers that wait for the disk, in the order of their entries.
#[derive(Debug, Default)]
pub(super) struct Acknowledgements(VecDeque<(u64, SteerDone, oneshot::Sender<SteerReply>)>);

impl Acknowledgements {
    /// Answers at once what needs no entry, and keeps the other answers for later.
    pub(super) fn add(&mut self, accepted: Result<AcceptedCommand, SteerRefusal>, reply: oneshot::Sender<SteerReply>) {
        // The person may have gone away; the command holds all the same.
        match accepted {
            Ok(AcceptedCommand { seq: Some(seq), done }) => self.0.push_back((seq, done, reply)),
            Ok(AcceptedCommand { seq: None, done }) => drop(reply.send(Ok(done))),
            Err(refusal) => drop(reply.send(Err(refusal))),
        }
    }

    /// Records that every entry up to this number is on disk.
    pub(super) fn on_durable(&mut self, seq: u64) {
        while self.0.front().is_some_and(|(first, ..)| *first <= seq) {
            if let Some((_, done, reply)) = self.0.pop_front() {
                drop(reply.send(Ok(done)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SteerCommand;

    fn accepted(seq: Option<u64>) -> Result<AcceptedCommand, SteerRefusal> {
        let done = SteerDone { command: SteerCommand::Pause, already: seq.is_none() };
        Ok(AcceptedCommand { seq, done })
    }

    #[test]
    fn an_answer_waits_until_its_entry_is_on_disk() {
        let mut waiting = Acknowledgements::default();
        let [(first, mut of_first), (second, mut of_second)] = [oneshot::channel(), oneshot::channel()];
        waiting.add(accepted(Some(3)), first);
        waiting.add(accepted(Some(5)), second);
        waiting.on_durable(2);
        assert!(of_first.try_recv().is_err() && of_second.try_recv().is_err());
        waiting.on_durable(4);
        assert_eq!(of_first.try_recv().map(|reply| reply.map(|done| done.already)), Ok(Ok(false)));
        assert!(of_second.try_recv().is_err());
        waiting.on_durable(9);
        assert!(of_second.try_recv().is_ok());
    }

    #[test]
    fn what_needs_no_entry_and_what_is_refused_is_answered_at_once() {
        let mut waiting = Acknowledgements::default();
        let [(first, mut of_first), (second, mut of_second)] = [oneshot::channel(), oneshot::channel()];
        waiting.add(accepted(None), first);
        waiting.add(Err(SteerRefusal::Ended), second);
        assert_eq!(of_first.try_recv().map(|reply| reply.map(|done| done.already)), Ok(Ok(true)));
        assert_eq!(of_second.try_recv(), Ok(Err(SteerRefusal::Ended)));
    }
}
