//! Shows the notices of a use case on the screen.

use std::sync::{Mutex, PoisonError};

use super::keys::Keys;
use super::messages::show_messages;
use super::progress::Display;
use super::screen::Screen;
use super::undo_plan::undo_plan_text;
use crate::diagnostic::{one_line, plural, plural_of, printable};
use crate::operate::{LeftOut, Notice, Observer, RecreatedEffect, RunStart, SteerCommand, SteeredBy, Steering};
use crate::report::Verb;

/// Shows notices and the progress of a run on the screen.
pub(in crate::cli) struct Terminal {
    screen: Screen,
    steering: Steering,
    display: Mutex<Option<(Keys, Display)>>,
}

impl Terminal {
    /// Makes an observer for this screen, whose keys give orders to `steering`.
    pub(in crate::cli) fn new(screen: Screen, steering: Steering) -> Self {
        Self { screen, steering, display: Mutex::default() }
    }

    fn show(&self, display: Option<(Keys, Display)>) {
        *self.display.lock().unwrap_or_else(PoisonError::into_inner) = display;
    }
}

impl Observer for Terminal {
    fn notice(&self, notice: Notice<'_>) {
        let screen = self.screen;
        match notice {
            Notice::Messages(diagnostics) => show_messages(diagnostics, screen),
            Notice::UnreadableRun { run, why } => {
                screen.say_always(&format!("warning: what the run {run} has sent is unknown: {why}"));
            }
            Notice::LooseParentFolder(said) => screen.say_always(&one_line(&format!("warning: {said}"))),
            Notice::MoreUnreadableRuns(more) => {
                screen.say_always(&format!("warning: … and {} more", plural(more, "journal")));
            }
            Notice::CommandOutput { connection, command, words } => {
                for line in words.lines() {
                    screen.say(&one_line(&format!("{command}, for the connection {connection}: {line}")));
                }
            }
            Notice::LeftOut { rows, why } => screen.say(&printable(&left_out(rows, &why))),
            Notice::RecreatedEffect { what, rows } => screen.say_always(&one_line(&recreated(what, rows))),
            Notice::Undo(plan) => screen.say(&printable(&undo_plan_text(plan))),
            Notice::Started(start) => screen.say(&one_line(&opening_line(&start))),
            Notice::FromCopy(rows) => screen.say_always(&format!(
                "Going on from a copy: {} may have been sent after it and are in doubt",
                plural_of(rows, "row")
            )),
            Notice::StoppedBefore { at, why, now } => {
                let why = why.map(|why| format!(": {why}")).unwrap_or_default();
                screen.say(&one_line(&format!("It had stopped at {at}{}. {now}", why.trim_end_matches('.'))));
            }
            Notice::KeepsSteeredLimits { command, by, at } => {
                screen.say_always(&one_line(&format!("It keeps what was set while it was under way: {command} by {by} at {at}")));
            }
            Notice::Steered { command, by } => screen.say_always(&one_line(&steered(command, &by))),
            Notice::NotSteerable(why) => {
                screen.say_always(&one_line(&format!("warning: `runsheet ctl` cannot reach this run: {why}")));
            }
            Notice::OutsideWindow { window, opens, wall } => screen.say_always(&format!(
                "Outside its send window ({window}): nothing that changes something is sent until {wall} ({opens})"
            )),
            Notice::FewDescriptors { wanted, given, limit } => screen.say_always(&format!(
                "At most {given} calls are under way at once instead of {wanted}: this process may have {limit} files and \
                 sockets open. To allow more, raise that limit first: ulimit -n {}",
                (wanted * 2).next_power_of_two().max(1_024)
            )),
            Notice::Running(progress) => {
                let keys = Keys::start(screen, self.steering.clone());
                self.show(Some((keys, Display::start(screen, progress))));
            }
            Notice::ProgressAsked(_) => {
                let display = self.display.lock().unwrap_or_else(PoisonError::into_inner);
                let line = display.as_ref().map(|(_, display)| display.counter_line());
                drop(display);
                line.iter().for_each(|line| screen.say_always(line));
            }
            Notice::Draining => screen
                .say_always("Stopping: nothing new is started, calls under way are waited for. A second signal stops at once"),
            Notice::Aborting => screen.say_always("Stopping at once: writes under way become unknown"),
            Notice::CallsEnded => self.show(None),
            Notice::NotNotified { to, why } => {
                screen.say_always(&one_line(&format!("warning: no notice of the run's end to {to}: {why}")));
            }
        }
    }
}

