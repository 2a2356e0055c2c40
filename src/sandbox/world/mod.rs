//! The state of all vendors, one file for each kind of object. Everything that looks random is computed.

mod appointment;
mod flow;
mod instance;
pub(in crate::sandbox) mod seed;
mod state;
mod token;
mod vendor;
mod workflow;

pub(in crate::sandbox) use appointment::{Appointment, AppointmentState};
pub(in crate::sandbox) use flow::{Flow, FlowState, NeededState, Signer, ends_in, is_contract_id};
pub(in crate::sandbox) use instance::{ApprovalState, ApprovalTask, Instance, is_approval_id, record_key};
pub(in crate::sandbox) use state::{Put, World};
pub(in crate::sandbox) use token::{LoginCode, Token, number_in};
pub use vendor::Vendor;
pub(in crate::sandbox) use workflow::{Workflow, WorkflowState};
