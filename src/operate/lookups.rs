//! Asking the vendors: calls in doubt are looked up by reads, under the limits, and by nothing else.

use std::sync::{Arc, Mutex};

use crate::cli::desk::{Case, Desk};
use crate::cli::failure::Failure;
use crate::cli::run::{drive_it, ledger, vendors};
use crate::engine::Progress;
use crate::journal::Fact;
use crate::model::{Masks, Scope};
use crate::playbook::Bounds;
use crate::runner::Drive;
use crate::sandbox::Faults;

/// Looks up those of the cases that a read can tell of; what it told is in the journal afterwards. Gives why the asking
/// stopped before its end, if it did, in words that show nobody's data.
///
/// # Errors
/// Credentials that cannot be had, or the journal's trouble.
pub(crate) fn ask(desk: &Desk, cases: &[Case]) -> Result<Option<String>, Failure> {
    let asked: Vec<&Case> = cases.iter().filter(|case| case.doubt.lookup.is_some() && case.doubt.ended).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let faults = desk.frozen.faults.as_deref().map(Faults::parse).transpose().map_err(Failure::Usage)?;
    let vendors = vendors(&desk.plan, &desk.registry, desk.folder.path(), faults)?;
    let mut facts: Vec<(Scope, Vec<Fact>)> = Vec::new();
    for case in &asked {
        let fact = Fact::Reopened(case.doubt.call);
        match facts.last_mut().filter(|(scope, _)| *scope == case.scope) {
            Some((_, of_row)) => of_row.push(fact),
            None => facts.push((case.scope, vec![fact])),
        }
    }
    desk.write(facts)?;
    let drive = Drive {
        plan: Arc::clone(&desk.plan),
        seed: desk.frozen.seed,
        limits: desk.frozen.limits,
        bounds: Bounds::default(),
        waves_anew: false,
        vendors,
        progress: Arc::new(Mutex::new(Progress::default())),
        clock: desk.clock,
        settling: true,
        past: None,
        ledger: ledger(&desk.plan, &desk.folder)?,
        telling: desk.telling(),
    };
    let stop = drive_it(drive, &desk.folder.journal(), desk.screen)?;
    Ok(stop.map(|stop| {
        // A read asks for many rows at once, and its answer may echo any of them.
        let mut masks = Masks::default();
        asked.iter().for_each(|case| masks.extend(case.masks.clone()));
        masks.text(&stop.to_string()).into_owned()
    }))
}
