//! A step and its parts, as written.

use std::time::Duration;

use super::tree::Tree;
use crate::diagnostic::Span;
use crate::language::documents;
use crate::language::playbook::ON_FAILURE;
use crate::model::{Repeat, words};
use crate::playbook::spanned::Spanned;
use crate::template::Template;

/// A step: one operation, called once or for each element of a list.
#[derive(Debug, Clone)]
pub struct Step {
    /// The id, unique in the playbook.
    pub id: String,
    /// The name, for people.
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    pub name: Option<String>,
    /// The operation, as `provider.operation`.
    pub uses: Spanned<String>,
    /// The operation's inputs: a map.
    pub with: Tree,
    /// The condition for running the step; `None` to run it always.
    pub when: Option<Spanned<Template>>,
    /// The list for whose elements it runs; `None` to run once.
    pub for_each: Option<Spanned<Template>>,
    /// The condition for repeating a read; `None` to read once.
    pub until: Option<Until>,
    /// The conditions that must hold after the call.
    pub expect: Vec<Spanned<Template>>,
    /// What happens after a failure.
    pub on_failure: OnFailure,
    /// How to undo the step when a later step fails; `None` for never.
    pub rollback: Option<Rollback>,
    /// How often calls are retried; `None` for the default.
    pub retry: Option<Retry>,
    /// The timeout of one call; `None` for the default.
    pub timeout: Option<Duration>,
    /// The connection of the provider; `None` for the default one.
    pub connection: Option<Spanned<String>>,
    /// The settings of the connection that it overrides: a map.
    pub settings: Tree,
    /// Whether a call may be repeated after a lost answer, if the operation leaves this to the playbook.
    pub repeat: Option<Spanned<Repeat>>,
    /// The span in the playbook.
    pub span: Span,
}

impl Step {
    /// Calls `visit` with every template of the step and its rollback, and its place.
    pub fn each_template<'t>(&'t self, visit: &mut dyn FnMut(&'t Template, Span)) {
        let until = self.until.iter().map(|until| &until.is);
        let expressions = self.when.iter().chain(&self.for_each).chain(&self.expect).chain(until);
        expressions.for_each(|template| visit(&template.value, template.span));
        let of_rollback = self.rollback.iter().flat_map(|rollback| [&rollback.with, &rollback.settings]);
        [&self.with, &self.settings].into_iter().chain(of_rollback).for_each(|tree| tree.each_template(visit));
    }
}

/// The condition for repeating a read; `None` to read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Until {
    /// The condition that must hold.
    pub is: Spanned<Template>,
    /// The wait between two reads.
    pub every: Duration,
    /// The time after which it gives up.
    pub within: Duration,
}

words! {
    /// What happens after a step fails.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum OnFailure {
        /// The row ends.
        #[default]
        StopRow = "stop_row",
        /// The row continues with the next step.
        Continue = "continue",
        /// No further row is started.
        StopRun = "stop_run",
    }
}

documents!(ON_FAILURE, OnFailure);

/// How a step is undone when a later step of its row fails for good.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// The operation, as `provider.operation`.
    pub uses: Spanned<String>,
    /// The operation's inputs: a map.
    pub with: Tree,
    /// The connection of the provider; `None` for the default one.
    pub connection: Option<Spanned<String>>,
    /// The settings of the connection that it overrides: a map.
    pub settings: Tree,
}

/// How often and when a call is retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The most attempts of one call, including the first.
    pub attempts: u32,
    /// The longest wait before the second attempt; doubles for each further attempt.
    pub delay: Duration,
    /// The longest wait before any attempt.
    pub max_delay: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 5, delay: Duration::from_millis(500), max_delay: Duration::from_secs(30) }
    }
}
