//! An appointment: its number, people and state.

use serde::{Deserialize, Serialize};

/// The state of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum AppointmentState {
    Open,
    Finished,
    Canceled,
}

/// One appointment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Appointment {
    pub(in crate::sandbox) task_num: String,
    /// The caller's own number; `None` for an appointment that was created elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) out_task_num: Option<String>,
    pub(in crate::sandbox) state: AppointmentState,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::sandbox) moderators: Vec<String>,
    /// The customers' ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::sandbox) customers: Vec<String>,
}

impl Appointment {
    pub(in crate::sandbox) fn new(task_num: String, out_task_num: Option<String>) -> Self {
        Self { task_num, out_task_num, state: AppointmentState::Open, moderators: Vec::new(), customers: Vec::new() }
    }
}
