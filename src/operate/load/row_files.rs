//! Opens the row files of a run: those that the playbook names, or those of `--rows`; `-` is standard input.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use super::rows_of_run::{RunRowsPurpose, open_run_rows};
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean_inline, near_miss, shell_word};
use crate::operate::files::{Root, nearby};
use crate::operate::interface::{Context, GivenRows, Refusal, RowsFrom};
use crate::playbook::{Playbook, RowsDecl, Spanned};
use crate::rows::Input;

/// The open files of the rows and the lists of a run.
pub(crate) struct RowFiles {
    /// The rows.
    pub(crate) rows: Input,
    /// The lists, by name.
    pub(crate) lists: HashMap<String, Input>,
}

/// Opens the row files; `None` where a file that the playbook names cannot be opened, with the reasons in `diagnostics`.
///
/// # Errors
/// [`Refusal::Usage`] where the request names rows that cannot be opened or fit nothing; the errors of [`open_run_rows`] for
/// rows of another run.
pub(crate) fn open_given(
    playbook: &Playbook,
    (folder, root): (&Path, &Root),
    given: &[GivenRows],
    context: &Context,
    diagnostics: &mut Diagnostics,
) -> Result<Option<RowFiles>, Refusal> {
    let Some(decl) = &playbook.rows else {
        return match given.first() {
            Some(_) => Err(Refusal::Usage("the playbook has no `rows`, so `--rows` has nothing to replace".to_owned())),
            None => Ok(None),
        };
    };
    let chosen = assign_row_files(decl, given)?;
    let mut opener = Opener { playbook, folder, root, context, diagnostics, stdin: false };
    let rows = match (chosen.get(&None), &decl.from) {
        (Some(given), _) => Some(opener.given(given, Some(decl))?),
        (None, Some(from)) => opener.of_playbook(from, (None, Some(decl)))?,
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
            (Some(given), _) => Some(opener.given(given, None)?),
            (None, Some(from)) => opener.of_playbook(from, (Some(&list.name), None))?,
            // The row reader reports the missing file.
            (None, None) => None,
        };
        lists.extend(input.map(|input| (list.name.clone(), input)));
    }
    let complete = decl.lists.iter().all(|list| list.from.is_none() || lists.contains_key(&list.name));
    Ok(rows.filter(|_| complete).map(|rows| RowFiles { rows, lists }))
}

/// Assigns the files of `--rows` to the rows (key `None`) and to the lists (key: name).
///
/// # Errors
/// [`Refusal::Usage`] for a list that the playbook does not have, a list from a run, or two files for one list.
pub(crate) fn assign_row_files<'g>(
    decl: &RowsDecl,
    given: &'g [GivenRows],
) -> Result<HashMap<Option<&'g str>, &'g RowsFrom>, Refusal> {
    let mut chosen = HashMap::new();
    for file in given {
        let list = file.list.as_deref();
        if let Some(name) = list
            && !decl.lists.iter().any(|list| list.name == name)
        {
            let known: Vec<&str> = decl.lists.iter().map(|list| list.name.as_str()).collect();
            let hint = match near_miss(name, known.iter().copied()) {
                Some(near) => did_you_mean_inline(name, near),
                None if known.is_empty() => format!("for a file of that name write `./{name}=…`"),
                None => format!("its lists are `{}`", known.join("`, `")),
            };
            return Err(Refusal::Usage(format!("the playbook has no list `{name}`; {hint}")));
        }
        if let (Some(name), RowsFrom::Run(_)) = (list, &file.from) {
            let help = "a list's rows come from a file: name one of the run's row files";
            return Err(Refusal::Usage(format!("`--rows {name}={}`: {help}", file.from.word())));
        }
        if chosen.insert(list, &file.from).is_some() {
            let what = list.map_or_else(|| "the rows".to_owned(), |name| format!("the list `{name}`"));
            return Err(Refusal::Usage(format!("`--rows` names two files for {what}")));
        }
    }
    Ok(chosen)
}

/// Opens row files, and remembers whether standard input was used.
struct Opener<'a> {
    playbook: &'a Playbook,
    folder: &'a Path,
    root: &'a Root,
    context: &'a Context,
    diagnostics: &'a mut Diagnostics,
    stdin: bool,
}

