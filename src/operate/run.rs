//! `run`: checks and freezes everything first, then drives the run.

use std::sync::Arc;

use url::Url;

use crate::diagnostic::Diagnostics;
use crate::io::journal::{EffectHistory, RunLock, Store};
use crate::io::marks::ListWriter;
use crate::io::{Clock, random_u128};
use crate::model::Limits;
use crate::operate::drive::{RunJob, RunReport, drive_job, kept_warnings};
use crate::operate::files::{absolute, check_out};
use crate::operate::interface::{
    Confirmed, Context, MachineFailure, Notice, OrRefuse, Pace, PlaybookFrom, Refusal, RunInput, RunStart,
    refuse_unstorable,
};
use crate::operate::load::{Prepared, apply_pace_to_plan, check_selection, prepare};
use crate::operate::preflight::{self, confirm_run, make_vendors, open_effect_history, open_ledger, repeats_message};
use crate::plan::Plan;
use crate::provider::is_loopback;
use crate::report::Verb;
use crate::runner::{FrozenRun, Intake, IntakeTally, RowSource, RunFolder, Selection, freeze_rows, write_mark};
use crate::sandbox::Faults;
use crate::settings::Environment;

/// The advice about calls that other runs have made.
const AGAIN: &str = "Remove the rows, or add `--again` to send them again.";

/// A request to run a playbook.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// The playbook.
    pub playbook: PlaybookFrom,
    /// The environment, the rows and the variables.
    pub input: RunInput,
    /// The rows that are taken; all by default.
    pub selection: Selection,
    /// Whether valid rows run where others are invalid, which are then reported as failed.
    pub skip_invalid: bool,
    /// The pace and the stop rules.
    pub pace: Pace,
    /// The confirmations that are given ahead.
    pub confirmed: Confirmed,
    /// Whether calls that other runs have sent are sent again. Without it, a run with such calls is refused, except in the
    /// sandbox.
    pub again: bool,
    /// The faults that the sandbox makes, such as `lose=2%,refuse=5%,seed=7`; refused for other environments. The manual's
    /// page on the sandbox lists them.
    pub faults: Option<String>,
}

impl RunRequest {
    /// A request to run a playbook with its own rows on the sandbox, and no options.
    #[must_use]
    pub fn new(playbook: impl Into<PlaybookFrom>) -> Self {
        Self {
            playbook: playbook.into(),
            input: RunInput::default(),
            selection: Selection::default(),
            skip_invalid: false,
            pace: Pace::default(),
            confirmed: Confirmed::default(),
            again: false,
            faults: None,
        }
    }
}

/// Checks everything, asks for the confirmations, and runs a playbook to its end or its stop.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RunRequest, Selection, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// let mut request = RunRequest::new("playbooks/extend-deadlines.yaml");
/// request.selection = Selection { limit: Some(5), ..Selection::default() };
///
/// let report = run(&request, &context)?;
/// assert_eq!(report.summary.rows.succeeded, 5);
/// assert!(report.destination.sandbox, "without an environment nothing reaches a vendor");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [`Refusal`]. Nothing was sent, except for [`Refusal::Broken`] once calls had begun: the run can then be resumed.
pub fn run(request: &RunRequest, context: &Context) -> Result<RunReport, Refusal> {
    request.pace.check()?;
    let clock = Clock::start();
    let mut diagnostics = Diagnostics::new();
    let Some(mut prepared) = prepare(&request.playbook, &request.input, context, &clock, &mut diagnostics)? else {
        return Err(Refusal::Invalid(diagnostics));
    };
    check_selection(&request.selection, &prepared.plan)?;
    let faults = faults(request, &prepared.plan)?;
    apply_pace_to_plan(&mut prepared.plan, &request.pace);
    if let Some(file) = &prepared.loaded.settings_file {
        refuse_unstorable("the settings", file)?;
    }
    let folder = RunFolder::of(context.state()?, &prepared.run_id);
    let mut store = folder.create().or_refuse("the run's journal")?;
    // A run that never begins leaves nothing behind.
    let begun = begin(request, &mut prepared, (&mut store, &folder), &clock, &mut diagnostics, context).and_then(
        |(tally, history, list)| {
            let vendors = make_vendors(&prepared.plan, &prepared.loaded.registry, folder.path(), faults, context)?;
            let ledger = open_ledger(&prepared.plan, &folder, &vendors)?;
            let lock = RunLock::take(folder.path()).or_refuse("the run's folder")?;
            let warnings = kept_warnings(&diagnostics);
            let expected_calls = tally.calls.clone();
            let frozen = FrozenRun { warnings, expected_calls, ..frozen(request, &prepared) };
            write_mark(&mut store, &folder, &frozen, &prepared.plan, tally.rows, list).or_refuse("the run's mark")?;
            Ok((tally, history, (vendors, ledger), lock, frozen))
        },
    );
    let (tally, history, (vendors, ledger), lock, frozen) = match begun {
        Ok(begun) => begun,
        Err(refusal) => {
            drop(store);
            folder.discard();
            return Err(refusal);
        }
    };
    frozen.for_journal(context.unmask).write(&mut store).and_then(|()| store.close()).or_refuse("the run's journal")?;
    context.notice(Notice::Started(RunStart::new(Verb::Run, &frozen, &prepared.plan, tally.rows, 0)));
    let plan = Arc::new(prepared.plan);
    let job = RunJob {
        frozen,
        plan,
        folder,
        vendors,
        ledger,
        clock,
        history,
        recut_waves: false,
        steered: Limits::default(),
        verb: Verb::Run,
        notifies: true,
    };
    let report = drive_job(job, context);
    drop(lock);
    report
}

