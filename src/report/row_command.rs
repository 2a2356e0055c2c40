//! The command that comes next for a row in trouble.

use super::next_steps::NextStep;
use crate::journal::{Fact, GoesOn, RunSteering};
use crate::model::{RowOutcome, RunId, Time};

/// What the commands for the rows of a run depend on.
#[derive(Debug, Clone)]
pub struct RowCommands {
    run: RunId,
    /// The run that it takes back; `None` if it is not an undo.
    undoing: Option<RunId>,
    /// The command that continues the run; `None` if a person closed it.
    go_on: Option<String>,
}

impl RowCommands {
    /// The commands of a run with these facts. `undoing` is the run that it takes back.
    #[must_use]
    pub fn of_run(run: &RunId, undoing: Option<&RunId>, facts: &[(Time, Fact)]) -> Self {
        let steering = RunSteering::fold(facts);
        let go_on = steering.cancelled.is_none().then(|| NextStep::go_on(run, steering.paused.is_some()).command);
        Self { run: run.clone(), undoing: undoing.cloned(), go_on }
    }

    /// The command for a row.
    #[must_use]
    pub fn of(&self, outcome: RowOutcome, goes_on: GoesOn) -> String {
        let Self { run, undoing, go_on } = self;
        // Nothing sends a call in doubt again once a person has closed the run.
        let needs_word = outcome == RowOutcome::Unknown || goes_on == GoesOn::InDoubt;
        match (go_on.as_ref().filter(|_| goes_on != GoesOn::No), undoing) {
            (Some(go_on), _) => go_on.clone(),
            (None, _) if needs_word => format!("runsheet resolve {run}"),
            (None, Some(of)) => format!("runsheet undo {of}"),
            (None, None) => format!("runsheet retry {run}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Steered;
    use crate::policy::{SteerCommand, SteerOrigin, SteeredBy};

    fn steered(what: SteerCommand) -> Vec<(Time, Fact)> {
        let by = SteeredBy { name: "mei".to_owned(), uid: 1_000, from: SteerOrigin::Ctl };
        vec![(Time::from_secs(1), Fact::Steered(Steered { what, by }))]
    }

    #[test]
    fn a_row_that_a_resumed_run_goes_on_with_waits_for_that() {
        let (run, of) = (RunId::from_text("2"), RunId::from_text("1"));
        let (failed, unknown) = (RowOutcome::Failed, RowOutcome::Unknown);
        let plain = RowCommands::of_run(&run, None, &[]);
        assert_eq!(
            [plain.of(failed, GoesOn::No), plain.of(unknown, GoesOn::No)],
            ["runsheet retry 2", "runsheet resolve 2"]
        );
        assert_eq!(
            [plain.of(RowOutcome::Partial, GoesOn::Yes), plain.of(unknown, GoesOn::InDoubt)],
            ["runsheet resume 2"; 2]
        );
        let undo = RowCommands::of_run(&run, Some(&of), &[]);
        assert_eq!(
            [undo.of(failed, GoesOn::No), undo.of(unknown, GoesOn::No)],
            ["runsheet undo 1", "runsheet resolve 2"]
        );
        let paused = RowCommands::of_run(&run, None, &steered(SteerCommand::Pause));
        assert_eq!(paused.of(RowOutcome::Partial, GoesOn::InDoubt), "runsheet ctl 2 resume && runsheet resume 2");
        let cancelled = RowCommands::of_run(&run, None, &steered(SteerCommand::Cancel));
        let commands = [cancelled.of(failed, GoesOn::Yes), cancelled.of(RowOutcome::Partial, GoesOn::InDoubt)];
        assert_eq!(commands, ["runsheet retry 2", "runsheet resolve 2"]);
    }
}
