//! Lookups: calls in doubt are asked for by reads, within the limits, and by nothing else.

use std::sync::{Arc, Mutex};

use super::event_loop::drive_here;
use crate::engine::Progress;
use crate::journal::Fact;
use crate::model::{Masks, StepScope};
use crate::operate::interface::{Context, Destination, Notice, Refusal, RunStart, chain};
use crate::operate::preflight::{faults, ledger, vendors, within_descriptors};
use crate::operate::stored_run::{OpenRun, UnknownCall};
use crate::playbook::RunBounds;
use crate::report::Verb;
use crate::runner::Drive;

/// Looks up those of the calls that a read can tell of, and writes what it told to the journal. Gives why the lookups
/// stopped before their end, with sensitive values masked; `None` where they did not.
///
/// # Errors
/// [`Refusal::Invalid`] for credentials that cannot be had; [`Refusal::Broken`] where the journal fails.
pub(crate) fn look_up(run: &OpenRun, calls: &[UnknownCall], context: &Context) -> Result<Option<String>, Refusal> {
    let asked: Vec<&UnknownCall> = calls.iter().filter(|call| call.can_be_looked_up()).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let faults = faults(run.frozen.faults.as_deref())?;
    let counts = run.counts()?;
    context.notice(Notice::Started(RunStart {
        verb: Verb::Resolve,
        run: run.frozen.run_id.clone(),
        playbook: run.plan.name.clone(),
        destination: Destination::of(&run.plan),
        rows: counts.total,
        ended: counts.ended(),
        rows_name: run.frozen.rows_name.clone(),
        of: None,
    }));
    let vendors = vendors(&run.plan, &run.registry, run.folder.path(), faults, context)?;
    let ledger = ledger(&run.plan, &run.folder, &vendors)?;
    let mut facts: Vec<(StepScope, Vec<Fact>)> = Vec::new();
    for call in &asked {
        let fact = Fact::Reopened(call.doubt.call);
        match facts.last_mut().filter(|(scope, _)| *scope == call.scope) {
            Some((_, of_row)) => of_row.push(fact),
            None => facts.push((call.scope, vec![fact])),
        }
    }
    run.write(facts)?;
    let drive = Drive {
        plan: Arc::clone(&run.plan),
        seed: run.frozen.seed,
        limits: within_descriptors(run.frozen.limits, &run.plan, context),
        bounds: RunBounds::default(),
        recut_waves: false,
        vendors,
        progress: Arc::new(Mutex::new(Progress::default())),
        clock: run.clock,
        lookups_only: true,
        history: None,
        ledger,
        events: run.telling(context),
    };
    let stop = drive_here(drive, &run.folder.journal(), context);
    let stop = stop.map_err(|error| Refusal::broken(chain(&error)))?;
    Ok(stop.map(|stop| {
        // A read asks for many rows at once, and its answer may echo any of them.
        let mut masks = Masks::default();
        asked.iter().for_each(|call| masks.extend(call.masks.clone()));
        masks.text(&stop.to_string()).into_owned()
    }))
}
