//! Settles unknown calls, and tells what is known now.

use super::telling::tell;
use crate::cli::args::{Common, ResolveArgs};
use crate::cli::context::context;
use crate::cli::exit::Exit;
use crate::cli::failure::Ended;
use crate::cli::screen::Screen;
use crate::operate::{self, ResolveRequest, SettledBy, WhichCalls};

/// Runs `resolve RUN`.
pub(crate) fn resolve(args: &ResolveArgs, common: &Common, screen: Screen) -> Ended {
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
