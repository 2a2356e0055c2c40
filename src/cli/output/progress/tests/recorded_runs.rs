//! Totals and positions: a step that some rows skip, elements, rows that fail, a run that goes on.

use std::time::Duration;

use super::shown_run::{QUICK, ShownRun, playbook, rows};
use crate::model::SendError;
use crate::runner::Control;
use crate::runner::tests::acme::{TestRun, answer};

const TWO_STEPS: &str = "limits: { in_flight: 4, rate: 20/s }\nsteps:\n  \
    - { id: make, uses: acme.make, with: { num: '{{ row.num }}' } }\n  \
    - { id: sign, uses: acme.sign, when: '{{ eq row.note \"vip\" }}', with: { num: '{{ row.num }}' } }\n";

#[test]
fn a_step_that_some_rows_skip_is_measured_against_those_that_do_not() {
    let run = TestRun::new(&playbook(TWO_STEPS), &rows(60, 4));
    let shown = ShownRun::of(&run, QUICK, |_, _, _| answer(0));
    shown.fits_every_width();
    let lines = shown.at(2.0, 80);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("rows      ━") && lines[0].contains("/60  2 s left"), "{lines:?}");
    assert!(lines[1].starts_with("acme.make ━") && lines[1].contains("/60  "), "{lines:?}");
    assert!(lines[2].starts_with("acme.sign ━") && lines[2].contains("/15  "), "{lines:?}");
    let calls: Vec<_> = shown.last().calls.iter().map(|own| (own.operation.as_str(), own.done, own.total)).collect();
    assert_eq!(calls, [("acme.make", 60, Some(60)), ("acme.sign", 15, Some(15))]);
}

#[test]
fn elements_are_counted_and_calls_that_only_answers_decide_have_no_total() {
    let each = "limits: { in_flight: 2 }\nsteps:\n  \
        - { id: make, uses: acme.make, for_each: '{{ split row.note \"+\" }}', with: { num: '{{ row.num }}-{{ item }}' } }\n  \
        - { id: sign, uses: acme.sign, when: '{{ eq steps.make.outcome \"succeeded\" }}', with: { num: '{{ row.num }}' } }\n";
    let run = TestRun::new(&playbook(each), "num,note\na,1+2+3\nb,1\nc,1+2\n");
    let shown = ShownRun::of(&run, QUICK, |_, _, _| answer(0));
    shown.fits_every_width();
    let calls: Vec<_> = shown.last().calls.iter().map(|own| (own.done, own.total)).collect();
    assert_eq!(calls, [(6, Some(6)), (3, None)]);
    let lines = shown.at(60.0, 80);
    assert!(lines[1].contains("6/6") && lines[2].contains("3 calls") && !lines[2].contains('─'), "{lines:?}");
}

#[test]
fn a_total_shrinks_by_the_calls_that_failed_rows_no_longer_make() {
    let both = TWO_STEPS.replace(", when: '{{ eq row.note \"vip\" }}'", "");
    let run = TestRun::new(&playbook(&both), &rows(40, 4));
    let shown =
        ShownRun::of(&run, QUICK, |n, request, _| answer(u32::from(request.url.contains("/make") && n % 3 == 0)));
    shown.fits_every_width();
    let calls: Vec<_> = shown.last().calls.iter().map(|own| (own.done, own.total)).collect();
    let failed = shown.last().last_failure.as_ref().unwrap();
    assert_eq!((failed.step.as_deref(), failed.code.as_deref()), (Some("make"), Some("1")));
    assert!(failed.rows > 5, "{failed:?}");
    assert_eq!(calls, [(40, Some(40)), (40 - failed.rows, Some(40 - failed.rows))]);
    let told = format!("{} failed; last: make · 1 ({} rows)", failed.rows, failed.rows);
    assert!(
        shown.at(60.0, 80).contains(&format!("{} succeeded, {told}", 40 - failed.rows)),
        "{:?}",
        shown.at(60.0, 80)
    );
    assert!(
        shown.line_at(60.0).ends_with(&format!("; last: make · 1 ({} rows)", failed.rows)),
        "{}",
        shown.line_at(60.0)
    );
}

#[test]
fn calls_of_earlier_processes_count_for_the_position_but_not_for_rate_and_time() {
    let run = TestRun::new(&playbook(TWO_STEPS), &rows(200, 4));
    let before = ShownRun::of(&run, QUICK, |n, _, orders| {
        if n == 150 {
            orders.send(Control::Drain { signal: 2 }).unwrap();
        }
        answer(0)
    });
    let done_before = before.last().rows.ended();
    assert!((100..150).contains(&done_before), "{done_before}");
    let shown = ShownRun::of(&run, QUICK, |_, _, _| answer(0));
    shown.fits_every_width();
    let first = shown.at(0.2, 80);
    let (rows, signed) = (shown.last().rows_before, shown.last().calls[1].done_before);
    assert_eq!((rows, signed), (done_before, before.last().calls[1].done));
    let shows = |line: &str, least: u64, of: &str| {
        let count = line.split_whitespace().find_map(|word| word.strip_suffix(of)?.parse::<u64>().ok());
        assert!(count.is_some_and(|count| (least..least + 10).contains(&count)), "{least}{of}: {first:?}");
    };
    shows(&first[0], done_before, "/200");
    shows(&first[2], signed, "/50");
    let second = shown.at(1.5, 120);
    assert!(second[1].contains("/s"), "{second:?}");
    let left = shown.took().as_secs_f64() - 1.5;
    let told = shown
        .times_left()
        .into_iter()
        .filter_map(|(at, left)| Some((at, left?)))
        .find(|(at, _)| at.as_secs_f64() > 1.4);
    let told = told.unwrap().1.as_secs_f64();
    assert!((told - left).abs() < 0.6, "{told} s were told, {left} s were left");
    let calls: Vec<_> = shown.last().calls.iter().map(|own| (own.done, own.total)).collect();
    assert_eq!(calls, [(200, Some(200)), (50, Some(50))]);
}

#[test]
fn failures_of_earlier_processes_still_stand_there() {
    let run = TestRun::new(&playbook(TWO_STEPS), &rows(12, 4));
    let _ = ShownRun::of(&run, QUICK, |n, _, orders| {
        if n == 5 {
            orders.send(Control::Drain { signal: 2 }).unwrap();
        }
        answer(u32::from(n == 2))
    });
    let shown = ShownRun::of(&run, |_| Duration::from_millis(400), |_, _, _| answer(0));
    let lines = shown.first_with("last: make · 1 (1 row)", 80);
    assert!(lines.is_some());
    let make = &shown.last().calls;
    assert_eq!((make[0].total, make[1].total), (Some(12), Some(2)), "the failed row was to be signed");
}

#[test]
fn trouble_is_told_with_the_right_number_and_passes() {
    let run = TestRun::new(&playbook(&TWO_STEPS.replace("20/s", "2/s")), &rows(40, 4));
    let lost = || Err(SendError::NotSent("connection refused".to_owned()));
    let shown = ShownRun::of(&run, QUICK, move |n, _, _| if n == 3 { lost() } else { answer(0) });
    shown.fits_every_width();
    let told = "1 call met trouble, the last one acme.sign: connection refused";
    assert!(shown.first_with(told, 80).is_some_and(|lines| lines.contains(&told.to_owned())));
    assert!(!shown.at(15.0, 80).iter().any(|line| line.contains("trouble")), "{:?}", shown.at(15.0, 80));
}
