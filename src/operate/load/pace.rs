//! Applies the pace and the stop rules of a request over those of the plan.

use crate::model::{Limits, Share};
use crate::operate::interface::{MaxFail, Pace};
use crate::plan::Plan;
use crate::playbook::{RunBounds, Waves};

/// Applies the pace of a request to a plan.
pub(crate) fn apply_pace_to_plan(plan: &mut Plan, pace: &Pace) {
    apply_pace(&mut plan.limits, &mut plan.bounds, pace);
}

/// Applies the pace of a request to limits and bounds.
pub(crate) fn apply_pace(limits: &mut Limits, bounds: &mut RunBounds, pace: &Pace) {
    limits.in_flight = pace.in_flight.or(limits.in_flight);
    limits.rate = pace.rate.or(limits.rate);
    match pace.max_fail {
        Some(MaxFail::Rows(rows)) => bounds.stop_when.failed = Some(rows),
        Some(MaxFail::Ratio(ratio)) => bounds.stop_when.failed_ratio = Some(ratio),
        None => {}
    }
    if !pace.waves.is_empty() {
        let gate = bounds.waves.as_ref().map_or(Share::ALL, |waves| waves.gate);
        bounds.waves = Some(Waves { sizes: pace.waves.clone(), gate });
    }
}
