//! Lists the runs, newest first, or shows one.

use super::export::export;
use super::standing::{Standing, standing};
use crate::cli::args::{Common, RunsArgs, RunsView};
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure};
use crate::cli::screen::Screen;
use crate::cli::state;
use crate::diagnostic::printable;
use crate::model::{RowOutcome, Value};
use crate::report::failure_lines;
use crate::runner::LinkKind;

/// Runs `runs [list|show RUN|export RUN]`.
pub(crate) fn runs(args: &RunsArgs, common: &Common, screen: Screen) -> Ended {
    let folder = state::folder(common)?;
    match &args.view {
        None | Some(RunsView::List) => list(&folder, screen),
        Some(RunsView::Export(args)) => export(&folder, args, screen),
        Some(RunsView::Show { run }) => show(&folder, run, common.unmask, screen),
    }
}

fn list(folder: &std::path::Path, screen: Screen) -> Ended {
    let ids = state::ids(folder);
    let mut found = Vec::new();
    for id in ids.iter().rev() {
        match state::open(folder, id) {
            Ok(known) => found.extend(known.and_then(standing)),
            Err(error) => screen.insist(&printable(&format!("warning: the run {id} cannot be read: {error}"))),
        }
    }
    if screen.json() {
        screen.data(&Value::Array(found.iter().map(Standing::json).collect()).to_string())?;
    } else if found.is_empty() {
        screen.talk(&format!("No runs yet in {}", folder.display()));
    } else {
        let lines: Vec<String> = found.iter().map(line).collect();
        screen.data(&lines.join("\n"))?;
    }
    Ok(Exit::Done)
}

fn line(run: &Standing) -> String {
    let frozen = &run.known.frozen;
    format!(
        "{}  {:11}  {:12}  {:>7} rows  {}",
        frozen.run_id,
        run.state,
        printable(&frozen.environment.name),
        run.rows.total,
        printable(&frozen.playbook.name)
    )
}

fn show(folder: &std::path::Path, word: &str, unmask: bool, screen: Screen) -> Ended {
    let known = state::find(folder, word)?;
    let id = known.frozen.run_id.clone();
    let mut run = standing(known)
        .ok_or_else(|| Failure::Broken(anyhow::anyhow!("the journal of the run {id} cannot be read")))?;
    run.look_for_failures(unmask);
    screen.data(&if screen.json() { run.json().to_string() } else { text(&run) })?;
    Ok(Exit::Done)
}

fn text(run: &Standing) -> String {
    let frozen = &run.known.frozen;
    let later = run.later();
    let mut text = match &run.summary {
        Some(summary) if later.is_some() && summary.rows.unknown == 0 => summary.render_what_came(),
        Some(summary) => summary.render_text(),
        None => {
            let mut text =
                format!("Run {} is {} (environment `{}`)\n", frozen.run_id, run.state, frozen.environment.name);
            text.push_str(&format!("  {} rows", run.rows.total));
            for outcome in RowOutcome::ALL.into_iter().rev().filter(|outcome| run.rows.of(*outcome) > 0) {
                text.push_str(&format!(", {} {}", run.rows.of(outcome), outcome.as_str().replace('_', " ")));
            }
            text.push_str(&format!(", {} not ended\n", run.open_rows()));
            text.push_str(&failure_lines(&run.failures));
            if run.state != "running" {
                text.push_str(&format!("Go on: runsheet resume {}\n", frozen.run_id));
            }
            text
        }
    };
    if let Some(why) = run.summary.as_ref().and_then(|summary| summary.why_stopped()) {
        text.push_str(&format!("Stopped: {why}\n"));
    }
    if let Some(later) = later {
        text.push_str(&format!("It went on in the run {later}: runsheet runs show {later}\n"));
    }
    if let Some(link) = &frozen.link {
        let what = match link.kind {
            LinkKind::Retry => "Does what was missing of",
            LinkKind::Undo => "Takes back",
        };
        text.push_str(&format!("{what} the run {}\n", link.of));
    }
    let rows = frozen.rows_name.as_deref().unwrap_or("none");
    text.push_str(&format!("Playbook {}, rows {rows}, started {}\n", frozen.playbook.name, frozen.started_at));
    text.push_str(&format!("Kept in {}", run.known.folder.path().display()));
    printable(&text).into_owned()
}
