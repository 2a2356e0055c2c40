//! How an operation's answers are read, as its file and its provider's say.

use std::sync::Arc;

use super::code_table::{CodeMeaning, CodeTable};
use super::items::ItemRule;
use super::success::SuccessRule;
use crate::model::Disposition;

/// How an operation's answers are read: its own rules over its provider's.
#[derive(Debug, Clone, Default)]
pub struct AnswerRules {
    /// The rules of success; one of them must hold.
    pub success: Vec<SuccessRule>,
    /// The input that overrides the rules of success, if any.
    pub success_input: Option<String>,
    /// Possible places of the code in a body; the first that holds one is used.
    pub code: Vec<String>,
    /// Possible places of the message in a body.
    pub message: Vec<String>,
    /// Where a body, or `@header.NAME`, holds the vendor's id of the request.
    pub request_id: Vec<String>,
    /// Codes and what they mean: the operation's own table, then the provider's.
    pub tables: Vec<Arc<CodeTable>>,
    /// The disposition of a code that no table lists.
    pub otherwise: Option<Disposition>,
    /// Whether a body that is not JSON is accepted.
    pub any_body: bool,
    /// How failures of single items inside a success are found.
    pub items: Option<ItemRule>,
}

impl AnswerRules {
    /// Returns what a code with this message means; `None` if it is not listed.
    #[must_use]
    pub fn meaning(&self, code: &str, message: &str) -> Option<&CodeMeaning> {
        self.tables.iter().find_map(|table| table.meaning(code, message))
    }
}
