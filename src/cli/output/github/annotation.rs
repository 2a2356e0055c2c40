//! Messages about files as annotations at their lines.

use super::escape::{data, property};
use super::job::{in_workspace, is_job};
use crate::cli::output::Screen;
use crate::diagnostic::{CauseGroup, Diagnostics, Severity, plural_of};
use crate::report::{FailureKind, Summary};

/// The most annotations of one severity that GitHub shows for a step; it drops the others silently.
const MOST: usize = 10;

/// Writes annotations for messages about files, in a GitHub job.
pub(crate) fn annotate(diagnostics: &Diagnostics, screen: Screen) {
    if is_job() {
        lines(diagnostics, in_workspace).iter().for_each(|line| screen.ci_command(line));
    }
}

/// Writes an annotation at the step of each kind of failure, in a GitHub job.
pub(crate) fn annotate_failures(summary: &Summary, screen: Screen) {
    if is_job() {
        failure_lines(&summary.failures, in_workspace).iter().for_each(|line| screen.ci_command(line));
    }
}

fn failure_lines(kinds: &[FailureKind], path: impl Fn(&str) -> String) -> Vec<String> {
    let mut lines: Vec<String> = kinds.iter().take(MOST - 1).map(|kind| failure_line(kind, &path)).collect();
    if kinds.len() > MOST - 1 {
        let rows: u64 = kinds.iter().skip(MOST - 1).map(|kind| kind.rows).sum();
        lines.push(format!("::error title=runsheet::… and {} for other reasons", plural_of(rows, "row")));
    }
    lines
}

fn failure_line(kind: &FailureKind, path: impl Fn(&str) -> String) -> String {
    let mut properties = Vec::new();
    if let Some(at) = &kind.step_at {
        properties.push(format!("file={},line={},col={}", property(&path(&at.file)), at.line, at.column));
    }
    let step = kind.step.as_deref().map(|step| format!(" at {step}")).unwrap_or_default();
    properties.push(format!("title={}", property(&format!("runsheet {}{step}", kind.outcome.as_str()))));
    let said: Vec<&str> = [&kind.code, &kind.message].into_iter().flatten().map(String::as_str).collect();
    let of = kind.rows_file.as_ref().map(|file| format!(" of {file}")).unwrap_or_default();
    let text = format!("{}, the first is row {}{of}: {}", plural_of(kind.rows, "row"), kind.row, said.join(": "));
    format!("::error {}::{}", properties.join(","), data(&text))
}

/// The annotations of each severity, up to [`MOST`]; the last one counts the rest.
fn lines(diagnostics: &Diagnostics, path: impl Fn(&str) -> String) -> Vec<String> {
    let blocks = diagnostics.blocks();
    let mut lines = Vec::new();
    for (severity, total) in
        [(Severity::Error, diagnostics.error_count()), (Severity::Warning, diagnostics.warning_count())]
    {
        let found: Vec<&CauseGroup<'_>> = blocks.iter().filter(|block| block.severity() == severity).collect();
        let room = if found.len() > MOST { MOST - 1 } else { MOST };
        lines.extend(found.iter().take(room).map(|block| line(block, &path)));
        if found.len() > MOST {
            let told: usize = found.iter().take(room).map(|block| block.count()).sum();
            let word = severity.as_str();
            lines.push(format!("::{word} title=runsheet::… and {} more {word}s: the log shows them", total - told));
        }
    }
    lines
}

fn line(block: &CauseGroup<'_>, path: impl Fn(&str) -> String) -> String {
    let diagnostic = block.first();
    let mut properties = Vec::new();
    if let Some((place, _)) = diagnostic.places.first() {
        properties.push(format!("file={}", property(&path(&place.file))));
        properties.push(format!("line={}", place.line));
        properties.push(format!("col={}", place.column));
        properties.push(format!("endColumn={}", place.end_column()));
    }
    properties.push(format!("title={}", property(&format!("runsheet {}", diagnostic.code))));
    let mut text = block.message();
    if let Some(help) = diagnostic.whole_help() {
        text.push('\n');
        text.push_str(&help);
    }
    format!("::{} {}::{}", diagnostic.severity.as_str(), properties.join(","), data(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Source, Span};

    fn same(path: &str) -> String {
        path.to_owned()
    }

    #[test]
    fn annotations_beyond_the_limit_of_a_step_are_counted() {
        let mut all = Diagnostics::new();
        all.extend((0..25).map(|number| Diagnostic::error("bad-row", format!("row {number}"))));
        all.extend((0..10).map(|number| Diagnostic::warning("blank-row", format!("row {number}"))));
        let lines = lines(&all, same);
        assert_eq!(lines.len(), 20);
        assert_eq!(lines[8], "::error title=runsheet bad-row::row 8");
        assert_eq!(lines[9], "::error title=runsheet::… and 16 more errors: the log shows them");
        assert_eq!(lines[19], "::warning title=runsheet blank-row::row 9");
    }

    #[test]
    fn a_place_and_a_hostile_text_are_escaped() {
        let source = Source::new("a,b:c.yaml", "預約: 5%\n");
        let mut all = Diagnostics::new();
        let place = source.place(Span::new(8, 10));
        all.push(Diagnostic::error("bad-value", "100%\n::warning::x").at(place, "").help("Fix, it: now"));
        assert_eq!(
            lines(&all, same),
            [
                "::error file=a%2Cb%3Ac.yaml,line=1,col=5,endColumn=7,title=runsheet bad-value::100%25%0A::warning::x%0AFix, it: now"
            ]
        );
    }
}
