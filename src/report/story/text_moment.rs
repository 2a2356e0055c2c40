//! The moments of a story as lines of text, each beginning with its time.

use std::time::Duration;

use super::moment::{
    AttemptThen, CallName, Condition, Moment, MomentKind, RequestCheck, StoryAttempt, StoryEnd, StoryRequest, StoryRule,
};
use super::row_story::StoryCell;
use super::text::{step_words, value_line};
use crate::diagnostic::{one_line, shortened};
use crate::model::{Disposition, StepOutcome, show_duration};

/// The blanks in front of the lines below a moment's first one: as wide as its time.
const BELOW: &str = "                          ";
/// The most characters of a line of a request or an answer.
const WIDEST_LINE: usize = 2_000;

/// The lines of a moment, and the step that it is about.
pub(super) struct TextLines<'m> {
    /// The step; `None` for a moment of the whole row or run.
    pub(super) step: Option<&'m str>,
    /// The lines.
    pub(super) lines: Vec<String>,
}

/// A moment as text.
pub(super) fn text_of(moment: &Moment) -> TextLines<'_> {
    let Moment { at, kind } = moment;
    let one = |text: String| vec![format!("{at}  {text}")];
    let whole = |lines| TextLines { step: None, lines };
    match kind {
        MomentKind::ProcessBegan { process, resumed } => {
            let began = if *resumed { "the run was resumed" } else { "the run began" };
            whole(one(format!("{began}, in process {process}")))
        }
        MomentKind::Steered { command } => {
            whole(one(format!("the run was steered: {}", one_line(&command.to_string()))))
        }
        MomentKind::RunStopped { message } => whole(one(format!("the run stopped: {}", one_line(message)))),
        MomentKind::RunFinished => whole(one("the run finished".to_owned())),
        MomentKind::FromCopy => {
            whole(one("the run went on from a copy: what was sent after it is in doubt".to_owned()))
        }
        MomentKind::RollbackStarted => whole(one("the rollback of the row began".to_owned())),
        MomentKind::ContinuedIn { run, outcome } => {
            whole(one(format!("{}; the row goes on in the run {run}", outcome.in_words())))
        }
        MomentKind::RowEnded { outcome, step: _, code, message } => {
            whole(one(format!("the row ended: {}{}", outcome.in_words(), said(code.as_deref(), message.as_deref()))))
        }
        MomentKind::StepEnded { step, outcome, code, message, condition } => {
            let ended =
                format!("the step ended: {}{}", step_words(*outcome), said(code.as_deref(), message.as_deref()));
            let mut lines = one(ended);
            lines.extend(condition.as_ref().map(condition_line));
            TextLines { step: Some(step), lines }
        }
        MomentKind::Intended { call, attempt, request } => {
            let text = format!("{} is about to be sent (attempt {attempt}); no answer is recorded", name(call));
            let mut lines = one(text);
            push_request(&mut lines, request);
            TextLines { step: Some(&call.step), lines }
        }
        MomentKind::Attempt(attempt) => TextLines { step: Some(&attempt.call.step), lines: attempt_lines(at, attempt) },
        MomentKind::Settled { call, outcome, who, note, outputs } => {
            let note = note.as_ref().map(|note| format!(": {}", one_line(note))).unwrap_or_default();
            let mut lines = one(format!(
                "{} settled by {} as {}{note}",
                name(call),
                one_line(who),
                if *outcome == StepOutcome::Failed { "not done" } else { "done" }
            ));
            push_outputs(&mut lines, outputs);
            TextLines { step: Some(&call.step), lines }
        }
        MomentKind::Reopened { call } => {
            TextLines { step: Some(&call.step), lines: one(format!("{} is looked up again", name(call))) }
        }
        MomentKind::Imported { call, from, made_at, outcome, code, message, request_id, outputs } => {
            let told_code = code.as_deref().filter(|_| *outcome != StepOutcome::Succeeded);
            let said = said(told_code, message.as_deref());
            let id = request_id_of(request_id.as_deref());
            let mut lines =
                one(format!("{}: the run {from} made it at {made_at}: {}{said}{id}", name(call), step_words(*outcome)));
            push_outputs(&mut lines, outputs);
            TextLines { step: Some(&call.step), lines }
        }
    }
}

fn attempt_lines(at: &str, attempt: &StoryAttempt) -> Vec<String> {
    let mut lines = Vec::new();
    let below = |text: String| format!("{BELOW}{text}");
    for wait in &attempt.waited {
        let time = show_duration(Duration::from_millis(wait.ms));
        lines.push(below(format!("waited {time} for {}", wait.reason.in_words())));
    }
    let what = match &attempt.lookup {
        Some(lookup) => format!("the lookup {} of {}", one_line(lookup), name(&attempt.call)),
        None => name(&attempt.call),
    };
    if let Some(number) = attempt.attempt {
        let sent_at = attempt.sent_at.clone().unwrap_or_else(|| " ".repeat(at.len()));
        let same = if attempt.request.is_none() { ", the same request" } else { "" };
        lines.push(format!("{sent_at}  sent: {what} (attempt {number}{same})"));
        attempt.request.iter().for_each(|request| push_request(&mut lines, request));
    }
    lines.push(format!("{at}  {}", end_line(attempt, &what)));
    if let Some(answer) = &attempt.answer {
        let text = answer.text();
        lines.push(below(format!("answer: {}", shortened(&one_line(&text), WIDEST_LINE))));
    }
    attempt.rule.iter().for_each(|rule| push_rule(&mut lines, rule));
    push_outputs(&mut lines, &attempt.outputs);
    lines.push(below(then_line(attempt)));
    lines
}

