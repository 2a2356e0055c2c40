//! The verbs `ctl` and `cancel`.

use serde_json::json;

use super::context::context;
use crate::cli::args::{CancelArgs, Common, CtlArgs, CtlCommand};
use crate::cli::output::{Exit, Failure, Output, Screen, VerbResult};
use crate::model::Rate;
use crate::operate::{self, CtlReport, CtlRequest, Refusal, SteerCommand, SteerWord};

/// Runs `ctl RUN COMMAND`.
pub(crate) fn ctl(args: &CtlArgs, common: &Common, screen: Screen) -> VerbResult {
    let command = command(args.command, args.value.as_deref()).map_err(Refusal::Usage)?;
    steer(CtlRequest { confirmed: args.yes, ..CtlRequest::new(args.run.as_str(), command) }, common, screen)
}

/// Runs `cancel RUN`.
pub(crate) fn cancel(args: &CancelArgs, common: &Common, screen: Screen) -> VerbResult {
    let request = CtlRequest::new(args.run.as_str(), SteerCommand::Cancel);
    steer(CtlRequest { confirmed: args.yes, ..request }, common, screen)
}

fn steer(request: CtlRequest, common: &Common, screen: Screen) -> VerbResult {
    let report = operate::ctl(&request, &context(common, screen))?;
    match screen.json() {
        true => screen.data(Output::json(&json(&report)))?,
        false => screen.data(text(&report))?,
    }
    Ok::<_, Failure>(Exit::Done)
}

/// Puts the word and its value together.
///
/// # Errors
/// What is wrong with the value, and what to type.
fn command(word: CtlCommand, value: Option<&str>) -> Result<SteerCommand, String> {
    let plain = |command: SteerCommand| match value {
        None => Ok(command),
        Some(value) => Err(format!("`{}` takes no value: leave `{value}` out", word.word())),
    };
    match (word, value) {
        (CtlCommand::Pause, _) => plain(SteerCommand::Pause),
        (CtlCommand::Resume, _) => plain(SteerCommand::Resume),
        (CtlCommand::Drain, _) => plain(SteerCommand::Drain),
        (CtlCommand::Cancel, _) => plain(SteerCommand::Cancel),
        (CtlCommand::Rate, Some(value)) => Rate::parse(value).map(SteerCommand::Rate),
        (CtlCommand::Rate, None) => Err("a rate is missing: write `rate 5/s`".to_owned()),
        (CtlCommand::InFlight, value) => match value.map(str::parse) {
            Some(Ok(calls)) if calls > 0 => Ok(SteerCommand::InFlight(calls)),
            Some(Ok(_) | Err(_)) => {
                let value = value.unwrap_or_default();
                Err(format!(
                    "`{value}` is not a number of calls: write a whole number from 1 on, such as `in-flight 4`"
                ))
            }
            None => Err("a number of calls is missing: write `in-flight 4`".to_owned()),
        },
    }
}

/// The report for people.
fn text(report: &CtlReport) -> String {
    let CtlReport { run, command, already, under_way } = report;
    match (command, already, under_way) {
        (SteerCommand::Pause, false, _) => {
            format!("Run {run} is paused: nothing new is sent. Go on: runsheet ctl {run} resume")
        }
        (SteerCommand::Pause, true, _) => format!("Run {run} was paused already"),
        (SteerCommand::Resume, false, true) => format!("Run {run} goes on"),
        (SteerCommand::Resume, true, _) => format!("Run {run} was not paused"),
        (SteerCommand::Resume, false, false) => {
            format!("The pause of the run {run} has ended. Go on: runsheet resume {run}")
        }
        (SteerCommand::Drain, false, _) => {
            format!(
                "Run {run} starts nothing new and ends with its calls under way. Go on later: runsheet resume {run}"
            )
        }
        (SteerCommand::Drain, true, _) => format!("Run {run} was stopping already"),
        (SteerCommand::Cancel, false, true) => {
            format!(
                "Run {run} is cancelled: it ends with its calls under way. Do what is missing: runsheet retry {run}"
            )
        }
        (SteerCommand::Cancel, false, false) => {
            format!("Run {run} is cancelled. Do what is missing: runsheet retry {run}")
        }
        (SteerCommand::Cancel, true, _) => format!("Run {run} was cancelled already"),
        (SteerCommand::Rate(rate), false, _) => format!("Run {run} sends at most {rate}"),
        (SteerCommand::Rate(rate), true, _) => format!("The rate of the run {run} was {rate} already"),
        (SteerCommand::InFlight(calls), false, _) => {
            format!("Run {run} has at most {calls} calls under way at once")
        }
        (SteerCommand::InFlight(calls), true, _) => {
            format!("Run {run} had at most {calls} calls under way at once already")
        }
    }
}

/// The report for programs.
fn json(report: &CtlReport) -> serde_json::Value {
    let word: SteerWord = report.command.word();
    let mut value = json!({
        "run_id": report.run,
        "command": word.as_str(),
        "already": report.already,
        "under_way": report.under_way,
    });
    match report.command {
        SteerCommand::Rate(rate) => value["rate"] = rate.to_string().into(),
        SteerCommand::InFlight(calls) => value["in_flight"] = calls.into(),
        SteerCommand::Pause | SteerCommand::Resume | SteerCommand::Drain | SteerCommand::Cancel => {}
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_numbers_need_a_value_and_nothing_else_takes_one() {
        for (word, value) in [
            (CtlCommand::Pause, Some("5/s")),
            (CtlCommand::Cancel, Some("")),
            (CtlCommand::Rate, None),
            (CtlCommand::Rate, Some("fast")),
            (CtlCommand::Rate, Some("0/s")),
            (CtlCommand::InFlight, None),
            (CtlCommand::InFlight, Some("0")),
            (CtlCommand::InFlight, Some("-1")),
            (CtlCommand::InFlight, Some("99999999999")),
        ] {
            assert!(command(word, value).is_err(), "{word:?} {value:?}");
        }
        assert_eq!(command(CtlCommand::InFlight, Some("4")), Ok(SteerCommand::InFlight(4)));
        assert_eq!(command(CtlCommand::Rate, Some("5/s")), Rate::parse("5/s").map(SteerCommand::Rate));
        assert_eq!(command(CtlCommand::Resume, None), Ok(SteerCommand::Resume));
    }
}
