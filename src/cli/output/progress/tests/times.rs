//! Rates and the time that is left.

use std::time::Duration;

use super::shown_run::{QUICK, ShownRun, playbook, rows};
use crate::model::Request;
use crate::runner::tests::acme::{TestRun, answer};

const BOTH: &str = "steps:\n  - { id: make, uses: acme.make, with: { num: '{{ row.num }}' } }\n  \
    - { id: sign, uses: acme.sign, with: { num: '{{ row.num }}' } }\n";

/// Fails if a time that was told after 30 seconds, and more than two seconds before the end, is off by more than a tenth,
/// and by more than `slack` seconds: the half second by which whole seconds are off anyway, or the time of a call.
fn tells_the_time_within_a_tenth(shown: &ShownRun, slack: f64) {
    let (took, mut compared) = (shown.took(), 0);
    for (at, told) in shown.times_left() {
        let left = took.saturating_sub(at).as_secs_f64();
        if at < Duration::from_secs(30) || left < 2.0 {
            continue;
        }
        let told = told.unwrap_or_else(|| panic!("nothing is told after {at:?}")).as_secs_f64();
        compared += 1;
        assert!(
            (told - left).abs() <= (left / 10.0).max(slack),
            "after {at:?}: {told:.1} s were told, {left:.1} s were left"
        );
    }
    assert!(compared > 20, "{compared} times were told in {took:?}");
}

#[test]
fn the_time_left_by_the_runs_rate_is_right_within_a_tenth() {
    let run = TestRun::new(&playbook(&format!("limits: {{ rate: 20/s }}\n{BOTH}")), &rows(400, 4));
    let shown = ShownRun::of(&run, QUICK, |_, _, _| answer(0));
    tells_the_time_within_a_tenth(&shown, 0.5);
    shown.fits_every_width();
    let lines = shown.at(31.0, 80);
    assert!(lines[0].contains(" s left"), "{lines:?}");
    let line = shown.line_at(31.0);
    assert!([", 19.8/s; ", ", 19.9/s; "].iter().any(|rate| line.contains(rate)), "{line}");
}

#[test]
fn the_time_left_by_the_calls_under_way_is_right_within_a_tenth() {
    // Answers take different times, so that the calls do not end in step.
    let slow = |request: &Request| {
        let own = request.body.iter().fold(0_u64, |sum, byte| sum * 31 % 997 + u64::from(*byte)) % 200;
        Duration::from_millis(if request.url.contains("/sign") { 800 } else { 200 } + own)
    };
    let run = TestRun::new(&playbook(&format!("limits: {{ in_flight: 4 }}\n{BOTH}")), &rows(200, 4));
    tells_the_time_within_a_tenth(&ShownRun::of(&run, slow, |_, _, _| answer(0)), 1.0);
}

#[test]
fn the_time_left_counts_calls_that_only_answers_decide_by_the_rows_so_far() {
    let half = BOTH.replace("sign, with", "sign, when: '{{ eq steps.make.outcome \"succeeded\" }}', with");
    let run = TestRun::new(&playbook(&format!("limits: {{ rate: 10/s }}\n{half}")), &rows(300, 4));
    let shown = ShownRun::of(&run, QUICK, |_, _, _| answer(0));
    assert_eq!(shown.last().calls[1].total, None);
    tells_the_time_within_a_tenth(&shown, 0.5);
}

#[test]
fn no_rate_and_no_time_stand_for_a_single_call() {
    let run = TestRun::new(&playbook(BOTH), &rows(1, 1));
    let shown = ShownRun::of(&run, |_| Duration::from_millis(2_500), |_, _, _| answer(0));
    let rated = |line: &String| line.contains("/s");
    assert!(!shown.at(2.8, 80).iter().any(rated), "{:?}", shown.at(2.8, 80));
    let rate_after = shown.at(5.5, 200)[1].clone();
    assert!(rate_after.contains("0.2/s") || rate_after.contains("0.4/s"), "{rate_after}");
}
