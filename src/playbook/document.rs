//! A whole playbook, as written and checked.

use std::sync::Arc;

use super::rows_decl::RowsDecl;
use super::run_bounds::{RunBounds, SendWindow, StopWhen, Waves};
use super::spanned::Spanned;
use super::steps::{Step, Tree};
use super::var::Var;
use crate::diagnostic::{Source, Span};
use crate::model::Limits;
use crate::template::{Template, Templates};

/// A playbook.
#[derive(Debug, Clone)]
pub struct Playbook {
    /// The source text.
    pub source: Arc<Source>,
    /// The name.
    pub name: String,
    /// The description, for people.
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    pub description: Option<String>,
    /// The variables.
    pub vars: Vec<Var>,
    /// The rows; `None` if the steps run once.
    pub rows: Option<RowsDecl>,
    /// The limits of the run, in addition to each provider's own.
    pub limits: Limits,
    /// The rules for stopping by itself.
    pub stop_when: StopWhen,
    /// The waves; `None` if all rows run as one.
    pub waves: Option<Waves>,
    /// The effect budget: how many effects of each kind a run may make.
    pub budget: Vec<(Spanned<String>, u64)>,
    /// The send window; `None` if it may always send.
    pub window: Option<SendWindow>,
    /// Steps that run once, before the rows.
    pub before: Vec<Step>,
    /// Steps that run for each row.
    pub steps: Vec<Step>,
    /// Steps that run once, after the rows.
    pub after: Vec<Step>,
    /// Extra columns of the result files, with what they hold.
    pub results: Vec<(String, Tree)>,
    /// The compiled templates.
    pub templates: Arc<Templates>,
}

impl Playbook {
    /// The bounds of its runs.
    #[must_use]
    pub fn bounds(&self) -> RunBounds {
        let budget = self.budget.iter().map(|(word, most)| (word.value.clone(), *most)).collect();
        RunBounds { stop_when: self.stop_when, waves: self.waves.clone(), budget, window: self.window.clone() }
    }

    /// All steps, in the order of running.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> + Clone {
        self.before.iter().chain(&self.steps).chain(&self.after)
    }

    /// Calls `visit` with every template, its place, and whether `row` means something there.
    pub fn each_template(&self, visit: &mut dyn FnMut(&Template, Span, bool)) {
        let has_rows = self.rows.is_some();
        for (steps, rows) in [(&self.before, false), (&self.steps, has_rows), (&self.after, false)] {
            steps.iter().for_each(|step| step.each_template(&mut |template, span| visit(template, span, rows)));
        }
        self.results
            .iter()
            .for_each(|(_, tree)| tree.each_template(&mut |template, span| visit(template, span, has_rows)));
    }
}
