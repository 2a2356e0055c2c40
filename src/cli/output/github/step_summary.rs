//! The summary of a step: Markdown, appended to the file that the job names, up to its size limit.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::output::Screen;
use crate::diagnostic::{CauseGroup, Diagnostics};
use crate::report::{RunRecord, markdown_text};

/// The size limit of the summary of a step, in bytes; GitHub drops a larger one as a whole.
const LARGEST: u64 = 1024 * 1024;
/// The most messages that are listed.
const MOST: usize = 100;

/// Appends the record of a run.
pub(crate) fn summarise_run(record: &RunRecord, screen: Screen) {
    append(&record.render_markdown(), screen);
}

/// Appends the messages about files; `counts` is the heading.
pub(crate) fn summarise_files(counts: &str, diagnostics: &Diagnostics, screen: Screen) {
    if diagnostics.error_count() + diagnostics.warning_count() > 0 {
        append(&listed(counts, diagnostics), screen);
    }
}

fn listed(counts: &str, diagnostics: &Diagnostics) -> String {
    let mut text = format!("### runsheet: {counts}\n\n");
    let blocks = diagnostics.blocks();
    for block in blocks.iter().take(MOST) {
        text.push_str(&line(block));
    }
    let told: usize = blocks.iter().take(MOST).map(CauseGroup::count).sum();
    if diagnostics.len() > told {
        text.push_str(&format!("- … and {} more\n", diagnostics.len() - told));
    }
    text
}

fn line(block: &CauseGroup<'_>) -> String {
    let diagnostic = block.first();
    let place = diagnostic.places.first().map(|(place, _)| {
        let place = format!("{}:{}:{}", place.file, place.line, place.column);
        format!(" {}", markdown_text(&place))
    });
    let (word, code) = (diagnostic.severity.as_str(), diagnostic.code);
    let mut line = format!("- {word} `{code}`{} {}", place.unwrap_or_default(), markdown_text(&block.message()));
    if let Some(help) = &diagnostic.help {
        line.push_str(&format!(". {}", markdown_text(help)));
    }
    line + "\n"
}

/// Appends to the summary of the step, where a job has one. A summary that cannot be written is no failure.
fn append(text: &str, screen: Screen) {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return;
    };
    if let Err(error) = append_to(&path, text) {
        screen.say(&format!("The step's summary could not be written to {}: {error}", path.display()));
    }
}

fn append_to(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let taken = file.metadata()?.len();
    let room = usize::try_from(LARGEST.saturating_sub(taken)).unwrap_or(0);
    file.write_all(fitting(text, room).as_bytes())
}

/// The whole lines that fit into `room` bytes.
fn fitting(text: &str, room: usize) -> &str {
    if text.len() < room {
        return text;
    }
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].rfind('\n').map_or("", |at| &text[..=at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn a_full_summary_takes_no_more_and_no_half_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        std::fs::write(&path, "x".repeat(usize::try_from(LARGEST).unwrap() - 10)).unwrap();
        append_to(&path, "ab\n預約預約\nmore\n").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.ends_with("xab\n"), "{}", &text[text.len() - 20..]);
        append_to(&path, "0123456789\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().len(), text.len());
    }

    #[test]
    fn a_cell_is_escaped_as_markdown() {
        let mut all = Diagnostics::new();
        all.push(Diagnostic::error("bad-row", "<img src=x> | `a`\n# head"));
        assert!(
            !listed("1 error", &all).contains("<img") && !listed("1 error", &all).contains("\n# head"),
            "{}",
            listed("1 error", &all)
        );
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let mut all = Diagnostics::new();
        all.extend((0..MOST + 5).map(|number| Diagnostic::error("bad-row", format!("row {number}"))));
        assert!(listed("1 error", &all).ends_with("- … and 5 more\n"));
    }
}
