//! What a call waited for before it was sent. Waits that nobody would notice are not kept, so that the journal stays
//! small.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::policy::WaitReason;

/// Waits for one reason that are shorter in all are not kept.
const SHORTEST_KEPT: Duration = Duration::from_millis(100);

/// What a call waited for: each reason once, with the time spent on it in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waits(Vec<(WaitReason, u64)>);

impl Waits {
    /// Adds the time that a call waited for a reason, unless it is too short to be kept.
    pub fn add(&mut self, reason: WaitReason, time: Duration) {
        if time < SHORTEST_KEPT {
            return;
        }
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        match self.0.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, total)) => *total = total.saturating_add(millis),
            None => self.0.push((reason, millis)),
        }
    }

    /// Adds other waits of the same call.
    pub fn extend(&mut self, other: Self) {
        other.0.into_iter().for_each(|(reason, millis)| self.add(reason, Duration::from_millis(millis)));
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each reason with its time in milliseconds.
    pub fn iter(&self) -> impl Iterator<Item = (WaitReason, u64)> + '_ {
        self.0.iter().copied()
    }
}

/// The letter that stands for a reason on disk.
fn letter(reason: WaitReason) -> &'static str {
    match reason {
        WaitReason::BackOff => "b",
        WaitReason::RetryAfter => "a",
        WaitReason::Settling => "s",
        WaitReason::Until => "u",
        WaitReason::Limit => "l",
        WaitReason::Throttled => "t",
        WaitReason::Window => "w",
        WaitReason::Login => "o",
        WaitReason::InFlight => "f",
        WaitReason::EffectBudget => "e",
        WaitReason::Paused => "p",
        WaitReason::OutOfReach => "r",
        WaitReason::Shortage => "c",
        WaitReason::OtherRun => "x",
        WaitReason::Journal => "j",
    }
}

impl Serialize for Waits {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (reason, millis) in &self.0 {
            map.serialize_entry(letter(*reason), millis)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Waits {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(WaitsVisitor)
    }
}

/// Reads waits; reasons of later versions are ignored.
struct WaitsVisitor;

impl<'de> Visitor<'de> for WaitsVisitor {
    type Value = Waits;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("waits by reason")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Waits, A::Error> {
        let mut waits = Waits::default();
        while let Some(written) = members.next_key::<String>()? {
            match WaitReason::ALL.into_iter().find(|reason| letter(*reason) == written) {
                Some(reason) => waits.add(reason, Duration::from_millis(members.next_value()?)),
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(waits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn every_reason_is_read_as_it_was_written() {
        let mut waits = Waits::default();
        WaitReason::ALL.into_iter().zip(100..).for_each(|(reason, millis)| waits.add(reason, ms(millis)));
        let text = serde_json::to_string(&waits).unwrap();
        assert_eq!(serde_json::from_str::<Waits>(&text).unwrap(), waits, "{text}");
        assert_eq!(waits.iter().count(), WaitReason::ALL.len());
    }

    #[test]
    fn short_waits_are_not_kept_and_a_reason_stands_once() {
        let mut waits = Waits::default();
        waits.add(WaitReason::Limit, ms(99));
        assert!(waits.is_empty());
        waits.add(WaitReason::Limit, ms(100));
        waits.add(WaitReason::Login, ms(250));
        waits.add(WaitReason::Limit, ms(400));
        assert_eq!(serde_json::to_string(&waits).unwrap(), r#"{"l":500,"o":250}"#);
    }

    #[test]
    fn reasons_of_later_versions_are_ignored() {
        let waits: Waits = serde_json::from_str(r#"{"?":[1],"o":250,"":null}"#).unwrap();
        assert_eq!(waits.iter().collect::<Vec<_>>(), [(WaitReason::Login, 250)]);
        for wrong in ["[]", "1", r#"{"o":"x"}"#, r#"{"o":-1}"#] {
            assert!(serde_json::from_str::<Waits>(wrong).is_err(), "{wrong}");
        }
    }
}
