//! A daily quota: how many calls the vendor accepts until its own midnight.

use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use crate::model::Time;

/// A daily quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// The calls per day; `None` if the vendor's documents do not state the number.
    pub calls: Option<u64>,
    /// The time zone whose midnight begins a new day.
    pub zone: TimeZone,
}

impl Quota {
    /// The vendor's day at an instant, `YYYY-MM-DD`.
    #[must_use]
    pub fn day(&self, at: Time) -> String {
        self.there(at).date().to_string()
    }

    /// When the vendor's next day begins.
    #[must_use]
    pub fn resets_at(&self, at: Time) -> Time {
        let tomorrow = self.there(at).start_of_day().and_then(|today| today.checked_add(1.day()));
        // Only the last representable day has no next one.
        tomorrow.map_or(at, |tomorrow| Time::from_timestamp(tomorrow.timestamp()))
    }

    fn there(&self, at: Time) -> Zoned {
        at.timestamp().to_zoned(self.zone.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(zone: &str) -> Quota {
        Quota { calls: None, zone: TimeZone::get(zone).unwrap() }
    }

    #[test]
    fn the_day_is_the_vendors_own() {
        let at = Time::from_timestamp("2026-11-21T16:30:00Z".parse().unwrap());
        let (there, here) = (quota("Asia/Shanghai"), quota("UTC"));
        assert_eq!((there.day(at), here.day(at)), ("2026-11-22".to_owned(), "2026-11-21".to_owned()));
        assert_eq!(there.resets_at(at).to_string(), "2026-11-22T16:00:00Z");
        assert_eq!(here.resets_at(at).to_string(), "2026-11-22T00:00:00Z");
    }

    #[test]
    fn a_day_of_other_than_24_hours_ends_at_midnight_all_the_same() {
        let at = Time::from_timestamp("2026-10-25T00:30:00Z".parse().unwrap());
        assert_eq!(quota("Europe/Berlin").resets_at(at).to_string(), "2026-10-25T23:00:00Z");
    }
}
