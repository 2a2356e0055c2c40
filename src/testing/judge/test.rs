//! Judges a rehearsal by what its test expects: every difference is a message at the expectation.

use std::sync::Arc;

use super::messages::{Judge, indented};
use super::requests::judge_requests;
use super::rows::{judge_counts, judge_rows};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Source};
use crate::model::Masks;
use crate::testing::file::Test;
use crate::testing::rehearsal::{HaltReason, MOST_REQUESTS, Rehearsed};

/// Compares a rehearsal with its test; the result is empty if everything is as expected. `unmask` shows sensitive
/// values.
#[must_use]
pub fn judge(source: &Arc<Source>, test: &Test, done: &Rehearsed, unmask: bool) -> Diagnostics {
    let mut judge = Judge { source, test, done, found: Diagnostics::new() };
    match &done.halt {
        Some(halt) => judge.halted(halt),
        None if done.endless => judge.endless(),
        None => judge.all(),
    }
    if unmask { judge.found } else { masked(judge.found, &done.masks) }
}

/// Judges a run that was refused before it began, for the reasons in `found`.
#[must_use]
pub fn judge_refused(source: &Arc<Source>, test: &Test, found: Diagnostics) -> Diagnostics {
    let Some((expected, span)) = &test.expect.diagnostics else {
        let message = format!("`{}`: the run is refused before anything is sent", test.name.value);
        let help = "The reasons stand beside it. If it is meant so, expect their codes: `diagnostics: [CODE]`.";
        let place = source.place(test.name.span);
        let mut all = Diagnostics::new();
        all.push(Diagnostic::error("test-refused", message).at(place, "").help(help));
        all.extend(found);
        return all;
    };
    let mut all = Diagnostics::new();
    let mut came: Vec<&str> = found.errors().map(|one| one.code).collect();
    came.dedup();
    let wanted: Vec<&str> = expected.iter().map(|code| code.value.as_str()).collect();
    if wanted.iter().all(|code| came.contains(code)) && came.iter().all(|code| wanted.contains(code)) {
        return all;
    }
    let [came, told] = [&came, &wanted].map(|codes| codes.join("`, `"));
    let message = format!("The run was refused with `{came}`, but `{told}` was expected");
    all.push(
        Diagnostic::error("test-refused", message).at(source.place(*span), "").help("The reasons stand beside it."),
    );
    all.extend(found.into_iter().filter(|one| one.severity == Severity::Error));
    all
}

impl Judge<'_> {
    fn all(&mut self) {
        if let Some((_, span)) = &self.test.expect.diagnostics {
            let message = "The run was expected to be refused, but it began".to_owned();
            let sent = self.done.sent.len();
            self.differs("test-refused", *span, message, Some(format!("Requests that it sent: {sent}.")));
            return;
        }
        judge_requests(self);
        judge_rows(self);
        judge_counts(self);
        self.run_as_a_whole();
        self.unused_answers();
    }

    fn run_as_a_whole(&mut self) {
        let summary = &self.done.end.summary;
        let why = self.done.end.stop_message.clone();
        let told = why.as_ref().map(|why| format!("It stopped: {why}"));
        if let Some(outcome) = self.test.expect.outcome.as_ref().filter(|outcome| outcome.value != summary.outcome) {
            let (wanted, got) = (outcome.value.as_str(), summary.outcome.as_str());
            let message = format!("The run's outcome is `{got}`, but `{wanted}` was expected");
            self.differs("test-outcome", outcome.span, message, told.clone());
        }
        if let Some(stopped) = &self.test.expect.stopped {
            match why {
                Some(why) if why.contains(&stopped.value) => {}
                Some(_) => {
                    let message = "The run stopped for another reason".to_owned();
                    self.differs("test-outcome", stopped.span, message, told);
                }
                None => {
                    let message = "The run was expected to stop early, but it did not".to_owned();
                    self.differs("test-outcome", stopped.span, message, None);
                }
            }
        }
        for problem in self.done.end.problems.clone() {
            self.differs(
                "test-outcome",
                self.test.name.span,
                format!("The audit of the journal failed: {problem}"),
                None,
            );
        }
    }

    fn unused_answers(&mut self) {
        for place in self.done.unused.clone() {
            let Some(answer) = self.test.answers.get(place) else { continue };
            let message = match answer.times {
                Some(1) | None => "Nothing asked for this answer".to_owned(),
                Some(times) => format!("Fewer than {times} requests asked for this answer"),
            };
            let help = "Take it out, correct its `to:`, or write `times: any` where it may not be needed.";
            self.differs("unused-answer", answer.span, message, Some(help.to_owned()));
        }
    }

    fn halted(&mut self, halt: &HaltReason) {
        let Some(last) = self.done.sent.last() else { return };
        let (at, told) = (self.test.name.span, last.describe());
        match halt {
            HaltReason::Unanswered(like) => {
                let message = format!("No answer is written for {told}");
                let before = &self.done.sent[..self.done.sent.len() - 1];
                let again =
                    before.iter().any(|sent| (sent.whose, sent.call, sent.kind) == (last.whose, last.call, last.kind));
                let again = self.done.attempts.get(&(last.whose, last.call)).filter(|_| again);
                let again =
                    again.map_or(String::new(), |told| format!("It was answered before: {told}. Now it asks again.\n"));
                let help = format!(
                    "{again}It asks, by {}:\n\n{}\nAn answer for it, under `answers:`\n\n{}\n`sandbox: true` has the simulators answer whatever no answer is given to.",
                    last.operation,
                    indented(&last.request_text()),
                    indented(&last.as_answered(*like)),
                );
                self.differs("no-answer", at, message, Some(help));
            }
            HaltReason::NoExample(like) => {
                let word = like.as_str();
                let message = format!("`{}` has no example of an answer that is `{word}`", last.operation);
                let help = format!("Write the answer to {told} with `status:` and `body:`.");
                self.differs("no-answer", at, message, Some(help));
            }
            HaltReason::TooMany => {
                let message = format!("More than {MOST_REQUESTS} requests were sent; the last was {told}");
                let help = "A test is for few rows; an answer with `times: any` may keep a call from ever ending.";
                self.differs("test-outcome", at, message, Some(help.to_owned()));
            }
        }
    }

    fn endless(&mut self) {
        let message = "The run was not over after two years of its own time".to_owned();
        let help = "Look at `window`, `until` and the answers that ask to wait.".to_owned();
        self.differs("test-outcome", self.test.name.span, message, Some(help));
    }
}

/// Masks what people must not see in the messages.
fn masked(found: Diagnostics, masks: &Masks) -> Diagnostics {
    if masks.is_empty() {
        return found;
    }
    let mut all = Diagnostics::new();
    let by_line = |text: &str| text.split('\n').map(|line| masks.text(line)).collect::<Vec<_>>().join("\n");
    all.extend(found.into_iter().map(|one| {
        let help = one.whole_help();
        let shown = help.as_deref().map(|help| match by_line(help) {
            shown if shown == help => shown,
            shown => format!("{shown}\n(`--unmask` shows what is masked.)"),
        });
        let places = one.places.into_iter().map(|(place, label)| (place.changed(by_line), by_line(&label)));
        let masked = Diagnostic { message: by_line(&one.message), places: places.collect(), ..one };
        shown.map_or(masked.clone(), |help| masked.help_in_lines(&help))
    }));
    all
}
