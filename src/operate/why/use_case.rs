//! Tells the story of one row. Reads only that row's entries, also while the run goes on.

use std::sync::Arc;

use super::elsewhere::{elsewhere, kind_of};
use super::find_row::{FoundRow, find_row};
use super::proven::proven_row;
use super::request::WhyRequest;
use crate::engine::{PlanView, PriorRow};
use crate::io::journal::{JournalError, LostRun, RunLock};
use crate::journal::{AttemptEnd, Fact, RowEnded, RowState, ScopeShape, derive_outcome};
use crate::model::{StepScope, Time};
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::{KnownRun, find_run, loss_in_short, read_summary, run_of_folder};
use crate::operate::stored_run::restore_for_reading_or_refuse;
use crate::plan::{BoundList, Plan};
use crate::report::{Story, StoryLimit, StoryRun, StorySource};
use crate::runner::report_unended;

/// What the journal holds about the row and the run.
struct RowFacts {
    before: Vec<(Time, Fact)>,
    own: Vec<(Time, Fact)>,
    of_run: Vec<(Time, Fact)>,
}

/// Tells the story of one row of a run: what was sent when and why, what was answered, and what followed.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RunRequest, WhichRow, WhyRequest, run, why};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let story = why(&WhyRequest { run: "latest".to_owned(), which: WhichRow::Number(2), step: None }, &context)?;
/// assert!(story.render_text().contains("succeeded"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several, or there is no such row or step; [`Refusal::Conflict`] where
/// something of the run is lost; [`Refusal::Broken`] where its journal cannot be read.
pub fn why(request: &WhyRequest, context: &Context) -> Result<Story, Refusal> {
    let state = context.state()?;
    let known = find_run(state, &request.run)?;
    let restored = restore_for_reading_or_refuse(&known.frozen, context.unmask)?;
    let plan = Arc::new(restored.plan);
    let found = match find_row(&request.which, &known, &plan) {
        Ok(found) => found,
        Err(refusal) => match damage_of(refusal) {
            Ok(damage) => return told_as_proven(request, &known, plan, None, damage),
            Err(refusal) => return Err(refusal),
        },
    };
    check_step(request, &plan, found.scope)?;
    let facts = match read_facts(&known, found.scope) {
        Ok(facts) => facts,
        Err(damage @ JournalError::Damaged(_)) => {
            return told_as_proven(request, &known, plan, Some(found.scope), damage);
        }
        Err(error) => return Err(error.into()),
    };
    let steps = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &facts.before);
    let view = PlanView::new(plan.clone(), Some(steps));
    let key = found.row.as_ref().map_or(BoundList::of(found.scope).as_str(), |row| row.key.as_str());
    let now = row_now(&facts.own, &ScopeShape::of(&plan, BoundList::of(found.scope)));
    let others = match &found.row {
        Some(row) if plan.has_rows => elsewhere(state, &known, key, &plan.masks(Some(&row.cells))),
        Some(_) | None => Vec::new(),
    };
    Ok(Story::tell(StorySource {
        view: &view,
        prior: prior(&known, &found, key, &facts.own),
        number: found.row.as_ref().map(|row| row.number),
        invalid: found.row.as_ref().and_then(|row| row.invalid.as_deref()),
        file: known.frozen.rows_name.clone().filter(|_| found.row.is_some()),
        run: story_run(&known),
        running: RunLock::is_held(known.folder.path()),
        run_facts: &facts.of_run,
        now,
        elsewhere: others,
        only_step: request.step.as_deref(),
        damaged: false,
        notes: notes(&known, &facts.own),
    }))
}

fn prior<'a>(known: &'a KnownRun, found: &'a FoundRow, key: &'a str, facts: &'a [(Time, Fact)]) -> PriorRow<'a> {
    let cells = found.row.as_ref().map(|row| &row.cells);
    PriorRow { scope: found.scope, key, cells, facts, run: &known.frozen.run_id }
}

