//! Reads a document: state, current step, people, history.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use super::envelope::{EsignonRefusal, failure, success};
use super::find::find;
use crate::model::Value;
use crate::sandbox::exchange::{Call, Reply, SandboxView};
use crate::sandbox::world::{Put, Workflow};

/// The most people that a document lists.
const MAX_OWNERS: u64 = 50;

/// Answers `GET /api/v2/workflows/{id}?offset=+09:00`.
pub(super) fn read(view: &SandboxView<'_>, call: &Call<'_>, id: &str) -> Result<Reply, EsignonRefusal> {
    let zone = match call.query("offset") {
        None => TimeZone::UTC,
        Some(offset) => match zone(&offset) {
            Some(zone) => zone,
            None => return Err(failure("", "10", "offset is not as +09:00.")),
        },
    };
    let Some(workflow) = find(view.world, id, view.now.timestamp()) else {
        return Err(failure("", "10", "the workflow does not exist."));
    };
    let reply = success("", shown(&workflow, view.now.timestamp(), &zone));
    Ok(if view.world.workflow(id).is_some() { reply } else { reply.put(Put::Workflow(workflow)) })
}

/// Parses an offset such as `+09:00`. An unencoded plus sign may arrive as a space.
fn zone(offset: &str) -> Option<TimeZone> {
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+" | " ", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':')?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !two(hours) || !two(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let fits = hours <= 14 && minutes < 60;
    fits.then(|| Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok().map(TimeZone::fixed)).flatten()
}

fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn shown(workflow: &Workflow, now: Timestamp, zone: &TimeZone) -> Value {
    let state = workflow.shown(now);
    let first = workflow.current.saturating_sub(MAX_OWNERS / 2).max(1);
    let last = workflow.total.min(first + MAX_OWNERS - 1);
    let owners: Vec<Value> = (first..=last)
        .map(|step| {
            let turn = if state == "Playing" && step == workflow.current { "Y" } else { "N" };
            json!({"order": step, "email": workflow.owner(step), "turn_yn": turn})
        })
        .collect();
    let history: Vec<Value> = workflow
        .history
        .iter()
        .map(|event| {
            json!({
                "step_code": event.step_code,
                "action_id": event.action_id,
                "confirm_email": event.email,
                "comment": event.comment,
                "confirm_date": local(event.time, zone),
            })
        })
        .collect();
    json!({
        "workflow_id": workflow.id,
        "workflow_status": state,
        "current_action_id": workflow.current.to_string(),
        "total_action_count": workflow.total,
        "create_date": local(workflow.created, zone),
        "expiry_date": local(workflow.expires, zone),
        "owner_list": owners,
        "action_history_list": history,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_read_or_are_refused() {
        for offset in ["+09:00", " 09:00", "-05:30", "+00:00"] {
            assert!(zone(offset).is_some(), "{offset}");
        }
        for offset in ["", "09:00", "+9", "+09:60", "+15:00", "+9:000", "+0a:00"] {
            assert!(zone(offset).is_none(), "{offset}");
        }
    }
}
