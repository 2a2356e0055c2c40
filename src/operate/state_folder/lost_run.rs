//! Messages about runs of which something is lost: what is known of them, and what a person can do.

use std::fmt::Write;

use crate::diagnostic::{one_line, plural_of};
use crate::io::journal::{Loss, LostRun};
use crate::io::marks::{LossDecision, LossOutcome};

/// The most lost runs that a message names; it counts the others.
pub(crate) const RUNS_NAMED: usize = 5;

/// Explains why a run is refused: lost runs may have sent to its environment.
pub(crate) fn why_lost_runs_block(lost: &[LostRun], environment: &str) -> String {
    let runs = if lost.len() == 1 { "a run".to_owned() } else { format!("{} runs", lost.len()) };
    let mut text = format!("what {runs} sent to `{environment}` is no longer known, so nothing was sent:\n");
    for one in lost.iter().take(RUNS_NAMED) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: {}\n    {}", one.run, one.why, what_is_known(one));
        if one.why.is_a_copy() {
            let _ = writeln!(text, "    go on from what is there: runsheet resume {} --from-copy", one.run);
        }
    }
    if lost.len() > RUNS_NAMED {
        let _ = writeln!(text, "  … and {} more: runsheet runs list", lost.len() - RUNS_NAMED);
    }
    if let Some(first) = lost.first() {
        text.push_str(&what_to_do(first));
    }
    text
}

/// Describes what is known of a lost run: its playbook, its rows, its start, and what is left of its journal.
pub(crate) fn what_is_known(lost: &LostRun) -> String {
    let mut text = String::new();
    let rows = match &lost.mark {
        Some(mark) => {
            if let Some(playbook) = &mark.playbook {
                let _ = write!(text, "playbook {}, ", one_line(&playbook.file));
            }
            let of = mark.rows_name.as_deref().map(|name| format!(" of {}", one_line(name))).unwrap_or_default();
            let _ = write!(text, "{}{of}, began {}; ", plural_of(mark.rows, "row"), mark.began);
            Some(mark.rows)
        }
        None => None,
    };
    let ended = lost.ended.filter(|ended| *ended > 0);
    let _ = match (rows, ended) {
        (Some(rows), Some(ended)) => write!(
            text,
            "what is left of its journal shows how {} finished, and {} may have been sent as well",
            plural_of(ended, "row"),
            plural_of(rows.saturating_sub(ended), "other row"),
        ),
        (Some(_), None) => write!(text, "any of them may have been sent"),
        (None, Some(ended)) => {
            let ended = plural_of(ended, "row");
            write!(
                text,
                "it has no mark; what is left of its journal shows how {ended} finished, and more may have been sent"
            )
        }
        (None, None) => write!(text, "it has no mark, so that it may have sent anything"),
    };
    if let Some(word) = lost.mark.as_ref().and_then(|mark| mark.decision()) {
        let _ = write!(text, "; {}", statement_text(word));
    }
    text
}

/// Describes on one line what is lost of a run, and what a person stated about it.
pub(crate) fn loss_in_short(lost: &LostRun) -> String {
    let word = lost.mark.as_ref().and_then(|mark| mark.decision()).map(statement_text);
    match word {
        Some(word) => format!("{}; {word}", lost.why),
        None => lost.why.to_string(),
    }
}

/// Describes what a person stated about a lost run: what, who, when and why.
fn statement_text(word: &LossDecision) -> String {
    let what = match (word.outcome, word.rows) {
        (LossOutcome::Done, None) => "all rows of its list are done".to_owned(),
        (LossOutcome::Done, Some(rows)) => format!("{} of its list are done", plural_of(rows, "row")),
        (LossOutcome::Failed, _) => "nothing of what is lost was done".to_owned(),
    };
    format!("{what}, said {} on {}: {}", one_line(&word.who), word.at, one_line(&word.note))
}

/// Lists what a person can do about a lost run, with the exact commands.
pub(crate) fn what_to_do(lost: &LostRun) -> String {
    let run = &lost.run;
    let mut text = format!(
        "If its folder was only moved, move it back. Otherwise ask the vendor what became of its rows, and record it \
         (`--again` does not help here):\n  \
         runsheet resolve {run} --lost --as failed --note TEXT   (nothing of what is lost was done)"
    );
    if lost.mark.as_ref().is_some_and(|mark| mark.list.is_some()) {
        let _ = write!(
            text,
            "\n  runsheet resolve {run} --lost --as done --note TEXT   (its whole list was done; with `--rows FILE` only \
             the rows in FILE were)"
        );
    }
    text
}

/// Explains why a run cannot be resumed, and what a person can do.
pub(crate) fn why_it_cannot_go_on(lost: &LostRun) -> String {
    let LostRun { run, why, .. } = lost;
    let mut text =
        format!("the run {run} cannot be resumed as it is, and nothing was sent: {why}\n  {}\n", what_is_known(lost));
    if why.is_a_copy() {
        let since = match why {
            Loss::NoMark | Loss::Mark(_) | Loss::Another => "since then".to_owned(),
            Loss::Short { .. } | Loss::Gone | Loss::Unreadable(_) | Loss::OtherRun(_) | Loss::Guard(_) => {
                "after it".to_owned()
            }
        };
        let _ = write!(
            text,
            "Where the latest folder was only moved, move it here; a run of another machine needs its files in `marks` \
             too. Else go on from this copy, and everything that may have been sent {since} is in doubt: what may be \
             repeated is sent again, what can be looked up is looked up, the rest is unknown:\n  runsheet resume {run} --from-copy"
        );
    } else {
        text.push_str(&what_to_do(lost));
    }
    text
}
