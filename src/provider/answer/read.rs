//! Reads an answer: success, codes, outputs. An answer that cannot be read is `Unknown`, never a crash.

use std::borrow::Cow;

use super::body::{Body, read_body};
use super::http_date::dated;
use super::reading::{Reading, Remedy};
use super::redirect::Redirect;
use super::retry_after::retry_after;
use crate::model::{Disposition, Map, Response, Value, unreadable, value_at};
use crate::provider::descriptor::{CodeMeaning, Effect, Operation, Output, SuccessRule, code_text};

/// The longest message that is kept, in characters.
const LONGEST_MESSAGE: usize = 500;

impl Operation {
    /// Reads the answer to a call whose inputs do not matter for reading it.
    #[must_use]
    pub fn read(&self, answer: &Response) -> Reading {
        self.read_for(&Map::new(), answer)
    }

    /// Reads the answer to a call with these inputs. It never panics; an answer that cannot be read is unknown.
    #[must_use]
    pub fn read_for(&self, inputs: &Map, answer: &Response) -> Reading {
        AnswerReader { operation: self, effect: self.effect_for(inputs), inputs, answer }.read()
    }
}

/// One answer being read.
struct AnswerReader<'a> {
    operation: &'a Operation,
    effect: Effect,
    inputs: &'a Map,
    answer: &'a Response,
}

