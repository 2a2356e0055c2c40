//! The block of lines on a terminal: one for the rows, one for each operation, one for outcomes and failures, one for what
//! the run waits for. Every line is narrower than the terminal.

use super::fit::{first_fit, fit, fit_end, join_fitting};
use super::meter::Meter;
use super::phrases::{failures, has_other_outcomes, outcomes, stopping, trouble, wave};
use super::time_left::time_left;
use super::wait_words::{Moment, WaitWords, seconds, wait_words};
use crate::diagnostic::{display_width, one_line, padded, plural_of, widest};
use crate::engine::{OperationCalls, Progress};

/// The narrowest width that is laid out. On a narrower terminal lines are cut.
const NARROWEST: usize = 30;

/// What stands between two parts of a line.
const GAP: &str = "  ";

/// One line of the block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BlockLine {
    /// The text before the bar; the whole text of a line without a bar.
    pub(super) before: String,
    /// The part of the bar that is done, and the rest.
    pub(super) bar: (String, String),
    /// The text after the bar.
    pub(super) after: String,
}

impl BlockLine {
    fn of_text(text: String) -> Self {
        Self { before: text, ..Self::default() }
    }

    /// The line without colours.
    pub(super) fn text(&self) -> String {
        let Self { before, bar: (done, rest), after } = self;
        format!("{before}{done}{rest}{after}").trim_end().to_owned()
    }
}

/// The widths of the columns of the block.
struct Columns {
    label: usize,
    bar: usize,
    count: usize,
    tail: usize,
    whole: usize,
}

/// One line with a bar before it is laid out.
struct Gauge {
    label: String,
    done: u64,
    /// `None` if there is no total, and so no bar.
    total: Option<u64>,
    count: String,
    tail: Vec<String>,
}

/// The lines of the block on a terminal of this width.
pub(super) fn block(progress: &Progress, meter: &Meter, moment: &Moment, width: usize) -> Vec<BlockLine> {
    // A line that reaches the last column would make some terminals wrap.
    let whole = width.saturating_sub(1).max(1);
    let waits = wait_words(progress, meter, moment);
    let mut gauges = vec![whole_run(progress, meter, moment, waits.is_some())];
    gauges.extend(progress.calls.iter().enumerate().map(|(place, own)| calls(progress, place, own, meter, moment)));
    let columns = columns(&gauges, whole.max(NARROWEST));
    let waits = waits.and_then(|waits| {
        let text = format!("{}{}", waits.what, waits.when);
        let fits = progress.wave.is_none() && display_width(&text) <= columns.tail;
        if fits {
            gauges[0].tail.push(text);
        }
        (!fits).then_some(waits)
    });
    let mut lines: Vec<BlockLine> = gauges.iter().map(|gauge| gauge.line(&columns)).collect();
    let below = [
        ends(progress, whole),
        stopping(progress),
        waits.map(|waits| waits.fitted(whole)),
        trouble(progress, meter, moment.now),
    ];
    lines.extend(below.into_iter().flatten().map(|text| BlockLine::of_text(fit(&text, whole))));
    if whole < NARROWEST {
        lines = lines.iter().map(|line| BlockLine::of_text(fit(&line.text(), whole))).collect();
    }
    lines
}

/// The line of the rows; of a pass that only looks up, that of the unknown calls.
fn whole_run(progress: &Progress, meter: &Meter, moment: &Moment, waits: bool) -> Gauge {
    let lookups = progress.calls.iter().map(|own| (own.done, own.total.unwrap_or_default()));
    let (label, (done, total)) = match progress.lookups_only {
        true => ("looked up", lookups.fold((0, 0), |all, own| (all.0 + own.0, all.1 + own.1))),
        false => ("rows", (progress.rows.ended(), progress.rows.total)),
    };
    let left = if waits { None } else { time_left(progress, meter, moment.now) };
    let left = left.map(|left| format!("{} left", seconds(left)));
    let tail = left.into_iter().chain(wave(progress)).collect();
    Gauge { label: label.to_owned(), done, total: Some(total), count: format!("{done}/{total}"), tail }
}

