//! What a run waits for, in words: for a terminal with the time that is left, for a log with the instant.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::meter::Meter;
use crate::diagnostic::{one_line, plural_of, shortened};
use crate::engine::{LoginTrouble, Progress, RunWait};
use crate::model::{Time, show_duration};

/// Answers that take less time are not worth a word.
const LONG_ANSWER: Duration = Duration::from_secs(3);

/// Waits that take less time would only flicker.
const FLICKER: Duration = Duration::from_millis(500);

/// From here on a wait is shown with the instant of its end, not with the time that is left.
const LONG_WAIT: Duration = Duration::from_secs(600);

/// The most characters of what the network said.
const NETWORK_TEXT: usize = 60;

/// How instants are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// The line is drawn again every moment: the time that is left counts down.
    Live,
    /// The line stays: instants are exact.
    Log,
}

/// A wait: what for, and until when. The second part begins with its own separator and may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WaitWords {
    pub(super) what: String,
    pub(super) when: String,
}

/// The instant and the place at which words are chosen.
#[derive(Clone)]
pub(super) struct Moment {
    pub(super) now: Time,
    pub(super) zone: TimeZone,
    pub(super) style: Style,
}

impl Moment {
    /// An instant as a time of day, with the date unless it is today's.
    pub(super) fn clock(&self, at: Time) -> String {
        clock(at, self.now, &self.zone)
    }

    /// `in 4 s`, or `at 14:32:05` where the line stays or the wait is long.
    fn soon(&self, at: Time) -> String {
        let left = at.since(self.now);
        match self.style {
            Style::Live if left < LONG_WAIT => format!("in {}", seconds(left)),
            Style::Live | Style::Log => format!("at {}", self.clock(at)),
        }
    }

    /// `for 12 s`, or `since 14:32:05` where the line stays.
    fn long(&self, since: Time) -> String {
        match self.style {
            Style::Live => format!("for {}", seconds(self.now.since(since))),
            Style::Log => format!("since {}", self.clock(since)),
        }
    }
}

/// What the run waits for; `None` if it goes on.
pub(super) fn wait_words(progress: &Progress, meter: &Meter, moment: &Moment) -> Option<WaitWords> {
    let words = |what: String, when: String| Some(WaitWords { what: one_line(&what).into_owned(), when });
    if let Some((by, since)) = &progress.paused {
        let under_way = match progress.in_flight {
            0 => String::new(),
            calls => format!(", {} under way", plural_of(calls, "call")),
        };
        return words(format!("paused by {by}"), format!(" since {}{under_way}", moment.clock(*since)));
    }
    let window = || progress.closed_until.as_ref().map(|(until, wall)| window_words(*until, wall, moment));
    match progress.waits.as_ref() {
        None => window(),
        Some(wait) if is_moment(wait, meter, moment.now) => window(),
        Some(RunWait::Window { until, wall }) => Some(window_words(*until, wall, moment)),
        Some(RunWait::Login { connection, host, since, failures, trouble, again_at }) => {
            let whom = host.as_deref().unwrap_or(connection);
            let what = login_words(whom, trouble.as_ref());
            words(what, login_when(*since, *failures, *again_at, moment)?)
        }
        Some(RunWait::Unreachable { connection, host, why, until }) => {
            let what = no_way_to(host.as_deref().unwrap_or(connection), why);
            words(what, format!(", trying again {}", moment.soon(*until)))
        }
        Some(RunWait::RetryAfter { operation, until }) => {
            let of = operation.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            words(format!("{of}Retry-After"), format!(" until {}", moment.clock(*until)))
        }
        Some(RunWait::Throttled { operation, until }) => {
            words(format!("throttled: {operation}"), format!(", goes on {}", moment.soon(*until)))
        }
        Some(RunWait::BackOff { rows, until }) => {
            words(format!("{} {} to be sent again", plural_of(*rows, "row"), wait(*rows)), next(*until, moment))
        }
        Some(RunWait::LookupDelay { rows, until }) => {
            words(format!("lookup of {} waits", plural_of(*rows, "call")), format!(" until {}", moment.clock(*until)))
        }
        Some(RunWait::LooksUp { calls }) => words(format!("looks up {}", plural_of(*calls, "call")), String::new()),
        Some(RunWait::Until { rows, until }) => {
            words(format!("{} {} for `until`", plural_of(*rows, "row"), wait(*rows)), next(*until, moment))
        }
        Some(RunWait::Answers { .. }) if progress.closed_until.is_some() => window(),
        Some(RunWait::Answers { .. }) if meter.quiet_for(moment.now) < LONG_ANSWER => None,
        Some(RunWait::Answers { calls, since }) => {
            let the_first = if *calls == 1 { "" } else { "the first " };
            let what = format!("waits for {}", plural_of(*calls, "answer"));
            words(what, format!(", {the_first}{}", moment.long(*since)))
        }
    }
}

