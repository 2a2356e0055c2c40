//! How a run is steered, by the facts about it: whether it is paused or closed, and which limits were set.

use crate::journal::facts::{Fact, Steered};
use crate::model::{Rate, Time};
use crate::policy::{SteerCommand, SteeredBy};

/// How a run is steered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSteering {
    /// Who paused it and when; `None` where it is not paused.
    pub paused: Option<(SteeredBy, Time)>,
    /// Who cancelled it and when; `None` where it is not cancelled.
    pub cancelled: Option<(SteeredBy, Time)>,
    /// The last rate that was set, who set it and when; `None` where none was.
    pub rate: Option<(Rate, SteeredBy, Time)>,
    /// The last number of calls under way at once that was set, who set it and when; `None` where none was.
    pub in_flight: Option<(u32, SteeredBy, Time)>,
}

impl RunSteering {
    /// Folds the facts about a run, in order.
    #[must_use]
    pub fn fold<'f>(facts: impl IntoIterator<Item = &'f (Time, Fact)>) -> Self {
        let mut steering = Self::default();
        for (at, fact) in facts {
            if let Fact::Steered(steered) = fact {
                steering.apply(*at, steered);
            }
        }
        steering
    }

    /// Applies one command.
    pub fn apply(&mut self, at: Time, steered: &Steered) {
        let by = steered.by.clone();
        match steered.what {
            SteerCommand::Pause => self.paused = Some((by, at)),
            SteerCommand::Resume => self.paused = None,
            SteerCommand::Drain => {}
            SteerCommand::Cancel => {
                self.cancelled.get_or_insert((by, at));
            }
            SteerCommand::Rate(rate) => self.rate = Some((rate, by, at)),
            SteerCommand::InFlight(calls) => self.in_flight = Some((calls, by, at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SteerOrigin;

    fn by(name: &str) -> SteeredBy {
        SteeredBy { name: name.to_owned(), uid: 7, from: SteerOrigin::Ctl }
    }

    /// The steering after these commands, each a second after the one before it.
    fn after(commands: &[(SteerCommand, &str)]) -> RunSteering {
        let fact = |(second, (what, name)): (i64, &(SteerCommand, &str))| {
            (Time::from_secs(second), Fact::Steered(Steered { what: *what, by: by(name) }))
        };
        RunSteering::fold(&(1..).zip(commands).map(fact).collect::<Vec<_>>())
    }

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    #[test]
    fn a_pause_holds_until_it_is_ended_and_a_drain_does_not_end_it() {
        assert_eq!(after(&[]), RunSteering::default());
        let paused = after(&[(SteerCommand::Pause, "mei"), (SteerCommand::Drain, "ken")]);
        assert_eq!(paused.paused, Some((by("mei"), Time::from_secs(1))));
        let again = after(&[(SteerCommand::Pause, "mei"), (SteerCommand::Resume, "ken"), (SteerCommand::Pause, "ken")]);
        assert_eq!(again.paused, Some((by("ken"), Time::from_secs(3))));
        let ended = after(&[(SteerCommand::Pause, "mei"), (SteerCommand::Resume, "ken")]);
        assert_eq!((ended.paused, ended.cancelled), (None, None));
    }

    #[test]
    fn a_cancelled_run_stays_closed_whatever_comes_later() {
        let closed = after(&[
            (SteerCommand::Pause, "mei"),
            (SteerCommand::Cancel, "ken"),
            (SteerCommand::Cancel, "mei"),
            (SteerCommand::Resume, "mei"),
        ]);
        assert_eq!(closed.cancelled, Some((by("ken"), Time::from_secs(2))));
    }

    #[test]
    fn the_last_limits_are_kept() {
        let state = after(&[
            (SteerCommand::Rate(rate("5/s")), "mei"),
            (SteerCommand::InFlight(2), "mei"),
            (SteerCommand::Rate(rate("1/s")), "ken"),
        ]);
        assert_eq!(state.rate, Some((rate("1/s"), by("ken"), Time::from_secs(3))));
        assert_eq!(state.in_flight, Some((2, by("mei"), Time::from_secs(2))));
        assert_eq!((state.paused, state.cancelled), (None, None));
    }

    #[test]
    fn other_facts_do_not_steer() {
        let facts = [(Time::from_secs(1), Fact::Began { process: 1, by: None }), (Time::from_secs(2), Fact::Finished)];
        assert_eq!(RunSteering::fold(&facts), RunSteering::default());
    }
}
