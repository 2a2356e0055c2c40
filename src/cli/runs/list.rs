//! The list of runs: a line for each, or JSON.

use super::render;
use crate::cli::args::ListArgs;
use crate::cli::output::{Exit, Output, Screen, VerbResult};
use crate::diagnostic::{display_width, padded, printable, widest};
use crate::model::{RowOutcome, Value};
use crate::operate::{self, Context, LinkKind, NameFilter, PrunedStatus, RunStatus, RunsFilter, RunsRequest};

/// The columns of an environment's name in the list, at least.
const ENVIRONMENT_WIDTH: usize = 12;

/// The columns of a playbook's path that are left on a narrow terminal, at least.
const PLAYBOOK_LEAST: usize = 12;

/// The word for the state of a pruned run.
const PRUNED: &str = "pruned";

/// Runs `runs list`.
pub(super) fn list(args: &ListArgs, context: &Context, screen: Screen) -> VerbResult {
    let filter = RunsFilter {
        playbook: args.playbook.clone().map(NameFilter::Whole),
        environment: args.env.clone().map(NameFilter::Whole),
        state: args.state.clone(),
        outcome: None,
    };
    let request = RunsRequest { filter, before: None, limit: args.limit, pruned: args.pruned };
    let report = operate::runs(&request, context)?;
    for (run, why) in &report.unreadable {
        screen.say_always(&printable(&format!("warning: the run {run} cannot be read: {why}")));
    }
    for run in &report.runs {
        if let Some(lost) = &run.lost {
            screen.say_always(&printable(&format!("warning: the run {} has lost something: {lost}", run.run)));
        }
    }
    if screen.json() {
        let pruned = report.pruned.iter().map(render::pruned_json);
        screen.data(Output::json(&Value::Array(report.runs.iter().map(render::json).chain(pruned).collect())))?;
    } else if report.runs.is_empty() && report.pruned.is_empty() {
        let chosen = args.playbook.is_some() || args.env.is_some() || args.state.is_some();
        let none = if chosen { "No such run" } else { "No runs yet" };
        screen.say(&format!("{none} in {}", report.folder.display()));
    } else {
        let mut lines: Vec<Line> =
            report.runs.iter().map(Line::of).chain(report.pruned.iter().map(Line::of_pruned)).collect();
        lines.sort_by(|one, other| other.run.cmp(&one.run));
        screen.data(table(&lines, screen.table_width()))?;
    }
    Ok(Exit::Done)
}

/// A line of the list.
struct Line {
    run: String,
    state: String,
    environment: String,
    rows: u64,
    counts: String,
    playbook: String,
    kind: String,
}

impl Line {
    fn of(run: &RunStatus) -> Self {
        let link = run.link.as_ref().map(|link| (link.kind, link.of.as_str()));
        Self {
            run: run.run.to_string(),
            state: run.state_word().to_owned(),
            environment: printable(&run.environment).into_owned(),
            rows: run.rows.total,
            counts: counts(|outcome| run.rows.of(outcome), run.open_rows()),
            playbook: printable(&run.playbook).into_owned(),
            kind: kind(link),
        }
    }

    fn of_pruned(run: &PrunedStatus) -> Self {
        let link = run.link.as_ref().map(|(kind, of)| (*kind, of.as_str()));
        Self {
            run: run.run.to_string(),
            state: PRUNED.to_owned(),
            environment: printable(&run.environment).into_owned(),
            rows: run.rows.total,
            counts: counts(|outcome| run.rows.of(outcome), run.open_rows),
            playbook: printable(&run.playbook).into_owned(),
            kind: kind(link),
        }
    }
}

/// The rows by outcome, such as `38 succeeded, 2 failed`.
fn counts(of: impl Fn(RowOutcome) -> u64, open: u64) -> String {
    let shown = RowOutcome::READING_ORDER.into_iter().filter(|outcome| of(*outcome) > 0);
    let mut parts: Vec<String> = shown.map(|outcome| format!("{} {}", of(outcome), outcome.in_words())).collect();
    if open > 0 {
        parts.push(format!("{open} not finished"));
    }
    parts.join(", ")
}

