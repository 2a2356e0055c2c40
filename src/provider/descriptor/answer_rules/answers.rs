//! How an operation's answers are read, as its file and its provider's say.

use std::sync::Arc;

use super::code_table::{CodeMeaning, CodeTable};
use super::items::ItemRule;
use super::success::SuccessRule;
use crate::model::Disposition;

/// How an operation's answers are read: its own rules over its provider's.
#[derive(Debug, Clone, Default)]
pub struct AnswerRules {
    /// Where a body says that it is a success; one of these rules must hold.
    pub success: Vec<SuccessRule>,
    /// The input that overrides the rule of success, where there is one.
    pub success_input: Option<String>,
    /// Where a body holds its code; the first place that does.
    pub code: Vec<String>,
    /// Where a body holds its message.
    pub message: Vec<String>,
    /// Where a body, or `@header.NAME`, holds the vendor's id of the request.
    pub request_id: Vec<String>,
    /// Codes and what they mean: the operation's own table, then the provider's.
    pub tables: Vec<Arc<CodeTable>>,
    /// What a code means that no table names.
    pub otherwise: Option<Disposition>,
    /// Whether a body may be something else than JSON.
    pub any_body: bool,
    /// Single failures inside a success.
    pub items: Option<ItemRule>,
}

impl AnswerRules {
    /// What a code with this message means.
    #[must_use]
    pub fn meaning(&self, code: &str, message: &str) -> Option<&CodeMeaning> {
        self.tables.iter().find_map(|table| table.meaning(code, message))
    }
}
