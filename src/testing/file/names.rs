//! Checks the names in a test file against its playbook: steps, operations, columns of the results, lists.

use std::sync::Arc;

use super::answer::{AnswerContent, example};
use super::pattern::{RequestKind, RequestPattern};
use super::rows::RowsFrom;
use super::test::{Test, TestFile};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, near_miss};
use crate::model::Disposition;
use crate::playbook::Playbook;
use crate::provider::{Operation, Registry};

/// Reports every name that the playbook does not have.
pub fn check_names(file: &TestFile, playbook: &Playbook, registry: &Registry, diagnostics: &mut Diagnostics) {
    let mut checker = Checker { source: &file.source, playbook, registry, diagnostics };
    file.tests.iter().for_each(|test| checker.test(test));
}

struct Checker<'a> {
    source: &'a Arc<Source>,
    playbook: &'a Playbook,
    registry: &'a Registry,
    diagnostics: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn test(&mut self, test: &Test) {
        let requests = test.expect.requests.iter().flat_map(|(requests, _)| requests);
        for pattern in test.answers.iter().filter_map(|answer| answer.to.as_ref()).chain(requests) {
            self.pattern(pattern);
        }
        for answer in &test.answers {
            if let AnswerContent::Like(like) = &answer.content
                && let Some(operation) = self.operation(answer.to.as_ref())
                && example(&operation, like.value).is_none()
            {
                self.no_example(&operation, like.span);
            }
        }
        for (_, row) in &test.expect.rows {
            if let Some(step) = &row.step {
                self.step(&step.value, step.span);
            }
            for (column, _) in &row.results {
                let known = self.playbook.results.iter().map(|(name, _)| name.as_str()).collect();
                self.known("The playbook's `results` have no column", &column.text, column.span, known);
            }
        }
        for (name, value) in &test.vars {
            let known: Vec<&str> = self.playbook.vars.iter().map(|var| var.name.as_str()).collect();
            if !known.contains(&name.as_str()) {
                let help = near_miss(name, known).map(|near| format!("Did you mean `{near}`?"));
                self.wrong("unknown-var", value.span, format!("The playbook has no variable `{name}`"), help);
            }
        }
        self.rows(test);
    }

    fn rows(&mut self, test: &Test) {
        let Some(decl) = &self.playbook.rows else {
            if let Some(span) = test.rows.span {
                let help = "Its steps run once: take `rows` out; `expect.rows` calls it `once`.";
                self.wrong("bad-place", span, "The playbook has no rows".to_owned(), Some(help.to_owned()));
            }
            return;
        };
        let own = matches!(test.rows.from, RowsFrom::Own);
        if own && decl.from.as_ref().is_some_and(|from| from.value.starts_with("run:") || from.value == "-") {
            let help = "Write its `rows` into the test, or name a file.".to_owned();
            let message = "The playbook takes its rows from a run or from standard input, which a test does not have";
            self.wrong("missing-rows", test.name.span, message.to_owned(), Some(help));
        }
        for (name, _) in &test.lists {
            let known = decl.lists.iter().map(|list| list.name.as_str()).collect();
            self.known("The playbook has no list", &name.value, name.span, known);
        }
    }

    fn pattern(&mut self, pattern: &RequestPattern) {
        if let Some(step) = &pattern.step {
            self.step(&step.value, step.span);
        }
        if let Some(operation) = &pattern.operation
            && let Err(error) = self.registry.operation(&operation.value)
        {
            self.wrong("unknown-operation", operation.span, error.message, error.help);
        }
    }

    fn step(&mut self, id: &str, span: Span) {
        let known = self.playbook.all_steps().map(|step| step.id.as_str()).collect();
        self.known("The playbook has no step", id, span, known);
    }

    fn known(&mut self, message: &str, name: &str, span: Span, known: Vec<&str>) {
        if known.contains(&name) {
            return;
        }
        let help = match near_miss(name, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None if known.is_empty() => "There are none.".to_owned(),
            None => format!("There are `{}`.", known.join("`, `")),
        };
        self.wrong("unknown-name", span, format!("{message} `{name}`"), Some(help));
    }

    /// Returns the operation of the requests that a pattern describes; `None` if it does not tell.
    fn operation(&self, pattern: Option<&RequestPattern>) -> Option<Arc<Operation>> {
        let pattern = pattern?;
        if let Some(operation) = &pattern.operation {
            return self.registry.operation(&operation.value).ok();
        }
        let id = &pattern.step.as_ref()?.value;
        let step = self.playbook.all_steps().find(|step| step.id == *id)?;
        let uses = match pattern.kind? {
            RequestKind::Call => &step.uses,
            RequestKind::Rollback => &step.rollback.as_ref()?.uses,
            RequestKind::Lookup => {
                let operation = self.registry.operation(&step.uses.value).ok()?;
                let lookup = &operation.lookup.as_ref()?.operation;
                return self.registry.operation_of(&operation.provider.name, lookup).cloned();
            }
        };
        self.registry.operation(&uses.value).ok()
    }

    fn no_example(&mut self, operation: &Operation, span: Span) {
        let has = |disposition: &Disposition| example(operation, *disposition).is_some();
        let words: Vec<&str> = Disposition::ALL.into_iter().filter(has).map(Disposition::as_str).collect();
        let message = format!("`{}` has no example of such an answer", operation.full_name());
        let help = format!("It has `{}`; any other answer is written with `status:` and `body:`.", words.join("`, `"));
        self.wrong("bad-value", span, message, Some(help));
    }

    fn wrong(&mut self, code: &'static str, span: Span, message: String, help: Option<String>) {
        let place = self.source.place(span);
        self.diagnostics.push(Diagnostic::error(code, message).at(place, "").maybe_help(help));
    }
}
