//! The rates that the keys `+` and `-` set, from one to the next.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::Rate;

/// A step to the next rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateStep {
    /// To the next higher rate.
    Up,
    /// To the next lower rate.
    Down,
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// The rates, lowest first.
const LADDER: [Rate; 15] = [
    Rate { calls: 1, per: MINUTE },
    Rate { calls: 2, per: MINUTE },
    Rate { calls: 6, per: MINUTE },
    Rate { calls: 12, per: MINUTE },
    Rate { calls: 30, per: MINUTE },
    Rate { calls: 1, per: SECOND },
    Rate { calls: 2, per: SECOND },
    Rate { calls: 5, per: SECOND },
    Rate { calls: 10, per: SECOND },
    Rate { calls: 20, per: SECOND },
    Rate { calls: 50, per: SECOND },
    Rate { calls: 100, per: SECOND },
    Rate { calls: 200, per: SECOND },
    Rate { calls: 500, per: SECOND },
    Rate { calls: 1_000, per: SECOND },
];

/// The lowest rate.
pub const LOWEST_STEP: Rate = LADDER[0];

/// Rates that differ by less than this share are the same step.
const SAME: f64 = 0.001;

/// The rate one step from another; `None` at the end of the ladder.
#[must_use]
pub fn next_rate(from: Rate, step: RateStep) -> Option<Rate> {
    let at = from.per_second();
    match step {
        RateStep::Up => LADDER.into_iter().find(|rate| rate.per_second() > at * (1.0 + SAME)),
        RateStep::Down => LADDER.into_iter().rev().find(|rate| rate.per_second() < at * (1.0 - SAME)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(from: &str, step: RateStep) -> Option<String> {
        next_rate(Rate::parse(from).unwrap(), step).map(|rate| rate.to_string())
    }

    #[test]
    fn each_step_leads_to_the_neighbour_and_back() {
        for pair in LADDER.windows(2) {
            assert_eq!(next_rate(pair[0], RateStep::Up), Some(pair[1]));
            assert_eq!(next_rate(pair[1], RateStep::Down), Some(pair[0]));
        }
        assert_eq!(next_rate(LADDER[0], RateStep::Down), None);
        assert_eq!(next_rate(LADDER[LADDER.len() - 1], RateStep::Up), None);
    }

    #[test]
    fn a_rate_between_two_steps_leads_to_either() {
        for (from, up, down) in [("7/s", "10/s", "5/s"), ("100/20s", "10/s", "2/s"), ("90/m", "2/s", "1/s")] {
            assert_eq!(step(from, RateStep::Up).as_deref(), Some(up), "{from}");
            assert_eq!(step(from, RateStep::Down).as_deref(), Some(down), "{from}");
        }
        assert_eq!((step("5000/s", RateStep::Up), step("1/h", RateStep::Down)), (None, None));
    }
}
