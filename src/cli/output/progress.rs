//! The progress of a run: a bar per operation on a terminal, a line every few seconds elsewhere.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use jiff::tz::TimeZone;

use super::screen::Screen;
use crate::diagnostic::one_line;
use crate::engine::Progress;
use crate::model::{RowOutcome, show_duration};
use crate::operate::RunProgress;
use crate::policy::Counts;

/// How often bars are drawn.
const DRAW: Duration = Duration::from_millis(120);
/// How often a counter line is written where there is no terminal.
const LINE: Duration = Duration::from_secs(5);

/// Shows a run's progress until it is dropped.
#[derive(Debug)]
pub(crate) struct Display {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Display {
    /// Starts a thread that shows the progress at intervals.
    pub(crate) fn start(screen: Screen, progress: RunProgress) -> Self {
        let (stop, stopped) = mpsc::channel::<()>();
        let show = move || {
            let mut bars = screen.live.then(|| Bars::new(screen));
            let pause = if screen.live { DRAW } else { LINE };
            let mut last = String::new();
            let mut troubled = 0;
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let now = progress.now();
                match &mut bars {
                    Some(bars) => bars.show(&now),
                    None => {
                        let line = with_trouble(line(&now), &now, &mut troubled);
                        if line != last {
                            screen.say(&line);
                        }
                        last = line;
                    }
                }
            }
            if let Some(bars) = bars {
                bars.clear();
            }
        };
        // Without a thread no progress is shown, and the run continues.
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(show).ok();
        Self { stop: Some(stop), thread }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the display was printed; it does not change the result of the run.
            let _ = thread.join();
        }
    }
}

/// The progress on one line: `120 of 400 rows: 118 succeeded, 2 failed; 240 calls, 3 throttled`.
pub(crate) fn line(now: &Progress) -> String {
    let mut line = format!("{} of {} rows", now.rows.ended(), now.rows.total);
    let outcomes = outcomes(&now.rows);
    if !outcomes.is_empty() {
        line.push_str(&format!(": {outcomes}"));
    }
    let calls: u64 = now.operations.values().map(|counts| counts.calls).sum();
    let throttled: u64 = now.operations.values().map(|counts| counts.throttled).sum();
    line.push_str(&format!("; {calls} calls"));
    if throttled > 0 {
        line.push_str(&format!(", {throttled} throttled"));
    }
    if let Some((wave, waves)) = now.wave.filter(|(_, waves)| *waves > 1) {
        line.push_str(&format!("; wave {wave} of {waves}"));
    }
    if let Some(closed) = closed(now) {
        line.push_str(&format!("; {closed}"));
    }
    if let Some(asked) = asked(now, &TimeZone::system()) {
        line.push_str(&format!("; {asked}"));
    }
    if now.draining {
        line.push_str(&format!("; stopping, {} calls still under way", now.in_flight));
    }
    line
}

/// The closed send window, and when it opens; `None` where it is open.
fn closed(now: &Progress) -> Option<String> {
    let (at, wall) = now.closed_until.as_ref()?;
    Some(format!("outside the send window, waits until {wall} ({at})"))
}

/// The local time until which the vendor asked to wait; `None` where it did not. It is less than a day ahead.
fn asked(now: &Progress, zone: &TimeZone) -> Option<String> {
    let until = jiff::Timestamp::from_microsecond(now.asked_until?.as_micros()).ok()?;
    Some(format!("waits until {} (Retry-After)", until.to_zoned(zone.clone()).strftime("%H:%M")))
}

/// Adds the number of calls that met trouble since the last line, so that a waiting run shows why.
fn with_trouble(line: String, now: &Progress, told: &mut u64) -> String {
    let fresh = now.troubled.saturating_sub(*told);
    *told = now.troubled;
    match &now.last_trouble {
        Some(what) if fresh > 0 => format!("{line}; {fresh} calls met trouble, the last one {what}"),
        _ => line,
    }
}

/// The outcomes that occurred, with their counts.
fn outcomes(counts: &Counts) -> String {
    const SHOWN: [RowOutcome; 7] = [
        RowOutcome::Succeeded,
        RowOutcome::Unchanged,
        RowOutcome::Skipped,
        RowOutcome::Failed,
        RowOutcome::Partial,
        RowOutcome::Unknown,
        RowOutcome::NotStarted,
    ];
    let occurred = SHOWN.into_iter().filter(|outcome| counts.of(*outcome) > 0);
    let words = occurred.map(|outcome| format!("{} {}", counts.of(outcome), outcome.as_str().replace('_', " ")));
    words.collect::<Vec<_>>().join(", ")
}

/// The bars: one for the rows, one per operation as it is first called.
#[derive(Debug)]
struct Bars {
    all: MultiProgress,
    rows: ProgressBar,
    operations: BTreeMap<String, ProgressBar>,
    colored: bool,
    /// The troubled calls that were shown.
    troubled: u64,
    /// The last trouble, with the time when it was met.
    trouble: Option<(Instant, String)>,
}

