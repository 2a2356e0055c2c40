//! The row files of a run: the playbook's own, beside it, or those of `--rows`; `-` is standard input.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::args::Common;
use super::failure::Failure;
use super::near_files::nearby;
use super::options::RowsFile;
use super::run_rows::{self, TakenFor, run_of};
use super::state;
use crate::diagnostic::{Diagnostic, Diagnostics, near_miss};
use crate::playbook::{Playbook, RowsDecl, Spanned};
use crate::rows::Input;

/// The files of a run's rows and lists, opened.
pub(crate) struct RowFiles {
    /// The rows.
    pub(crate) rows: Input,
    /// The lists, by name.
    pub(crate) lists: HashMap<String, Input>,
}

/// Opens the row files; `None` where one that the playbook names cannot be opened, with the reasons in `diagnostics`.
///
/// # Errors
/// What `--rows` names and does not exist.
pub(crate) fn open(
    playbook: &Playbook,
    folder: &Path,
    given: &[RowsFile],
    common: &Common,
    diagnostics: &mut Diagnostics,
) -> Result<Option<RowFiles>, Failure> {
    let Some(decl) = &playbook.rows else {
        return match given.first() {
            Some(_) => Err(Failure::Usage("the playbook has no `rows`, so `--rows` has nothing to replace".to_owned())),
            None => Ok(None),
        };
    };
    let chosen = choose(decl, given)?;
    let mut opener = Opener { playbook, folder, diagnostics, stdin: false };
    let from = decl.from.as_ref().map(|from| from.value.as_str());
    let run = chosen.get(&None).map_or(from, |file| file.to_str()).and_then(run_of);
    let rows = match (chosen.get(&None), &decl.from) {
        _ if run.is_some() => {
            let (run, state) = (run.unwrap_or_default(), state::folder(common)?);
            Some(run_rows::open(run, decl, TakenFor::NewRun, &state, opener.diagnostics)?)
        }
        (Some(file), _) => Some(opener.named(file)?),
        (None, Some(from)) => opener.beside(from)?,
        (None, None) => {
            let message = "The playbook names no row file";
            let place = playbook.source.place(decl.span);
            let help = "Give one with `--rows FILE`, or write `from:`.";
            opener.diagnostics.push(Diagnostic::error("missing-rows", message).at(place, "").help(help));
            None
        }
    };
    let mut lists = HashMap::new();
    for list in &decl.lists {
        let input = match (chosen.get(&Some(list.name.as_str())), &list.from) {
            (Some(file), _) => Some(opener.named(file)?),
            (None, Some(from)) => opener.beside(from)?,
            // The reader of the rows says what is missing.
            (None, None) => None,
        };
        lists.extend(input.map(|input| (list.name.clone(), input)));
    }
    let complete = decl.lists.iter().all(|list| list.from.is_none() || lists.contains_key(&list.name));
    Ok(rows.filter(|_| complete).map(|rows| RowFiles { rows, lists }))
}

/// Which file stands for the rows (`None`) and for each list.
///
/// # Errors
/// A list that the playbook does not have, or two files for one.
pub(crate) fn choose<'g>(
    decl: &RowsDecl,
    given: &'g [RowsFile],
) -> Result<HashMap<Option<&'g str>, &'g Path>, Failure> {
    let mut chosen = HashMap::new();
    for file in given {
        let list = file.list.as_deref();
        if let Some(name) = list
            && !decl.lists.iter().any(|list| list.name == name)
        {
            let known: Vec<&str> = decl.lists.iter().map(|list| list.name.as_str()).collect();
            let hint = match near_miss(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => format!("for a file of that name write `./{name}=…`"),
                None => format!("its lists are `{}`", known.join("`, `")),
            };
            return Err(Failure::Usage(format!("the playbook has no list `{name}`; {hint}")));
        }
        if list.is_some() && file.file.to_str().and_then(run_of).is_some() {
            let help = "a list's rows come from a file: name one of the run's row files";
            return Err(Failure::Usage(format!(
                "`--rows {}={}`: {help}",
                list.unwrap_or_default(),
                file.file.display()
            )));
        }
        if chosen.insert(list, file.file.as_path()).is_some() {
            let what = list.map_or_else(|| "the rows".to_owned(), |name| format!("the list `{name}`"));
            return Err(Failure::Usage(format!("`--rows` names two files for {what}")));
        }
    }
    Ok(chosen)
}

struct Opener<'a> {
    playbook: &'a Playbook,
    folder: &'a Path,
    diagnostics: &'a mut Diagnostics,
    stdin: bool,
}

impl Opener<'_> {
    /// A file that the command line names, from where the command is given.
    fn named(&mut self, path: &Path) -> Result<Input, Failure> {
        if path == Path::new("-") {
            return self.stdin();
        }
        let file = open_file(path).map_err(|why| {
            let near = if path.exists() { String::new() } else { nearby(path) };
            Failure::Usage(format!("cannot read the rows {}: {why}{near}", path.display()))
        })?;
        Ok(Input::new(path.display().to_string(), file))
    }

    /// A file that the playbook names, beside it.
    fn beside(&mut self, from: &Spanned<String>) -> Result<Option<Input>, Failure> {
        if from.value == "-" {
            return self.stdin().map(Some);
        }
        let path: PathBuf = self.folder.join(&from.value);
        match open_file(&path) {
            Ok(file) => Ok(Some(Input::new(path.display().to_string(), file))),
            Err(why) => {
                let message = format!("The row file `{}` cannot be read: {why}", path.display());
                let place = self.playbook.source.place(from.span);
                let help = "Rows lie beside the playbook; `--rows FILE` takes another file.";
                self.diagnostics.push(Diagnostic::error("missing-rows", message).at(place, "").help(help));
                Ok(None)
            }
        }
    }

    fn stdin(&mut self) -> Result<Input, Failure> {
        if std::mem::replace(&mut self.stdin, true) {
            return Err(Failure::Usage("standard input can be read once only: two files are `-`".to_owned()));
        }
        Ok(Input::new("standard input", io::stdin()))
    }
}

/// Opens a file for reading; a folder is none.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn open_file(path: &Path) -> Result<File, String> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    })?;
    match file.metadata() {
        Ok(about) if about.is_dir() => Err("it is a folder".to_owned()),
        _ => Ok(file),
    }
}
