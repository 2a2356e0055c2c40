//! `plan`: shows what a run would send. It cannot send anything.

use std::convert::Infallible;
use std::time::Duration;

use super::requests::{self, PlannedRow};
use crate::diagnostic::Diagnostics;
use crate::io::Clock;
use crate::model::Time;
use crate::operate::interface::{Context, Destination, Pace, PlaybookFrom, Refusal, RunInput};
use crate::operate::load::{apply_pace_to_plan, check_selection, prepare};
use crate::operate::preflight::preview_effect_history;
use crate::plan::Plan;
use crate::runner::{Intake, IntakeTally, RunFolder, Selection, take_rows};

/// The number of rows whose requests are shown.
const SAMPLES: usize = 3;

/// The plan of a run.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The playbook.
    pub playbook: PlaybookFrom,
    /// The environment, the rows and the variables.
    pub input: RunInput,
    /// The rows that are taken; all by default.
    pub selection: Selection,
    /// Whether valid rows would be run where others are invalid.
    pub skip_invalid: bool,
    /// The pace and the stop rules.
    pub pace: Pace,
    /// Whether calls that other runs have sent would be sent again.
    pub again: bool,
}

impl PlanRequest {
    /// The plan of a playbook with its own rows on the sandbox, and no options.
    #[must_use]
    pub fn new(playbook: impl Into<PlaybookFrom>) -> Self {
        Self {
            playbook: playbook.into(),
            input: RunInput::default(),
            selection: Selection::default(),
            skip_invalid: false,
            pace: Pace::default(),
            again: false,
        }
    }
}

/// What a run would send.
#[derive(Debug)]
pub struct PlanReport {
    /// The environment to which it would send.
    pub destination: Destination,
    /// The row file's name; `None` where the playbook has no rows.
    pub rows_name: Option<String>,
    /// The first rows, with what each would send.
    pub samples: Vec<PlannedRow>,
    /// Warnings and notes about the files.
    pub diagnostics: Diagnostics,
    /// Whether calls that other runs have sent would be sent again.
    pub again: bool,
    pub(crate) plan: Plan,
    pub(crate) tally: IntakeTally,
    pub(crate) now: Time,
}

impl PlanReport {
    /// The playbook's name.
    #[must_use]
    pub fn playbook(&self) -> &str {
        &self.plan.name
    }

    /// The number of rows that would be taken, and how many of them are invalid.
    #[must_use]
    pub fn rows(&self) -> (u64, u64) {
        (self.tally.rows, self.tally.invalid)
    }

    /// The number of calls by operation, as far as it is known ahead.
    pub fn calls(&self) -> impl Iterator<Item = (&str, u64)> {
        self.tally.calls.iter().map(|(operation, count)| (operation.as_str(), *count))
    }

    /// The number of rows with effects that need a confirmation.
    #[must_use]
    pub fn dangerous_rows(&self) -> u64 {
        self.tally.dangerous_rows
    }

    /// The number of calls that other runs have made. A run with such calls is refused, unless it asks to send them again.
    #[must_use]
    pub fn sent_before(&self) -> u64 {
        self.tally.repeats.calls
    }

    /// The shortest time in which the rate limits admit all calls.
    #[must_use]
    pub fn least_time(&self) -> Duration {
        let Self { plan, tally, .. } = self;
        let budgets =
            plan.rate_buckets.iter().zip(&tally.bucket_calls).map(|(budget, calls)| budget.least_time(*calls));
        let all: u64 = tally.bucket_calls.iter().sum();
        #[allow(clippy::cast_precision_loss)]
        let own = plan
            .limits
            .rate
            .and_then(|rate| Duration::try_from_secs_f64(all.saturating_sub(1) as f64 / rate.per_second()).ok());
        budgets.chain(own).max().unwrap_or_default()
    }
}

/// Prepares a run up to the point where it would start, and reports what it would send.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, PlanRequest, plan};
///
/// let report = plan(&PlanRequest::new("playbooks/extend-deadlines.yaml"), &Context::new())?;
/// assert_eq!(report.rows(), (40, 0));
/// assert_eq!(report.calls().map(|(_, calls)| calls).sum::<u64>(), 40);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Invalid`] for wrong files and rows; [`Refusal::Usage`] where the request names something that does not exist;
/// [`Refusal::Broken`] where a file cannot be read.
pub fn plan(request: &PlanRequest, context: &Context) -> Result<PlanReport, Refusal> {
    request.pace.check()?;
    let clock = Clock::start();
    let mut diagnostics = Diagnostics::new();
    let Some(mut prepared) = prepare(&request.playbook, &request.input, context, &clock, &mut diagnostics)? else {
        return Err(Refusal::Invalid(diagnostics));
    };
    check_selection(&request.selection, &prepared.plan)?;
    apply_pace_to_plan(&mut prepared.plan, &request.pace);
    // Without a state folder there are no other runs.
    let folder = context.state_if_any()?.map(|state| RunFolder::of(state, &prepared.run_id));
    let history = folder.map(|folder| preview_effect_history(&folder, &prepared.plan, context)).transpose()?;
    let mut history = history.flatten();
    let intake = Intake {
        plan: &prepared.plan,
        source: &mut prepared.source,
        selection: &request.selection,
        skip_invalid: request.skip_invalid,
        now: clock.now(),
        samples: SAMPLES,
        history: history.as_mut(),
        list: None,
    };
    let taken: Result<IntakeTally, Infallible> = take_rows(intake, &mut diagnostics, &mut |_| Ok(()));
    let Ok(tally) = taken;
    request.input.judge_empty(&mut diagnostics);
    if diagnostics.has_errors() {
        return Err(Refusal::Invalid(diagnostics));
    }
    if let Some(missing) = tally.missing_key() {
        return Err(Refusal::Usage(missing));
    }
    let plan = prepared.plan;
    Ok(PlanReport {
        destination: Destination::of(&plan),
        rows_name: prepared.about.name,
        samples: tally.samples.iter().map(|(row, calls)| requests::requests(&plan, row, calls)).collect(),
        diagnostics,
        again: request.again,
        plan,
        tally,
        now: clock.now(),
    })
}
