//! Checks which names a template may use at its place: earlier steps, declared variables, the row, the element.

use crate::diagnostic::{did_you_mean_among, suggestion};
use crate::template::{Name, RunPart, StepPart, TopName};

/// A part of the playbook that holds templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::playbook) enum Section {
    Before,
    Rows,
    After,
    Results,
}

/// The names that the playbook declares.
#[derive(Debug, Default)]
pub(in crate::playbook) struct DeclaredNames {
    pub(in crate::playbook) vars: Vec<String>,
    pub(in crate::playbook) steps: Vec<DeclaredStep>,
    pub(in crate::playbook) has_rows: bool,
}

/// A declared step: its id and section.
#[derive(Debug)]
pub(in crate::playbook) struct DeclaredStep {
    pub(in crate::playbook) id: String,
    pub(in crate::playbook) section: Section,
    pub(in crate::playbook) for_each: bool,
}

/// The names that a template may use at its place. This is checked when the playbook is read; `template::Scope` has the
/// values when it runs.
#[derive(Debug, Clone, Copy)]
pub(in crate::playbook) struct NameScope {
    pub(in crate::playbook) section: Section,
    /// The index of the template's step among all steps; the number of steps for `results`.
    pub(in crate::playbook) at: usize,
    /// Whether the step's own answer may be used.
    pub(in crate::playbook) own: bool,
    /// Whether `item` may be used.
    pub(in crate::playbook) item: bool,
}

/// Why a name cannot be used, and what to do about it.
pub(in crate::playbook) type Problem = (String, Option<String>);

impl DeclaredNames {
    /// Checks one name; the plan checks columns and outputs.
    ///
    /// # Errors
    /// The name is unknown, or may not be used at this place.
    pub(in crate::playbook) fn check(&self, name: &Name, scope: NameScope) -> Result<(), Problem> {
        let Some((root, rest)) = name.path.split_first() else { return Ok(()) };
        let Some(known) = TopName::named(root) else {
            return Err(unknown("There is no name", root, &TopName::WORDS, "A name begins with"));
        };
        match known {
            TopName::Row => self.row(scope),
            TopName::Vars => self.var(rest),
            TopName::Steps => self.step(rest, scope),
            TopName::Run => run(rest, scope),
            TopName::Item if scope.item => Ok(()),
            TopName::Item => Err((
                "`item` is known only under `for_each` and `$each`".to_owned(),
                Some("Give the step a `for_each`, or use a name of the row.".to_owned()),
            )),
        }
    }

    fn row(&self, scope: NameScope) -> Result<(), Problem> {
        if matches!(scope.section, Section::Before | Section::After) {
            let help = "Use `vars` or `run`, or move the step to `steps`.".to_owned();
            return Err(("`row` is not known here: these steps run once, not per row".to_owned(), Some(help)));
        }
        if self.has_rows {
            return Ok(());
        }
        Err((
            "`row` is not known: the playbook has no rows".to_owned(),
            Some("Add `rows:` with a file and a key.".to_owned()),
        ))
    }

    fn var(&self, rest: &[String]) -> Result<(), Problem> {
        match rest.first() {
            Some(name) if !self.vars.contains(name) => {
                let known: Vec<&str> = self.vars.iter().map(String::as_str).collect();
                if known.is_empty() {
                    let help = format!("Declare it: `vars: {{ {name}: … }}`.");
                    return Err((format!("There is no variable `{name}`"), Some(help)));
                }
                Err(unknown("There is no variable", name, &known, "The variables are"))
            }
            _ => Ok(()),
        }
    }

    fn step(&self, rest: &[String], scope: NameScope) -> Result<(), Problem> {
        let Some((id, rest)) = rest.split_first() else { return Ok(()) };
        let Some(place) = self.steps.iter().position(|step| step.id == *id) else {
            let known: Vec<&str> = self.steps.iter().map(|step| step.id.as_str()).collect();
            return Err(unknown("There is no step", id, &known, "The steps are"));
        };
        self.check_order_of(place, scope)?;
        let Some(section) = rest.first() else { return Ok(()) };
        match StepPart::named(section) {
            None => {
                let hint = format!("Outputs stand under `outputs`: `steps.{id}.outputs.{section}`.");
                let near = suggestion(section, StepPart::WORDS);
                Err((format!("A step has no `{section}`"), near.or(Some(hint))))
            }
            Some(StepPart::Items) if !self.steps[place].for_each => Err((
                format!("The step `{id}` has no `for_each`, and so no `items`"),
                Some("Use `outputs`.".to_owned()),
            )),
            Some(StepPart::Outputs | StepPart::Body | StepPart::Outcome | StepPart::Items) => Ok(()),
        }
    }

    fn check_order_of(&self, place: usize, scope: NameScope) -> Result<(), Problem> {
        let step = &self.steps[place];
        let id = &step.id;
        if place == scope.at && scope.section != Section::Results {
            let problem = format!("The step `{id}` cannot use its own answer here");
            let help = "Its answer comes after its call: use it in `expect`, in `until` or in a later step.".to_owned();
            return if scope.own { Ok(()) } else { Err((problem, Some(help))) };
        }
        if scope.section == Section::After && step.section == Section::Rows {
            let help = Some("They see `run.counts` and the steps of `before`.".to_owned());
            return Err((format!("The step `{id}` runs per row; the steps of `after` run once and see no row"), help));
        }
        if place > scope.at || (scope.section == Section::Results && step.section == Section::After) {
            let help = Some("Move it ahead, or use an earlier step.".to_owned());
            return Err((format!("The step `{id}` comes later"), help));
        }
        Ok(())
    }
}

fn run(rest: &[String], scope: NameScope) -> Result<(), Problem> {
    let Some(name) = rest.first() else { return Ok(()) };
    match RunPart::named(name) {
        Some(RunPart::Counts) if scope.section != Section::After => {
            Err(("`run.counts` is known only in `after`, when the rows are done".to_owned(), None))
        }
        Some(RunPart::Id | RunPart::StartedAt | RunPart::Environment | RunPart::Counts) => Ok(()),
        None => Err(unknown("A run has no", name, &RunPart::WORDS, "It has")),
    }
}

fn unknown(what: &str, name: &str, known: &[&str], listed: &str) -> Problem {
    (format!("{what} `{name}`"), Some(did_you_mean_among(name, known, listed)))
}
