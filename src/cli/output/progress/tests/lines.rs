//! Single frames and counter lines of counts that are made up.

use jiff::tz::{TimeZone, offset};

use crate::cli::output::progress::block::block;
use crate::cli::output::progress::counter_line::counter_line;
use crate::cli::output::progress::meter::Meter;
use crate::cli::output::progress::wait_words::{Moment, Style, seconds};
use crate::diagnostic::display_width;
use crate::engine::{FailureCount, OperationCalls, Progress, RunWait};
use crate::journal::OperationCounts;
use crate::model::{RowOutcome, Time};
use crate::policy::{SteerOrigin, SteeredBy};

const NOW: Time = Time::from_secs(1_795_390_000);

fn moment(style: Style) -> Moment {
    Moment { now: NOW, zone: TimeZone::fixed(offset(8)), style }
}

fn line(progress: &Progress) -> String {
    counter_line(progress, &Meter::default(), &moment(Style::Log))
}

fn operation(name: &str, done: u64, total: Option<u64>) -> OperationCalls {
    OperationCalls { operation: name.to_owned(), done, total, ..OperationCalls::default() }
}

fn failure(code: &str, rows: u64) -> Option<FailureCount> {
    let (step, code) = (Some("extend".to_owned()), Some(code.to_owned()));
    Some(FailureCount { outcome: RowOutcome::Failed, step, code, rows })
}

#[test]
fn a_counter_line_has_the_facts_of_the_block() {
    let mut now = Progress::default();
    now.rows.total = 1;
    assert_eq!(line(&now), "0 of 1 row; 0 calls");
    now.rows.total = 4;
    for outcome in [RowOutcome::Succeeded, RowOutcome::Failed, RowOutcome::NotStarted] {
        now.rows.add(outcome);
    }
    now.operations.insert("a.b".to_owned(), OperationCounts { calls: 3, attempts: 5, throttled: 2 });
    now.calls = vec![operation("a.b", 3, Some(4)), operation("a.c", 1, None)];
    now.wave = Some((2, 3));
    now.last_failure = failure("Gone", 1);
    now.most_frequent_failure = failure("Full", 7);
    now.waits =
        Some(RunWait::Throttled { operation: "a.b".to_owned(), until: NOW.plus(std::time::Duration::from_secs(30)) });
    let told = "3 of 4 rows: 1 succeeded, 1 failed, 1 not started; 4 calls (a.b 3 of 4, a.c 1), 2 throttled; wave 2 of 3; \
                throttled: a.b, goes on at 07:27:10; last: extend · Gone (1 row); most: extend · Full (7 rows)";
    assert_eq!(line(&now), told);
    (now.draining, now.in_flight) = (true, 1);
    assert!(line(&now).contains("; stopping, 1 call still under way; last: "), "{}", line(&now));
}

#[test]
fn a_pass_that_only_looks_up_counts_unknown_calls_and_not_rows() {
    let mut now = Progress { lookups_only: true, ..Progress::default() };
    now.rows.total = 40;
    (0..20).for_each(|_| now.rows.add(RowOutcome::Failed));
    now.last_failure = failure("Gone", 20);
    now.calls = vec![operation("a.b", 1, Some(1))];
    assert_eq!(line(&now), "looked up 1 of 1 unknown call");
    now.calls = vec![operation("a.b", 3, Some(12)), operation("a.c", 0, Some(2))];
    assert_eq!(line(&now), "looked up 3 of 14 unknown calls (a.b 3 of 12, a.c 0 of 2)");
    let lines = block(&now, &Meter::default(), &moment(Style::Live), 80);
    let shown: Vec<String> = lines.iter().map(|line| line.text()).collect();
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert!(shown[0].starts_with("looked up ") && shown[0].contains(" 3/14"), "{shown:?}");
    assert!(shown[1].starts_with("a.b ") && shown[1].contains(" 3/12"), "{shown:?}");
}

#[test]
fn long_names_and_wide_characters_fit() {
    let mut now = Progress::default();
    now.rows.total = 1_000_000;
    now.rows.by_outcome[RowOutcome::Failed as usize] = 400_000;
    let name = "契約サービス.非常に長い操作の名前_extend_deadline_of_every_signer";
    now.calls = vec![operation(name, 400_000, Some(1_000_000)), operation("a.b", 7, None)];
    now.last_failure = failure("期限切れの契約を延長することはできません", 400_000);
    now.most_frequent_failure = now.last_failure.clone();
    now.waits =
        Some(RunWait::Throttled { operation: name.to_owned(), until: NOW.plus(std::time::Duration::from_secs(3)) });
    for width in 1..=240 {
        let lines = block(&now, &Meter::default(), &moment(Style::Live), width);
        for line in &lines {
            assert!(display_width(&line.text()) < width.max(2), "{width}: `{}`", line.text());
        }
        let text = lines.iter().map(|line| line.text()).collect::<Vec<_>>().join("\n");
        assert!(width < 60 || text.contains("goes on in 3 s"), "{width}:\n{text}");
        assert!(width < 60 || text.contains("400000/1000000"), "{width}:\n{text}");
    }
}

#[test]
fn a_paused_run_says_who_paused_it_and_when() {
    let mut now = Progress::default();
    (now.rows.total, now.in_flight) = (4, 1);
    let by = SteeredBy { name: "ops".to_owned(), uid: 1_000, from: SteerOrigin::Key };
    now.paused = Some((by, NOW.minus(std::time::Duration::from_secs(7_200))));
    let lines = block(&now, &Meter::default(), &moment(Style::Live), 100);
    assert!(lines[0].text().ends_with("0/4  paused by ops (key) since 05:26, 1 call under way"), "{lines:?}");
    now.in_flight = 0;
    assert!(line(&now).ends_with("; paused by ops (key) since 05:26"), "{}", line(&now));
}

#[test]
fn a_vendors_text_cannot_break_out_of_its_line() {
    let mut now = Progress::default();
    now.rows.add(RowOutcome::Failed);
    now.rows.total = 2;
    now.last_failure = failure("a\nb\u{1b}[2J", 1);
    now.most_frequent_failure = now.last_failure.clone();
    let lines = block(&now, &Meter::default(), &moment(Style::Live), 80);
    assert!(lines.iter().all(|line| !line.text().contains(['\n', '\u{1b}'])), "{lines:?}");
}

#[test]
fn spans_are_told_in_whole_seconds() {
    let told = [0, 200, 1_000, 1_001, 59_000, 250_000].map(|ms| seconds(std::time::Duration::from_millis(ms)));
    assert_eq!(told, ["1 s", "1 s", "1 s", "2 s", "59 s", "4 min 10 s"]);
}
