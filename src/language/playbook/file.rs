//! The playbook itself.

use super::bounds::{STOP_WHEN, WAVES, WINDOW};
use super::column::VARIABLE;
use super::rows::ROWS;
use super::step::STEP;
use crate::language::limits::LIMITS;
use crate::language::shape::{Key, KeyMap, Shape, Slot, key};
use crate::language::shape::{any_of, each, list, or_null, slot};

/// The version of playbooks.
pub const PLAYBOOK_VERSION: u64 = 1;

/// A playbook.
pub static PLAYBOOK: KeyMap = KeyMap {
    name: "playbook",
    what: "a playbook",
    doc: "Says which calls are made for each row.",
    keys: &PLAYBOOK_KEYS,
    rules: &[],
    example: "name: Ask the service\nsteps:\n  - { id: call, uses: http.request, with: { method: GET, path: /status } }\n",
};

const VALUE_OR_VARIABLE: Shape = any_of!(or_null!(Shape::Text), list!(Shape::Any, 0), Shape::Map(&VARIABLE));
const SOME_STEPS: Shape = list!(Shape::Map(&STEP), 0);

const PLAYBOOK_KEYS: [Key; 15] = [
    key("version", Shape::Version(PLAYBOOK_VERSION), "The version of the language", "version: 1").default("1"),
    key("name", Shape::Text, "A name for people; it stands in summaries and lists of runs", "name: Onboard appointments").required(),
    key("description", Shape::Text, "What the playbook does, for people", "description: Creates each appointment, then adds its moderators."),
    key(
        "vars",
        each!("VAR", VALUE_OR_VARIABLE),
        "Variables, as a default alone or in full; a run sets them with `--var NAME=VALUE`",
        "vars: { branch: { type: string, default: \"943\" }, business_id: 15 }",
    ),
    key("rows", Shape::Map(&ROWS), "The row file; without it the steps run once", "rows: { from: appointments.csv, key: out_task_num }"),
    key("limits", Shape::Map(&LIMITS), "Limits of this run, beside those of each provider and connection", "limits: { in_flight: 16, rate: 10/s }")
        .default("(16 calls at once, and no rate)"),
    key("stop_when", Shape::Map(&STOP_WHEN), "When the run stops early", "stop_when: { failed: 50, unknown: 1 }"),
    key("waves", Shape::Map(&WAVES), "A few rows first, then more", "waves: { sizes: [3, 10%], gate: 99% }").of("rows: { from: r.csv, key: id }"),
    key("budget", slot!(Slot::Budget), "The most effects of each kind that a run may make; `runsheet operations NAME` names the kinds", "budget: { sms: 500 }"),
    key("window", Shape::Map(&WINDOW), "The days and hours in which the run sends calls that change something", "window: { days: Mon-Fri, hours: \"09:00-18:00\", timezone: Asia/Shanghai }"),
    key("before", SOME_STEPS, "Steps that run once, before the rows", "before: [{ id: first, uses: http.request, with: { method: GET, path: /status } }]"),
    key("steps", list!(Shape::Map(&STEP), 1), "The steps of each row, in order", "steps: [{ id: call, uses: http.request, with: { method: GET, path: /status } }]").required(),
    key("after", SOME_STEPS, "Steps that run once, after the rows; they see `run.counts`", "after: [{ id: last, uses: http.request, with: { method: GET, path: /status } }]"),
    key(
        "results",
        each!("RESULT", Shape::Any),
        "Further columns of the row files",
        "results: { answer: \"{{ steps.call.body }}\" }",
    ),
    key("serialize_by", Shape::AnyMap, "Rows with the same value run one after the other", "serialize_by: { column: out_task_num }")
        .not_built("Rows in sequence by a column (`serialize_by`) are not built yet; `limits: { in_flight: 1 }` runs all rows one by one"),
];
