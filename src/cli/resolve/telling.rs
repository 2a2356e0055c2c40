//! What `resolve` says: what was settled, what is still unknown, and what a person can do about it.

use serde_json::json;

use crate::cli::desk::{Case, Desk};
use crate::cli::failure::{Failure, plural};
use crate::diagnostic::printable;
use crate::model::{Scope, Value};

/// A case and what became of it.
pub(super) struct Told {
    /// The case.
    pub(super) case: Case,
    /// `done` or `failed`; none where nobody knows yet.
    pub(super) settled: Option<&'static str>,
    /// Who told: `lookup`, or a person.
    pub(super) by: String,
}

/// Says it all.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn tell(desk: &Desk, told: &[Told], unknown: &[Case]) -> Result<(), Failure> {
    let run = &desk.frozen.run_id;
    if desk.screen.json() {
        desk.screen.data(&as_json(desk, told, unknown).to_string())?;
    } else {
        let lines: Vec<String> = told.iter().map(|one| line(desk, one)).collect();
        if !lines.is_empty() {
            desk.screen.data(&printable(&lines.join("\n")))?;
        }
    }
    let settled = told.iter().filter(|one| one.settled.is_some()).count();
    if settled > 0 {
        desk.screen.talk(&format!("{} settled", plural(settled, "call")));
    }
    if !unknown.is_empty() {
        desk.screen.insist(&printable(&advice(desk, unknown)));
    }
    let open = desk.open_rows()?;
    if open > 0 {
        let rows = plural(usize::try_from(open).unwrap_or(usize::MAX), "row");
        desk.screen.talk(&format!("{rows} can go on: runsheet resume {run}"));
    }
    Ok(())
}

fn line(desk: &Desk, one: &Told) -> String {
    let what = match one.settled {
        Some("done") => "done",
        Some(_) => "not done",
        None => "still unknown",
    };
    format!("{}: {} ({}) {what}, by {}", desk.shown(&one.case), one.case.place(), one.case.doubt.operation, one.by)
}

/// Which calls are unknown, and what to write; a few of many.
fn advice(desk: &Desk, unknown: &[Case]) -> String {
    const SHOWN: usize = 10;
    let run = &desk.frozen.run_id;
    let mut text = format!("{} unknown. Ask the vendor what became of:\n", plural(unknown.len(), "call"));
    for case in unknown.iter().take(SHOWN) {
        let since = case.doubt.since;
        let why = case.doubt.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        let (place, operation) = (case.place(), &case.doubt.operation);
        let wanted = case.wanted();
        let needs = if wanted.is_empty() { String::new() } else { format!(" (done needs {})", wanted.join(", ")) };
        text.push_str(&format!("  {}: {place} ({operation}), sent {since}{why}{needs}\n", desk.shown(case)));
    }
    if unknown.len() > SHOWN {
        text.push_str(&format!("  … and {} more\n", unknown.len() - SHOWN));
    }
    let first = &unknown[0];
    let outputs: String = first.wanted().iter().map(|name| format!(" --output {name}=…")).collect();
    let shown = desk.shown(first);
    let which = match first.scope {
        Scope::Row(_) if first.key.is_empty() => String::new(),
        Scope::Row(_) => option_of(&shown),
        Scope::Before | Scope::After | Scope::Run => format!(" --step {}", first.doubt.step),
    };
    let readable = unknown.iter().filter(|case| case.doubt.lookup.is_some()).count();
    if readable > 0 {
        text.push_str(&format!("A read may yet tell of {readable}; `runsheet resolve {run}` asks again.\n"));
    }
    text.push_str("Then say it, one by one:\n");
    text.push_str(&format!("  runsheet resolve {run}{which} --as done{outputs} --note \"who says so\"\n"));
    text.push_str(&format!("  runsheet resolve {run}{which} --as failed\n"));
    text.push_str("or all at once: add the columns `_settle` (done or failed) and `_note`, and one for each output,\n");
    let folder = desk.frozen.out.as_deref().unwrap_or(desk.folder.path());
    let dialect = desk.frozen.dialect.clone().unwrap_or_default();
    let file = folder.join(format!("unknown.{}", dialect.extension())).display().to_string();
    text.push_str(&format!("to {file}, fill them in, and run: runsheet resolve {run} --from {file}"));
    text
}

/// The option that names a row, for a command that somebody copies: what a shell would act upon stands in quotes, and
/// what quotes do not hold is left to be filled in.
fn option_of(key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@');
    let mark = |c: char| matches!(c, '\'' | '!' | '\u{fffd}' | '\u{2400}'..='\u{2421}');
    match key {
        _ if key.contains(mark) => " --key=KEY".to_owned(),
        _ if key.chars().all(plain) && !key.starts_with('-') => format!(" --key {key}"),
        _ => format!(" --key='{key}'"),
    }
}

fn as_json(desk: &Desk, told: &[Told], unknown: &[Case]) -> Value {
    let about = |case: &Case| {
        json!({
            "key": shown_key(desk, case),
            "row": matches!(case.scope, Scope::Row(_)).then_some(case.number),
            "step": case.doubt.step,
            "element": case.doubt.element,
            "rollback": case.doubt.call.phase == crate::model::Phase::Rollback,
            "operation": case.doubt.operation,
            "sent_at": case.doubt.since.to_string(),
        })
    };
    let settled: Vec<Value> = told
        .iter()
        .filter_map(|one| {
            let mut json = about(&one.case);
            json["as"] = one.settled?.into();
            json["by"] = one.by.clone().into();
            Some(json)
        })
        .collect();
    let unknown: Vec<Value> = unknown
        .iter()
        .map(|case| {
            let mut json = about(case);
            json["lookup"] = case.doubt.lookup.clone().into();
            json["outputs"] = case.wanted().into();
            json["message"] = case.doubt.message.clone().into();
            json
        })
        .collect();
    json!({ "run_id": desk.frozen.run_id, "settled": settled, "unknown": unknown })
}

fn shown_key<'c>(desk: &Desk, case: &'c Case) -> &'c str {
    match case.scope {
        Scope::Row(_) => desk.plan.shown_key(&case.key),
        Scope::Before | Scope::After | Scope::Run => &case.key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_a_command_does_nothing_of_its_own() {
        for (key, option) in [
            ("TASK-7", " --key TASK-7"),
            ("a b; rm -rf .", " --key='a b; rm -rf .'"),
            ("-x", " --key='-x'"),
            ("$(reboot)", " --key='$(reboot)'"),
            ("it's", " --key=KEY"),
            ("two\u{240a}lines", " --key=KEY"),
            ("預約", " --key 預約"),
        ] {
            assert_eq!(option_of(key), option);
        }
    }
}