impl Bars {
    fn new(screen: Screen) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let rows = all.add(ProgressBar::new(0));
        rows.set_style(style(screen.colored(), true));
        rows.set_prefix("rows");
        Self { all, rows, operations: BTreeMap::new(), colored: screen.colored(), troubled: 0, trouble: None }
    }

    fn show(&mut self, now: &Progress) {
        self.rows.set_length(now.rows.total);
        self.rows.set_position(now.rows.ended());
        let message = match now.draining {
            true => format!("stopping, {} calls still under way", now.in_flight),
            false if now.closed_until.is_some() => closed(now).unwrap_or_default(),
            false => asked(now, &TimeZone::system()).unwrap_or_else(|| self.with_recent_trouble(now)),
        };
        self.rows.set_message(one_line(&message).into_owned());
        for (name, counts) in &now.operations {
            let (all, colored) = (&self.all, self.colored);
            let bar = self.operations.entry(name.clone()).or_insert_with(|| {
                let bar = all.add(ProgressBar::new(0));
                bar.set_style(style(colored, false));
                bar.set_prefix(one_line(name).into_owned());
                bar
            });
            bar.set_length(now.rows.total.max(counts.calls));
            bar.set_position(counts.calls);
            let again = counts.attempts.saturating_sub(counts.calls);
            let notes = [(again, "sent again"), (counts.throttled, "throttled")];
            let notes: Vec<String> =
                notes.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
            bar.set_message(notes.join(", "));
        }
    }

    /// The outcomes, and for a while the last trouble.
    fn with_recent_trouble(&mut self, now: &Progress) -> String {
        let told = with_trouble(String::new(), now, &mut self.troubled);
        if !told.is_empty() {
            self.trouble = Some((Instant::now(), told));
        }
        let recent = self.trouble.as_ref().filter(|(met, _)| met.elapsed() < LINE);
        format!("{}{}", outcomes(&now.rows), recent.map_or("", |(_, told)| told))
    }

    fn clear(self) {
        for bar in self.operations.values().chain([&self.rows]) {
            bar.finish_and_clear();
        }
        // The terminal may be gone; there is no place to report that.
        let _ = self.all.clear();
    }
}

fn style(colored: bool, rows: bool) -> ProgressStyle {
    let bar = if colored { "{bar:24.cyan/dim}" } else { "{bar:24}" };
    let tail = if rows { "{left}  {msg}" } else { "{pace}  {msg}" };
    let template = format!("{{prefix:32!}} {bar} {{pos}}/{{len}}  {tail}");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let pace = |state: &ProgressState, out: &mut dyn fmt::Write| {
        // A bar that cannot be drawn is drawn again at the next interval.
        let _ = write!(out, "{:.1}/s", state.per_sec());
    };
    let left = |state: &ProgressState, out: &mut dyn fmt::Write| {
        if state.pos() > 0 {
            let _ = write!(out, "{} left", show_duration(Duration::from_secs(state.eta().as_secs())));
        }
    };
    style.with_key("pace", pace).with_key("left", left).progress_chars("━╸─")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::OperationCounts;
    use crate::model::Time;

    #[test]
    fn a_line_shows_outcomes_waits_and_trouble() {
        let mut now = Progress::default();
        now.rows.total = 4;
        assert_eq!(line(&now), "0 of 4 rows; 0 calls");
        for outcome in [RowOutcome::Succeeded, RowOutcome::Succeeded, RowOutcome::NotStarted] {
            now.rows.add(outcome);
        }
        now.operations.insert("a.b".to_owned(), OperationCounts { calls: 3, attempts: 5, throttled: 2 });
        now.wave = Some((2, 3));
        now.closed_until = Some((Time::from_secs(1_795_395_600), "Mon 2026-11-23 09:00 Asia/Shanghai".to_owned()));
        let told = "3 of 4 rows: 2 succeeded, 1 not started; 3 calls, 2 throttled; wave 2 of 3; outside the send window, \
                    waits until Mon 2026-11-23 09:00 Asia/Shanghai (2026-11-23T01:00:00Z)";
        assert_eq!(line(&now), told);
        (now.wave, now.closed_until) = (None, None);
        now.asked_until = Some(Time::from_secs(1_795_395_600));
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(asked(&now, &zone).as_deref(), Some("waits until 09:00 (Retry-After)"));
        assert!(line(&now).contains("; waits until ") && line(&now).ends_with(" (Retry-After)"), "{}", line(&now));
        now.asked_until = None;
        assert_eq!(asked(&now, &zone), None);
        (now.draining, now.in_flight) = (true, 1);
        assert_eq!(
            line(&now),
            "3 of 4 rows: 2 succeeded, 1 not started; 3 calls, 2 throttled; stopping, 1 calls still under way"
        );
    }
}
