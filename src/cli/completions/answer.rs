//! The answer to a completion script. It never fails and prints no message: a script has nowhere to show one.

use std::ffi::OsString;
use std::panic::{catch_unwind, set_hook};

use super::candidates::{Offer, offer};
use super::place::cursor_place;
use crate::cli::args::command_line;
use crate::cli::output::print_for_shell;

/// The first argument of a question.
const ASKED: &str = "__complete";

/// Answers where the arguments are the question of a completion script; returns whether they are.
pub(in crate::cli) fn answer_script(arguments: impl Iterator<Item = OsString>) -> bool {
    let mut words = arguments.skip(1).map(|word| word.to_string_lossy().into_owned());
    if words.next().as_deref() != Some(ASKED) {
        return false;
    }
    let words: Vec<String> = words.collect();
    set_hook(Box::new(|_| {}));
    print_for_shell(&catch_unwind(|| answer(&words)).unwrap_or_default());
    true
}

fn answer(words: &[String]) -> String {
    let mut command = command_line();
    command.build();
    match offer(&cursor_place(&command, words), words) {
        Offer::Files => "files\n".to_owned(),
        Offer::Folders => "folders\n".to_owned(),
        Offer::Words(candidates) => {
            let lines = candidates.iter().map(|(name, help)| {
                let help = help.replace(char::is_control, " ");
                format!("{name}\t{help}\n")
            });
            format!("words\n{}", lines.collect::<String>())
        }
    }
}