/// What a command of a person does, for the run's own terminal.
fn steered(command: SteerCommand, by: &SteeredBy) -> String {
    match command {
        SteerCommand::Pause => format!("Paused by {by}: nothing new is sent, calls under way are waited for"),
        SteerCommand::Resume => format!("The pause was ended by {by}: calls are sent again"),
        SteerCommand::Drain => format!("Drained by {by}: nothing new is started, calls under way are waited for"),
        SteerCommand::Cancel => format!("Cancelled by {by}: nothing new is started, calls under way are waited for"),
        SteerCommand::Rate(rate) => format!("Rate set by {by}: at most {rate}"),
        SteerCommand::InFlight(calls) => format!("Set by {by}: at most {calls} calls under way at once"),
    }
}

/// The first line of a run: its id, its playbook, its rows, its destination.
fn opening_line(start: &RunStart) -> String {
    let RunStart { verb, run, playbook, destination, rows, ended, rows_name, of } = start;
    let place = match destination.sandbox {
        true => format!("{destination}: nothing is sent to a vendor"),
        false => destination.to_string(),
    };
    let of = of.as_ref().map(ToString::to_string).unwrap_or_default();
    match verb {
        Verb::Run => match rows_name {
            Some(name) => format!("Run {run}: {playbook}, {} of {name}, {place}", plural_of(*rows, "row")),
            None => format!("Run {run}: {playbook}, no rows, {place}"),
        },
        Verb::Resume => {
            let have = if *ended == 1 { "has" } else { "have" };
            format!("Run {run} goes on: {playbook}, {ended} of {} {have} finished, {place}", plural_of(*rows, "row"))
        }
        Verb::Retry => format!("Run {run}: {playbook}, retry of {of}, {}, {place}", plural_of(*rows, "row")),
        Verb::Undo => format!("Run {run}: {playbook}, undo of {of}, {place}"),
        Verb::Resolve => format!("Run {run}: {playbook}, {place}"),
    }
}

/// The warning about objects that a retry creates again and a vendor may refuse.
fn recreated(what: &RecreatedEffect, rows: u64) -> String {
    let keys: Vec<String> = what.natural_key.iter().map(|name| format!("`{name}`")).collect();
    format!(
        "{}: {} was made and taken back, and is sent again under the same {}. A vendor that keeps what was cancelled \
         refuses that: the row fails then, and nothing else becomes of it. Run it anew under another value",
        plural_of(rows, "row"),
        what.operation,
        keys.join(" and ")
    )
}

/// Why rows are left out of a retry.
fn left_out(rows: usize, why: &LeftOut) -> String {
    let rows = plural(rows, "row");
    match why {
        LeftOut::WentOn(run) => format!("{rows} left out, gone on in the run {run}"),
        LeftOut::Invalid => format!("{rows} left out, invalid: correct them with --rows FILE"),
        LeftOut::Waiting(run) => {
            format!("{rows} left out, sent and not answered: runsheet resume {run} sends the calls again")
        }
        LeftOut::Unknown(run) => format!("{rows} left out, unknown: settle them with runsheet resolve {run}"),
        LeftOut::NotTaken(outcome) => {
            format!("{rows} of the corrected file left out, {}: this retry does not take them", outcome.in_words())
        }
        LeftOut::NotInFile => format!("{rows} left out: the corrected file does not hold them"),
    }
}
