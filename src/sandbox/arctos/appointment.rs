//! An appointment: its number, its people, its state.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::world::World;

/// The clock of the vendor's task numbers: Taipei.
const UTC_OFFSET_SECS: i64 = 8 * 3_600;

/// Where an appointment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum State {
    Open,
    Finished,
    Canceled,
}

/// One appointment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Appointment {
    pub(in super::super) task_num: String,
    /// The caller's own number; none for an appointment made elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in super::super) out_task_num: Option<String>,
    pub(super) state: State,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) moderators: Vec<String>,
    /// The customers' own ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) customers: Vec<String>,
}

impl Appointment {
    pub(super) fn new(task_num: String, out_task_num: Option<String>) -> Self {
        Self { task_num, out_task_num, state: State::Open, moderators: Vec::new(), customers: Vec::new() }
    }
}

fn today(now_secs: i64) -> Option<Date> {
    let at = jiff::Timestamp::from_second(now_secs + UTC_OFFSET_SECS).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// The next number that is free: today and seven digits.
pub(super) fn next_number(world: &World, now_secs: i64) -> String {
    let day = today(now_secs).map(|day| day.strftime("%Y%m%d").to_string()).unwrap_or_default();
    let mut serial = world.created_on(&day) + 1;
    loop {
        let number = format!("{day}{serial:07}");
        if world.appointment(&number).is_none() {
            return number;
        }
        serial += 1;
    }
}

/// The appointment of that number. One that was not made here is taken in as open, if it may exist:
/// a date that is not after today, then seven digits that are not all zero.
pub(super) fn find(world: &World, task_num: &str, now_secs: i64) -> Option<Appointment> {
    if let Some(known) = world.appointment(task_num) {
        return Some(known.clone());
    }
    let digits = task_num.len() == 15 && task_num.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || task_num.ends_with("0000000") {
        return None;
    }
    let (day, _) = task_num.split_at(8);
    let day = Date::new(day[..4].parse().ok()?, day[4..6].parse().ok()?, day[6..].parse().ok()?).ok()?;
    (day <= today(now_secs)?).then(|| Appointment::new(task_num.to_owned(), None))
}
