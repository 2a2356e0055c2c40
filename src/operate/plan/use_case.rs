//! `plan`: what a run would send. It has no way to send anything.

use std::convert::Infallible;
use std::time::Duration;

use super::requests::{self, RowRequests};
use crate::diagnostic::Diagnostics;
use crate::io::Clock;
use crate::model::Time;
use crate::operate::interface::{Context, Destination, Input, Pace, PlaybookFrom, Refusal};
use crate::operate::load::{check_selection, prepare, set_pace};
use crate::operate::preflight::look_at_past;
use crate::plan::Plan;
use crate::runner::{Intake, IntakeTally, RunFolder, Selection, take_rows};

/// Rows whose requests are shown.
const SAMPLES: usize = 3;

/// A plan of a run that is not made.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The playbook.
    pub playbook: PlaybookFrom,
    /// What it would be run with.
    pub input: Input,
    /// Which of the rows are taken; all by default.
    pub selection: Selection,
    /// Whether good rows would be run although others are invalid.
    pub skip_invalid: bool,
    /// How the run would go.
    pub pace: Pace,
    /// Whether what other runs have sent would be sent again.
    pub again: bool,
}

impl PlanRequest {
    /// A plan of a playbook with its own rows on the sandbox, and no options.
    #[must_use]
    pub fn new(playbook: impl Into<PlaybookFrom>) -> Self {
        Self {
            playbook: playbook.into(),
            input: Input::default(),
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
    /// Where it would send.
    pub destination: Destination,
    /// The row file's name; `None` where the playbook has no rows.
    pub rows_name: Option<String>,
    /// The first rows, with what each would send.
    pub samples: Vec<RowRequests>,
    /// Warnings and notes about the files.
    pub diagnostics: Diagnostics,
    /// Whether what other runs have sent would be sent again.
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

    /// How many rows would be taken, and how many of them are invalid.
    #[must_use]
    pub fn rows(&self) -> (u64, u64) {
        (self.tally.rows, self.tally.invalid)
    }

    /// The calls by operation, as far as they can be counted ahead.
    pub fn calls(&self) -> impl Iterator<Item = (&str, u64)> {
        self.tally.calls.iter().map(|(operation, count)| (operation.as_str(), *count))
    }

    /// How many rows have effects that must be confirmed.
    #[must_use]
    pub fn dangerous_rows(&self) -> u64 {
        self.tally.dangerous_rows
    }

    /// How many calls other runs have made already; a run is refused for them, unless it asks to make them again.
    #[must_use]
    pub fn sent_before(&self) -> u64 {
        self.tally.repeats.calls
    }

    /// The shortest time in which the limits let all calls through.
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

/// Prepares a run up to the point where it would begin, and tells what it would do.
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
/// [`Refusal::Invalid`] for wrong files and rows; [`Refusal::Usage`] where the request names what is not there;
/// [`Refusal::Broken`] where a file cannot be read.
pub fn plan(request: &PlanRequest, context: &Context) -> Result<PlanReport, Refusal> {
    let clock = Clock::start();
    let mut diagnostics = Diagnostics::new();
    let Some(mut prepared) = prepare(&request.playbook, &request.input, context, &clock, &mut diagnostics)? else {
        return Err(Refusal::Invalid(diagnostics));
    };
    check_selection(&request.selection, &prepared.plan)?;
    set_pace(&mut prepared.plan, &request.pace);
    // Without a folder for runs there are no other runs.
    let folder = context.state_if_any()?.map(|state| RunFolder::of(state, &prepared.run_id));
    let mut past = folder.and_then(|folder| look_at_past(&folder, &prepared.plan, context));
    let intake = Intake {
        plan: &prepared.plan,
        source: &mut prepared.source,
        selection: &request.selection,
        skip_invalid: request.skip_invalid,
        now: clock.now(),
        samples: SAMPLES,
        history: past.as_mut(),
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
