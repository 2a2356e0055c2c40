//! What people ordered while a run was under way, in the language of the page.

use super::language::PageLanguage;
use crate::policy::{SteerOrigin, SteerWord, SteeredBy};
use crate::report::SteeringEntry;

/// A command and its person: `rate set to 5/s by mei (key)`.
pub(super) fn tell_steering(entry: &SteeringEntry, language: PageLanguage) -> String {
    match language {
        PageLanguage::English => entry.to_string(),
        PageLanguage::Chinese => format!("{}，{}", command_in_chinese(entry), person_in_chinese(&entry.by())),
    }
}

fn command_in_chinese(entry: &SteeringEntry) -> String {
    match entry.what {
        SteerWord::Pause => "暂停".to_owned(),
        SteerWord::Resume => "结束暂停".to_owned(),
        SteerWord::Drain => "排空".to_owned(),
        SteerWord::Cancel => "取消".to_owned(),
        SteerWord::Rate => format!("速率设为 {}", entry.rate.as_deref().unwrap_or_default()),
        SteerWord::InFlight => format!("同时进行的调用数设为 {}", entry.in_flight.unwrap_or_default()),
    }
}

/// A person, and where the person gave the command.
pub(super) fn person_in_chinese(by: &SteeredBy) -> String {
    let from = match by.from {
        SteerOrigin::Key => "按键",
        SteerOrigin::Ctl => "`ctl`",
        SteerOrigin::Page => "页面",
        SteerOrigin::Program => "程序",
    };
    format!("{}（{from}）", by.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_in_both_languages() {
        let entry = |what, rate: Option<&str>, in_flight| SteeringEntry {
            what,
            rate: rate.map(str::to_owned),
            in_flight,
            who: "mei".to_owned(),
            uid: 7,
            from: SteerOrigin::Ctl,
        };
        let told = |entry: &SteeringEntry| PageLanguage::ALL.map(|language| tell_steering(entry, language));
        for (entry, [english, chinese]) in [
            (entry(SteerWord::Pause, None, None), ["paused by mei (`ctl`)", "暂停，mei（`ctl`）"]),
            (entry(SteerWord::Resume, None, None), ["pause ended by mei (`ctl`)", "结束暂停，mei（`ctl`）"]),
            (entry(SteerWord::Drain, None, None), ["drained by mei (`ctl`)", "排空，mei（`ctl`）"]),
            (entry(SteerWord::Cancel, None, None), ["cancelled by mei (`ctl`)", "取消，mei（`ctl`）"]),
            (
                entry(SteerWord::Rate, Some("5/s"), None),
                ["rate set to 5/s by mei (`ctl`)", "速率设为 5/s，mei（`ctl`）"],
            ),
            (
                entry(SteerWord::InFlight, None, Some(4)),
                ["calls under way at once set to 4 by mei (`ctl`)", "同时进行的调用数设为 4，mei（`ctl`）"],
            ),
        ] {
            assert_eq!(told(&entry), [english, chinese]);
        }
    }
}
