//! What a run waits for: no time left, but what for and until when.

use std::time::Duration;

use serde_json::json;

use super::shown_run::{QUICK, ShownRun, playbook, rows};
use crate::model::{Request, Response, SendError};
use crate::runner::Control;
use crate::runner::tests::acme::{TestRun, answer};

const MAKE: &str = "steps:\n  - { id: make, uses: acme.make, with: { num: '{{ row.num }}' } }\n";
const SIGN: &str =
    "limits: { in_flight: 3 }\nsteps:\n  - { id: sign, uses: acme.sign, with: { num: '{{ row.num }}' } }\n";

fn says(shown: &ShownRun, secs: f64, width: usize, wait: &str) {
    let lines = shown.at(secs, width);
    assert!(lines.iter().any(|line| line.contains(wait)), "`{wait}` at {width}: {lines:?}");
    assert!(!lines.iter().any(|line| line.contains(" left")), "{lines:?}");
}

#[test]
fn a_closed_window_is_told_with_its_opening() {
    let hours = format!("window: {{ hours: '09:00-18:00', timezone: UTC }}\n{MAKE}");
    let run = TestRun::new(&playbook(&hours), &rows(5, 1));
    let shown = ShownRun::of(&run, QUICK, |_, _, _| answer(0));
    shown.fits_every_width();
    for width in [60, 80, 200] {
        says(&shown, 600.0, width, "waits for the window until 09:00");
    }
    let line = shown.line_at(600.0);
    assert!(line.contains("; waits for the window until Fri 2027-01-15 09:00 UTC (2027-01-15T09:00:00Z)"), "{line}");
}

#[test]
fn a_login_that_cannot_reach_its_host_is_told_from_the_first_failure_on() {
    let run = TestRun::new(&playbook(MAKE), &rows(5, 1));
    let dns = || SendError::NotSent("dns error: failed to lookup address information".to_owned());
    let shown = ShownRun::of(
        &run,
        |_| Duration::from_secs(4),
        move |n, request, _| {
            if request.url.contains("/login") && n < 8 { Err(dns()) } else { answer(0) }
        },
    );
    shown.fits_every_width();
    says(&shown, 3.5, 80, "logs in at api.acme.example, for 4 s");
    let told = "login: cannot reach api.acme.example (DNS)";
    let first = shown.first_with(told, 80).unwrap();
    assert_eq!(first.len(), 3, "{first:?}");
    for second in [5, 12, 19, 26] {
        says(&shown, f64::from(second), 80, told);
    }
    let again = shown.first_with(", trying again in ", 80).unwrap();
    assert!(again.iter().any(|line| line.starts_with(told)), "{again:?}");
    let narrow = shown.first_with(" s", 60).unwrap();
    assert!(narrow.iter().all(|line| line.chars().count() < 60), "{narrow:?}");
    assert!(shown.first_with("attempt 2", 80).is_some());
}

#[test]
fn the_vendors_own_wait_is_told_until_when() {
    let run = TestRun::new(&playbook(&format!("limits: {{ in_flight: 1, rate: 5/s }}\n{MAKE}")), &rows(5, 1));
    let later = || {
        let headers = vec![("Retry-After".to_owned(), "90".to_owned())];
        let body = json!({"code": 2, "text": "slow down"}).to_string();
        Ok(Response { status: 200, headers, body: body.into() })
    };
    let shown = ShownRun::of(&run, QUICK, move |n, _, _| if n == 3 { later() } else { answer(0) });
    shown.fits_every_width();
    says(&shown, 20.0, 80, "Retry-After until 08:01:");
    assert!(shown.line_at(20.0).contains("Retry-After until 08:01:"), "{}", shown.line_at(20.0));
}

#[test]
fn a_row_that_waits_to_be_sent_again_is_told() {
    let run = TestRun::new(&playbook(MAKE), &rows(1, 1));
    let shown = ShownRun::of(&run, QUICK, move |n, _, _| answer(if (2..9).contains(&n) { 2 } else { 0 }));
    shown.fits_every_width();
    assert!(shown.last().operations["acme.make"].throttled >= 5, "{:?}", shown.last());
    assert!(shown.first_with("1 row waits to be sent again, the next in ", 80).is_some());
}

#[test]
fn a_row_in_back_off_is_not_what_a_run_waits_for_while_others_have_their_turn() {
    let run = TestRun::new(&playbook(&format!("limits: {{ in_flight: 4, rate: 1/s }}\n{MAKE}")), &rows(12, 1));
    let lost = || Err(SendError::NotSent("connection refused".to_owned()));
    let shown = ShownRun::of(&run, QUICK, move |n, _, _| if n == 3 || n == 5 { lost() } else { answer(0) });
    shown.fits_every_width();
    assert!(shown.first_with("cannot reach", 80).is_none(), "{:?}", shown.first_with("cannot reach", 80));
    assert!(shown.at(8.0, 80)[0].contains(" s left"), "{:?}", shown.at(8.0, 80));
}

#[test]
fn a_lookup_is_told_while_it_waits_and_while_it_is_under_way() {
    let slow = |request: &Request| Duration::from_secs(if request.url.contains("/states") { 4 } else { 1 });
    let run = TestRun::new(&playbook(SIGN), &rows(3, 1));
    let shown = ShownRun::of(&run, slow, |_, request, _| {
        if request.url.contains("/sign") {
            return Err(SendError::NoAnswer("connection reset".to_owned()));
        }
        let list: Vec<_> = (0..3).map(|row| json!({"id": format!("n-{row}"), "state": "signed"})).collect();
        let body = json!({"code": 0, "token": "t", "list": list}).to_string();
        Ok(Response { status: 200, headers: Vec::new(), body: body.into() })
    });
    shown.fits_every_width();
    says(&shown, 5.0, 80, "lookup of 3 calls waits until 08:00:07");
    says(&shown, 9.0, 80, "looks up 3 calls");
    assert_eq!(shown.last().calls[0].done, 3);
}

#[test]
fn answers_that_do_not_come_are_told() {
    let run = TestRun::new(&playbook(&format!("limits: {{ in_flight: 2 }}\n{MAKE}")), &rows(6, 1));
    let slow = |request: &Request| Duration::from_secs(if request.url.contains("/make") { 20 } else { 0 });
    let shown = ShownRun::of(&run, slow, |_, _, _| answer(0));
    shown.fits_every_width();
    says(&shown, 15.0, 80, "waits for 2 answers, the first for 15 s");
    assert!(shown.line_at(15.0).contains("waits for 2 answers, the first since 08:00:00"), "{}", shown.line_at(15.0));
}

#[test]
fn a_run_that_stops_says_how_many_calls_it_waits_for() {
    let run = TestRun::new(&playbook(&format!("limits: {{ in_flight: 1 }}\n{MAKE}")), &rows(6, 1));
    let shown = ShownRun::of(
        &run,
        |_| Duration::from_secs(2),
        |n, _, orders| {
            if n == 3 {
                orders.send(Control::Drain { signal: 2 }).unwrap();
            }
            answer(0)
        },
    );
    assert!(shown.first_with("stopping, 1 call still under way", 60).is_some());
    says(&shown, 5.0, 60, "stopping, 1 call still under way");
}
