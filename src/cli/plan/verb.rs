//! Prepares a run up to the point where it would begin, and shows what it would do.

use std::convert::Infallible;

use super::requests::{RowRequests, requests};
use super::shown::{self, Asked};
use crate::cli::args::{Common, RunArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::{Ended, Failure};
use crate::cli::prepare::{prepare, set_pace};
use crate::cli::run::open_past;
use crate::cli::screen::Screen;
use crate::cli::state;
use crate::cli::told::tell_messages;
use crate::diagnostic::Diagnostics;
use crate::io::Clock;
use crate::runner::{Intake, RunFolder, Selection, Tally, take_rows};

/// Rows whose requests are shown.
const SAMPLES: usize = 3;

/// Runs `plan PLAYBOOK`, and `run PLAYBOOK --dry-run`.
pub(crate) fn plan(args: &RunArgs, common: &Common, screen: Screen) -> Ended {
    let clock = Clock::start();
    let mut diagnostics = Diagnostics::new();
    let Some(mut prepared) = prepare(&args.playbook, &args.input, common, &clock, &mut diagnostics)? else {
        return Err(Failure::Invalid(diagnostics));
    };
    set_pace(&mut prepared.plan, &args.pace);
    // Without a folder for runs there are no other runs.
    let folder = state::folder(common).ok().map(|state| RunFolder::of(&state, &prepared.run_id));
    let mut past = folder.and_then(|folder| open_past(&folder, &prepared.plan, &[], screen));
    let selection = Selection { limit: args.limit, only: args.only.clone(), from_row: args.from_row };
    let intake = Intake {
        plan: &prepared.plan,
        source: &mut prepared.source,
        selection: &selection,
        skip_invalid: args.skip_invalid,
        now: clock.now(),
        samples: SAMPLES,
        past: past.as_mut(),
    };
    let taken: Result<Tally, Infallible> = take_rows(intake, &mut diagnostics, &mut |_| Ok(()));
    let Ok(tally) = taken;
    if diagnostics.has_errors() {
        return Err(Failure::Invalid(diagnostics));
    }
    if let Some(key) = tally.missing_keys.first() {
        return Err(Failure::Usage(format!("`--only`: no row has the key `{key}`")));
    }
    if !diagnostics.is_empty() {
        tell_messages(&diagnostics, screen);
    }
    let samples: Vec<RowRequests> =
        tally.samples.iter().map(|(row, calls)| requests(&prepared.plan, row, calls)).collect();
    let name = prepared.about.name.as_deref();
    let asked = Asked { again: args.again, now: clock.now() };
    screen.data(&if screen.json() {
        let mut json = shown::json(&prepared.plan, name, &tally, &samples, asked);
        json["diagnostics"] = diagnostics.to_json();
        json.to_string()
    } else {
        shown::text(&prepared.plan, name, &tally, &samples, asked)
    })?;
    screen.talk("Nothing was sent: this is a plan");
    Ok(Exit::Done)
}
