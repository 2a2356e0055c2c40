//! Advice for a refusal of the whole run: the provider file's own, and how much this machine's clock differs from the
//! vendor's.

use std::time::Duration;

use crate::model::{Time, show_duration};
use crate::provider::Remedy;

/// From this difference on, the clock may be the cause of a refusal even if the vendor's code does not say so.
const FAR: Duration = Duration::from_secs(240);

/// Below this difference the clocks agree: an answer's date has whole seconds and is some time under way.
const NEAR: Duration = Duration::from_secs(30);

/// How to set a clock.
const SET: &str = "set the clock (`sudo timedatectl set-ntp true` where systemd keeps it), then resume";

/// What to do about a refusal at `now`, by this machine's clock; `None` if nothing is known.
#[must_use]
pub fn refusal_advice(remedy: &Remedy, now: Time) -> Option<String> {
    let advice = remedy.advice.as_deref();
    let Some(dated) = remedy.dated else {
        let unknown =
            "How far this machine's clock is off is not known, as the answer has no `Date` header: `date -u` shows it";
        return match (remedy.clock, advice) {
            (true, Some(advice)) => Some(format!("{advice} {unknown}. Nothing more is sent")),
            (true, None) => Some(format!("{unknown}; {SET}. Nothing more is sent")),
            (false, advice) => advice.map(str::to_owned),
        };
    };
    let (apart, way) = match now >= dated {
        true => (now.since(dated), "ahead of"),
        false => (dated.since(now), "behind"),
    };
    let off =
        format!("this machine's clock is {} {way} the vendor's, by the answer's `Date` header", show_duration(apart));
    match remedy.clock {
        true if apart < NEAR => Some(
            "This machine's clock agrees with the vendor's, by the answer's `Date` header: something on the way, such as \
             a proxy, holds calls back longer than the vendor allows. Nothing more is sent"
                .to_owned(),
        ),
        true => Some(format!("{}: {SET}. Nothing more is sent", capital(&off))),
        false if apart >= FAR => {
            let first = advice.map(|advice| format!("{advice} ")).unwrap_or_default();
            Some(format!("{first}It may also be that {off}: {SET}"))
        }
        false => advice.map(str::to_owned),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_700_000_000);

    fn told(clock: bool, advice: Option<&str>, vendors: Option<i64>) -> Option<String> {
        let dated = vendors.map(|ahead| Time::from_secs(NOW.as_secs() + ahead));
        refusal_advice(&Remedy { advice: advice.map(str::to_owned), clock, dated }, NOW)
    }

    #[test]
    fn the_advice_says_how_far_the_clock_is_off() {
        let ahead = told(true, Some("Set it."), Some(-423)).unwrap();
        assert!(ahead.starts_with("This machine's clock is 7 min 3 s ahead of the vendor's, by the answer's `Date`"));
        assert!(ahead.contains("timedatectl") && ahead.ends_with("Nothing more is sent"), "{ahead}");
        let behind = told(true, None, Some(7_200)).unwrap();
        assert!(behind.starts_with("This machine's clock is 2 h 0 min behind the vendor's"), "{behind}");
    }

    #[test]
    fn without_a_date_nothing_is_guessed() {
        let told_of = told(true, None, None).unwrap();
        assert!(told_of.contains("no `Date` header: `date -u` shows it; set the clock"), "{told_of}");
        assert_eq!(told(false, None, None), None);
        assert_eq!(told(false, Some("Check the key."), None).as_deref(), Some("Check the key."));
    }

    #[test]
    fn a_clock_that_is_right_is_not_blamed() {
        assert!(told(true, Some("Set the clock."), Some(29)).unwrap().contains("agrees with the vendor's"));
        assert_eq!(told(false, Some("Check the key."), Some(239)).as_deref(), Some("Check the key."));
        assert_eq!(told(false, None, Some(-239)), None);
    }

    #[test]
    fn another_refusal_under_a_clock_far_off_names_it_too() {
        let both = told(false, Some("Check the key."), Some(240)).unwrap();
        assert!(
            both.starts_with("Check the key. It may also be that this machine's clock is 4 min 0 s behind"),
            "{both}"
        );
    }

    #[test]
    fn from_thirty_seconds_on_a_clock_that_the_vendor_finds_wrong_is_said_to_be_wrong() {
        for (vendors, way) in [(-30, "30 s ahead of"), (30, "30 s behind")] {
            let said = told(true, None, Some(vendors)).unwrap();
            assert!(said.starts_with(&format!("This machine's clock is {way} the vendor's")), "{said}");
        }
        assert!(told(true, None, Some(-29)).unwrap().contains("agrees with the vendor's"));
    }

    #[test]
    fn without_a_date_the_advice_of_the_provider_file_comes_first() {
        let said = told(true, Some("Set the clock."), None).unwrap();
        assert!(said.starts_with("Set the clock. How far this machine's clock is off is not known"), "{said}");
        assert!(said.ends_with("`date -u` shows it. Nothing more is sent"), "{said}");
    }

    #[test]
    fn a_clock_far_off_is_named_without_advice_too() {
        let said = told(false, None, Some(-240)).unwrap();
        assert!(said.starts_with("It may also be that this machine's clock is 4 min 0 s ahead of"), "{said}");
    }
}
