//! A whole playbook as written and checked.

use std::sync::Arc;

use super::rows_decl::RowsDecl;
use super::step::Step;
use super::tree::Tree;
use super::var::Var;
use crate::diagnostic::Source;
use crate::model::Limits;
use crate::template::Templates;

/// A playbook.
#[derive(Debug, Clone)]
pub struct Playbook {
    /// Its text.
    pub source: Arc<Source>,
    /// Its name.
    pub name: String,
    /// What it does, for people.
    pub description: Option<String>,
    /// Its variables.
    pub vars: Vec<Var>,
    /// Its rows; without them the steps run once.
    pub rows: Option<RowsDecl>,
    /// Limits of the run, on top of each provider's own.
    pub limits: Limits,
    /// When the run stops by itself.
    pub stop_when: StopWhen,
    /// Steps that run once, ahead of the rows.
    pub before: Vec<Step>,
    /// Steps of each row.
    pub steps: Vec<Step>,
    /// Steps that run once, when the rows are done.
    pub after: Vec<Step>,
    /// Extra columns of the row files.
    pub results: Vec<(String, Tree)>,
    /// Its compiled templates.
    pub templates: Arc<Templates>,
}

/// When a run stops by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct StopWhen {
    /// At so many failed rows.
    pub failed: Option<u64>,
    /// At such a share of failed rows, between 0 and 1.
    pub failed_ratio: Option<f64>,
    /// At so many unknown rows.
    pub unknown: Option<u64>,
}

impl Playbook {
    /// All steps, in the order in which they run.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.before.iter().chain(&self.steps).chain(&self.after)
    }
}
