//! The jobs of which processes are killed: a playbook, its rows, and the effects that each row must have.

use std::fmt::Write as _;

use runsheet::internals::model::Map;

use crate::program::TestFolder;

/// One job. Effects are named by the first word of the sandbox's own id for them.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    playbook: &'static str,
    head: &'static str,
    row: fn(u64) -> String,
    /// A second file: its head and its lines for a row.
    list: Option<List>,
    /// The key of a row.
    pub(crate) key: fn(u64) -> String,
    /// The effects of a row, in order, as they are when nothing is lost; a cancellation is the last.
    pub(crate) effects: fn(u64) -> Vec<&'static str>,
    /// Whether an answer that never came leaves its row unknown.
    pub(crate) never: bool,
}

type List = (&'static str, fn(u64) -> String);

/// The word for a row's effects being taken back.
pub(crate) const CANCELED: &str = "update_status";

/// Limits that hinder nobody: what is killed shall be busy.
pub(crate) const UNLIMITED: &str = "environments:
  sandbox:
    connections:
      tencent_essbasic: { limits: { rate: 20000/s, in_flight: 64 } }
      tencent_ess: { limits: { rate: 20000/s, in_flight: 64 } }
      arctos: { limits: { rate: 20000/s, in_flight: 64 } }
";

/// Settings of an environment `near` whose calls go to a server on loopback.
pub(crate) fn near(url: &str, credentials: &Map, rate: &str) -> String {
    let secret = |name: &str| credentials[name].as_str().unwrap();
    format!(
        "environments:
  near:
    connections:
      tencent_ess:
        base_url: {url}
        credentials: {{ secret_id: {}, secret_key: {} }}
        defaults: {{ Operator: {{ UserId: yDxOUUgydkz9yEWA0 }} }}
        limits: {{ rate: {rate}, in_flight: 64 }}
",
        secret("secret_id"),
        secret("secret_key"),
    )
}

impl Job {
    /// Lays playbook, rows and settings on a desk.
    pub(crate) fn lay_out(&self, desk: &TestFolder, rows: u64, settings: &str) {
        desk.write("playbook.yaml", self.playbook);
        desk.write("runsheet.yaml", settings);
        let mut text = format!("{}\n", self.head);
        (0..rows).for_each(|row| writeln!(text, "{}", (self.row)(row)).unwrap());
        desk.write("rows.csv", &text);
        if let Some((head, lines)) = self.list {
            let text: String = (0..rows).map(lines).collect();
            desk.write("customers.csv", &format!("{head}\n{text}"));
        }
    }
}

fn flow(row: u64) -> String {
    format!("yDCNtUUckpvrcvf4UELZnZDvMS{row:06}")
}

fn number(row: u64) -> String {
    format!("TPE-{row:05}")
}

/// Writes that may be repeated, with a lookup.
pub(crate) const EXTEND: Job = Job {
    name: "extend",
    playbook: "name: Extend
rows: { from: rows.csv, key: flow }
limits: { in_flight: 4 }
steps:
  - id: extend
    uses: tencent_essbasic.extend_deadline
    with: { FlowId: '{{ row.flow }}', Deadline: '2040-01-31T00:00:00Z' }
",
    head: "flow",
    row: flow,
    list: None,
    key: flow,
    effects: |_| vec!["ModifyFlowDeadline"],
    never: false,
};

/// Writes that must never be repeated.
pub(crate) const RELEASE: Job = Job {
    name: "release",
    playbook: "name: Release
rows: { from: rows.csv, key: flow }
limits: { in_flight: 4 }
steps:
  - id: release
    uses: tencent_ess.create_release_flow
    with: { NeedRelievedFlowId: '{{ row.flow }}', ReliveInfo: { Reason: 业务调整 } }
",
    head: "flow",
    row: flow,
    list: None,
    key: flow,
    effects: |_| vec!["CreateReleaseFlow"],
    never: true,
};

/// A chain with elements and a rollback: in every third row a customer occurs twice, which the last step does
/// not accept, so that the row is taken back.
pub(crate) const BOOK: Job = Job {
    name: "book",
    playbook: "name: Book
rows:
  from: rows.csv
  key: number
  columns: { moderators: { type: list, separator: ';' } }
  lists: { customers: { from: customers.csv, match: number } }
limits: { in_flight: 4 }
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
  - id: customers
    uses: arctos.add_publishers
    with:
      task_num: '{{ steps.task.outputs.task_num }}'
      customer:
        - $each: '{{ row.customers }}'
          customer_name: '{{ item.name }}'
          customer_id_num: '{{ item.id_num }}'
    expect: ['{{ ne steps.customers.outcome \"warning\" }}']
",
    head: "number,moderators",
    row: |row| format!("{},emp-{row}-a;emp-{row}-b", number(row)),
    list: Some(("number,name,id_num", |row| {
        let line = format!("{},王小明,A1234{row:05}\n", number(row));
        if is_taken_back(row) { line.repeat(2) } else { line }
    })),
    key: number,
    effects: |row| {
        let mut effects = vec!["create_task", "add_moderator", "add_moderator", "add_publishers"];
        effects.extend(is_taken_back(row).then_some(CANCELED));
        effects
    },
    never: true,
};

/// The repository's own playbook for appointments.
pub(crate) const APPOINTMENTS: Job = Job {
    name: "onboard-appointments",
    playbook: include_str!("../../playbooks/onboard-appointments.yaml"),
    head: "out_task_num,預約時間,branch,notify,moderators,remark",
    row: |row| format!("{},2035/3/{} 9:30,012,false,emp-1;emp-2,", number(row), 1 + row % 28),
    list: Some(("out_task_num,title,name,id_num,phone,email", |row| {
        format!("{},女士,楊雅婷,{},0912345678,\n", number(row), identity(row))
    })),
    key: number,
    effects: |_| vec!["create_task", "add_moderator", "add_moderator", "add_publishers"],
    never: true,
};

/// An identity number of Taiwan that nobody has, with its check digit.
fn identity(row: u64) -> String {
    let digits = format!("2{row:07}");
    let weighed: u64 = digits.bytes().zip((1..=8).rev()).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    format!("A{digits}{}", (10 - (1 + weighed) % 10) % 10)
}

fn is_taken_back(row: u64) -> bool {
    row % 3 == 1
}
