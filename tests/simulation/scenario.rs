//! The jobs that are simulated: a playbook, rows, and how an effect shows in the simulators' log.

use runsheet::internals::model::{Map, Value};
use serde_json::json;

/// One job.
pub(crate) struct Scenario {
    pub name: &'static str,
    pub playbook: &'static str,
    pub rows: u64,
    pub cells: fn(u64) -> Value,
}

impl Scenario {
    /// The key of a row: its first cell.
    pub(crate) fn key(&self, position: u64) -> String {
        self.row(position).values().next().and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub(crate) fn row(&self, position: u64) -> Map {
        match (self.cells)(position) {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

/// A 32-character id that no two rows share.
fn flow(position: u64) -> String {
    format!("yDCNtUUckpvrcvf4UELZnZDvMS{position:06}")
}

/// A 24-digit hexadecimal id.
fn hex24(kind: u64, position: u64) -> String {
    format!("{kind:04x}{position:020x}")
}

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "extend",
        playbook: "
name: Extend
rows: { from: rows.csv, key: flow }
limits: { in_flight: 8 }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
",
        rows: 40,
        cells: |n| json!({ "flow": flow(n) }),
    },
    Scenario {
        name: "release",
        playbook: "
name: Release
rows: { from: rows.csv, key: flow }
limits: { in_flight: 8 }
steps:
  - id: release
    uses: tencent_ess.create_release_flow
    with: { NeedRelievedFlowId: '{{ row.flow }}', ReliveInfo: { Reason: 业务调整 } }
results: { release: '{{ steps.release.outputs.FlowId }}' }
",
        rows: 40,
        cells: |n| json!({ "flow": flow(n) }),
    },
    Scenario {
        name: "onboard",
        playbook: "
name: Onboard
rows: { from: rows.csv, key: number }
limits: { in_flight: 8 }
steps:
  - id: task
    uses: arctos.create_task
    with:
      business_id: 15
      out_task_num: '{{ row.number }}'
      task_type: normal
      task_notify: false
      task_time: '2040-01-31T09:00:00+08:00'
      branch_code: '943'
      room_type: normal
      video: true
    rollback:
      uses: arctos.update_status
      with: { task_num: '{{ steps.task.outputs.task_num }}', task_status: canceled }
  - id: moderators
    uses: arctos.add_moderator
    for_each: '{{ row.moderators }}'
    with: { task_num: '{{ steps.task.outputs.task_num }}', emp_id: '{{ item }}' }
  - id: publishers
    uses: arctos.add_publishers
    with:
      task_num: '{{ steps.task.outputs.task_num }}'
      customer:
        - $each: '{{ row.customers }}'
          customer_name: '{{ item.name }}'
          customer_id_num: '{{ item.id }}'
",
        rows: 30,
        cells: |n| {
            json!({
                "number": format!("OUT-{n:04}"),
                "moderators": [format!("emp-{n}-a"), format!("emp-{n}-b")],
                "customers": [{ "name": "王小明", "id": format!("A1234{n:05}") }],
            })
        },
    },
    Scenario {
        name: "approve",
        playbook: "
name: Approve
rows: { from: rows.csv, key: workflow }
limits: { in_flight: 8 }
steps:
  - id: approve
    uses: esignon.approve
    with: { memb_email: 'person@example.com', action_id: '2', workflow_id: '{{ row.workflow }}', comment: 承認します }
",
        rows: 40,
        cells: |n| json!({ "workflow": format!("{}", 10_000 + n) }),
    },
    Scenario {
        name: "reject",
        playbook: "
name: Reject
rows: { from: rows.csv, key: task }
limits: { in_flight: 8 }
steps:
  - id: reject
    uses: fxiaoke.reject_to_node
    with: { currentTaskId: '{{ row.task }}', rejectToTaskId: '{{ row.target }}', rejectOpinion: 资料不全 }
",
        rows: 40,
        cells: |n| json!({ "task": hex24(1, n), "target": hex24(2, n) }),
    },
];

/// Contracts of which one in eight may not be read, so that a read of several fails as a whole.
pub(crate) const SOME_FORBIDDEN: Scenario = Scenario {
    name: "some_forbidden",
    playbook: "
name: Extend
rows: { from: rows.csv, key: flow }
limits: { in_flight: 8 }
steps:
  - id: extend
    uses: tencent_ess.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
",
    rows: 40,
    cells: |n| {
        let id = if n % 8 == 3 { format!("yDCNtUUckpvrcvf4UELZnZDv{n:02}denied") } else { flow(n) };
        json!({ "flow": id })
    },
};
