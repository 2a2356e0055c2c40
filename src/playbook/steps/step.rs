//! A step as written.

use std::time::Duration;

use super::tree::Tree;
use crate::diagnostic::Span;
use crate::model::{Repeat, words};
use crate::playbook::spanned::Spanned;
use crate::template::Template;

/// A step: one operation, once or per element.
#[derive(Debug, Clone)]
pub struct Step {
    /// Unique among all steps of the playbook.
    pub id: String,
    /// For people.
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    pub name: Option<String>,
    /// `provider.operation`.
    pub uses: Spanned<String>,
    /// The operation's inputs: a map.
    pub with: Tree,
    /// Whether the step is wanted.
    pub when: Option<Expr>,
    /// The list of which it is run once per element.
    pub for_each: Option<Expr>,
    /// What a read is repeated for.
    pub until: Option<Until>,
    /// What must hold afterwards.
    pub expect: Vec<Expr>,
    /// What its failure means.
    pub on_failure: OnFailure,
    /// How it is taken back.
    pub rollback: Option<Rollback>,
    /// How its calls are sent again.
    pub retry: Option<Retry>,
    /// How long one call may take.
    pub timeout: Option<Duration>,
    /// Which connection of the provider.
    pub connection: Option<Spanned<String>>,
    /// The connection's settings that it overrides: a map.
    pub settings: Tree,
    /// What may follow a lost answer, where the operation leaves that to the playbook.
    pub repeat: Option<Spanned<Repeat>>,
    /// Where it stands.
    pub span: Span,
}

/// An expression whose value is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// The expression.
    pub template: Template,
    /// Where it stands.
    pub span: Span,
}

/// What a read is repeated for.
#[derive(Debug, Clone, PartialEq)]
pub struct Until {
    /// What must hold.
    pub is: Expr,
    /// The wait between two reads.
    pub every: Duration,
    /// After how long it is given up.
    pub within: Duration,
}

words! {
    /// What a step's failure means.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum OnFailure {
        /// The row ends.
        #[default]
        StopRow = "stop_row",
        /// The row goes on with the next step.
        Continue = "continue",
        /// No further row is begun.
        StopRun = "stop_run",
    }
}

/// How a step is taken back when a later step of its row fails for good.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// `provider.operation`.
    pub uses: Spanned<String>,
    /// The operation's inputs: a map.
    pub with: Tree,
    /// Which connection of the provider.
    pub connection: Option<Spanned<String>>,
    /// The connection's settings that it overrides: a map.
    pub settings: Tree,
}

/// How a step's calls are sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Sends of one call in all, the first included.
    pub attempts: u32,
    /// The most that is waited before the second send; doubles with each further one.
    pub delay: Duration,
    /// The most that is ever waited.
    pub max_delay: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 5, delay: Duration::from_millis(500), max_delay: Duration::from_secs(30) }
    }
}