impl Opener<'_> {
    /// Opens rows that the request gives; `decl` is `None` for a list, which cannot come from a run.
    fn given(&mut self, from: &RowsFrom, decl: Option<&RowsDecl>) -> Result<Input, Refusal> {
        match (from, decl) {
            (RowsFrom::StandardInput, _) => self.stdin(),
            (RowsFrom::Run(run), Some(decl)) => self.run(run, decl),
            (RowsFrom::Run(run), None) => Err(Refusal::Usage(format!("the run `{run}` cannot be taken for a list"))),
            (RowsFrom::Memory { name, bytes }, _) => Ok(in_memory(name, bytes)),
            (RowsFrom::File(path), _) => {
                let file = open_file(path).map_err(|why| {
                    let near = if path.exists() { String::new() } else { nearby(path) };
                    Refusal::Usage(format!("cannot read the rows {}: {why}{near}", path.display()))
                })?;
                Ok(Input::new(path.display().to_string(), file))
            }
        }
    }

    /// Opens rows that the playbook names, for the rows themselves or for a list. Files lie beside the playbook, inside the
    /// root.
    fn of_playbook(
        &mut self,
        from: &Spanned<String>,
        (list, decl): (Option<&str>, Option<&RowsDecl>),
    ) -> Result<Option<Input>, Refusal> {
        match (RowsFrom::of_word(&from.value), decl) {
            (RowsFrom::StandardInput, _) => return self.stdin().map(Some),
            (RowsFrom::Run(run), Some(decl)) => return self.run(&run, decl).map(Some),
            (RowsFrom::Run(_) | RowsFrom::File(_) | RowsFrom::Memory { .. }, _) => {}
        }
        let path: PathBuf = self.folder.join(&from.value);
        match self.root.open(&path) {
            Ok(file) => Ok(Some(Input::new(path.display().to_string(), file))),
            Err(wrong) => {
                let place = self.playbook.source.place(from.span);
                let rows = list
                    .map_or_else(|| "`--rows FILE`".to_owned(), |list| format!("`--rows {}=FILE`", shell_word(list)));
                self.diagnostics.push(wrong.diagnostic("row file", &path, "missing-rows", &rows).at(place, ""));
                Ok(None)
            }
        }
    }

    fn run(&mut self, run: &str, decl: &RowsDecl) -> Result<Input, Refusal> {
        open_run_rows(run, decl, RunRowsPurpose::NewRun, self.context.state()?, self.diagnostics)
    }

    fn stdin(&mut self) -> Result<Input, Refusal> {
        if std::mem::replace(&mut self.stdin, true) {
            return Err(Refusal::Usage("standard input can be read once only: two files are `-`".to_owned()));
        }
        Ok(Input::new("standard input", io::stdin()))
    }
}

/// Wraps a row file that is held in memory.
pub(crate) fn in_memory(name: &str, bytes: &[u8]) -> Input {
    Input::new(name, Cursor::new(bytes.to_vec()))
}

/// Opens a file for reading.
///
/// # Errors
/// Why it cannot be read, as the end of a message; a folder cannot.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::playbook;

    fn decl() -> RowsDecl {
        let text = "version: 1\nname: n\nrows:\n  from: a.csv\n  key: id\n  lists:\n    customers: { from: c.csv, match: id }\n\
                    steps:\n  - { id: s, uses: http.request, with: { path: /x } }\n";
        let mut diagnostics = Diagnostics::new();
        let playbook = playbook::read(&Source::new("p.yaml", text), &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{}", diagnostics.render(false, 100));
        playbook.unwrap().rows.unwrap()
    }

    fn given(list: Option<&str>, word: &str) -> GivenRows {
        GivenRows { list: list.map(str::to_owned), from: RowsFrom::of_word(word) }
    }

    fn refused(given: &[GivenRows]) -> String {
        assign_row_files(&decl(), given).unwrap_err().to_string()
    }

    #[test]
    fn each_file_is_assigned_to_the_rows_or_to_its_list() {
        let files = [given(None, "r.csv"), given(Some("customers"), "-")];
        let decl = decl();
        let assigned = assign_row_files(&decl, &files).unwrap();
        assert_eq!(assigned.get(&None), Some(&&RowsFrom::File("r.csv".into())));
        assert_eq!(assigned.get(&Some("customers")), Some(&&RowsFrom::StandardInput));
    }

    #[test]
    fn two_files_for_the_same_rows_are_refused() {
        assert!(refused(&[given(None, "a.csv"), given(None, "b.csv")]).contains("two files for the rows"));
        let twice = [given(Some("customers"), "a.csv"), given(Some("customers"), "b.csv")];
        assert!(refused(&twice).contains("two files for the list `customers`"));
    }

    #[test]
    fn an_unknown_list_is_refused_with_a_near_name() {
        let message = refused(&[given(Some("custommers"), "a.csv")]);
        assert!(message.contains("no list `custommers`") && message.contains("`customers`"), "{message}");
    }

    #[test]
    fn a_list_cannot_come_from_a_run() {
        assert!(refused(&[given(Some("customers"), "run:latest")]).contains("come from a file"));
    }
}
