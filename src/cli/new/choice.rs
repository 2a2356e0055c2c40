//! What `new` is to write: as the command line says, as the person at the terminal answers, or a list of what there is.

use std::path::PathBuf;

use serde_json::json;

use super::examples::{EXAMPLES, Example};
use crate::cli::args::NewArgs;
use crate::cli::output::{Failure, Output, Screen, ask};
use crate::diagnostic::suggestion;
use crate::model::Value;

/// How often a question is asked before `new` gives up.
const ASKED: usize = 3;

/// What `new` is to do.
#[derive(Debug)]
pub(super) enum Choice {
    /// List the examples.
    List,
    /// Write an example.
    Example(&'static Example, PathBuf),
    /// Write a starter for these operations; for the open one (`http.request`) where none is named.
    Starter(Vec<String>, PathBuf),
}

/// Reads the choice from the command line, or from the answers at the terminal.
///
/// # Errors
/// [`Failure::Usage`] for an unknown example, and where nothing is chosen and nobody can be asked.
pub(super) fn choose(args: &NewArgs, screen: Screen) -> Result<Choice, Failure> {
    let here = || args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    match &args.example {
        Some(None) => return Ok(Choice::List),
        Some(Some(name)) if name.is_empty() => return Ok(Choice::List),
        Some(Some(name)) => {
            let example = named(name)?;
            return Ok(Choice::Example(example, args.folder.clone().unwrap_or_else(|| example.name.into())));
        }
        None => {}
    }
    if !args.from.is_empty() || args.folder.is_some() {
        return Ok(Choice::Starter(args.from.clone(), here()));
    }
    let nothing = || {
        Failure::Usage(format!(
            "`new` needs to know what to write, and nothing was written. Name an example:\n\n{}\n\n\
             or the operations of a playbook of your own; `runsheet operations` lists them:\n\n  \
             runsheet new trial --from http.request",
            commands()
        ))
    };
    by_asking(screen)?.ok_or_else(nothing)
}

fn named(name: &str) -> Result<&'static Example, Failure> {
    EXAMPLES.iter().find(|example| example.name == name).ok_or_else(|| {
        let near = suggestion(name, EXAMPLES.iter().map(|example| example.name));
        let hint = near.map(|near| format!(" {near}")).unwrap_or_default();
        Failure::Usage(format!("there is no example `{name}`.{hint} `runsheet new --example` lists them."))
    })
}

/// Asks what to write and where. `None` where nobody is at the terminal, or gives no answer.
fn by_asking(screen: Screen) -> Result<Option<Choice>, Failure> {
    let mut question = format!(
        "What shall be written? An example with its lists and tests:\n\n{}\n\n\
         or a starter for operations that you name, such as http.request (`runsheet operations` lists them).\n\
         Type a number, the name of an example, or operations with blanks between:",
        numbered()
    );
    for _ in 0..ASKED {
        let Some(answer) = ask(screen, &question)?.filter(|answer| !answer.is_empty()) else { return Ok(None) };
        match answered(&answer) {
            Ok((choice, folder)) => {
                let Some(typed) = ask(screen, &format!("Into which folder? Enter takes `{folder}`:"))? else {
                    return Ok(None);
                };
                let folder = PathBuf::from(if typed.is_empty() { folder } else { typed });
                return Ok(Some(match choice {
                    Ok(example) => Choice::Example(example, folder),
                    Err(operations) => Choice::Starter(operations, folder),
                }));
            }
            Err(Failure::Usage(message)) => question = format!("{message}\nType it once more:"),
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// What an answer names, an example or operations, with the folder that is proposed for it.
type Answered = (Result<&'static Example, Vec<String>>, String);

fn answered(answer: &str) -> Result<Answered, Failure> {
    if let Ok(number) = answer.parse::<usize>() {
        let example = number
            .checked_sub(1)
            .and_then(|number| EXAMPLES.get(number))
            .ok_or_else(|| Failure::Usage(format!("`{answer}` is not a number from 1 to {}.", EXAMPLES.len())))?;
        return Ok((Ok(example), example.name.to_owned()));
    }
    let words: Vec<String> = answer.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    // The names of operations have a full stop, those of examples have none.
    if words.iter().all(|word| word.contains('.')) {
        return Ok((Err(words), "trial".to_owned()));
    }
    let example = named(answer)?;
    Ok((Ok(example), example.name.to_owned()))
}

/// The list of the examples.
pub(super) fn list(screen: Screen) -> Output {
    if screen.json() {
        let told = |example: &Example| {
            json!({
                "name": example.name,
                "description": example.description(),
                "providers": example.providers(),
                "files": example.file_names(),
            })
        };
        return Output::json(&Value::Array(EXAMPLES.iter().map(told).collect()));
    }
    let lines: String = lines(|_, example| example.name.to_owned());
    format!("{lines}\n\nrunsheet new --example NAME writes one with its lists and tests, into a folder of its name")
        .into()
}

fn commands() -> String {
    lines(|_, example| format!("  runsheet new --example {}", example.name))
}

fn numbered() -> String {
    lines(|number, example| format!("  {number}  {}", example.name))
}

/// A line for each example: its head, padded, and its description.
fn lines(head: impl Fn(usize, &Example) -> String) -> String {
    let heads: Vec<String> = EXAMPLES.iter().zip(1..).map(|(example, number)| head(number, example)).collect();
    let width = heads.iter().map(String::len).max().unwrap_or(0);
    let line = |(head, example): (&String, &Example)| format!("{head:width$}  {}", example.description());
    heads.iter().zip(&EXAMPLES).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number_a_name_or_operations() {
        let example = |answer: &str| answered(answer).unwrap().0.unwrap().name;
        assert_eq!((example("1"), example("8")), (EXAMPLES[0].name, EXAMPLES[7].name));
        assert_eq!(example("close-appointments"), "close-appointments");
        let (operations, folder) = answered("http.request, shop.sell").unwrap();
        assert_eq!(operations.unwrap_err(), ["http.request", "shop.sell"]);
        assert_eq!(folder, "trial");
        for wrong in ["0", "9", "close-appointment", "http.request close-appointments"] {
            assert!(matches!(answered(wrong), Err(Failure::Usage(_))), "{wrong}");
        }
    }
}