/// Parses the faults of the request, and refuses them for another environment than the sandbox.
fn faults(request: &RunRequest, plan: &Plan) -> Result<Option<Faults>, Refusal> {
    let faults = preflight::parse_faults(request.faults.as_deref())?;
    match &request.faults {
        Some(spec) if !plan.environment.is_sandbox() => Err(Refusal::Usage(no_faults_there(spec, plan))),
        Some(_) | None => Ok(faults),
    }
}

/// The message for faults outside the sandbox. For an environment on this machine it names the command that serves a sandbox
/// with faults.
fn no_faults_there(spec: &str, plan: &Plan) -> String {
    let name = &plan.environment.name;
    let refused = format!("`--faults` is for the sandbox, and `{name}` is another environment");
    let urls = plan.connections.iter().map(|connection| connection.base_url.as_deref().filter(|url| is_loopback(url)));
    let Some(urls) = urls.collect::<Option<Vec<&str>>>().filter(|urls| !urls.is_empty()) else { return refused };
    let mut ports = urls.iter().map(|url| Url::parse(url).ok()?.port());
    let port = ports.next().flatten().filter(|first| ports.all(|port| port == Some(*first)));
    let port = port.map(|port| format!(" --port {port}")).unwrap_or_default();
    let tls = if urls.iter().all(|url| url.starts_with("https://")) { " --tls" } else { "" };
    let spec: String = spec.split_whitespace().collect();
    format!(
        "{refused}. Its connections all lead to this machine: where the served sandbox answers them, end it and start it \
         again with the faults: `runsheet sandbox{port}{tls} --faults {spec}`"
    )
}

/// Freezes every row, and asks for the confirmations.
fn begin(
    request: &RunRequest,
    prepared: &mut Prepared,
    (store, folder): (&mut Store, &RunFolder),
    clock: &Clock,
    diagnostics: &mut Diagnostics,
    context: &Context,
) -> Result<(IntakeTally, Option<EffectHistory>, Option<ListWriter>), Refusal> {
    let mut history = open_effect_history(folder, &prepared.plan, &[])?;
    let mut list = folder.begin_list(&prepared.plan).or_refuse("the run's mark")?;
    let intake = Intake {
        plan: &prepared.plan,
        source: &mut prepared.source,
        selection: &request.selection,
        skip_invalid: request.skip_invalid,
        now: clock.now(),
        samples: 0,
        history: history.as_mut(),
        list: list.as_mut(),
    };
    let taken = freeze_rows(intake, diagnostics, store);
    let journal = || format!("the run's journal in {}", folder.path().display());
    let tally = taken.map_err(|error| MachineFailure::during(journal(), error))?;
    request.input.judge_empty(diagnostics);
    if diagnostics.has_errors() {
        return Err(Refusal::Invalid(std::mem::take(diagnostics)));
    }
    if !diagnostics.is_empty() {
        context.notice(Notice::Messages(diagnostics));
    }
    if let RowSource::File(file) = &prepared.source
        && let Some(refusal) = file.prior_outcomes().refusal()
    {
        return Err(Refusal::Conflict(refusal));
    }
    if let Some(missing) = tally.missing_key() {
        return Err(Refusal::Usage(missing));
    }
    check_out(request.pace.out.as_deref(), prepared.dialect().as_ref())?;
    if let Some(refusal) = repeats_message(&tally.repeats, &prepared.plan, AGAIN).filter(|_| !request.again) {
        return Err(Refusal::Conflict(refusal));
    }
    confirm_run(&prepared.plan, &tally, request.confirmed, context)?;
    Ok((tally, history.filter(|_| !request.again), list))
}

/// The frozen run that the journal keeps.
fn frozen(request: &RunRequest, prepared: &Prepared) -> FrozenRun {
    let Prepared { loaded, plan, about, run_id, started_at, .. } = prepared;
    #[allow(clippy::cast_possible_truncation)]
    let seed = random_u128() as u64;
    let of_plan = FrozenRun::of_plan(plan, run_id.clone(), *started_at, seed);
    let settings_file = loaded.settings_file.clone().map(absolute);
    FrozenRun {
        environment: Environment { file: settings_file.clone(), ..of_plan.environment.clone() },
        providers: loaded.registry.files().to_vec(),
        settings_file,
        dialect: prepared.dialect(),
        rows_name: about.name.clone(),
        columns: about.names(),
        redacted_columns: loaded.playbook.rows.as_ref().map(|rows| rows.redacted.clone()).unwrap_or_default(),
        out: request.pace.out.clone().map(absolute),
        faults: request.faults.clone(),
        again: request.again,
        ..of_plan
    }
}
