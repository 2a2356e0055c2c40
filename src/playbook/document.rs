//! A whole playbook as written and checked.

use std::sync::Arc;

use super::rows_decl::RowsDecl;
use super::run_bounds::{RunBounds, SendWindow, StopWhen, Waves};
use super::spanned::Spanned;
use super::steps::{Step, Tree};
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
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    pub description: Option<String>,
    /// Its variables.
    pub vars: Vec<Var>,
    /// Its rows; without them the steps run once.
    pub rows: Option<RowsDecl>,
    /// Limits of the run, on top of each provider's own.
    pub limits: Limits,
    /// When the run stops by itself.
    pub stop_when: StopWhen,
    /// Its waves.
    pub waves: Option<Waves>,
    /// How many effects of a kind it may make, each kind with its place.
    pub budget: Vec<(Spanned<String>, u64)>,
    /// When it sends.
    pub window: Option<SendWindow>,
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

impl Playbook {
    /// What bounds the damage of its runs.
    #[must_use]
    pub fn bounds(&self) -> RunBounds {
        let budget = self.budget.iter().map(|(word, most)| (word.value.clone(), *most)).collect();
        RunBounds { stop_when: self.stop_when, waves: self.waves.clone(), budget, window: self.window.clone() }
    }

    /// All steps, in the order in which they run.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.before.iter().chain(&self.steps).chain(&self.after)
    }
}
