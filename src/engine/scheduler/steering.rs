//! Commands of people to a run under way: pause, resume, drain, cancel, other limits. A command takes effect at once; it is
//! acknowledged once its fact is on disk.

use super::admission::{DEFAULT_IN_FLIGHT, Reachability};
use super::engine::{Engine, Stage};
use crate::journal::{Fact, Steered};
use crate::model::{Rate, StepScope, Time};
use crate::policy::{
    LOWEST_STEP, RateStep, SteerCommand, SteerDone, SteerRefusal, SteerWish, SteeredBy, StopReason, next_rate,
};

/// Where the steps of the rate begin if no limit is known at all.
const UNLIMITED: Rate = Rate { calls: 100, per: std::time::Duration::from_secs(1) };

/// Why a call is withheld when the run is paused, in words.
pub(super) const PAUSED_FIRST: &str = "the run was paused first";

/// Why a call is withheld when the limits of the run change, in words.
const LIMITED_FIRST: &str = "the limits of the run were set anew first";

/// A command that the run has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptedCommand {
    /// The number of the entry that must be on disk before the command is acknowledged; `None` if nothing was written.
    pub seq: Option<u64>,
    /// What became of the wish.
    pub done: SteerDone,
}

impl Engine {
    /// Carries out a wish of a person.
    ///
    /// # Errors
    /// The [`SteerRefusal`] if the run does not take it; the run is unchanged then.
    pub fn on_steer(&mut self, wish: SteerWish, by: SteeredBy, now: Time) -> Result<AcceptedCommand, SteerRefusal> {
        if self.stage == Stage::Closed {
            return Err(SteerRefusal::Ended);
        }
        let command = self.command_of(wish)?;
        if self.is_already_so(command) {
            return Ok(AcceptedCommand { seq: None, done: SteerDone { command, already: true } });
        }
        self.refuse_unfit(command)?;
        let fact = Steered { what: command, by: by.clone() };
        let seq = self.append(now, StepScope::Run, vec![Fact::Steered(fact)]);
        self.steer(command, by, now);
        self.news = true;
        Ok(AcceptedCommand { seq: Some(seq), done: SteerDone { command, already: false } })
    }

    /// The command that a wish is in the present state of the run.
    fn command_of(&self, wish: SteerWish) -> Result<SteerCommand, SteerRefusal> {
        match wish {
            SteerWish::Do(command) => Ok(command),
            SteerWish::TogglePause if self.paused.is_some() => Ok(SteerCommand::Resume),
            SteerWish::TogglePause => Ok(SteerCommand::Pause),
            SteerWish::StepRate(step) => self.stepped_rate(step).map(SteerCommand::Rate),
        }
    }

    fn stepped_rate(&self, step: RateStep) -> Result<Rate, SteerRefusal> {
        let (own, most) = (self.admission.run_rate(), self.ceiling.rate);
        match step {
            RateStep::Up => {
                let own = own.ok_or(SteerRefusal::NoRateToRaise)?;
                let next = next_rate(own, step).unwrap_or(own);
                let next = most.filter(|most| is_above(next, *most)).unwrap_or(next);
                if is_above(next, own) { Ok(next) } else { Err(SteerRefusal::HighestRate { most: own }) }
            }
            RateStep::Down => {
                let from = own.or(most).or(self.admission.highest_rate()).unwrap_or(UNLIMITED);
                next_rate(from, step).ok_or(SteerRefusal::LowestRate { least: LOWEST_STEP })
            }
        }
    }

    /// Whether a command changes nothing.
    fn is_already_so(&self, command: SteerCommand) -> bool {
        match command {
            SteerCommand::Pause => self.paused.is_some(),
            SteerCommand::Resume => self.paused.is_none(),
            SteerCommand::Drain => self.stop.is_some(),
            SteerCommand::Cancel => self.cancelled,
            SteerCommand::Rate(rate) => self.admission.run_rate() == Some(rate),
            SteerCommand::InFlight(calls) => self.admission.in_flight_cap() == calls,
        }
    }

    /// Refuses what a run that stops cannot do any more, and limits above the highest ones.
    fn refuse_unfit(&self, command: SteerCommand) -> Result<(), SteerRefusal> {
        let stopping = || self.stop.as_ref().map_or(Ok(()), |why| Err(SteerRefusal::Stopping(why.to_string())));
        match command {
            SteerCommand::Resume | SteerCommand::Drain | SteerCommand::Cancel => Ok(()),
            SteerCommand::Pause => stopping(),
            SteerCommand::Rate(rate) => match self.ceiling.rate.filter(|most| is_above(rate, *most)) {
                Some(most) => Err(SteerRefusal::RateTooHigh { most }),
                None => stopping(),
            },
            SteerCommand::InFlight(0) => Err(SteerRefusal::NoneInFlight),
            SteerCommand::InFlight(calls) => match self.ceiling.in_flight.unwrap_or(DEFAULT_IN_FLIGHT) {
                most if calls > most => Err(SteerRefusal::TooManyInFlight { most }),
                _ => stopping(),
            },
        }
    }

    fn steer(&mut self, command: SteerCommand, by: SteeredBy, now: Time) {
        match command {
            SteerCommand::Pause => {
                self.paused = Some((by, now));
                self.withhold_unsent(PAUSED_FIRST, now);
            }
            SteerCommand::Resume => {
                self.paused = None;
                // That a vendor could not be reached before the pause does not matter now.
                self.reachability.iter_mut().for_each(Reachability::on_pause);
            }
            SteerCommand::Drain => self.stop_for(StopReason::Drained { by }, now),
            SteerCommand::Cancel => self.cancel(by, now),
            SteerCommand::Rate(rate) => {
                self.withhold_unsent(LIMITED_FIRST, now);
                self.admission.set_run_rate(rate);
            }
            SteerCommand::InFlight(calls) => {
                if calls < self.admission.in_flight_cap() {
                    self.withhold_unsent(LIMITED_FIRST, now);
                }
                self.admission.set_in_flight_cap(calls);
            }
        }
    }

    /// Stops the run for good. A run that stops already is closed all the same.
    pub(super) fn cancel(&mut self, by: SteeredBy, since: Time) {
        self.cancelled = true;
        let reason = StopReason::Cancelled { by, since };
        match &self.stop {
            Some(StopReason::BrokeOff { .. }) => {}
            Some(_) => self.stop = Some(reason),
            None => self.stop_for(reason, since),
        }
    }
}

/// Whether a rate is higher than another one.
fn is_above(rate: Rate, other: Rate) -> bool {
    rate.per_second() > other.per_second() * (1.0 + f64::EPSILON)
}
