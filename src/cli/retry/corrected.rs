//! Corrected files: rows by key, lists by name, and the rows as they were under a corrected playbook.

use std::collections::HashMap;
use std::path::Path;

use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::options::RowsFile;
use crate::cli::row_files::{choose, open_file};
use crate::cli::run_rows::{self, TakenFor, run_of};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::io::journal::Reader;
use crate::playbook::{Orphans, Playbook, RowsDecl};
use crate::rows::{Input, Row, RowFile};
use crate::runner::KeptText;

use super::choice::Choice;

/// A file of corrected rows, and its rows by key.
pub(super) type CorrectedRows = (RowFile, HashMap<String, Row>);

/// The files that `--rows` names.
pub(super) struct Corrected<'a> {
    decl: Option<RowsDecl>,
    files: HashMap<Option<&'a str>, &'a Path>,
    unmask: bool,
}

impl<'a> Corrected<'a> {
    /// Finds out what the files are for.
    ///
    /// # Errors
    /// A list that the playbook does not have, or rows where it has none.
    pub(super) fn new(playbook: &'a Playbook, given: &'a [RowsFile], unmask: bool) -> Result<Self, Failure> {
        let Some(decl) = &playbook.rows else {
            return match given.first() {
                Some(_) => Err(Failure::Usage("the playbook has no `rows`, so `--rows` corrects nothing".to_owned())),
                None => Ok(Self { decl: None, files: HashMap::new(), unmask }),
            };
        };
        let files = choose(decl, given)?;
        let mut decl = decl.clone();
        // A list without a corrected file stays as it was, and one with it may hold elements of other rows.
        decl.lists.retain(|list| files.contains_key(&Some(list.name.as_str())));
        decl.lists.iter_mut().for_each(|list| list.orphans = Orphans::Ignore);
        Ok(Self { decl: Some(decl), files, unmask })
    }

    /// Whether rows are read anew although no file corrects them: their lists are other ones.
    pub(super) fn has_lists_alone(&self) -> bool {
        !self.files.is_empty() && !self.files.contains_key(&None)
    }

    /// Reads the corrected rows, with their file; mistakes go to `diagnostics`.
    ///
    /// # Errors
    /// A file that cannot be read, or a run whose rows cannot be taken.
    pub(super) fn rows(&self, state: &Path, diagnostics: &mut Diagnostics) -> Result<Option<CorrectedRows>, Failure> {
        let (Some(decl), Some(path)) = (&self.decl, self.files.get(&None)) else { return Ok(None) };
        let input = match path.to_str().and_then(run_of) {
            Some(run) => run_rows::open(run, decl, TakenFor::Correction, state, diagnostics)?,
            None => input(path)?,
        };
        let mut decl = decl.clone();
        decl.veil(&[decl.veiled.as_slice(), &input.veiled].concat());
        let Some(mut file) = RowFile::open(&decl, input, self.lists()?, self.unmask, diagnostics) else {
            return Ok(None);
        };
        let mut rows = HashMap::new();
        while let Some(row) = file.next(diagnostics) {
            rows.insert(row.key.clone(), row);
        }
        Ok(Some((file, rows)))
    }

    /// The chosen rows as they were, to be read anew under the playbook as it is now.
    ///
    /// # Errors
    /// A file that cannot be read, or the journal's trouble.
    pub(super) fn again(
        &self,
        desk: &Desk,
        choice: &Choice,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<RowFile>, Failure> {
        let Some(decl) = &self.decl else { return Ok(None) };
        let dialect = desk.frozen.dialect.clone().unwrap_or_default();
        let reader = Reader::open(&desk.folder.journal()).map_err(anyhow::Error::from)?;
        let text = KeptText::new(reader, choice.positions(), &dialect);
        let input = Input::new(format!("run {}", desk.frozen.run_id), text).written_as(dialect);
        Ok(RowFile::open(decl, input, self.lists()?, self.unmask, diagnostics))
    }

    fn lists(&self) -> Result<HashMap<String, Input>, Failure> {
        let mut lists = HashMap::new();
        for (name, path) in &self.files {
            if let Some(name) = name {
                lists.insert((*name).to_owned(), input(path)?);
            }
        }
        Ok(lists)
    }
}

fn input(path: &Path) -> Result<Input, Failure> {
    if path == Path::new("-") {
        return Ok(Input::new("standard input", std::io::stdin()));
    }
    let file =
        open_file(path).map_err(|why| Failure::Usage(format!("cannot read the rows {}: {why}", path.display())))?;
    Ok(Input::new(path.display().to_string(), file))
}

/// Reports corrected rows that the run never had, and tells how many are of rows that are not taken.
pub(super) fn check_keys(
    file: &RowFile,
    rows: &HashMap<String, Row>,
    choice: &Choice,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> usize {
    let mut unknown: Vec<&Row> =
        rows.values().filter(|row| !choice.keys.contains_key(&row.key) && !choice.others.contains(&row.key)).collect();
    unknown.sort_by_key(|row| row.position);
    for row in unknown {
        let message = format!("Row {}: the run has no row with this key", row.number);
        let help = "A retry corrects rows of its run; run new rows with `runsheet run`.";
        diagnostics
            .push(Diagnostic::error("unknown-key", message).at(file.place(row, key), "not in the run").help(help));
    }
    rows.keys().filter(|key| choice.others.contains(*key)).count()
}
