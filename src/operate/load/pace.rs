//! Applies the pace and the stop rules of a request over those of the plan.

use crate::engine::DEFAULT_IN_FLIGHT;
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

/// The highest limits that people may set while a run is under way: those of the playbook, or those that its options set
/// where they are higher. Without a rate in the playbook, only the rates of its connections bind.
pub(crate) fn highest_limits(declared: Limits, own: Limits) -> Limits {
    let calls = |limits: Limits| limits.in_flight.unwrap_or(DEFAULT_IN_FLIGHT);
    let rate = declared.rate.map(|declared| match own.rate {
        Some(own) if own.per_second() > declared.per_second() => own,
        Some(_) | None => declared,
    });
    Limits { in_flight: Some(calls(declared).max(calls(own))), rate }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rate;
    use crate::playbook::WaveSize;

    #[test]
    fn people_may_raise_the_limits_to_those_of_the_playbook_or_of_the_options() {
        let limits = |in_flight, rate: &str| Limits { in_flight, rate: Rate::parse(rate).ok() };
        for (declared, own, highest) in [
            (limits(Some(4), "10/s"), limits(Some(2), "1/s"), limits(Some(4), "10/s")),
            (limits(Some(4), "10/s"), limits(Some(8), "20/s"), limits(Some(8), "20/s")),
            (limits(None, ""), limits(Some(2), "1/s"), limits(Some(DEFAULT_IN_FLIGHT), "")),
            (limits(Some(4), "600/m"), limits(Some(4), "600/m"), limits(Some(4), "600/m")),
        ] {
            assert_eq!(highest_limits(declared, own), highest, "{declared:?} {own:?}");
        }
    }

    #[test]
    fn what_the_request_leaves_open_stays_as_it_was() {
        let mut limits = Limits { in_flight: Some(4), ..Limits::default() };
        let gate = Share::parse("50%").unwrap();
        let mut bounds =
            RunBounds { waves: Some(Waves { sizes: vec![WaveSize::Rows(2)], gate }), ..RunBounds::default() };
        bounds.stop_when.failed = Some(7);
        let (limits_before, bounds_before) = (limits, bounds.clone());
        apply_pace(&mut limits, &mut bounds, &Pace::default());
        assert_eq!((limits, &bounds), (limits_before, &bounds_before));
    }

    #[test]
    fn new_waves_keep_the_gate_of_the_playbook_and_need_all_rows_without_one() {
        let gate = Share::parse("50%").unwrap();
        let pace = Pace { waves: vec![WaveSize::Rows(3)], ..Pace::default() };
        let mut bounds =
            RunBounds { waves: Some(Waves { sizes: vec![WaveSize::Rows(2)], gate }), ..RunBounds::default() };
        apply_pace(&mut Limits::default(), &mut bounds, &pace);
        assert_eq!(bounds.waves, Some(Waves { sizes: vec![WaveSize::Rows(3)], gate }));
        let mut bounds = RunBounds::default();
        apply_pace(&mut Limits::default(), &mut bounds, &pace);
        assert_eq!(bounds.waves, Some(Waves { sizes: vec![WaveSize::Rows(3)], gate: Share::ALL }));
    }

    #[test]
    fn a_bound_of_failures_replaces_only_its_own_kind() {
        let mut bounds = RunBounds::default();
        bounds.stop_when.failed = Some(7);
        let pace = Pace { max_fail: Some(MaxFail::Ratio(0.25)), ..Pace::default() };
        apply_pace(&mut Limits::default(), &mut bounds, &pace);
        assert_eq!((bounds.stop_when.failed, bounds.stop_when.failed_ratio), (Some(7), Some(0.25)));
        let pace = Pace { max_fail: Some(MaxFail::Rows(1)), ..Pace::default() };
        apply_pace(&mut Limits::default(), &mut bounds, &pace);
        assert_eq!((bounds.stop_when.failed, bounds.stop_when.failed_ratio), (Some(1), Some(0.25)));
    }
}
