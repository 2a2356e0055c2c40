//! Send windows: whether one is open, when it opens or closes next, and when work within it would end.

use std::time::Duration;

use crate::model::Time;
use crate::playbook::SendWindow;

/// A minute in microseconds; windows open and close on whole minutes.
const MINUTE: i64 = 60_000_000;

/// Minutes ahead in which an opening or closing is searched: more than a week, because hours that fall into the gap of a
/// clock put forward do not occur that day.
const LOOK_AHEAD: i64 = 15 * 24 * 60;

/// The longest span for which an end of work is computed.
const LONGEST_WORK: Duration = Duration::from_secs(366 * 24 * 3_600);

impl SendWindow {
    /// Whether the window is open, in its local time. In an hour that occurs twice, it is open both times.
    #[must_use]
    pub fn is_open(&self, at: Time) -> bool {
        let there = at.timestamp().to_zoned(self.zone.clone());
        let minute = u16::from(there.hour().unsigned_abs()) * 60 + u16::from(there.minute().unsigned_abs());
        let today = there.weekday();
        if !self.over_midnight() {
            return self.has(today) && (self.from..self.to).contains(&minute);
        }
        (self.has(today) && minute >= self.from) || (self.has(today.previous()) && minute < self.to)
    }

    /// The next instant at which it opens or closes; `None` if it does neither within fifteen days.
    #[must_use]
    pub fn changes_at(&self, at: Time) -> Option<Time> {
        let open = self.is_open(at);
        let first = at.as_micros().div_euclid(MINUTE) + 1;
        let minutes = (first..first + LOOK_AHEAD).map(|minute| Time::from_micros(minute * MINUTE));
        minutes.into_iter().find(|time| self.is_open(*time) != open)
    }

    /// The first instant from `at` on at which it is open; `None` if it stays closed for fifteen days.
    #[must_use]
    pub fn opens_at(&self, at: Time) -> Option<Time> {
        if self.is_open(at) { Some(at) } else { self.changes_at(at) }
    }

    /// The end of work that begins at `now`, takes `work` and pauses while the window is closed; `None` beyond a year.
    #[must_use]
    pub fn work_ends_at(&self, now: Time, work: Duration) -> Option<Time> {
        let (mut at, mut left) = (now, work);
        while at.since(now) < LONGEST_WORK {
            at = self.opens_at(at)?;
            let closes = self.changes_at(at);
            let open = closes.map_or(Duration::MAX, |closes| closes.since(at));
            if left <= open {
                return Some(at.plus(left));
            }
            left -= open;
            at = closes?;
        }
        None
    }

