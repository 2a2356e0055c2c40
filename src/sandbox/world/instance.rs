//! An approval instance: a sequence of nodes with a task at each; one or more are in progress.

use serde::{Deserialize, Serialize};

use super::seed;
use crate::model::words;

words! {
    /// The state of an instance or a task.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub(in crate::sandbox) enum ApprovalState {
        InProgress = "in_progress",
        Pass = "pass",
        Reject = "reject",
        Cancel = "cancel",
        GoBack = "go_back",
    }
}

/// A task at one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct ApprovalTask {
    pub(in crate::sandbox) id: String,
    /// The node's index, counted from 0.
    pub(in crate::sandbox) node: u32,
    pub(in crate::sandbox) state: ApprovalState,
    /// Who handles it; `None` until that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) handler: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) opinion: Option<String>,
    /// The node to continue with after this one, if a rejection asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) then: Option<u32>,
    /// Whether a call has named it. Until then an unseen id can take this place.
    pub(in crate::sandbox) named: bool,
    /// When it was created, in milliseconds since the Unix epoch, as the vendor counts.
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) modified: i64,
}

/// One approval of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Instance {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) entity: String,
    pub(in crate::sandbox) object: String,
    pub(in crate::sandbox) state: ApprovalState,
    pub(in crate::sandbox) nodes: u32,
    pub(in crate::sandbox) tasks: Vec<ApprovalTask>,
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) modified: i64,
}

const DAY_MS: i64 = 86_400_000;

/// Whether a text is the id of a task or an instance: 24 hex digits; those that start with eight zeros do not exist.
pub(in crate::sandbox) fn is_approval_id(id: &str) -> bool {
    id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && !id.starts_with("00000000")
}

/// The key of a record.
pub(in crate::sandbox) fn record_key(entity: &str, object: &str) -> String {
    format!("{entity}/{object}")
}

impl Instance {
    /// The key of its record.
    pub(in crate::sandbox) fn record(&self) -> String {
        record_key(&self.entity, &self.object)
    }

    /// An instance that was not seen before: in progress at a node computed from its id, which is not the first.
    pub(in crate::sandbox) fn unseen(id: String, now_ms: i64) -> Self {
        let nodes = seed::between(&["fxiaoke nodes", &id], 3, 4) as u32;
        let current = seed::between(&["fxiaoke node", &id], 1, 2) as u32;
        let created = now_ms - DAY_MS;
        let tasks = (0..=current)
            .map(|node| ApprovalTask {
                id: seed::hex(&["fxiaoke task", &id, &node.to_string()], 24),
                node,
                state: if node == current { ApprovalState::InProgress } else { ApprovalState::Pass },
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
            state: ApprovalState::InProgress,
            nodes,
            tasks,
            created,
            modified: created,
        }
    }

    pub(in crate::sandbox) fn position(&self, task: &str) -> Option<usize> {
        self.tasks.iter().position(|known| known.id == task)
    }

    /// Starts a task at a node. The person who handled the node before handles it again.
    pub(in crate::sandbox) fn begin(&mut self, node: u32, then: Option<u32>, now_ms: i64) {
        let id = seed::hex(&["fxiaoke next task", &self.id, &self.tasks.len().to_string()], 24);
        let handler = self.tasks.iter().rev().find(|task| task.node == node).and_then(|task| task.handler.clone());
        self.tasks.push(ApprovalTask {
            id,
            node,
            state: ApprovalState::InProgress,
            handler,
            opinion: None,
            then,
            named: false,
            created: now_ms,
            modified: now_ms,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assert_serialized;

    #[test]
    fn each_variant_is_stored_as_its_word() {
        assert_serialized::<ApprovalState>();
    }
}