/// What a linked run does, such as ` (retry of 20351122-004611-4ab8c1)`.
fn kind(link: Option<(LinkKind, &str)>) -> String {
    match link {
        None => String::new(),
        Some((LinkKind::Retry, of)) => format!(" (retry of {of})"),
        Some((LinkKind::Undo, of)) => format!(" (undo of {of})"),
    }
}

/// The list in columns. `width` is that of the terminal; `None` where the list does not go to one.
fn table(lines: &[Line], width: Option<usize>) -> String {
    let environment = widest(lines.iter().map(|line| &line.environment)).max(ENVIRONMENT_WIDTH);
    let counts = widest(lines.iter().map(|line| &line.counts));
    let shown = |line: &Line| {
        let head = format!(
            "{}  {:11}  {}  {:>7} rows  {}  ",
            line.run,
            line.state,
            padded(&line.environment, environment),
            line.rows,
            padded(&line.counts, counts),
        );
        let rest = format!("{}{}", line.playbook, line.kind);
        let text = match width.map(|width| width.saturating_sub(display_width(&head))) {
            Some(room) => format!("{head}{}", fitted(&line.playbook, &line.kind, room)),
            None => format!("{head}{rest}"),
        };
        text.trim_end().to_owned()
    };
    lines.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// A playbook's path and what the run does, in so many columns: first the path loses its beginning, then what the run does is
/// left out.
fn fitted(playbook: &str, kind: &str, room: usize) -> String {
    let both = display_width(playbook) + display_width(kind);
    if both <= room {
        return format!("{playbook}{kind}");
    }
    match room.checked_sub(display_width(kind)).filter(|room| *room >= PLAYBOOK_LEAST) {
        Some(room) => format!("{}{kind}", end_of(playbook, room)),
        None => end_of(playbook, room.max(PLAYBOOK_LEAST)),
    }
}

/// The end of a text that fits into so many columns, with `…` ahead where it was cut.
fn end_of(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.to_owned();
    }
    let mut at = 0;
    while display_width(&text[at..]) + 1 > room {
        let Some(next) = text[at..].chars().next() else { break };
        at += next.len_utf8();
    }
    format!("…{}", &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(environment: &str, counts: &str, playbook: &str, kind: &str) -> Line {
        Line {
            run: "20351122-004611-4ab8c1".to_owned(),
            state: "failed".to_owned(),
            environment: environment.to_owned(),
            rows: 40,
            counts: counts.to_owned(),
            playbook: playbook.to_owned(),
            kind: kind.to_owned(),
        }
    }

    #[test]
    fn columns_are_aligned_by_what_a_terminal_shows() {
        let lines = [
            line("sandbox", "38 succeeded, 2 failed", "a.yaml", ""),
            line("台灣正式環境二", "40 succeeded", "b.yaml", " (retry of 20351122-004611-4ab8c0)"),
        ];
        let shown = table(&lines, None);
        let starts: Vec<usize> = shown
            .lines()
            .zip(["a.yaml", "b.yaml"])
            .map(|(line, name)| display_width(&line[..line.find(name).unwrap()]))
            .collect();
        assert_eq!(starts[0], starts[1], "{shown}");
    }

    #[test]
    fn a_line_fits_the_terminal_and_the_name_of_the_playbook_stays() {
        let kind = " (retry of 20351122-004611-4ab8c0)";
        let lines = [line("sandbox", "40 succeeded", "teams/billing/jobs/extend-contract-deadlines.yaml", kind)];
        for width in [100, 120, 140, 160, 180] {
            let shown = table(&lines, Some(width));
            assert!(display_width(&shown) <= width, "{width}: {shown}");
            assert!(shown.contains("deadlines.yaml"), "{width}: {shown}");
        }
        assert!(table(&lines, Some(180)).contains("teams/billing") && table(&lines, Some(180)).ends_with(kind));
        assert!(!table(&lines, Some(100)).contains("retry"));
    }

    #[test]
    fn the_end_of_a_wide_text_is_cut_between_characters() {
        assert_eq!(end_of("建立合同.yaml", 20), "建立合同.yaml");
        assert_eq!(end_of("建立合同.yaml", 10), "…合同.yaml");
        assert_eq!(end_of("建立合同.yaml", 9), "…同.yaml");
    }
}