/// The line of an operation.
fn calls(progress: &Progress, place: usize, own: &OperationCalls, meter: &Meter, moment: &Moment) -> Gauge {
    let sent = progress.operations.get(&own.operation).copied().unwrap_or_default();
    let count = match own.total {
        Some(total) => format!("{}/{total}", own.done),
        None if own.done == 0 && own.rollbacks > 0 => String::new(),
        None => plural_of(own.done, "call"),
    };
    let rate = meter.rate(progress, place, moment.now).filter(|_| sent.attempts > 0);
    let mut tail: Vec<String> = rate.map(|rate| format!("{rate:.1}/s")).into_iter().collect();
    if own.rollbacks > 0 {
        tail.push(plural_of(own.rollbacks, "rollback"));
    }
    let again = sent.attempts.saturating_sub(sent.calls);
    let notes = [(again, "sent again"), (sent.throttled, "throttled")];
    tail.extend(notes.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    Gauge { label: one_line(&own.operation).into_owned(), done: own.done, total: own.total, count, tail }
}

/// Outcomes and failures; `None` while every row that ended succeeded.
fn ends(progress: &Progress, whole: usize) -> Option<String> {
    if progress.lookups_only || !has_other_outcomes(&progress.rows) {
        return None;
    }
    let (outcomes, failures) = (outcomes(&progress.rows), failures(progress));
    if failures.is_empty() {
        return Some(outcomes);
    }
    // Where there is no room for both, the failure says more than the outcomes.
    let texts: Vec<String> =
        failures.iter().map(|failures| format!("{outcomes}; {failures}")).chain(failures.last().cloned()).collect();
    Some(first_fit(&texts, whole))
}

fn columns(gauges: &[Gauge], whole: usize) -> Columns {
    let label = widest(gauges.iter().map(|gauge| gauge.label.as_str())).min((whole / 3).clamp(10, 40));
    let bar = match whole {
        ..70 => 8,
        70..100 => 14,
        100..140 => 24,
        140.. => 40,
    };
    let count = widest(gauges.iter().map(|gauge| gauge.count.as_str()));
    let tail = whole.saturating_sub(label + bar + count + 2 + GAP.len());
    Columns { label, bar, count, tail, whole }
}

impl Gauge {
    fn line(&self, columns: &Columns) -> BlockLine {
        let label = padded(&fit_end(&self.label, columns.label), columns.label);
        let bar = self
            .total
            .map_or_else(|| (String::new(), " ".repeat(columns.bar)), |total| bar(self.done, total, columns.bar));
        let blanks = " ".repeat(columns.count.saturating_sub(display_width(&self.count)));
        let tail = join_fitting(&self.tail, GAP, columns.tail);
        let after = fit(
            &format!(" {blanks}{}{GAP}{tail}", self.count),
            columns.whole.saturating_sub(columns.label + 1 + columns.bar),
        );
        BlockLine { before: format!("{label} "), bar, after: after.trim_end().to_owned() }
    }
}

/// A bar of this many columns. It is full only once everything is done.
fn bar(done: u64, total: u64, columns: usize) -> (String, String) {
    let wide = columns as u64;
    let full = done.min(total).saturating_mul(wide).checked_div(total).unwrap_or(0).min(wide);
    let full = usize::try_from(full).unwrap_or(columns);
    let head = if full < columns && done > 0 { "╸" } else { "" };
    let rest = columns - full - display_width(head);
    (format!("{}{head}", "━".repeat(full)), "─".repeat(rest))
}

impl WaitWords {
    /// The wait in at most `columns` columns. What it is for is cut rather than until when.
    fn fitted(&self, columns: usize) -> String {
        let room = columns.saturating_sub(display_width(&self.when));
        format!("{}{}", fit(&self.what, room), self.when)
    }
}
