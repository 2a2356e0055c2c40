//! Looks up unknown calls: reads at the vendor, within the limits, and no other call.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::control::open_control;
use super::event_loop::drive_on_this_thread;
use crate::engine::Progress;
use crate::journal::{Fact, RunSteering};
use crate::model::{Masks, StepScope};
use crate::operate::interface::{Context, Notice, OrRefuse, Refusal, RunStart, with_causes};
use crate::operate::preflight::{make_vendors, open_ledger, parse_faults, within_open_files};
use crate::operate::stored_run::{OpenRun, UnknownCall};
use crate::playbook::RunBounds;
use crate::policy::StopReason;
use crate::report::Verb;
use crate::runner::Drive;

/// Looks up the calls that have a lookup, and writes the answers to the journal. Returns why the lookups stopped before their
/// end, with sensitive values masked; `None` where they did not.
///
/// # Errors
/// [`Refusal::Invalid`] for credentials that cannot be read; [`Refusal::Broken`] where the journal fails.
pub(crate) fn look_up(run: &OpenRun, calls: &[UnknownCall], context: &Context) -> Result<Option<String>, Refusal> {
    let asked: Vec<&UnknownCall> = calls.iter().filter(|call| call.can_be_looked_up()).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let steering = RunSteering::fold(&run.reader.facts(StepScope::Run).or_refuse("the journal")?);
    if let Some((by, since)) = steering.paused {
        // A paused run sends nothing, lookups included.
        return Ok(Some(StopReason::Paused { by, since }.to_string()));
    }
    let faults = parse_faults(run.frozen.faults.as_deref())?;
    let counts = run.counts()?;
    let start = RunStart::new(Verb::Resolve, &run.frozen, &run.plan, counts.total, counts.ended());
    context.notice(Notice::Started(start));
    let vendors = make_vendors(&run.plan, &run.registry, run.folder.path(), faults, context)?;
    let ledger = open_ledger(&run.plan, &run.folder, &vendors)?;
    let mut facts: Vec<(StepScope, Vec<Fact>)> = Vec::new();
    for call in &asked {
        let fact = Fact::Reopened(call.doubt.call);
        match facts.last_mut().filter(|(scope, _)| *scope == call.scope) {
            Some((_, of_row)) => of_row.push(fact),
            None => facts.push((call.scope, vec![fact])),
        }
    }
    run.write(facts)?;
    let progress = Arc::new(Mutex::new(Progress::default()));
    let (_control, commands) = open_control(&run.folder, &progress, context);
    let limits = within_open_files(run.frozen.limits, &run.plan, context);
    let drive = Drive {
        plan: Arc::clone(&run.plan),
        seed: run.frozen.seed,
        limits,
        ceiling: limits,
        commands: None,
        bounds: RunBounds::default(),
        recut_waves: false,
        vendors,
        expected_calls: BTreeMap::new(),
        progress,
        clock: run.clock,
        lookups_only: true,
        history: None,
        ledger,
        events: run.events(context),
    };
    let stop = drive_on_this_thread(drive, &run.folder.journal(), commands, context);
    context.notice(Notice::CallsEnded);
    let stop = stop.map_err(|error| Refusal::broken(with_causes(&error)))?;
    Ok(stop.map(|stop| {
        // One read asks for many rows, and its answer may repeat a value of any of them.
        let mut masks = Masks::default();
        asked.iter().for_each(|call| masks.extend(call.masks.clone()));
        masks.text(&stop.to_string()).into_owned()
    }))
}
