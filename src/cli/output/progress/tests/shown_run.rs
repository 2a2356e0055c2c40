//! A run in virtual time as a display shows it: its frames at any width, and its counter lines.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::cli::output::progress::block::block;
use crate::cli::output::progress::counter_line::counter_line;
use crate::cli::output::progress::meter::Meter;
use crate::cli::output::progress::time_left::time_left;
use crate::cli::output::progress::wait_words::{Moment, Style};
use crate::diagnostic::display_width;
use crate::engine::Progress;
use crate::model::{Request, Response, SendError, Time};
use crate::runner::Control;
use crate::runner::tests::acme::{START, TestRun};

/// The widths at which every frame is laid out.
pub(super) const WIDTHS: [usize; 8] = [1, 20, 59, 60, 80, 120, 200, 400];

/// How long the vendor of a test takes to answer.
pub(super) const QUICK: fn(&Request) -> Duration = |_| Duration::from_millis(10);

/// A run whose counts were recorded.
pub(super) struct ShownRun {
    seen: Vec<(Time, Progress)>,
}

/// `num,note` and this many rows. Every `every`-th row has the note `vip`.
pub(super) fn rows(count: usize, every: usize) -> String {
    let note = |row: usize| if row.is_multiple_of(every) { "vip" } else { "x" };
    (0..count).fold("num,note\n".to_owned(), |text, row| format!("{text}n-{row},{}\n", note(row)))
}

/// A playbook with these keys.
pub(super) fn playbook(rest: &str) -> String {
    format!("version: 1\nname: Make things\nrows: {{ from: rows.csv, key: num }}\n{rest}")
}

impl ShownRun {
    /// Drives a run to its end or its stop with a vendor that answers by `script`.
    pub(super) fn of(
        run: &TestRun,
        latency: fn(&Request) -> Duration,
        script: impl FnMut(usize, &Request, &tokio::sync::mpsc::UnboundedSender<Control>) -> Result<Response, SendError>
        + Send
        + 'static,
    ) -> Self {
        let (ended, seen) = run.record(latency, script);
        ended.unwrap();
        Self { seen }
    }

    /// The counts at the end.
    pub(super) fn last(&self) -> &Progress {
        &self.seen.last().unwrap().1
    }

    /// When the run ended, after its start.
    pub(super) fn took(&self) -> Duration {
        self.seen.last().unwrap().0.since(START)
    }

    /// Calls `each` with every look at the run: the time since its start, the counts, and what the display remembers.
    pub(super) fn each(&self, mut each: impl FnMut(Duration, &Progress, &Meter)) {
        let mut meter = Meter::default();
        for (at, progress) in &self.seen {
            meter.observe(progress, *at);
            each(at.since(START), progress, &meter);
        }
    }

    /// The lines at this width, at the last look before `secs` seconds have passed.
    pub(super) fn at(&self, secs: f64, width: usize) -> Vec<String> {
        let mut found = Vec::new();
        self.each(|since, progress, meter| {
            if since <= Duration::from_secs_f64(secs) {
                found = texts(progress, meter, &moment(since, Style::Live), width);
            }
        });
        found
    }

    /// The counter line at the last look before `secs` seconds have passed.
    pub(super) fn line_at(&self, secs: f64) -> String {
        let mut found = String::new();
        self.each(|since, progress, meter| {
            if since <= Duration::from_secs_f64(secs) {
                found = counter_line(progress, meter, &moment(since, Style::Log));
            }
        });
        found
    }

    /// The first frame at this width with a line that contains `part`.
    pub(super) fn first_with(&self, part: &str, width: usize) -> Option<Vec<String>> {
        let mut found = None;
        self.each(|since, progress, meter| {
            let lines = texts(progress, meter, &moment(since, Style::Live), width);
            if found.is_none() && lines.iter().any(|line| line.contains(part)) {
                found = Some(lines);
            }
        });
        found
    }

    /// The time that is left by what the display says, at each look.
    pub(super) fn times_left(&self) -> Vec<(Duration, Option<Duration>)> {
        let mut times = Vec::new();
        self.each(|since, progress, meter| times.push((since, time_left(progress, meter, START.plus(since)))));
        times
    }

    /// Fails if a line of any frame does not fit its width.
    pub(super) fn fits_every_width(&self) {
        self.each(|since, progress, meter| {
            for width in WIDTHS {
                for line in texts(progress, meter, &moment(since, Style::Live), width) {
                    let wide = display_width(&line);
                    assert!(wide < width.max(2), "{wide} columns of {width} after {since:?}: `{line}`");
                }
            }
        });
    }
}

fn moment(since: Duration, style: Style) -> Moment {
    Moment { now: START.plus(since), zone: TimeZone::UTC, style }
}

fn texts(progress: &Progress, meter: &Meter, moment: &Moment, width: usize) -> Vec<String> {
    block(progress, meter, moment, width).iter().map(|line| line.text()).collect()
}
