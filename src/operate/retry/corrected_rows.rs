//! The files of corrected rows and lists, and the old rows read again under a corrected playbook.

use std::collections::HashMap;
use std::path::Path;

use super::choice::ChosenRows;
use crate::diagnostic::{AboutRow, Diagnostic, Diagnostics, visual_form};
use crate::io::journal::Reader;
use crate::model::TextEncoding;
use crate::operate::interface::{GivenRows, Refusal, RowsFrom};
use crate::operate::load::{RunRowsPurpose, assign_row_files, in_memory, open_file, open_run_rows};
use crate::operate::stored_run::OpenRun;
use crate::playbook::{Orphans, Playbook, RowsDecl};
use crate::rows::{Input, Row, RowFile};
use crate::runner::EarlierRowText;

/// A file of corrected rows, and its rows by key.
pub(super) type CorrectedRows = (RowFile, HashMap<String, Row>);

/// The files that `--rows` names.
pub(super) struct CorrectedFiles<'a> {
    decl: Option<RowsDecl>,
    files: HashMap<Option<&'a str>, &'a RowsFrom>,
    /// The encoding of the rows of the run.
    encoding: TextEncoding,
    unmask: bool,
}

impl<'a> CorrectedFiles<'a> {
    /// Assigns the files to the rows and the lists of the playbook.
    ///
    /// # Errors
    /// [`Refusal::Usage`] for a list that the playbook does not have, or rows for a playbook without rows.
    pub(super) fn new(
        playbook: &'a Playbook,
        given: &'a [GivenRows],
        encoding: TextEncoding,
        unmask: bool,
    ) -> Result<Self, Refusal> {
        let Some(decl) = &playbook.rows else {
            return match given.first() {
                Some(_) => Err(Refusal::Usage("the playbook has no `rows`, so `--rows` corrects nothing".to_owned())),
                None => Ok(Self { decl: None, files: HashMap::new(), encoding, unmask }),
            };
        };
        let files = assign_row_files(decl, given)?;
        let mut decl = decl.clone();
        // A list without a corrected file stays as it was. A corrected file may hold elements of other rows.
        decl.lists.retain(|list| files.contains_key(&Some(list.name.as_str())));
        decl.lists.iter_mut().for_each(|list| list.orphans = Orphans::Ignore);
        Ok(Self { decl: Some(decl), files, encoding, unmask })
    }

    /// Whether lists are corrected and rows are not, so that the rows must be read again.
    pub(super) fn has_lists_alone(&self) -> bool {
        !self.files.is_empty() && !self.files.contains_key(&None)
    }

    /// Reads the corrected rows; `None` where no file corrects rows or it is wrong, with the mistakes in `diagnostics`.
    ///
    /// # Errors
    /// [`Refusal::Usage`] for a file that cannot be opened; the errors of [`open_run_rows`] for rows of another run.
    pub(super) fn rows(&self, state: &Path, diagnostics: &mut Diagnostics) -> Result<Option<CorrectedRows>, Refusal> {
        let (Some(decl), Some(from)) = (&self.decl, self.files.get(&None)) else { return Ok(None) };
        let input = match from {
            RowsFrom::Run(run) => open_run_rows(run, decl, RunRowsPurpose::Correction, state, diagnostics)?,
            RowsFrom::File(_) | RowsFrom::StandardInput | RowsFrom::Memory { .. } => {
                input(from)?.with_fallback_encoding(self.encoding)
            }
        };
        let mut decl = decl.clone();
        decl.redact(&[decl.redacted.as_slice(), &input.redacted].concat());
        let Some(mut file) = RowFile::open(&decl, input, self.lists()?, self.unmask, diagnostics) else {
            return Ok(None);
        };
        let mut rows = HashMap::new();
        while let Some(row) = file.next(diagnostics) {
            rows.insert(row.key.clone(), row);
        }
        Ok(Some((file, rows)))
    }

    /// Opens the chosen rows with their old cells, to be read under the current playbook; `None` for a playbook without rows,
    /// or where a file is wrong, with the mistakes in `diagnostics`.
    ///
    /// # Errors
    /// [`Refusal::Usage`] for a file that cannot be opened; [`Refusal::Broken`] where the journal cannot be read.
    pub(super) fn old_rows(
        &self,
        run: &OpenRun,
        choice: &ChosenRows,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<RowFile>, Refusal> {
        let Some(decl) = &self.decl else { return Ok(None) };
        let dialect = run.frozen.dialect.clone().unwrap_or_default();
        let reader = Reader::open(&run.folder.journal())?;
        let text = EarlierRowText::new(reader, choice.positions(), &dialect);
        let input = Input::new(format!("run {}", run.frozen.run_id), text).written_as(dialect);
        Ok(RowFile::open(decl, input, self.lists()?, self.unmask, diagnostics))
    }

    fn lists(&self) -> Result<HashMap<String, Input>, Refusal> {
        let mut lists = HashMap::new();
        for (name, from) in &self.files {
            if let Some(name) = name {
                lists.insert((*name).to_owned(), input(from)?);
            }
        }
        Ok(lists)
    }
}

fn input(from: &RowsFrom) -> Result<Input, Refusal> {
    match from {
        RowsFrom::StandardInput => Ok(Input::new("standard input", std::io::stdin())),
        RowsFrom::Memory { name, bytes } => Ok(in_memory(name, bytes)),
        RowsFrom::File(path) => match open_file(path) {
            Ok(file) => Ok(Input::new(path.display().to_string(), file)),
            Err(why) => Err(Refusal::Usage(format!("cannot read the rows {}: {why}", path.display()))),
        },
        RowsFrom::Run(run) => Err(Refusal::Usage(format!("the run `{run}` cannot be taken for a list"))),
    }
}

/// Reports corrected rows that the run does not have, and a file without rows.
pub(super) fn check_rows(
    file: &RowFile,
    rows: &HashMap<String, Row>,
    choice: &ChosenRows,
    key: &str,
    diagnostics: &mut Diagnostics,
) {
    // Rows with mistakes are missing here too; their mistakes are reported already.
    if rows.is_empty() && !diagnostics.has_errors() {
        let message = format!("`{}` holds no rows, so nothing would be retried", file.name());
        let help = "Keep the rows in it that are to be retried, and its header.";
        diagnostics.push(Diagnostic::error("missing-rows", message).help(help));
    }
    let mut unknown: Vec<&Row> = rows.values().filter(|row| !choice.known.contains(&row.key)).collect();
    unknown.sort_by_key(|row| row.position);
    for row in unknown {
        let message = format!("Row {}: the run has no row with this key", row.number);
        let help = if choice.alike.contains(visual_form(&row.key).as_ref()) {
            "It has one that looks the same and is another: copy the key from the run's own row file."
        } else {
            "A retry corrects rows of its run; run new rows with `runsheet run`."
        };
        let about = AboutRow { number: row.number, key: None, file: file.name().to_owned() };
        let unknown = Diagnostic::error("unknown-key", message).about(key).of_row(about);
        diagnostics.push(unknown.at(file.place(row, key), "not in the run").help(help));
    }
}
