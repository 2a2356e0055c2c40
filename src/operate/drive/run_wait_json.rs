//! What a run waits for, as JSON for those who ask it how it is. Texts of the network and of vendors come without characters
//! that act.

use serde_json::json;

use crate::diagnostic::printable;
use crate::engine::{LoginTrouble, RunWait};
use crate::model::{Time, Value};

/// A wait as JSON: `what` names it, and what belongs to it stands beside that. Instants are RFC 3339.
pub(super) fn wait_json(wait: &RunWait) -> Value {
    let at = |time: &Time| time.to_string();
    let text = |text: &String| printable(text).into_owned();
    match wait {
        RunWait::Window { until, wall } => json!({"what": "window", "until": at(until), "wall": text(wall)}),
        RunWait::Login { connection, host, since, failures, trouble, again_at } => json!({
            "what": "login",
            "connection": text(connection),
            "host": host.as_ref().map(text),
            "since": since.as_ref().map(at),
            "failures": failures,
            "trouble": trouble.as_ref().map(trouble_json),
            "again_at": again_at.as_ref().map(at),
        }),
        RunWait::Unreachable { connection, host, why, until } => json!({
            "what": "unreachable",
            "connection": text(connection),
            "host": host.as_ref().map(text),
            "why": text(why),
            "until": at(until),
        }),
        RunWait::RetryAfter { operation, until } => {
            json!({"what": "retry_after", "operation": operation.as_ref().map(text), "until": at(until)})
        }
        RunWait::Throttled { operation, until } => {
            json!({"what": "throttled", "operation": text(operation), "until": at(until)})
        }
        RunWait::BackOff { rows, until } => json!({"what": "back_off", "rows": rows, "until": at(until)}),
        RunWait::LookupDelay { rows, until } => json!({"what": "lookup_delay", "rows": rows, "until": at(until)}),
        RunWait::LooksUp { calls } => json!({"what": "looks_up", "calls": calls}),
        RunWait::Until { rows, until } => json!({"what": "until", "rows": rows, "until": at(until)}),
        RunWait::Answers { calls, since } => json!({"what": "answers", "calls": calls, "since": at(since)}),
    }
}

/// Why a login failed: what the network said, or the vendor's code.
fn trouble_json(trouble: &LoginTrouble) -> Value {
    match trouble {
        LoginTrouble::Network(said) => json!({"network": printable(said)}),
        LoginTrouble::Code(code) => json!({"code": printable(code)}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wait_names_itself_and_what_belongs_to_it() {
        let until = Time::from_secs(1_800_000_000);
        let (one, at) = (|text: &str| text.to_owned(), "2027-01-15T08:00:00Z");
        let login = |trouble, again_at| RunWait::Login {
            connection: one("main"),
            host: Some(one("open.example.com")),
            since: None,
            failures: 2,
            trouble: Some(trouble),
            again_at,
        };
        for (wait, expected) in [
            (
                RunWait::Window { until, wall: one("Fri 2027-01-15 09:00 Europe/Zurich") },
                json!({"what": "window", "until": at, "wall": "Fri 2027-01-15 09:00 Europe/Zurich"}),
            ),
            (
                login(LoginTrouble::Network(one("no route\u{1b}[2J")), Some(until)),
                json!({"what": "login", "connection": "main", "host": "open.example.com", "since": null, "failures": 2,
                    "trouble": {"network": "no route␛[2J"}, "again_at": at}),
            ),
            (
                login(LoginTrouble::Code(one("10019")), None),
                json!({"what": "login", "connection": "main", "host": "open.example.com", "since": null, "failures": 2,
                    "trouble": {"code": "10019"}, "again_at": null}),
            ),
            (
                RunWait::Unreachable { connection: one("main"), host: None, why: one("refused"), until },
                json!({"what": "unreachable", "connection": "main", "host": null, "why": "refused", "until": at}),
            ),
            (
                RunWait::RetryAfter { operation: None, until },
                json!({"what": "retry_after", "operation": null, "until": at}),
            ),
            (
                RunWait::Throttled { operation: one("a.b"), until },
                json!({"what": "throttled", "operation": "a.b", "until": at}),
            ),
            (RunWait::BackOff { rows: 3, until }, json!({"what": "back_off", "rows": 3, "until": at})),
            (RunWait::LookupDelay { rows: 3, until }, json!({"what": "lookup_delay", "rows": 3, "until": at})),
            (RunWait::LooksUp { calls: 3 }, json!({"what": "looks_up", "calls": 3})),
            (RunWait::Until { rows: 3, until }, json!({"what": "until", "rows": 3, "until": at})),
            (RunWait::Answers { calls: 3, since: until }, json!({"what": "answers", "calls": 3, "since": at})),
        ] {
            assert_eq!(wait_json(&wait), expected);
        }
    }
}