/// Whether a wait has just begun and ends within a moment, so that its words would only flicker.
fn is_moment(wait: &RunWait, meter: &Meter, now: Time) -> bool {
    let short = wait.until().is_none_or(|until| until.since(now) < Duration::from_secs(1));
    !wait.is_for_answers() && short && meter.waited_for(now) < FLICKER
}

fn wait(rows: u64) -> &'static str {
    if rows == 1 { "waits" } else { "wait" }
}

fn next(until: Time, moment: &Moment) -> String {
    format!(", the next {}", moment.soon(until))
}

fn window_words(until: Time, wall: &str, moment: &Moment) -> WaitWords {
    let what = "waits for the window".to_owned();
    let when = match moment.style {
        Style::Live => format!(" until {}", short_wall(until, wall, moment)),
        Style::Log => format!(" until {wall} ({until})"),
    };
    WaitWords { what, when }
}

/// The opening of a window in its own time zone, which is named unless it is the machine's.
fn short_wall(until: Time, wall: &str, moment: &Moment) -> String {
    let name = wall.rsplit(' ').next().unwrap_or_default();
    let Ok(zone) = TimeZone::get(name) else { return wall.to_owned() };
    let at = clock(until, moment.now, &zone);
    if moment.zone.iana_name() == Some(name) { at } else { format!("{at} {name}") }
}

fn login_words(whom: &str, trouble: Option<&LoginTrouble>) -> String {
    match trouble {
        None => format!("logs in at {whom}"),
        Some(LoginTrouble::Network(why)) => format!("login: {}", no_way_to(whom, why)),
        Some(LoginTrouble::Code(code)) => format!("login: {whom} answers {}", shortened(code, NETWORK_TEXT)),
    }
}

/// When a login goes on; `None` for a first login that has only begun.
fn login_when(since: Option<Time>, failures: u32, again_at: Option<Time>, moment: &Moment) -> Option<String> {
    match (again_at, since) {
        (Some(at), _) => Some(format!(", trying again {}", moment.soon(at))),
        (None, Some(_)) if failures > 0 => Some(format!(", attempt {}", failures + 1)),
        (None, Some(since)) if moment.now.since(since) < LONG_ANSWER => None,
        (None, Some(since)) => Some(format!(", {}", moment.long(since))),
        (None, None) => Some(String::new()),
    }
}

/// Why a host gives no answer, in a few words.
fn no_way_to(host: &str, why: &str) -> String {
    if let Some(why) = why.strip_prefix("no answer: ") {
        return format!("no answer from {host} ({})", shortened(why, NETWORK_TEXT));
    }
    let why = why.strip_prefix("not sent: ").unwrap_or(why);
    let cause = if why.contains("dns error") {
        "DNS".to_owned()
    } else if why.contains("Connection refused") {
        "connection refused".to_owned()
    } else {
        shortened(why, NETWORK_TEXT).into_owned()
    };
    format!("cannot reach {host} ({cause})")
}

/// An instant as a time of day: with seconds if it is near, with the date unless it is today's.
fn clock(at: Time, now: Time, zone: &TimeZone) -> String {
    let there = |time: Time| time.timestamp().to_zoned(zone.clone());
    let (shown, today) = (there(at), there(now));
    let near = at.since(now).max(now.since(at)) < Duration::from_secs(3_600);
    let form = match (shown.date() == today.date(), near) {
        (_, true) => "%H:%M:%S",
        (true, false) => "%H:%M",
        (false, false) => "%a %Y-%m-%d %H:%M",
    };
    shown.strftime(form).to_string()
}

/// A span to the second, rounded up: `4 s`, `4 min 10 s`.
pub(super) fn seconds(span: Duration) -> String {
    let whole = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    match whole {
        0..=59 => format!("{} s", whole.max(1)),
        60.. => show_duration(Duration::from_secs(whole)),
    }
}
