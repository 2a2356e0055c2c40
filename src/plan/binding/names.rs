//! Checks the names in templates that need no row: columns, variables, steps and their outputs.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, hidden_difference, near_miss};
use crate::model::Map;
use crate::playbook::Playbook;
use crate::provider::{OutputKind, Registry};
use crate::template::{Name, RunPart, StepPart, TopName, spell_name};
use crate::yaml::yaml_text;

/// Checks the names in all templates of a playbook. It takes steps with an unknown operation too, so that one check tells
/// all mistakes.
pub(super) struct Names<'a> {
    pub playbook: &'a Playbook,
    pub registry: &'a Registry,
    /// The values of the variables.
    pub vars: &'a Map,
    /// The columns of the row file; `None` if it is not open, so that columns are not checked.
    pub columns: Option<&'a [String]>,
    pub diagnostics: &'a mut Diagnostics,
}

impl Names<'_> {
    pub(super) fn check(&mut self) {
        let mut found = Vec::new();
        self.playbook.each_template(&mut |template, span, rows| {
            for name in template.names() {
                if let Some(problem) = self.problem(name, rows) {
                    found.push((span, problem));
                }
            }
        });
        let source = &self.playbook.source;
        for (span, (message, help)) in found {
            let place = source.place(span);
            // The reader of the playbook has reported some of these names already, at a closer place.
            let more_lines = source.text()[span.start..span.end].matches('\n').count();
            let lines = place.line..=place.line + more_lines;
            let is_told = |told: &Diagnostic| {
                let is_there = |(at, _): &(Place, String)| at.file == place.file && lines.contains(&at.line);
                told.message == message && told.places.first().is_some_and(is_there)
            };
            if self.diagnostics.iter().any(is_told) {
                continue;
            }
            let diagnostic = Diagnostic::error("unknown-name", message).at(place, "in this template");
            self.diagnostics.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }

    /// The message and help for an unknown name; `None` if it is known. `rows` is whether `row` is known there.
    fn problem(&self, name: &Name, rows: bool) -> Option<(String, Option<String>)> {
        let (root, rest) = name.path.split_first()?;
        let part = rest.first()?;
        match TopName::named(root)? {
            TopName::Row if !rows => {
                Some(("`row` is not known here: these steps run once, not per row".to_owned(), None))
            }
            TopName::Row => {
                let columns = self.columns?;
                let known = columns.iter().map(String::as_str);
                unknown_as(format!("There is no column `{part}`"), part, known, "The file's columns are", meant_column)
            }
            TopName::Vars => unknown(
                format!("There is no variable `{part}`"),
                part,
                self.vars.keys().map(String::as_str),
                "The playbook's `vars` are",
            ),
            TopName::Run => unknown(format!("`run` has no `{part}`"), part, RunPart::WORDS.into_iter(), "There are"),
            TopName::Steps => self.step_problem(part, &rest[1..]),
            TopName::Item => None,
        }
    }

    /// The message and help for an unknown step, part of a step or output; `None` if it is known.
    fn step_problem(&self, id: &str, rest: &[String]) -> Option<(String, Option<String>)> {
        let steps = || self.playbook.all_steps();
        let Some(step) = steps().find(|step| step.id == id) else {
            return unknown(
                format!("There is no step `{id}`"),
                id,
                steps().map(|step| step.id.as_str()),
                "The steps are",
            );
        };
        let (part, rest) = rest.split_first()?;
        if let Some(problem) =
            unknown(format!("`steps.{id}` has no `{part}`"), part, StepPart::WORDS.into_iter(), "A step has")
        {
            return Some(problem);
        }
        let output = rest.first().filter(|_| part.as_str() == StepPart::Outputs.as_str())?;
        // An unknown operation has a message of its own.
        let operation = self.registry.operation(&step.uses.value).ok()?;
        let outputs = &operation.outputs;
        let open = outputs.iter().any(|output| output.name == "*" && output.kind == OutputKind::Any);
        if open {
            return None;
        }
        let message = format!("`{}` has no output `{output}`", operation.full_name());
        unknown(message, output, outputs.iter().map(|output| output.name.as_str()), "Its outputs are")
    }
}

/// The help for a similar column: its name as a template spells it, or how it differs from one that looks alike.
fn meant_column(name: &str, column: &str) -> String {
    if hidden_difference(name, column).is_some() {
        return did_you_mean(name, column);
    }
    match spell_name(&[TopName::Row.as_str(), column]) {
        Some(name) if name.ends_with(']') => format!("Did you mean `{name}`?"),
        Some(_) => format!("Did you mean `{column}`?"),
        None => format!(
            "Did you mean the column `{column}`? No template can name it: read it under another name, \
             `columns: {{ NAME: {{ from: {} }} }}`.",
            yaml_text(column)
        ),
    }
}

/// `message` and help if `name` is not among `known`.
fn unknown<'n>(
    message: String,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    list: &str,
) -> Option<(String, Option<String>)> {
    unknown_as(message, name, known, list, did_you_mean)
}

/// Like [`unknown`]; `help_for` gives the help for the unknown name and the similar one.
fn unknown_as<'n>(
    message: String,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    list: &str,
    help_for: impl Fn(&str, &str) -> String,
) -> Option<(String, Option<String>)> {
    if known.clone().any(|known| known == name) {
        return None;
    }
    let help = match near_miss(name, known.clone()) {
        Some(near) => Some(help_for(name, near)),
        None => {
            let names: Vec<_> = known.take(30).map(|name| format!("`{name}`")).collect();
            (!names.is_empty()).then(|| format!("{list} {}.", names.join(", ")))
        }
    };
    Some((message, help))
}
