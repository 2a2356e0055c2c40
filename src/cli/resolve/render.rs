//! The report of `resolve`: what was settled, what is still unknown, and what a person can do about it.

use serde_json::json;

use crate::cli::output::{Output, Screen};
use crate::diagnostic::{plural, plural_of, printable, shell_path, shell_word, without_inline_commands};
use crate::model::Value;
use crate::operate::{CallInDoubt, CallOwner, ResolveLostReport, ResolveReport, SettleAs, SettledCall};

/// The most unknown calls that are listed; the others are counted.
const SHOWN: usize = 10;

/// Shows the report.
pub(super) fn show(report: &ResolveReport, screen: Screen) {
    let ResolveReport { run, settled, unknown, stopped, kept_copy, .. } = report;
    if let Some(stopped) = stopped {
        screen.say_always(&printable(&format!("The lookups stopped: {stopped}")));
    }
    if settled.is_empty() && unknown.is_empty() {
        screen.say(&format!("Nothing is unknown in the run {run}"));
    }
    if screen.json() {
        screen.data_or_warn(Output::json(&as_json(report)));
    } else if !settled.is_empty() {
        let lines: Vec<String> = settled.iter().map(line).collect();
        screen.data_or_warn(lines.join("\n"));
    }
    let known = settled.iter().filter(|one| one.settled.is_some()).count();
    if known > 0 {
        screen.say(&format!("{} settled", plural(known, "call")));
    }
    if let Some(copy) = kept_copy {
        let kept =
            format!("The result files were written anew. The file that you filled in is kept as {}", copy.display());
        screen.say_always(&printable(&kept));
    }
    if !unknown.is_empty() {
        screen.say_always(&printable(&advice(report)));
    }
    if report.open_rows > 0 {
        screen.say(&ways_on(report));
    }
}

/// How the run can go on: each command with what it does and for how many rows, the most useful first.
fn ways_on(report: &ResolveReport) -> String {
    let ResolveReport { run, open_rows, settled_rows, failed_rows, takes_back, .. } = report;
    let open = plural_of(*open_rows, "row");
    if *settled_rows == 0 || *takes_back {
        return format!("{open} can go on: runsheet resume {run}");
    }
    let settled = plural_of(*settled_rows, "row");
    let sends = match *failed_rows {
        0 => format!("goes on with the calls settled as done: {settled}"),
        _ => format!("sends again what was settled as failed, and goes on with what was settled as done: {settled}"),
    };
    let retry = format!("  runsheet retry {run} --only unknown\n    {sends}");
    let fails = match *failed_rows {
        0 => String::new(),
        failed => format!(
            ", but fails {} with a call settled as failed, and takes back what such a row made before if the playbook says how",
            plural_of(failed, "row")
        ),
    };
    let resume = format!("  runsheet resume {run}\n    goes on with all that is open{fails}: {open}");
    let ways = if *failed_rows > 0 { [retry, resume] } else { [resume, retry] };
    format!("{open} can go on. Choose one of:\n{}", ways.join("\n"))
}

fn line(one: &SettledCall) -> String {
    let what = match one.settled {
        Some(SettleAs::Done) => "done",
        Some(SettleAs::Failed) => "not done",
        None => "still unknown",
    };
    let call = &one.call;
    format!("{}: {} ({}) {what}, by {}", call.shown, place(call), call.operation, one.by)
}

/// The place of a call: `moderators`, `moderators, element 2`, `rollback of task`.
fn place(call: &CallInDoubt) -> String {
    let undo = if call.rollback { "rollback of " } else { "" };
    match call.element {
        Some(element) => format!("{undo}{}, element {element}", call.step),
        None => format!("{undo}{}", call.step),
    }
}

