//! The send window: days of the week and times of day in one time zone.

use std::fmt;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::diagnostic::near_miss;

/// The names of the days as written, from Monday on.
pub(super) const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The minutes in a day.
pub(super) const DAY: u16 = 24 * 60;

/// A send window. Hours that end at or before their start continue after midnight and belong to the day on which they
/// start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct SendWindow {
    /// The days, from Monday on.
    pub days: [bool; 7],
    /// The minute of the day at which it opens.
    pub from: u16,
    /// The minute of the day at which it closes; 1440 is midnight.
    pub to: u16,
    /// The time zone.
    pub zone: TimeZone,
    /// The name of the time zone.
    pub timezone: String,
}

impl SendWindow {
    /// Whether the window opens on this day of the week.
    #[must_use]
    pub fn has(&self, day: Weekday) -> bool {
        self.days[usize::from(day.to_monday_zero_offset().unsigned_abs())]
    }

    /// Whether it continues after midnight.
    #[must_use]
    pub fn over_midnight(&self) -> bool {
        self.to <= self.from
    }

    /// The days as written in a playbook.
    fn days_text(&self) -> String {
        let on: Vec<usize> = (0..7).filter(|day| self.days[*day]).collect();
        match (on.first(), on.last()) {
            (Some(first), Some(last)) if last - first + 1 == on.len() && on.len() > 2 => {
                format!("{}-{}", DAYS[*first], DAYS[*last])
            }
            _ => on.iter().map(|day| DAYS[*day]).collect::<Vec<_>>().join(","),
        }
    }

    fn hours_text(&self) -> String {
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        format!("{}-{}", time(self.from), time(self.to))
    }
}

impl fmt::Display for SendWindow {
    /// `Mon-Fri 09:00-18:00 Asia/Shanghai`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.days_text(), self.hours_text(), self.timezone)
    }
}

/// A window as stored in a file.
#[derive(Serialize, Deserialize)]
struct Written {
    days: String,
    hours: String,
    timezone: String,
}

impl From<SendWindow> for Written {
    fn from(window: SendWindow) -> Self {
        Self { days: window.days_text(), hours: window.hours_text(), timezone: window.timezone }
    }
}

impl TryFrom<Written> for SendWindow {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let (from, to) = parse_hours(&written.hours)?;
        let zone = parse_zone(&written.timezone)?;
        Ok(Self { days: parse_days(&written.days)?, from, to, zone, timezone: written.timezone })
    }
}

/// Reads days: `Mon-Fri`, `Mon,Wed,Fri` or `Fri-Mon`.
///
/// # Errors
/// A part is not a day.
pub(super) fn parse_days(text: &str) -> Result<[bool; 7], String> {
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (parse_day(first.trim())?, parse_day(last.trim())?);
        let mut day = first;
        loop {
            days[day] = true;
            if day == last {
                break;
            }
            day = (day + 1) % 7;
        }
    }
    Ok(days)
}

fn parse_day(text: &str) -> Result<usize, String> {
    const FULL: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let same = |name: &&str| name.eq_ignore_ascii_case(text);
    let found = DAYS.iter().position(same).or_else(|| FULL.iter().position(same));
    found.ok_or_else(|| {
        let full = near_miss(text, FULL).and_then(|full| FULL.iter().position(|name| *name == full));
        match near_miss(text, DAYS).or(full.map(|day| DAYS[day])) {
            Some(near) => format!("`{text}` is not a day: did you mean `{near}`?"),
            None => format!("`{text}` is not a day: write `Mon-Fri` or `Mon,Wed,Fri`"),
        }
    })
}

/// Reads hours such as `09:00-18:00`, as minutes of the day.
///
/// # Errors
/// The text is not a pair of times, or both are the same.
pub(super) fn parse_hours(text: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("`{text}` are not hours: write `09:00-18:00`, or over midnight `22:00-06:00`");
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let (from, to) = (parse_time(from).ok_or_else(wrong)?, parse_time(to).ok_or_else(wrong)?);
    if from == to || from == DAY {
        return Err(format!("`{text}` begins where it ends; all day is `00:00-24:00`"));
    }
    // An end of 00:00 is the end of the day.
    Ok((from, if to == 0 { DAY } else { to }))
}

fn parse_time(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| plain)
    };
    let (hour, minute) = (number(hour, 1..=2)?, number(minute, 2..=2)?);
    let time = hour * 60 + minute;
    (minute < 60 && time <= DAY).then_some(time)
}

/// Finds a time zone by its IANA name.
///
/// # Errors
/// There is no such zone.
pub(super) fn parse_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name.trim()).map_err(|_| {
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        let near = near_miss(name, known.iter().map(String::as_str));
        let meant = near.map_or("write a name such as `Asia/Shanghai` or `UTC`".to_owned(), |near| {
            format!("did you mean `{near}`?")
        });
        format!("`{name}` is not a time zone: {meant}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_window_gets_a_suggestion() {
        for (days, says) in [
            ("Mon-Fry", "did you mean `Fri`?"),
            ("Mo", "did you mean `Mon`?"),
            ("", "write `Mon-Fri`"),
            ("Mon,", "not a day"),
            ("Thirsday", "`Thu`"),
        ] {
            let message = parse_days(days).unwrap_err();
            assert!(message.contains(says), "{days}: {message}");
        }
        for bad in [
            "",
            "9-18",
            "09:00",
            "09:00-25:00",
            "09:60-18:00",
            "09:00-24:01",
            "nine-five",
            "09:00–18:00",
            "+9:00-18:00",
        ] {
            assert!(parse_hours(bad).unwrap_err().contains("are not hours"), "{bad}");
        }
        assert!(parse_hours("09:00-9:00").unwrap_err().contains("00:00-24:00"));
        assert!(parse_hours("24:00-06:00").unwrap_err().contains("00:00-24:00"));
        assert!(parse_zone("Asia/Shangai").unwrap_err().contains("did you mean `Asia/Shanghai`?"));
        assert!(parse_zone("nowhere").unwrap_err().contains("write a name"));
    }

    #[test]
    fn days_and_hours_read_as_written() {
        let days = |text: &str| parse_days(text).unwrap().map(u8::from);
        assert_eq!(days("Mon-Fri"), [1, 1, 1, 1, 1, 0, 0]);
        assert_eq!(days("Mon, Wed ,fri"), [1, 0, 1, 0, 1, 0, 0]);
        assert_eq!(days("Sat-Mon"), [1, 0, 0, 0, 0, 1, 1]);
        assert_eq!(days("Sunday"), [0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(parse_hours("9:00-18:30"), Ok((540, 1_110)));
        assert_eq!(parse_hours("22:00-06:00"), Ok((1_320, 360)));
        assert_eq!(parse_hours("22:00-00:00"), Ok((1_320, 1_440)));
        assert_eq!(parse_hours("00:00-24:00"), Ok((0, 1_440)));
    }

    #[test]
    fn a_window_is_kept_as_it_is_written() {
        for (days, hours) in [("Mon-Fri", "09:00-18:00"), ("Mon,Wed,Fri", "22:00-06:00"), ("Sat,Sun", "00:00-24:00")] {
            let written = Written { days: days.into(), hours: hours.into(), timezone: "Asia/Shanghai".into() };
            let window = SendWindow::try_from(written).unwrap();
            assert_eq!(window.to_string(), format!("{days} {hours} Asia/Shanghai"));
            let kept = serde_json::to_value(&window).unwrap();
            assert_eq!(serde_json::from_value::<SendWindow>(kept).unwrap(), window);
        }
    }
}
