//! Which argument the cursor is at, from the words ahead of it and the definition of the command line.

use clap::{Arg, Command};

/// The place of the cursor.
#[derive(Debug)]
pub(super) struct CursorPlace<'c> {
    /// The command that the words have come to.
    pub(super) command: &'c Command,
    /// The command as it is typed after the program's name: `runs show`.
    pub(super) path: String,
    /// What may stand at the cursor.
    pub(super) wanted: Wanted<'c>,
    /// The beginning of the word that each candidate repeats: `--env=`, or the elements of a list before the last comma.
    pub(super) prefix: String,
    /// What is typed after the prefix.
    pub(super) typed: String,
}

/// What may stand at the cursor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'c> {
    /// The name of an option.
    Option,
    /// A value of an option or of a positional argument.
    Value(&'c Arg),
    /// A verb.
    Verb,
    /// Nothing that is known.
    Nothing,
}

/// Finds the place of the cursor at the end of the last word. The command must have been built.
pub(super) fn cursor_place<'c>(root: &'c Command, words: &[String]) -> CursorPlace<'c> {
    let (last, before) = words.split_last().map_or((String::new(), words), |(last, before)| (last.clone(), before));
    let mut walk = Walk { command: root, path: String::new(), position: 0, open: None, ended: false };
    before.iter().for_each(|word| walk.step(word));
    walk.end(last)
}

/// The words read so far.
struct Walk<'c> {
    command: &'c Command,
    path: String,
    /// The number of positional arguments.
    position: usize,
    /// An option that takes the next word, with the number of values that it has.
    open: Option<(&'c Arg, usize)>,
    /// Whether `--` came, after which nothing is an option.
    ended: bool,
}

impl<'c> Walk<'c> {
    fn step(&mut self, word: &str) {
        let option = is_option(word) && !self.ended;
        if let Some((arg, count)) = self.open.take().filter(|_| !option) {
            self.open = (count + 1 < most_values(arg)).then_some((arg, count + 1));
            return;
        }
        match word.strip_prefix("--").filter(|_| option) {
            Some("") => self.ended = true,
            Some(name) => self.open = self.option(name).filter(|arg| most_values(arg) > 0).map(|arg| (arg, 0)),
            // No short option takes a value.
            None if option => {}
            None => match self.command.find_subcommand(word).filter(|_| self.position == 0) {
                Some(verb) => {
                    self.path = format!("{} {}", self.path, verb.get_name()).trim_start().to_owned();
                    self.command = verb;
                }
                None => self.position += 1,
            },
        }
    }

    fn end(self, last: String) -> CursorPlace<'c> {
        let mut prefix = String::new();
        let mut typed = last;
        let wanted = if is_option(&typed) && !self.ended {
            match typed.clone().strip_prefix("--").and_then(|rest| rest.split_once('=')) {
                Some((name, value)) => {
                    prefix = format!("--{name}=");
                    typed = value.to_owned();
                    self.option(name).map_or(Wanted::Nothing, Wanted::Value)
                }
                None => Wanted::Option,
            }
        } else if let Some((arg, _)) = self.open {
            Wanted::Value(arg)
        } else if self.command.has_subcommands() && self.position == 0 {
            Wanted::Verb
        } else {
            let positionals: Vec<&Arg> = self.command.get_positionals().collect();
            let last = positionals.last().filter(|arg| most_values(arg) > 1);
            positionals.get(self.position).or(last).map_or(Wanted::Nothing, |arg| Wanted::Value(arg))
        };
        if let Wanted::Value(arg) = wanted
            && let Some((elements, last)) = arg.get_value_delimiter().and_then(|comma| typed.rsplit_once(comma))
        {
            prefix.push_str(&format!("{elements},"));
            typed = last.to_owned();
        }
        CursorPlace { command: self.command, path: self.path, wanted, prefix, typed }
    }

    fn option(&self, name: &str) -> Option<&'c Arg> {
        self.command.get_arguments().find(|arg| arg.get_long() == Some(name))
    }
}

/// Whether a word is an option; `-` alone is standard input.
fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') || word == "--"
}

fn most_values(arg: &Arg) -> usize {
    arg.get_num_args().map_or(0, |range| range.max_values())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::command_line;

    /// The place as a text: command, what is wanted, prefix, what is typed.
    fn place(line: &str) -> String {
        let mut command = command_line();
        command.build();
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let place = cursor_place(&command, &words);
        let wanted = match place.wanted {
            Wanted::Option => "option".to_owned(),
            Wanted::Value(arg) => arg.get_id().to_string(),
            Wanted::Verb => "verb".to_owned(),
            Wanted::Nothing => "nothing".to_owned(),
        };
        format!("{}|{wanted}|{}|{}", place.path, place.prefix, place.typed)
    }

    #[test]
    fn the_cursor_is_at_an_argument_of_the_verb() {
        for (line, wanted) in [
            ("", "|verb||"),
            ("re", "|verb||re"),
            ("--state-dir s re", "|verb||re"),
            ("--state-dir ", "|state_dir||"),
            ("run ", "run|playbook||"),
            ("run p.yaml ", "run|nothing||"),
            ("run p.yaml --en", "run|option||--en"),
            ("run p.yaml -", "run|nothing||-"),
            ("run --env pro", "run|env||pro"),
            ("run --env=pro", "run|env|--env=|pro"),
            ("run --env production p.yaml --rows run:", "run|rows||run:"),
            ("run -v --yes pl", "run|playbook||pl"),
            ("run -- -p", "run|playbook||-p"),
            ("run --unknown pl", "run|playbook||pl"),
            ("run --unknown=x", "run|nothing|--unknown=|x"),
            ("check a.yaml b", "check|playbooks||b"),
            ("new --from http.request arc", "new|from||arc"),
            ("new --from http.request,arc", "new|from|http.request,|arc"),
            ("new --from=a.b,c", "new|from|--from=a.b,|c"),
            ("new --example ext", "new|example||ext"),
            ("new --example extend-deadlines d", "new|folder||d"),
            ("new --example --", "new|option||--"),
            ("retry latest --only failed,par", "retry|only|failed,|par"),
            ("runs ", "runs|verb||"),
            ("runs show lat", "runs show|run||lat"),
            ("runs show latest x", "runs show|nothing||x"),
            ("explain blank", "explain|code||blank"),
            ("fly away", "|nothing||away"),
        ] {
            assert_eq!(place(line), wanted, "{line}");
        }
    }
}
