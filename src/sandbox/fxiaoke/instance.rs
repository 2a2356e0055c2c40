//! An approval instance: nodes in a row, a task at each, one or more in progress.

use serde::{Deserialize, Serialize};

use super::super::seed;
use super::super::world::World;
use crate::model::words;

words! {
    /// How an instance or a task stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub(super) enum State {
        InProgress = "in_progress",
        Pass = "pass",
        Reject = "reject",
        Cancel = "cancel",
        GoBack = "go_back",
    }
}

/// A task at one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Task {
    pub(in super::super) id: String,
    /// Counted from 0.
    pub(super) node: u32,
    pub(super) state: State,
    /// Who handles it, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) handler: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) opinion: Option<String>,
    /// The node to go on with after this one, where a rejection asked to come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) then: Option<u32>,
    /// Whether a caller named it; what nobody named may still take another id.
    pub(super) named: bool,
    /// In milliseconds, as the vendor tells times.
    pub(super) created: i64,
    pub(super) modified: i64,
}

/// One approval of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Instance {
    pub(in super::super) id: String,
    pub(super) entity: String,
    pub(super) object: String,
    pub(super) state: State,
    pub(super) nodes: u32,
    pub(in super::super) tasks: Vec<Task>,
    pub(super) created: i64,
    pub(super) modified: i64,
}

const DAY_MS: i64 = 86_400_000;

/// Ids of tasks and instances: 24 hex digits; those of eight zeros in front do not exist.
pub(super) fn well_formed(id: &str) -> bool {
    id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && !id.starts_with("00000000")
}

/// The key of a record among the records.
pub(super) fn record_key(entity: &str, object: &str) -> String {
    format!("{entity}/{object}")
}

impl Instance {
    /// The key of its record.
    pub(in super::super) fn record(&self) -> String {
        record_key(&self.entity, &self.object)
    }

    /// One that was not seen yet: in progress at a node made of its id, not the first.
    pub(super) fn unseen(id: String, now_ms: i64) -> Self {
        let nodes = seed::between(&["fxiaoke nodes", &id], 3, 4) as u32;
        let current = seed::between(&["fxiaoke node", &id], 1, 2) as u32;
        let created = now_ms - DAY_MS;
        let tasks = (0..=current)
            .map(|node| Task {
                id: seed::hex(&["fxiaoke task", &id, &node.to_string()], 24),
                node,
                state: if node == current { State::InProgress } else { State::Pass },
                handler: None,
                opinion: None,
                then: None,
                named: false,
                created,
                modified: created,
            })
            .collect();
        let object = seed::hex(&["fxiaoke object", &id], 32);
        Self {
            id,
            entity: "object_sandbox__c".to_owned(),
            object,
            state: State::InProgress,
            nodes,
            tasks,
            created,
            modified: created,
        }
    }

    pub(super) fn position(&self, task: &str) -> Option<usize> {
        self.tasks.iter().position(|known| known.id == task)
    }

    /// Begins a task at a node; who handled the node before handles it again.
    pub(super) fn begin(&mut self, node: u32, then: Option<u32>, now_ms: i64) {
        let id = seed::hex(&["fxiaoke next task", &self.id, &self.tasks.len().to_string()], 24);
        let handler = self.tasks.iter().rev().find(|task| task.node == node).and_then(|task| task.handler.clone());
        self.tasks.push(Task {
            id,
            node,
            state: State::InProgress,
            handler,
            opinion: None,
            then,
            named: false,
            created: now_ms,
            modified: now_ms,
        });
    }
}

/// The instance that holds a task, and where. One that was not seen yet is taken in with the task in
/// progress; ids that end in eight `f` name a task that has passed.
pub(super) fn with_task(world: &World, task: &str, now_ms: i64) -> Option<(Instance, usize)> {
    if let Some(known) = world.instance_of_task(task) {
        let at = known.position(task)?;
        let mut instance = known.clone();
        instance.tasks[at].named = true;
        return Some((instance, at));
    }
    if !well_formed(task) {
        return None;
    }
    let mut instance = Instance::unseen(seed::hex(&["fxiaoke instance of", task], 24), now_ms);
    let at = instance.tasks.len() - 1;
    instance.tasks[at].id = task.to_owned();
    instance.tasks[at].named = true;
    if task.ends_with("ffffffff") {
        instance.tasks[at].state = State::Pass;
        instance.state = State::Pass;
    }
    Some((instance, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assert_serialized;

    #[test]
    fn what_is_stored_is_the_word() {
        assert_serialized::<State>();
    }
}
