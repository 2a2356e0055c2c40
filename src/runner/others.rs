//! Effects that other runs made or have in hand: asked for ahead of every send.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::FutureExt;

use super::local::{Event, Loop};
use super::pause::pause;
use crate::engine::{CallResult, SendOrder};
use crate::io::journal::{JournalError, PriorEffect};
use crate::journal::Claim;
use crate::model::{EffectKey, Scope, Time};

/// How often an order is looked at again that another run has in hand.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// For how many times a call's own time another run is waited for that has the same call in hand.
const PATIENCE: u32 = 3;

/// Since when effects are waited for that another run has in hand.
pub(super) type Awaited = HashMap<EffectKey, Time>;

/// How an order stands by what other runs say of its effect.
pub(super) enum Standing {
    /// No other run speaks of it.
    Free,
    /// Another run has it in hand, and gives way or says soon what became of it.
    Awaited,
    /// It is not sent, for this reason.
    Taken(CallResult),
}

impl Loop {
    /// Reads what other runs have made by now, once for all that goes out together: the intents of all of it are on
    /// the disk, so that of two runs that ask at one time at least one finds the other's.
    pub(super) fn ask_others(&mut self, order: &SendOrder, asked: &mut bool) {
        if let Some(past) = self.drive.past.as_mut().filter(|_| order.effect.is_some() && !*asked) {
            past.refresh();
            *asked = true;
        }
    }

    /// What the other runs say of an order's effect.
    ///
    /// # Errors
    /// This run's own journal cannot be read.
    pub(super) fn past_of(&mut self, order: &SendOrder) -> Result<Standing, JournalError> {
        let now = self.drive.clock.now();
        let (Some(past), Some(effect)) = (self.drive.past.as_mut(), order.effect) else { return Ok(Standing::Free) };
        let claim = past.claim(&effect);
        if !matches!(claim, Some((Claim::Wait, _))) {
            self.awaited.remove(&effect);
        }
        let made = |PriorEffect { run, state }| Standing::Taken(CallResult::DoneBefore { run, state });
        Ok(match claim {
            None => self.listed_of(order)?.map_or(Standing::Free, made),
            Some((Claim::DoneBefore, before)) => made(before),
            Some((Claim::GiveWay, before)) => Standing::Taken(CallResult::LeftTo(before.run)),
            Some((Claim::Wait, before)) => {
                let since = *self.awaited.entry(effect).or_insert(now);
                // A process that neither goes on nor ends holds nobody up for ever.
                match now.since(since) > order.timeout.saturating_mul(PATIENCE) {
                    true => Standing::Taken(CallResult::LeftTo(before.run)),
                    false => Standing::Awaited,
                }
            }
        })
    }

    /// Whether a run of which no journal tells made an order's effect, or may have, by its list.
    fn listed_of(&self, order: &SendOrder) -> Result<Option<PriorEffect>, JournalError> {
        let Some(past) = self.drive.past.as_ref().filter(|past| past.has_listed()) else { return Ok(None) };
        let asked_by = self.engine.asked_by(order.ticket);
        let row = asked_by.iter().find_map(|asked| if let Scope::Row(at) = asked.whose { Some(at) } else { None });
        let row = row.map(|at| self.reader.row(at)).transpose()?.flatten();
        let key = row.as_ref().map(|row| row.key.as_str());
        Ok(past.find_listed(order.effect.as_ref(), order.operation.full_name(), key))
    }

    /// An order that another run has in hand is looked at again soon; until then nothing of it is sent.
    pub(super) fn look_again_soon(&mut self, order: SendOrder) {
        let clock = self.drive.clock;
        let look = async move {
            pause(LOOK_AGAIN, &clock).await;
            Event::LookAgain(Box::new(order))
        };
        self.calls.push(look.boxed());
    }

    /// Looks at an order again that another run had in hand. One that may go now takes a new slot first, and is looked at
    /// once more when that has come.
    pub(super) fn look_again(&mut self, order: SendOrder) {
        if self.engine.stop_reason().is_some() {
            return self.postpone(order);
        }
        if let Some(past) = self.drive.past.as_mut() {
            past.refresh();
        }
        match self.past_of(&order) {
            Ok(Standing::Taken(result)) => self.answer(order.ticket, result),
            Ok(Standing::Awaited) => self.look_again_soon(order),
            Ok(Standing::Free) => self.postpone(order),
            Err(error) => {
                self.break_off(error.into());
                self.postpone(order);
            }
        }
    }
}
