//! Settles unknown calls, and tells what is known now.

use super::render::{tell, tell_lost};
use crate::cli::args::{Common, ResolveArgs};
use crate::cli::context::context;
use crate::cli::output::{Ended, Exit, Screen};
use crate::operate::{self, ResolveLostRequest, ResolveRequest, SettledBy, WhichCalls};

/// Runs `resolve RUN`.
pub(crate) fn resolve(args: &ResolveArgs, common: &Common, screen: Screen) -> Ended {
    if args.lost {
        return resolve_lost(args, common, screen);
    }
    let calls = WhichCalls { key: args.key.clone(), step: args.step.clone() };
    let by = match (&args.from, args.settle_as) {
        (Some(file), _) => SettledBy::File(file.clone()),
        (None, Some(settled)) => SettledBy::Word {
            call: calls,
            settled: settled.into(),
            outputs: args.outputs.clone(),
            note: args.note.clone(),
        },
        (None, None) => SettledBy::Lookups(calls),
    };
    let request = ResolveRequest { run: args.run.clone(), by };
    let report = operate::resolve(&request, &context(common, screen))?;
    tell(&report, screen);
    Ok(if report.unknown.is_empty() { Exit::Done } else { Exit::Unknown })
}

/// Records a word on a run of which something is lost.
fn resolve_lost(args: &ResolveArgs, common: &Common, screen: Screen) -> Ended {
    // The arguments require both.
    let (Some(settled), Some(note)) = (args.settle_as, args.note.clone()) else { return Ok(Exit::Usage) };
    let request = ResolveLostRequest { run: args.run.clone(), settled: settled.into(), rows: args.rows.clone(), note };
    tell_lost(&operate::resolve_lost(&request, &context(common, screen))?, screen);
    Ok(Exit::Done)
}
