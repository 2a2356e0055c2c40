//! The state of all vendors. It changes only by storing whole objects, so that a log of them rebuilds it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::appointment::Appointment;
use super::flow::Flow;
use super::instance::Instance;
use super::token::{LoginCode, Token};
use super::vendor::Vendor;
use super::workflow::Workflow;

/// An object as it is after a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum Put {
    Token(Token),
    LoginCode(LoginCode),
    Appointment(Appointment),
    Instance(Instance),
    Workflow(Workflow),
    Flow(Flow),
}

/// The state of all vendors.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct World {
    pub(in crate::sandbox) tokens: BTreeMap<(Vendor, u64), Token>,
    pub(in crate::sandbox) codes: BTreeMap<u64, LoginCode>,
    appointments: HashMap<String, Appointment>,
    /// External number to task number.
    external: HashMap<String, String>,
    /// The number of appointments made on each day.
    created: HashMap<String, u64>,
    instances: HashMap<String, Instance>,
    /// Approval task to instance.
    tasks: HashMap<String, String>,
    /// Record to its latest instance.
    records: HashMap<String, String>,
    workflows: HashMap<String, Workflow>,
    flows: HashMap<(Vendor, String), Flow>,
}

impl World {
    /// Stores an object in place of the one with the same id.
    pub(in crate::sandbox) fn put(&mut self, put: Put) {
        match put {
            Put::Token(token) => {
                self.tokens.insert((token.vendor, token.number), token);
            }
            Put::LoginCode(code) => {
                self.codes.insert(code.number, code);
            }
            Put::Appointment(appointment) => {
                if let Some(external) = &appointment.out_task_num
                    && self.external.insert(external.clone(), appointment.task_num.clone()).is_none()
                {
                    let day = appointment.task_num.get(..8).unwrap_or_default();
                    *self.created.entry(day.to_owned()).or_default() += 1;
                }
                self.appointments.insert(appointment.task_num.clone(), appointment);
            }
            Put::Instance(instance) => self.put_instance(instance),
            Put::Workflow(workflow) => {
                self.workflows.insert(workflow.id.clone(), workflow);
            }
            Put::Flow(flow) => {
                self.flows.insert((flow.product, flow.id.clone()), flow);
            }
        }
    }

    fn put_instance(&mut self, instance: Instance) {
        if let Some(before) = self.instances.get(&instance.id) {
            for task in &before.tasks {
                self.tasks.remove(&task.id);
            }
        }
        for task in &instance.tasks {
            self.tasks.insert(task.id.clone(), instance.id.clone());
        }
        self.records.insert(instance.record(), instance.id.clone());
        self.instances.insert(instance.id.clone(), instance);
    }

    pub(in crate::sandbox) fn appointment(&self, task_num: &str) -> Option<&Appointment> {
        self.appointments.get(task_num)
    }

    pub(in crate::sandbox) fn appointment_of(&self, out_task_num: &str) -> Option<&Appointment> {
        self.external.get(out_task_num).and_then(|task_num| self.appointments.get(task_num))
    }

    /// The number of appointments made on a day, `YYYYMMDD`.
    pub(in crate::sandbox) fn created_on(&self, day: &str) -> u64 {
        self.created.get(day).copied().unwrap_or_default()
    }

    pub(in crate::sandbox) fn instance(&self, id: &str) -> Option<&Instance> {
        self.instances.get(id)
    }

    pub(in crate::sandbox) fn instance_of_task(&self, task: &str) -> Option<&Instance> {
        self.tasks.get(task).and_then(|id| self.instances.get(id))
    }

    pub(in crate::sandbox) fn instance_of_record(&self, record: &str) -> Option<&Instance> {
        self.records.get(record).and_then(|id| self.instances.get(id))
    }

    pub(in crate::sandbox) fn workflow(&self, id: &str) -> Option<&Workflow> {
        self.workflows.get(id)
    }

    pub(in crate::sandbox) fn flow(&self, product: Vendor, id: &str) -> Option<&Flow> {
        self.flows.get(&(product, id.to_owned()))
    }
}
