//! The four calls that create and change appointments.

use jiff::civil::Date;
use serde_json::json;

use super::auth::Caller;
use super::envelope::{ArctosRefusal, failure, fields, forbidden, not_found, success, success_with, warning};
use crate::model::{Map, Value};
use crate::sandbox::exchange::{Call, FieldSpec, FieldType, Reply, SandboxView, may, must, text};
use crate::sandbox::world::{Appointment, AppointmentState, Put, World};

const CREATE: &[FieldSpec] = &[
    must("business_id", FieldType::Integer),
    must("out_task_num", FieldType::Text),
    may("out_task_type", FieldType::Text),
    must("task_type", FieldType::Text),
    must("task_notify", FieldType::Flag),
    may("task_time", FieldType::IntegerOrText),
    // The page's table and its example spell it differently.
    may("task_remark", FieldType::Text),
    may("task_remarks", FieldType::Text),
    must("branch_code", FieldType::IntegerOrText),
    may("business_code", FieldType::IntegerOrText),
    must("room_type", FieldType::Text),
    must("video", FieldType::FlagOrText),
];
const MODERATOR: &[FieldSpec] = &[
    must("task_num", FieldType::Text),
    may("business_code", FieldType::IntegerOrText),
    may("branch_code", FieldType::IntegerOrText),
    may("emp_id", FieldType::Text),
];
const CUSTOMER: &[FieldSpec] = &[
    may("customer_title", FieldType::Text),
    must("customer_name", FieldType::Text),
    must("customer_id_num", FieldType::Text),
    may("customer_country_code", FieldType::Text),
    may("customer_phone", FieldType::Text),
    may("customer_email", FieldType::Text),
];
const PUBLISHERS: &[FieldSpec] =
    &[must("task_num", FieldType::Text), must("customer", FieldType::List(&FieldType::Object(CUSTOMER)))];
const STATUS: &[FieldSpec] = &[must("task_num", FieldType::Text), must("task_status", FieldType::Text)];

/// The time zone of the vendor's task numbers: Taipei.
const UTC_OFFSET_SECS: i64 = 8 * 3_600;

/// The open appointment that the body names.
fn open(view: &SandboxView<'_>, body: &Map) -> Result<Appointment, ArctosRefusal> {
    let appointment = find(view.world, text(body, "task_num"), view.secs()).ok_or_else(not_found)?;
    match appointment.state {
        AppointmentState::Open => Ok(appointment),
        AppointmentState::Finished => Err(failure("the task is finished and cannot be changed")),
        AppointmentState::Canceled => Err(failure("the task is canceled and cannot be changed")),
    }
}

/// Answers `createBlankTask`.
pub(super) fn create(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, ArctosRefusal> {
    let body = fields(call, CREATE)?;
    let external = text(body, "out_task_num");
    if external.trim().is_empty() {
        return Err(failure("out_task_num is required"));
    }
    one_of(body, "task_type", &["normal", "custom"])?;
    one_of(body, "room_type", &["realtime", "normal"])?;
    if let Some(video) = body.get("video").and_then(Value::as_str)
        && !matches!(video, "true" | "false")
    {
        return Err(failure("video must be true or false"));
    }
    match body.get("task_time") {
        None if text(body, "room_type") == "normal" => Err(failure("task_time is required for room_type normal"))?,
        Some(time) if !is_unix_seconds(time) => Err(failure("task_time must be Unix seconds"))?,
        _ => {}
    }
    if view.world.appointment_of(external).is_some() {
        return Err(failure("out_task_num exists already"));
    }
    let task_num = next_number(view.world, view.secs());
    let appointment = Appointment::new(task_num.clone(), Some(external.to_owned()));
    Ok(success_with(json!({ "task_num": task_num }))
        .effect(format!("create_task:{external}"))
        .put(Put::Appointment(appointment)))
}

fn one_of(body: &Map, name: &str, words: &[&str]) -> Result<(), ArctosRefusal> {
    if words.contains(&text(body, name)) {
        return Ok(());
    }
    Err(failure(format!("{name} must be one of {}", words.join(", "))))
}

/// Whether a value is Unix seconds, which have ten digits; milliseconds have more.
fn is_unix_seconds(value: &Value) -> bool {
    let digits = crate::model::as_text(value);
    digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Answers `createTaskModerator`. Without an `emp_id`, it adds the caller.
pub(super) fn add_moderator(view: &SandboxView<'_>, call: &Call<'_>, caller: &Caller) -> Result<Reply, ArctosRefusal> {
    let body = fields(call, MODERATOR)?;
    let mut appointment = open(view, body)?;
    let moderator = match body.get("emp_id").and_then(Value::as_str) {
        Some(given) if given.trim().is_empty() => return Err(failure("emp_id is empty")),
        Some(given) => given.to_owned(),
        None => caller.user_id.clone(),
    };
    if appointment.moderators.contains(&moderator) {
        return Ok(warning("the moderator is in the task already"));
    }
    let effect = format!("add_moderator:{}:{moderator}", appointment.task_num);
    appointment.moderators.push(moderator);
    Ok(success("service member success").effect(effect).put(Put::Appointment(appointment)))
}

/// Answers `createTaskPublisher`, for one or several customers.
pub(super) fn add_publishers(view: &SandboxView<'_>, call: &Call<'_>) -> Result<Reply, ArctosRefusal> {
    let body = fields(call, PUBLISHERS)?;
    let mut appointment = open(view, body)?;
    let customers: Vec<&Map> =
        body.get("customer").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object).collect();
    if customers.is_empty() {
        return Err(failure("customer is required"));
    }
    let mut added = Vec::new();
    for customer in &customers {
        let id = text(customer, "customer_id_num");
        if id.trim().is_empty() || text(customer, "customer_name").trim().is_empty() {
            return Err(failure("customer_name and customer_id_num are required"));
        }
        if !appointment.customers.iter().any(|known| known == id) {
            appointment.customers.push(id.to_owned());
            added.push(id);
        }
    }
    let effect = format!("add_publishers:{}:{}", appointment.task_num, added.join(","));
    if added.is_empty() {
        return Ok(warning("the customers are in the task already"));
    }
    let reply = if added.len() < customers.len() {
        warning("some customers are in the task already")
    } else {
        success("customer member success")
    };
    Ok(reply.effect(effect).put(Put::Appointment(appointment)))
}

/// Answers `updateTaskStatus`, which only moderators may call, once per appointment.
pub(super) fn update_status(view: &SandboxView<'_>, call: &Call<'_>, caller: &Caller) -> Result<Reply, ArctosRefusal> {
    let body = fields(call, STATUS)?;
    if !caller.moderates() {
        return Err(forbidden());
    }
    one_of(body, "task_status", &["finished", "canceled"])?;
    let status = text(body, "task_status");
    let mut appointment = open(view, body)?;
    appointment.state = if status == "finished" { AppointmentState::Finished } else { AppointmentState::Canceled };
    let effect = format!("update_status:{}:{status}", appointment.task_num);
    Ok(success("success").effect(effect).put(Put::Appointment(appointment)))
}

fn today(now_secs: i64) -> Option<Date> {
    let at = jiff::Timestamp::from_second(now_secs + UTC_OFFSET_SECS).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// The next free task number: the date and seven digits.
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

/// The appointment with a number; `None` if it cannot exist. One that was not created here is accepted as open if its
/// number is a date up to today and seven digits that are not all zero.
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