fn read_facts(known: &KnownRun, scope: StepScope) -> Result<RowFacts, JournalError> {
    let reader = &known.reader;
    Ok(RowFacts {
        before: reader.facts(StepScope::Before)?,
        own: reader.facts(scope)?,
        of_run: reader.facts(StepScope::Run)?,
    })
}

/// How the row stands, as the row files have it.
pub(super) fn row_now(facts: &[(Time, Fact)], shape: &ScopeShape) -> RowEnded {
    let mut state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
    let outcome = derive_outcome(&state, shape);
    state.ended.take().unwrap_or_else(|| report_unended(&state, shape, outcome, facts))
}

/// The story of a row whose entries cannot be read: only what the journal still proves.
fn told_as_proven(
    request: &WhyRequest,
    known: &KnownRun,
    plan: Arc<Plan>,
    scope: Option<StepScope>,
    damage: JournalError,
) -> Result<Story, Refusal> {
    let proven = proven_row(&request.which, scope, known, &damage)?;
    let view = PlanView::new(plan, None);
    let scope = StepScope::Row(proven.row.position);
    let found = FoundRow { scope, row: Some(proven.row.clone()) };
    Ok(Story::tell(StorySource {
        view: &view,
        prior: prior(known, &found, &proven.row.key, &[]),
        number: Some(proven.row.number),
        invalid: proven.row.invalid.as_deref(),
        file: known.frozen.rows_name.clone(),
        run: story_run(known),
        running: false,
        run_facts: &[],
        now: proven.now,
        elsewhere: Vec::new(),
        only_step: request.step.as_deref(),
        damaged: true,
        notes: vec![StoryLimit::Damaged.with(&damage)],
    }))
}

/// The damage of a journal, if that is why the row could not be found.
fn damage_of(refusal: Refusal) -> Result<JournalError, Refusal> {
    match refusal {
        Refusal::Broken(failure) => match failure.damage() {
            Some(why) => Ok(JournalError::Damaged(why.to_owned())),
            None => Err(Refusal::Broken(failure)),
        },
        other @ (Refusal::Usage(_) | Refusal::Invalid(_) | Refusal::Conflict(_)) => Err(other),
    }
}

fn check_step(request: &WhyRequest, plan: &Plan, scope: StepScope) -> Result<(), Refusal> {
    let steps = plan.list(BoundList::of(scope));
    let Some(wanted) = request.step.as_ref().filter(|wanted| !steps.iter().any(|step| step.id == **wanted)) else {
        return Ok(());
    };
    let ids: Vec<String> = steps.iter().map(|step| format!("`{}`", step.id)).collect();
    Err(Refusal::Usage(format!("there is no step `{wanted}` here: write one of {}", ids.join(", "))))
}

pub(super) fn story_run(known: &KnownRun) -> StoryRun {
    let frozen = &known.frozen;
    let (kind, of) = kind_of(frozen);
    let state = match read_summary(&known.folder) {
        Some(summary) => summary.outcome.as_str(),
        None if RunLock::is_held(known.folder.path()) => "running",
        None => "broken off",
    };
    StoryRun {
        run_id: frozen.run_id.clone(),
        kind,
        of,
        playbook: frozen.playbook.name.clone(),
        environment: frozen.environment.name.clone(),
        started_at: frozen.started_at.to_string(),
        state: state.to_owned(),
    }
}

/// What limits the story.
fn notes(known: &KnownRun, facts: &[(Time, Fact)]) -> Vec<String> {
    let lost = LostRun::find(&run_of_folder(&known.folder), &known.folder.journal());
    let lost = lost.map(|lost| StoryLimit::Lost.with(&loss_in_short(&lost)));
    let untimed = facts.iter().any(|(_, fact)| {
        matches!(fact, Fact::Attempted(attempted)
            if matches!(attempted.end, AttemptEnd::Answered(_)) && attempted.took_ms.is_none())
    });
    lost.into_iter().chain(untimed.then(|| StoryLimit::OldJournal.as_str().to_owned())).collect()
}
