//! What may stand at the cursor: verbs, options, and the values of arguments. Reads the settings, the user's own providers and
//! the names of the runs; never a credential, a journal or the network.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ValueHint};

use super::place::{CursorPlace, Wanted};
use crate::cli::explain::known_words;
use crate::cli::new::EXAMPLES;
use crate::operate::{self, Context};

/// The most runs that are offered, the newest ones.
const MOST_RUNS: usize = 200;

/// What the shell is to offer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// These candidates, each with its help.
    Words(Vec<(String, String)>),
    /// Files and folders.
    Files,
    /// Folders.
    Folders,
}

/// Finds what may stand at the cursor. A file that cannot be read offers nothing.
pub(super) fn offer(place: &CursorPlace<'_>, words: &[String]) -> Offer {
    let candidates = match place.wanted {
        Wanted::Nothing => Vec::new(),
        Wanted::Option => options(place),
        Wanted::Verb => {
            let verbs = place.command.get_subcommands().filter(|verb| !verb.is_hide_set());
            verbs.map(|verb| (verb.get_name().to_owned(), text(verb.get_about()))).collect()
        }
        Wanted::Value(arg) => match values(place, arg, words) {
            Offer::Words(values) => values,
            files @ (Offer::Files | Offer::Folders) => return files,
        },
    };
    let fitting = candidates.into_iter().filter(|(name, _)| name.starts_with(&place.typed) && is_plain(name));
    Offer::Words(fitting.map(|(name, help)| (format!("{}{name}", place.prefix), help)).collect())
}

fn options(place: &CursorPlace<'_>) -> Vec<(String, String)> {
    let shown = place.command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown.filter_map(|arg| Some((format!("--{}", arg.get_long()?), text(arg.get_help())))).collect()
}

fn values(place: &CursorPlace<'_>, arg: &Arg, words: &[String]) -> Offer {
    let context = || context(words);
    let registry = || operate::registry(Path::new(""), &context()).ok();
    let plain = |names: Vec<String>| Offer::Words(names.into_iter().map(|name| (name, String::new())).collect());
    match (place.path.as_str(), arg.get_id().as_str()) {
        (_, "env") => plain(operate::environment_names(&folder(words), &context()).unwrap_or_default()),
        (_, "run") => plain(runs(&context())),
        ("run" | "plan" | "check" | "retry", "rows") => rows(&place.typed, &context()),
        ("new", "example") => {
            Offer::Words(EXAMPLES.iter().map(|one| (one.name.to_owned(), one.description().to_owned())).collect())
        }
        ("new", "from") | ("operations", "name") => {
            let Some(registry) = registry() else { return Offer::Words(Vec::new()) };
            let operations = registry.operations();
            let mut found: Vec<(String, String)> =
                operations.map(|one| (one.full_name().to_owned(), one.summary.clone())).collect();
            if place.path == "operations" {
                found.extend(registry.providers().map(|one| (one.name.clone(), one.title.clone())));
            }
            Offer::Words(found)
        }
        ("explain", _) => {
            Offer::Words(registry().map(|registry| known_words(&registry, &place.typed)).unwrap_or_default())
        }
        _ => from_definition(arg),
    }
}

/// The values that the definition of an argument names.
fn from_definition(arg: &Arg) -> Offer {
    let named = arg.get_possible_values();
    if !named.is_empty() || !matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        return Offer::Words(named.iter().map(|value| (value.get_name().to_owned(), text(value.get_help()))).collect());
    }
    let hint = arg.get_value_hint();
    if hint == ValueHint::DirPath {
        return Offer::Folders;
    }
    // A path is a file or a folder where nothing else is said.
    if hint == ValueHint::AnyPath { Offer::Files } else { Offer::Words(Vec::new()) }
}

/// `latest` and the ids of the newest runs.
fn runs(context: &Context) -> Vec<String> {
    let ids = operate::newest_run_ids(context, MOST_RUNS).unwrap_or_default();
    if ids.is_empty() { ids } else { std::iter::once("latest".to_owned()).chain(ids).collect() }
}

/// What `--rows` takes: a file, or `run:` and a run; either for a list, after `NAME=`.
fn rows(typed: &str, context: &Context) -> Offer {
    let (list, from) = typed.split_once('=').map_or(("", typed), |(list, from)| (list, from));
    let list = if list.is_empty() { String::new() } else { format!("{list}=") };
    if !from.starts_with("run:") {
        return Offer::Files;
    }
    Offer::Words(runs(context).into_iter().map(|run| (format!("{list}run:{run}"), String::new())).collect())
}

/// The context of the options that are typed ahead of the cursor, or set in the environment.
fn context(words: &[String]) -> Context {
    let mut context = Context::new();
    if let Some(folder) = option(words, "state-dir", "RUNSHEET_STATE_DIR") {
        context = context.state_folder(folder);
    }
    if let Some(file) = option(words, "settings", "RUNSHEET_SETTINGS") {
        context = context.settings(file);
    }
    if let Some(folder) = option(words, "providers", "RUNSHEET_PROVIDERS") {
        context = context.providers(folder);
    }
    if let Some(folder) = option(words, "confine", "RUNSHEET_CONFINE") {
        context = context.confine(folder);
    }
    context
}

fn option(words: &[String], name: &str, variable: &str) -> Option<PathBuf> {
    let (apart, joined) = (format!("--{name}"), format!("--{name}="));
    let after =
        words.iter().zip(words.iter().skip(1)).find(|(word, _)| **word == apart).map(|(_, value)| value.as_str());
    let typed = after.or_else(|| words.iter().find_map(|word| word.strip_prefix(&joined)));
    typed.filter(|value| !value.is_empty()).map(PathBuf::from).or_else(|| std::env::var_os(variable).map(PathBuf::from))
}

/// The folder of the first word that names a file, which is the playbook; the current folder where none does.
fn folder(words: &[String]) -> PathBuf {
    let playbook = words.iter().map(Path::new).find(|path| path.extension().is_some() && path.is_file());
    playbook.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default()
}

/// Whether a shell reads a word as nothing but a word. Names come from files that others may have written.
fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_.:/=,@%+*".contains(c))
}

/// The first line of a help.
fn text(help: Option<&clap::builder::StyledStr>) -> String {
    help.map(ToString::to_string).unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}
