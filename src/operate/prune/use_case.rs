//! Lists what would be removed, asks, and removes it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::candidate::Candidate;
use super::families::{PrunedFamily, families};
use super::leftovers::{half_removed, never_began};
use super::removal::{NotRemoved, remove_family, remove_folder};
use super::request::{PruneReport, PruneRequest, PrunedRunReport};
use super::rules::{KeptBecause, rule_in_words};
use crate::diagnostic::plural;
use crate::io::Clock;
use crate::model::{RunId, Time};
use crate::operate::interface::{Context, Question, Refusal};
use crate::operate::state_folder::{pruned_run, run_ids};
use crate::runner::RunFolder;

/// The state of a run that never began, in reports.
const NEVER_BEGAN: &str = "never began";

/// Removes old runs. Of each run its mark stays, with the effects that no other run may make again.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use runsheet::operate::{Context, PruneRequest, RunRequest, prune, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let request = PruneRequest { older_than: Duration::ZERO, confirmed: true, ..PruneRequest::default() };
/// let report = prune(&request, &context)?;
/// assert_eq!((report.removed.len(), report.kept.len()), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where there is no folder for runs; [`Refusal::Conflict`] where the confirmation is missing or refused;
/// [`Refusal::Broken`] where the runs cannot be listed.
/// What could not be removed is in the report.
pub fn prune(request: &PruneRequest, context: &Context) -> Result<PruneReport, Refusal> {
    let state = context.state()?;
    let now = Clock::start().now();
    let Judged { leaving, kept } = judge(state, request, now)?;
    let (half, never) = (half_removed(state)?, never_began(state, request.older_than)?);
    let mut report = PruneReport { folder: state.to_owned(), dry_run: request.dry_run, kept, ..PruneReport::default() };
    let listed = half.iter().chain(&never).map(|run| leftover(state, run));
    let members = leaving.iter().flat_map(|family| &family.members).map(|member| reported(state, member));
    report.removed = listed.chain(members).collect();
    report.removed.sort_by(|one, other| one.run.cmp(&other.run));
    if request.dry_run || report.removed.is_empty() {
        return Ok(report);
    }
    confirm(request, report.removed.len(), context)?;
    for run in &half {
        note(&mut report, run, remove_folder(&RunFolder::of(state, run)).map_err(|error| error.to_string()));
    }
    for run in &never {
        RunFolder::of(state, run).discard();
        let gone = !RunFolder::of(state, run).path().exists();
        note(&mut report, run, gone.then_some(()).ok_or_else(|| "its folder cannot be removed".to_owned()));
    }
    for family in leaving {
        remove(state, family, request, now, &mut report);
    }
    report.kept.sort_by(|one, other| other.0.cmp(&one.0));
    Ok(report)
}

/// The families that may be removed, and the other runs with the reasons for which they are kept, newest first.
struct Judged {
    leaving: Vec<PrunedFamily>,
    kept: Vec<(RunId, KeptBecause)>,
}

fn judge(state: &Path, request: &PruneRequest, now: Time) -> Result<Judged, Refusal> {
    let (mut candidates, mut kept, mut unreadable) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut newer = 0;
    for id in run_ids(state)?.iter().rev() {
        let run = RunId::from_text(id.as_str());
        match Candidate::judge(state, &run, newer, request, now) {
            Ok(Some(candidate)) => candidates.push(candidate),
            Ok(None) => continue,
            Err(why) => {
                kept.push((run.clone(), why));
                unreadable.insert(run);
            }
        }
        newer += 1;
    }
    let mut leaving = Vec::new();
    for family in families(candidates, &unreadable) {
        match family.kept() {
            Some(reasons) => kept.extend(reasons),
            None => leaving.push(family),
        }
    }
    kept.sort_by(|one, other| other.0.cmp(&one.0));
    Ok(Judged { leaving, kept })
}

/// Removes a family, and notes in the report what became of each member.
fn remove(state: &Path, family: PrunedFamily, request: &PruneRequest, now: Time, report: &mut PruneReport) {
    let members: Vec<RunId> = family.members.iter().map(|member| member.status.run.clone()).collect();
    match remove_family(state, family, request, now) {
        Ok(removed) => {
            for (run, effects) in removed {
                let entry = report.removed.iter_mut().find(|entry| entry.run == run);
                entry.into_iter().for_each(|entry| entry.guarded_effects = Some(effects));
            }
        }
        Err(NotRemoved::Kept(because, why)) => {
            for run in members {
                report.removed.retain(|entry| entry.run != run);
                let why = if run == because { why.clone() } else { KeptBecause::BelongsTo(because.clone()) };
                report.kept.push((run, why));
            }
        }
        Err(NotRemoved::Failed(because, why)) => {
            for run in members.into_iter().filter(|run| pruned_run(state, run.as_str()).is_none() || *run == because) {
                report.removed.retain(|entry| entry.run != run);
                if run != because {
                    report.kept.push((run, KeptBecause::BelongsTo(because.clone())));
                }
            }
            report.failed.push((because, why));
        }
    }
}

/// Notes what became of a leftover.
fn note(report: &mut PruneReport, run: &RunId, result: Result<(), String>) {
    if let Err(why) = result {
        report.removed.retain(|entry| entry.run != *run);
        report.failed.push((run.clone(), why));
    }
}

fn reported(state: &Path, member: &Candidate) -> PrunedRunReport {
    let status = &member.status;
    PrunedRunReport {
        run: status.run.clone(),
        playbook: status.playbook.clone(),
        environment: status.environment.clone(),
        state: status.state.as_str().to_owned(),
        rows: status.rows.total,
        bytes: size_of(RunFolder::of(state, &status.run).path()),
        guarded_effects: None,
    }
}

/// A run that never began, or whose folder a killed prune left behind.
fn leftover(state: &Path, run: &RunId) -> PrunedRunReport {
    let bytes = size_of(RunFolder::of(state, run).path());
    match pruned_run(state, run.as_str()) {
        Some(pruned) => PrunedRunReport {
            run: run.clone(),
            playbook: pruned.playbook,
            environment: pruned.environment,
            state: pruned.state,
            rows: pruned.rows.total,
            bytes,
            guarded_effects: Some(pruned.guarded_effects),
        },
        None => PrunedRunReport {
            run: run.clone(),
            playbook: String::new(),
            environment: String::new(),
            state: NEVER_BEGAN.to_owned(),
            rows: 0,
            bytes,
            guarded_effects: None,
        },
    }
}

/// The number of bytes of all files below a folder. A file that cannot be read counts nothing.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().filter_map(|entry| {
        let about = entry.metadata().ok()?;
        Some(if about.is_dir() { size_of(&entry.path()) } else { about.len() })
    });
    sizes.sum()
}

/// Asks for the confirmation, unless the request gives it. The answer is the number of runs.
fn confirm(request: &PruneRequest, runs: usize, context: &Context) -> Result<(), Refusal> {
    if request.confirmed {
        return Ok(());
    }
    let question = Question::Prune { runs, rule: rule_in_words(request) };
    let expected = question.expected();
    match context.questions.answer(&question) {
        Ok(Some(answer)) if answer == expected => Ok(()),
        Ok(Some(_)) => Err(Refusal::Conflict("not confirmed; nothing was removed".to_owned())),
        Ok(None) => Err(Refusal::Conflict(format!(
            "{} would be removed for good: add `--yes` to go on, or `--dry-run` to see the list",
            plural(runs, "run")
        ))),
        Err(error) => Err(Refusal::broken(error.to_string())),
    }
}