/// Lists the first unknown calls, and the commands that settle them.
fn advice(report: &ResolveReport) -> String {
    let ResolveReport { run, unknown, unknown_file, .. } = report;
    let mut text = format!("{} unknown. Ask the vendor what became of:\n", plural(unknown.len(), "call"));
    for call in unknown.iter().take(SHOWN) {
        let CallInDoubt { shown, operation, sent_at, outputs, message, .. } = call;
        let why = message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        let needs = if outputs.is_empty() { String::new() } else { format!(" (done needs {})", outputs.join(", ")) };
        text.push_str(&format!("  {shown}: {} ({operation}), sent {sent_at}{why}{needs}\n", place(call)));
    }
    if unknown.len() > SHOWN {
        text.push_str(&format!("  … and {} more\n", unknown.len() - SHOWN));
    }
    let first = &unknown[0];
    let outputs: String = first.outputs.iter().map(|name| format!(" --output {name}=…")).collect();
    let which = match &first.of {
        CallOwner::OnlyRow { .. } => String::new(),
        CallOwner::Row { .. } => option_of(&first.shown),
        CallOwner::Once { .. } => format!(" --step {}", first.step),
    };
    let readable = unknown.iter().filter(|call| call.lookup.is_some()).count();
    if readable > 0 {
        text.push_str(&format!("A lookup may still settle {readable} of them: `runsheet resolve {run}` asks again.\n"));
    }
    text.push_str("Then settle them one by one:\n");
    text.push_str(&format!("  runsheet resolve {run}{which} --as done{outputs} --note \"who says so\"\n"));
    text.push_str(&format!("  runsheet resolve {run}{which} --as failed\n"));
    text.push_str("or all at once: add the columns `_settle` (done or failed) and `_note`, and one for each output,\n");
    let file = shell_path(unknown_file);
    text.push_str(&format!("to {file}, fill them in, and run: runsheet resolve {run} --from {file}"));
    text
}

/// The option that names a row, for a command to copy. Characters that a shell would interpret are quoted; a key that is not
/// shown as it is becomes `KEY`, to be filled in.
fn option_of(key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@');
    let mark = |c: char| matches!(c, '\u{fffd}' | '\u{2400}'..='\u{2421}');
    // The shown key differs from the key in the list.
    let is_changed = |key: &str| key.contains(mark) || key.contains("[U+") || without_inline_commands(key) != key;
    match key {
        _ if is_changed(key) => " --key=KEY".to_owned(),
        _ if key.chars().all(plain) && !key.starts_with('-') => format!(" --key {key}"),
        _ => format!(" --key={}", shell_word(key)),
    }
}

fn as_json(report: &ResolveReport) -> Value {
    let settled: Vec<Value> = report
        .settled
        .iter()
        .filter_map(|one| {
            let mut json = call_json(&one.call);
            json["as"] = match one.settled? {
                SettleAs::Done => "done",
                SettleAs::Failed => "failed",
            }
            .into();
            json["by"] = one.by.clone().into();
            Some(json)
        })
        .collect();
    let unknown: Vec<Value> = report
        .unknown
        .iter()
        .map(|call| {
            let mut json = call_json(call);
            json["lookup"] = call.lookup.clone().into();
            json["outputs"] = call.outputs.clone().into();
            json["message"] = call.message.clone().into();
            json
        })
        .collect();
    json!({ "run_id": report.run, "settled": settled, "unknown": unknown })
}

fn call_json(call: &CallInDoubt) -> Value {
    let (key, row) = match &call.of {
        CallOwner::Row { number, key } => (key.as_str(), Some(*number)),
        CallOwner::OnlyRow { number } => ("", Some(*number)),
        CallOwner::Once { list } => (list.as_str(), None),
    };
    json!({
        "key": key,
        "row": row,
        "step": call.step,
        "element": call.element,
        "rollback": call.rollback,
        "operation": call.operation,
        "sent_at": call.sent_at.to_string(),
    })
}

/// Shows the report of `resolve --lost`.
pub(super) fn show_lost(report: &ResolveLostReport, screen: Screen) {
    let ResolveLostReport { run, settled, rows, replaces } = report;
    let (word, what) = match settled {
        SettleAs::Done => ("done", format!("{} of the run {run} count as done", plural_of(*rows, "row"))),
        SettleAs::Failed => ("failed", format!("nothing of what is lost of the run {run} counts as done")),
    };
    if screen.json() {
        screen.data_or_warn(Output::json(&json!({ "run_id": run, "as": word, "rows": rows, "replaces": replaces })));
        return;
    }
    let kept = if *replaces { " The earlier statement stays on record; this one applies." } else { "" };
    screen.data_or_warn(format!("From now on {what}. The run no longer blocks other runs.{kept}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_a_copied_command_is_never_interpreted_by_the_shell() {
        for (key, option) in [
            ("TASK-7", " --key TASK-7"),
            ("a b; rm -rf .", " --key='a b; rm -rf .'"),
            ("-x", " --key=-x"),
            ("$(reboot)", " --key='$(reboot)'"),
            ("it's", " --key='it'\\''s'"),
            ("two\u{240a}lines", " --key=KEY"),
            ("a[U+202E]b", " --key=KEY"),
            ("##vso[x]", " --key=KEY"),
            ("預約", " --key 預約"),
        ] {
            assert_eq!(option_of(key), option);
        }
    }
}
