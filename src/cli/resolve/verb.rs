//! Settles unknown calls, and shows the result.

use super::render::{show, show_lost};
use crate::cli::args::{Common, ResolveArgs};
use crate::cli::context::context;
use crate::cli::output::{Exit, Screen, VerbResult};
use crate::operate::{self, CallFilter, ResolveLostRequest, ResolveRequest, SettledBy};

/// Runs `resolve RUN`.
pub(crate) fn resolve(args: &ResolveArgs, common: &Common, screen: Screen) -> VerbResult {
    if args.lost {
        return resolve_lost(args, common, screen);
    }
    let calls = CallFilter { key: args.key.clone(), step: args.step.clone() };
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
    show(&report, screen);
    Ok(if report.unknown.is_empty() { Exit::Done } else { Exit::Unknown })
}

/// Runs `resolve RUN --lost`.
fn resolve_lost(args: &ResolveArgs, common: &Common, screen: Screen) -> VerbResult {
    // clap requires both.
    let (Some(settled), Some(note)) = (args.settle_as, args.note.clone()) else { return Ok(Exit::Usage) };
    let request = ResolveLostRequest { run: args.run.clone(), settled: settled.into(), rows: args.rows.clone(), note };
    show_lost(&operate::resolve_lost(&request, &context(common, screen))?, screen);
    Ok(Exit::Done)
}