impl AnswerReader<'_> {
    fn read(&self) -> Reading {
        let rules = &self.operation.answers;
        let body = match self.body() {
            Ok(body) => body,
            Err(problem) => {
                return self.redirected(&Value::Null).unwrap_or_else(|| self.by_status(Value::Null, &problem));
            }
        };
        let success = self.success();
        let own = success.iter().filter_map(|rule| rule.path.as_ref());
        let code = rules.code.iter().chain(own).find_map(|path| value_at(&body, path).and_then(code_text));
        if self.is_fine() && success.iter().any(|rule| rule.holds(&body)) {
            return self.done(Disposition::Succeeded, code, body);
        }
        if self.effect == Effect::Write && success.iter().any(|rule| rule.says_success(&body)) {
            return self.contradiction(code, body);
        }
        let listed = |code: &String| rules.meaning(code, self.message(&body).as_deref().unwrap_or_default()).is_some();
        if !code.as_ref().is_some_and(listed)
            && let Some(reading) = self.redirected(&body)
        {
            return reading;
        }
        match code {
            Some(code) => self.by_code(code, body),
            None => self.by_status(body, "The answer is not of the expected shape"),
        }
    }

    /// The body as a value, or the reason why it has none. If any body is accepted, an unreadable one becomes a mark,
    /// which reports the reason where it is used.
    fn body(&self) -> Result<Value, String> {
        let any = self.operation.answers.any_body;
        match read_body(self.answer) {
            Body::Json(value) => Ok(value),
            Body::Text(text, _) if any => Ok(Value::String(text)),
            Body::Text(_, problem) => Err(problem.to_owned()),
            Body::Empty if any => Ok(Value::Null),
            Body::Empty => Err("The answer is empty".to_owned()),
            Body::Unreadable(why) if any => Ok(unreadable(&format!("the answer is not readable, as {why}"))),
            Body::Unreadable(why) => Err(format!("The answer cannot be read: {why}")),
        }
    }

    fn is_fine(&self) -> bool {
        (200..300).contains(&self.answer.status)
    }

    fn success(&self) -> Cow<'_, [SuccessRule]> {
        let rules = &self.operation.answers;
        let given = rules.success_input.as_deref().and_then(|name| self.inputs.get(name)).and_then(Value::as_object);
        given.map_or(Cow::Borrowed(&rules.success), |given| Cow::Owned(vec![SuccessRule::from_input(given)]))
    }

    /// Decides by a code in the body. Under a status of 500 or more, only codes that mean "refused before acting" are
    /// believed.
    fn by_code(&self, code: String, body: Value) -> Reading {
        let rules = &self.operation.answers;
        let message = self.message(&body);
        let text = message.as_deref().unwrap_or_default();
        let by_status = || {
            let status = format!("http {}", self.answer.status);
            if self.is_fine() { None } else { rules.meaning(&status, text) }
        };
        let meaning = rules.meaning(&code, text).or_else(by_status);
        let listed = meaning.map(|meaning| meaning.disposition_for(self.effect)).or(rules.otherwise);
        let disposition = listed.unwrap_or(Disposition::Unknown);
        let believed = match disposition {
            _ if self.is_fine() => true,
            _ if disposition.is_done() => false,
            Disposition::Succeeded
            | Disposition::Warning
            | Disposition::Unchanged
            | Disposition::Throttled
            | Disposition::Unavailable
            | Disposition::ExpiredToken
            | Disposition::Rejected
            | Disposition::Refused
            | Disposition::QuotaExhausted
            | Disposition::Unknown => self.answer.status < 500 || meaning.is_some_and(|meaning| meaning.gate),
        };
        if disposition.is_done() && believed {
            return self.done(disposition, Some(code), body);
        }
        let disposition = if believed { disposition } else { Disposition::Unknown };
        let remedy = self.remedy(disposition, meaning);
        Reading { disposition, code: Some(code), message, remedy, ..self.blank(body) }
    }

    /// The reading of a body that says success under a status that says failure. It is `Unknown` for a write, which
    /// may have taken effect. For a read, the status counts, because a read changes nothing.
    fn contradiction(&self, code: Option<String>, body: Value) -> Reading {
        let status = self.answer.status;
        let code = code.unwrap_or_else(|| format!("http {status}"));
        let message = format!("The answer contradicts itself: HTTP status {status}, and a body that says success");
        Reading { disposition: Disposition::Unknown, code: Some(code), message: Some(message), ..self.blank(body) }
    }

    /// Decides by the HTTP status, if the body has no code.
    fn by_status(&self, body: Value, problem: &str) -> Reading {
        let status = self.answer.status;
        let code = (!self.is_fine()).then(|| format!("http {status}"));
        let message = self.message(&body).or_else(|| Some(problem.to_owned()));
        let meaning = code
            .as_deref()
            .and_then(|code| self.operation.answers.meaning(code, message.as_deref().unwrap_or_default()));
        let disposition = meaning.map_or(Disposition::Unknown, |meaning| meaning.disposition_for(self.effect));
        let disposition = if disposition.is_done() { Disposition::Unknown } else { disposition };
        let remedy = self.remedy(disposition, meaning);
        Reading { disposition, code, message, remedy, ..self.blank(body) }
    }

    /// Decides by a redirect; `None` for other answers, and if a table lists the status.
    fn redirected(&self, body: &Value) -> Option<Reading> {
        let code = format!("http {}", self.answer.status);
        if self.operation.answers.meaning(&code, "").is_some() {
            return None;
        }
        let redirect = Redirect::of(self.answer, self.effect)?;
        let (disposition, message) = (redirect.disposition, Some(redirect.message.clone()));
        let remedy = self.remedy(disposition, None);
        let redirect = Some(redirect);
        Some(Reading { disposition, code: Some(code), message, remedy, redirect, ..self.blank(body.clone()) })
    }

    /// Reads a success: its outputs, and failures of single items inside it.
    fn done(&self, disposition: Disposition, code: Option<String>, body: Value) -> Reading {
        let message = self.message(&body);
        let items = self.operation.answers.items.as_ref().and_then(|items| items.failure(&body));
        match self.outputs(&body) {
            _ if items.is_some() => {
                let outputs = self.outputs(&body).unwrap_or_default();
                let failure = items.unwrap_or_default();
                Reading {
                    disposition: failure.disposition,
                    code,
                    message: failure.message,
                    outputs,
                    ..self.blank(body)
                }
            }
            Ok(outputs) => Reading { disposition, code, message, outputs, ..self.blank(body) },
            Err(missing) => {
                let message =
                    Some(format!("The answer says success, but `{missing}` is missing, empty or of another type"));
                Reading { disposition: Disposition::Unknown, code, message, ..self.blank(body) }
            }
        }
    }

    /// The declared outputs, or the path of a required one that is missing.
    fn outputs(&self, body: &Value) -> Result<Map, String> {
        let read = |output: &Output| {
            let found = if output.path == "@status" {
                Some(Value::from(self.answer.status))
            } else if let Some(header) = output.path.strip_prefix("@header.") {
                self.answer.header(header).map(|text| Value::String(text.to_owned()))
            } else {
                let places = std::iter::once(&output.path).chain(&output.other_paths);
                places.filter_map(|path| value_at(body, path)).find(|value| output.is_answered_by(value)).cloned()
            };
            let value = found.filter(|value| output.is_answered_by(value)).and_then(|value| output.kind.convert(value));
            match value {
                None if output.required => Err(output.path.clone()),
                value => Ok((output.name.clone(), value.unwrap_or(Value::Null))),
            }
        };
        self.operation.outputs.iter().map(read).collect()
    }

    fn message(&self, body: &Value) -> Option<String> {
        let found = self.operation.answers.message.iter().find_map(|path| value_at(body, path).and_then(Value::as_str));
        found.filter(|text| !text.is_empty()).map(|text| text.chars().take(LONGEST_MESSAGE).collect())
    }

    fn request_id(&self, body: &Value) -> Option<String> {
        self.operation.answers.request_id.iter().find_map(|path| match path.strip_prefix("@header.") {
            Some(header) => self.answer.header(header).map(str::to_owned),
            None => value_at(body, path).and_then(code_text),
        })
    }

    /// The advice for an answer that may stop the whole run; `None` for other answers.
    fn remedy(&self, disposition: Disposition, meaning: Option<&CodeMeaning>) -> Option<Remedy> {
        let stops = matches!(disposition, Disposition::Refused | Disposition::ExpiredToken);
        stops.then(|| Remedy {
            advice: meaning.and_then(|meaning| meaning.advice.clone()),
            clock: meaning.is_some_and(|meaning| meaning.clock),
            dated: dated(self.answer),
        })
    }

    /// An unknown reading with the parts that every reading has.
    fn blank(&self, body: Value) -> Reading {
        Reading {
            disposition: Disposition::Unknown,
            code: None,
            message: None,
            request_id: self.request_id(&body),
            outputs: Map::new(),
            retry_after: retry_after(self.answer),
            remedy: None,
            redirect: None,
            body,
        }
    }
}
