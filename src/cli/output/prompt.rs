//! Asks the person at the terminal.

use std::io::{self, BufRead, IsTerminal};

use super::screen::Screen;
use crate::diagnostic::{one_line, plural, plural_of};
use crate::operate::{Question, Questions};

/// Asks on standard error and reads a line from standard input; `None` where one of the two is no terminal, or the input has
/// ended.
///
/// # Errors
/// The [`io::Error`] of standard input.
pub(in crate::cli) fn ask(screen: Screen, question: &str) -> io::Result<Option<String>> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    screen.say_always(question);
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}

/// Asks on standard error and reads the answer from standard input, where both are terminals.
pub(in crate::cli) struct Prompt(pub(in crate::cli) Screen);

impl Questions for Prompt {
    fn answer(&self, question: &Question) -> io::Result<Option<String>> {
        let question = match question {
            Question::Environment { what, to, .. } => {
                one_line(&format!("{what} to the {to}. Type the environment's name to go on:")).into_owned()
            }
            Question::Cancel { run, open_rows } => format!(
                "The run {run} is closed for good, with {} not finished. Type `cancel` to go on:",
                plural_of(*open_rows, "row")
            ),
            Question::Effects { rows, effects, to } => {
                one_line(&format!("{effects}, in the {to}. Type the number of rows ({rows}) to go on:")).into_owned()
            }
            Question::Prune { runs, rule } => format!(
                "{} {rule} will be removed for good, with journals, rows and results. Type the number of runs ({runs}) to \
                 go on:",
                plural(*runs, "run")
            ),
        };
        ask(self.0, &question)
    }
}
