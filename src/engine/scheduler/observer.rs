//! What observers of the run are told: its counts, and events besides its facts.

use super::engine::{Active, Engine};
use crate::engine::observe::{Progress, Tiding, Tidings};
use crate::engine::row::Outgoing;
use crate::model::{StepScope as Whose, Time};
use crate::policy::WaveProgress;

impl Engine {
    /// The counts so far, at `now`.
    #[must_use]
    pub fn progress(&self, now: Time) -> Progress {
        Progress {
            rows: self.counts,
            in_flight: self.on_the_wire.len() as u64,
            active: self.active.len() as u64,
            draining: self.stop.is_some(),
            operations: self.progress.operations.clone(),
            wave: self.waves.as_ref().map(WaveProgress::place),
            closed_until: self.waits_for_the_hours(),
            asked_until: self.progress.asked_until.filter(|until| *until > now),
            troubled: self.progress.troubled,
            last_trouble: self.progress.last_trouble.clone(),
        }
    }

    /// From now on somebody listens.
    pub fn listen(&mut self) {
        self.tidings = Some(Box::new(Tidings::new(self.plan.rate_buckets.len())));
    }

    /// What became so since it was last asked.
    pub fn take_tidings(&mut self, now: Time) -> Vec<Tiding> {
        let Some(mut tidings) = self.tidings.take() else { return Vec::new() };
        self.look_at_budgets(&mut tidings, now);
        tidings.on_closed_until(self.waits_for_the_hours().map(|(until, _)| until));
        tidings.on_wave(self.waves.as_ref().map(WaveProgress::place), self.stop.is_some());
        self.stop.iter().for_each(|reason| tidings.on_stop(reason));
        let heard = tidings.take();
        self.tidings = Some(tidings);
        heard
    }

    fn look_at_budgets(&self, tidings: &mut Tidings, now: Time) {
        for (budget, own) in self.gates.budgets.iter().enumerate() {
            let Some(limiter) = &own.limiter else { continue };
            let paused_until = limiter.paused_until().filter(|until| *until > now);
            tidings.on_share(budget, limiter.share(), paused_until);
            if self.stop.is_none() {
                let calls = own.waiting.iter().map(|waiting| waiting.members().len() as u64).sum();
                tidings.on_rate_wait(budget, calls, limiter.earliest(now), now);
            }
        }
    }

    pub(super) fn hear(&mut self, tiding: impl FnOnce() -> Tiding) {
        if let Some(tidings) = &mut self.tidings {
            tidings.push(tiding());
        }
    }

    /// Tells of a request, once for each scope that it is for.
    pub(super) fn hear_of_sending(&mut self, ticket: u64, members: &[Whose]) {
        let Some(tidings) = &mut self.tidings else { return };
        for whose in members {
            let Some(active) = self.active.get(whose) else { continue };
            let Some(outgoing) = active.outgoing.as_deref() else { continue };
            tidings.push(sent(ticket, *whose, active, outgoing, members.len() as u64));
        }
    }
}

fn sent(ticket: u64, whose: Whose, active: &Active, outgoing: &Outgoing, together: u64) -> Tiding {
    let call = outgoing.call;
    Tiding::Sent {
        ticket,
        whose,
        call,
        attempt: active.machine.state().call(call).map_or(0, |known| known.all_sends) + 1,
        lookup: outgoing.lookup.then(|| outgoing.operation.full_name().to_owned()),
        write: outgoing.write,
        repeat: outgoing.repeat,
        natural_key: outgoing.natural_key.clone(),
        together,
    }
}