/// How an attempt ended, on one line.
fn end_line(attempt: &StoryAttempt, what: &str) -> String {
    let took =
        attempt.took_ms.map(|ms| format!(" after {}", show_duration(Duration::from_millis(ms)))).unwrap_or_default();
    let status = attempt.http_status.map(|status| format!(", HTTP {status}")).unwrap_or_default();
    let meaning = attempt.disposition.map(|meaning| format!(", {}", meaning.as_str())).unwrap_or_default();
    // The code of a success says nothing more.
    let code = attempt.code.as_deref().filter(|_| attempt.disposition != Some(Disposition::Succeeded));
    let said = said(code, attempt.message.as_deref());
    let id = request_id_of(attempt.request_id.as_deref());
    let verb = match attempt.end {
        StoryEnd::Answered => "answered",
        StoryEnd::Lost => "no answer",
        StoryEnd::Unsent => "not sent",
        StoryEnd::LookedUp => "looked up",
        StoryEnd::LookupFailed => "the lookup failed",
        StoryEnd::NotMade => return format!("{what} was not sent{said}"),
    };
    format!("{verb}{took}{status}{meaning}{said}{id}")
}

fn then_line(attempt: &StoryAttempt) -> String {
    match (attempt.then, attempt.outcome) {
        (_, Some(outcome)) => format!("so the call ended: {}", step_words(outcome)),
        (AttemptThen::SentAgain | AttemptThen::Ended, None) => "so the call is sent again".to_owned(),
        (AttemptThen::LookedUp, None) => "so a lookup asks whether it took effect".to_owned(),
        (AttemptThen::TokenRenewed, None) => "so the token is renewed, and the call is sent again".to_owned(),
        (AttemptThen::ReadAgain, None) => "and `until` does not hold yet, so it is read again".to_owned(),
        (AttemptThen::SentLater, None) => "so the call is sent later".to_owned(),
        (AttemptThen::RunStopped, None) => "and the run stopped before the call went on".to_owned(),
    }
}

fn push_request(lines: &mut Vec<String>, request: &StoryRequest) {
    let mut below = |text: String| lines.push(format!("{BELOW}{text}"));
    if let Some(problem) = &request.problem {
        below(format!("WARNING: {}", one_line(problem)));
    }
    if let (Some(method), Some(address)) = (&request.method, &request.address) {
        below(shortened(&one_line(&format!("{method} {address}")), WIDEST_LINE).into_owned());
    }
    for (name, value) in &request.headers {
        below(shortened(&one_line(&format!("{name}: {value}")), WIDEST_LINE).into_owned());
    }
    if let Some(body) = &request.body {
        below(shortened(&one_line(&body.text()), WIDEST_LINE).into_owned());
    }
    match request.check {
        RequestCheck::Same => below("(rebuilt; its hash is that of what was sent)".to_owned()),
        RequestCheck::NoHash => below("(rebuilt; it changes nothing, so the journal keeps no hash of it)".to_owned()),
        RequestCheck::Differs | RequestCheck::Lost => {}
    }
}

fn push_rule(lines: &mut Vec<String>, rule: &StoryRule) {
    let place = match (&rule.file, rule.line) {
        (Some(file), Some(line)) => format!(", {}:{line}", one_line(file)),
        _ => String::new(),
    };
    lines.push(format!("{BELOW}rule: {}{place}", one_line(&rule.what)));
    for text in [&rule.means, &rule.advice].into_iter().flatten() {
        lines.push(format!("{BELOW}      {}", one_line(text)));
    }
}

fn push_outputs(lines: &mut Vec<String>, outputs: &[StoryCell]) {
    for output in outputs {
        lines.push(format!("{BELOW}output {} = {}", one_line(&output.name), value_line(output)));
    }
}

fn condition_line(condition: &Condition) -> String {
    let Condition { key, text, file, line } = condition;
    format!("{BELOW}`{key}: {}`, {}:{line}", one_line(text), one_line(file))
}

/// `shop.order`, or `the rollback shop.cancel, element 2`.
fn name(call: &CallName) -> String {
    let undo = if call.rollback { "the rollback " } else { "" };
    let element = call.element.map(|element| format!(", element {element}")).unwrap_or_default();
    format!("{undo}{}{element}", one_line(&call.operation))
}

/// `: CODE: MESSAGE`, as far as they are there.
fn said(code: Option<&str>, message: Option<&str>) -> String {
    let parts = [code, message].into_iter().flatten().filter(|text| !text.is_empty());
    parts.map(|text| format!(": {}", one_line(text))).collect()
}

fn request_id_of(id: Option<&str>) -> String {
    id.map(|id| format!(" (request {})", one_line(id))).unwrap_or_default()
}
