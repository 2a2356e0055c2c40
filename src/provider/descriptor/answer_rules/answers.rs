//! How an operation's answers are read, from its own file and its provider's.

use std::sync::Arc;

use super::code_table::{CodeMeaning, CodeTable};
use super::items::ItemRule;
use super::rule_place::RulePlace;
use super::success::SuccessRule;
use crate::model::Disposition;

/// How an operation's answers are read: its own rules before its provider's.
#[derive(Debug, Clone, Default)]
pub struct AnswerRules {
    /// The rules of success; one of them must hold.
    pub success: Vec<SuccessRule>,
    /// The input that overrides the rules of success, if any.
    pub success_input: Option<String>,
    /// Possible paths of the code in a body; the first that exists is used.
    pub code: Vec<String>,
    /// Possible paths of the message in a body.
    pub message: Vec<String>,
    /// Possible paths of the vendor's request id in a body, or `@header.NAME`.
    pub request_id: Vec<String>,
    /// The codes with their meanings: the operation's own table, then the provider's.
    pub tables: Vec<Arc<CodeTable>>,
    /// The disposition of a code that no table lists.
    pub otherwise: Option<Disposition>,
    /// Whether a body that is not JSON is accepted.
    pub any_body: bool,
    /// How failures of single items in a successful answer are found; `None` if there are none.
    pub items: Option<ItemRule>,
    /// Where the rules of success stand.
    pub success_at: Option<RulePlace>,
    /// Where `otherwise` stands.
    pub otherwise_at: Option<RulePlace>,
    /// Where the rule of single items stands.
    pub items_at: Option<RulePlace>,
}

impl AnswerRules {
    /// The meaning of a code with this message; `None` if it is not listed.
    #[must_use]
    pub fn meaning(&self, code: &str, message: &str) -> Option<&CodeMeaning> {
        self.tables.iter().find_map(|table| table.meaning(code, message))
    }
}