    /// An instant in the window's local time: `Mon 2026-11-23 09:00 Asia/Shanghai`.
    #[must_use]
    pub fn on_the_wall(&self, at: Time) -> String {
        let there = at.timestamp().to_zoned(self.zone.clone());
        format!("{} {}", there.strftime("%a %Y-%m-%d %H:%M"), self.timezone)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(days: &str, hours: &str, timezone: &str) -> SendWindow {
        serde_json::from_value(serde_json::json!({ "days": days, "hours": hours, "timezone": timezone })).unwrap()
    }

    fn at(text: &str) -> Time {
        Time::from_timestamp(text.parse().unwrap())
    }

    #[test]
    fn a_window_closes_on_the_minute_and_over_the_weekend() {
        let office = window("Mon-Fri", "09:00-18:00", "Asia/Shanghai");
        let friday = at("2026-11-20T09:59:59.999999Z");
        assert!(office.is_open(friday) && !office.is_open(at("2026-11-20T10:00:00Z")));
        assert_eq!(office.changes_at(friday), Some(at("2026-11-20T10:00:00Z")));
        assert_eq!(office.opens_at(at("2026-11-20T10:00:00Z")), Some(at("2026-11-23T01:00:00Z")));
        assert_eq!(office.on_the_wall(at("2026-11-23T01:00:00Z")), "Mon 2026-11-23 09:00 Asia/Shanghai");
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_they_begin_on() {
        let nights = window("Fri", "22:00-06:00", "UTC");
        for (time, open) in [
            ("2026-11-20T21:59:00Z", false),
            ("2026-11-20T22:00:00Z", true),
            ("2026-11-21T05:59:00Z", true),
            ("2026-11-21T06:00:00Z", false),
            ("2026-11-20T03:00:00Z", false),
            ("2026-11-21T23:00:00Z", false),
        ] {
            assert_eq!(nights.is_open(at(time)), open, "{time}");
        }
        assert_eq!(nights.opens_at(at("2026-11-21T06:00:00Z")), Some(at("2026-11-27T22:00:00Z")));
    }

    #[test]
    fn a_clock_put_forward_opens_late_and_one_put_back_opens_twice() {
        // In Berlin 02:00 became 03:00 on 2026-03-29, and 03:00 became 02:00 on 2026-10-25.
        let early = window("Sun", "02:30-04:00", "Europe/Berlin");
        assert_eq!(early.opens_at(at("2026-03-28T20:00:00Z")), Some(at("2026-03-29T01:00:00Z")));
        assert_eq!(early.changes_at(at("2026-03-29T01:00:00Z")), Some(at("2026-03-29T02:00:00Z")));
        let gone = window("Sun", "02:00-03:00", "Europe/Berlin");
        assert_eq!(gone.opens_at(at("2026-03-28T20:00:00Z")), Some(at("2026-04-05T00:00:00Z")));
        let twice = window("Sun", "02:30-03:00", "Europe/Berlin");
        assert_eq!(twice.opens_at(at("2026-10-24T20:00:00Z")), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(twice.opens_at(at("2026-10-25T01:00:00Z")), Some(at("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn a_window_that_never_closes_changes_nothing() {
        let always = window("Mon-Sun", "00:00-24:00", "UTC");
        let now = at("2026-11-22T04:00:00Z");
        assert_eq!((always.is_open(now), always.changes_at(now)), (true, None));
        assert_eq!(always.work_ends_at(now, Duration::from_secs(90)), Some(now.plus(Duration::from_secs(90))));
    }

    #[test]
    fn work_rests_while_the_window_is_closed() {
        let office = window("Mon-Fri", "09:00-18:00", "UTC");
        let ends = |from: &str, hours: u64| office.work_ends_at(at(from), Duration::from_secs(hours * 3_600)).unwrap();
        assert_eq!(ends("2026-11-20T17:00:00Z", 1), at("2026-11-20T18:00:00Z"));
        assert_eq!(ends("2026-11-20T17:00:00Z", 2), at("2026-11-23T10:00:00Z"));
        assert_eq!(ends("2026-11-22T04:00:00Z", 45), at("2026-11-27T18:00:00Z"));
        assert_eq!(office.work_ends_at(at("2026-11-20T17:00:00Z"), Duration::from_secs(9_999 * 3_600)), None);
    }

    #[test]
    fn a_window_opens_with_the_minute_it_names_and_on_its_days_only() {
        let office = window("Mon-Fri", "09:00-18:00", "UTC");
        for (time, open) in [
            ("2026-11-20T08:59:59Z", false),
            ("2026-11-20T09:00:00Z", true),
            ("2026-11-20T17:59:59Z", true),
            ("2026-11-20T18:00:00Z", false),
            ("2026-11-21T12:00:00Z", false),
        ] {
            assert_eq!(office.is_open(at(time)), open, "{time}");
        }
    }

    #[test]
    fn a_change_is_always_ahead_and_an_open_window_opens_now() {
        let office = window("Mon-Fri", "09:00-18:00", "UTC");
        let opening = at("2026-11-20T09:00:00Z");
        assert_eq!(office.changes_at(opening), Some(at("2026-11-20T18:00:00Z")));
        assert_eq!(office.opens_at(opening), Some(opening));
        let before = at("2026-11-20T08:59:59.5Z");
        assert_eq!((office.changes_at(before), office.opens_at(before)), (Some(opening), Some(opening)));
    }

    /// Local mean time, as of zones before they had hours of their own: its minutes do not begin with those of UTC.
    #[test]
    fn a_change_is_ahead_even_in_a_zone_whose_offset_has_seconds() {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(8 * 3_600 + 5 * 60 + 43).unwrap());
        let office = SendWindow { zone, ..window("Mon-Sun", "09:00-18:00", "UTC") };
        let opened = at("2026-11-20T00:54:17Z");
        assert!(office.is_open(opened) && !office.is_open(at("2026-11-20T00:54:16Z")));
        assert_eq!(office.changes_at(opened), Some(at("2026-11-20T09:55:00Z")));
    }

    #[test]
    fn work_ends_within_a_year_or_is_not_computed() {
        let mornings = window("Mon-Sun", "00:00-12:00", "UTC");
        let noon = at("2026-11-20T12:00:00Z");
        let a_year = Duration::from_secs(366 * 12 * 3_600);
        assert_eq!(mornings.work_ends_at(noon, a_year), Some(noon.plus(LONGEST_WORK)));
        assert_eq!(mornings.work_ends_at(noon, a_year + Duration::from_secs(1)), None);
    }

    #[test]
    fn work_that_ends_as_the_window_closes_ends_then() {
        let office = window("Mon-Fri", "09:00-18:00", "UTC");
        let now = at("2026-11-20T17:30:00Z");
        assert_eq!(office.work_ends_at(now, Duration::from_secs(1_800)), Some(at("2026-11-20T18:00:00Z")));
        assert_eq!(office.work_ends_at(now, Duration::from_secs(1_801)), Some(at("2026-11-23T09:00:01Z")));
        let year = Duration::from_secs(52 * 45 * 3_600);
        assert_eq!(office.work_ends_at(at("2026-11-23T09:00:00Z"), year), Some(at("2027-11-19T18:00:00Z")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn between_now_and_the_next_change_nothing_changes(
            days in proptest::array::uniform7(any::<bool>()).prop_filter("a day", |days| days.contains(&true)),
            from in 0u16..1_440,
            length in 1u16..1_439,
            zone in prop_oneof![Just("Asia/Shanghai"), Just("America/New_York"), Just("Asia/Kathmandu"), Just("Australia/Lord_Howe")],
            now in 1_700_000_000i64..1_900_000_000,
            part in 0.0f64..1.0,
        ) {
            let to = (from + length) % 1_440;
            let to = if to == 0 { 1_440 } else { to };
            let zone_of = jiff::tz::TimeZone::get(zone).unwrap();
            let window = SendWindow { days, from, to, zone: zone_of, timezone: zone.to_owned() };
            let now = Time::from_secs(now);
            let change = window.changes_at(now).unwrap();
            prop_assert!(change > now);
            prop_assert_ne!(window.is_open(change), window.is_open(now));
            let between = now.plus(change.since(now).mul_f64(part * 0.999_999));
            prop_assert_eq!(window.is_open(between), window.is_open(now));
            let opens = window.opens_at(now).unwrap();
            prop_assert!(opens >= now && window.is_open(opens));
            let ends = window.work_ends_at(now, Duration::from_secs(7_200));
            prop_assert!(ends.is_none_or(|ends| ends >= opens.plus(Duration::from_secs(7_200))));
        }
    }
}
