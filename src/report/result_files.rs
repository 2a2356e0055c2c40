//! Writes the row files of a run: every row's own bytes, followed by its results. Files are written beside their
//! final names and then renamed.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::csv_cell::{push_cell, result_text, talk};
use super::json_line::push_row;
use super::row_record::RowRecord;
use crate::model::{Map, RowOutcome, RunId, Value, words};
use crate::rows::{Dialect, ResultColumn, RowFormat, is_row_file};

/// The name of the file with all rows, without its extension. Each other file holds the rows of one kind of outcome.
const RESULTS: &str = "results";

words! {
    /// The files with the rows of one kind of outcome; the names have no extension.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum OutcomeFile {
        Succeeded = "succeeded",
        Failed = "failed",
        Partial = "partial",
        Unknown = "unknown",
        NotStarted = "not_started",
        Skipped = "skipped",
    }
}

/// The possible extensions of row files, by dialect.
const EXTENSIONS: [&str; 3] = ["csv", "tsv", "jsonl"];

/// The size of a file's write buffer, in bytes.
const BUFFER: usize = 64 * 1024;

/// A usual upper size of our part of a line, in bytes.
const OUR_LENGTH: usize = 128;

/// The row files while they are being written. [`ResultFiles::finish`] gives them their final names; if dropped
/// earlier, they are deleted.
pub struct ResultFiles {
    folder: PathBuf,
    dialect: Dialect,
    columns: Vec<String>,
    run_id: RunId,
    results: Beside,
    by_outcome: [Option<Beside>; OutcomeFile::ALL.len()],
    line: Vec<u8>,
}

impl ResultFiles {
    /// Creates the file of all rows under a temporary name in `folder`, which is created if it is missing.
    ///
    /// # Errors
    /// [`io::Error`] if the folder or the file cannot be created or written.
    pub fn create(folder: &Path, dialect: &Dialect, result_columns: &[String], run_id: &RunId) -> io::Result<Self> {
        create_folder(folder)?;
        let header = header_line(dialect, result_columns);
        Ok(Self {
            results: Beside::create(folder, &named(RESULTS, dialect), run_id, &header)?,
            folder: folder.to_owned(),
            dialect: dialect.clone(),
            columns: result_columns.to_vec(),
            run_id: run_id.clone(),
            by_outcome: Default::default(),
            line: Vec::new(),
        })
    }

    /// Writes a row to the file of all rows and to the file of its outcome. The caller passes rows in the input's
    /// order.
    ///
    /// # Errors
    /// [`io::Error`] if a file cannot be created or written.
    pub fn write(&mut self, row: &RowRecord) -> io::Result<()> {
        self.render(row);
        self.results.file.write_all(&self.line)?;
        let own = file_of(row.outcome);
        let slot = own as usize;
        if self.by_outcome[slot].is_none() {
            let header = header_line(&self.dialect, &self.columns);
            self.by_outcome[slot] = {
                let name = named(own.as_str(), &self.dialect);
                Some(Beside::create(&self.folder, &name, &self.run_id, &header)?)
            };
        }
        match &mut self.by_outcome[slot] {
            Some(beside) => beside.file.write_all(&self.line),
            None => Ok(()),
        }
    }

    /// Renames the files to their final names and removes row files of other runs and of an earlier finish of this
    /// run. Returns the files, the file of all rows first.
    ///
    /// # Errors
    /// [`io::Error`] if a file cannot be written or renamed; of kind `AlreadyExists` if a file that no run wrote has
    /// one of the names. That file stays.
    pub fn finish(self) -> io::Result<Vec<PathBuf>> {
        let kept = self.by_outcome.into_iter().flatten();
        let files = std::iter::once(self.results).chain(kept).map(Beside::keep).collect::<io::Result<Vec<_>>>()?;
        for path in row_files(&self.folder, &EXTENSIONS) {
            if !files.contains(&path) && Found::at(&path) == Found::OfARun {
                fs::remove_file(path)?;
            }
        }
        sync_folder(&self.folder);
        Ok(files)
    }

    fn render(&mut self, row: &RowRecord) {
        self.line.clear();
        match self.dialect.format {
            RowFormat::Csv => self.render_cells(row),
            RowFormat::JsonLines => self.render_members(row),
        }
    }

    fn render_cells(&mut self, row: &RowRecord) {
        self.render_own(&row.raw);
        let ours = ResultColumn::ALL.into_iter().map(|column| ColumnValue::of(column, &self.run_id, row).into_text());
        let results = self.columns.iter().map(|column| {
            let value = row.results.iter().find(|(name, _)| name == column).map(|(_, value)| result_text(value));
            Cow::Owned(value.unwrap_or_default())
        });
        let ours = our_cells(&self.dialect, ours.chain(results));
        self.line.extend_from_slice(&self.dialect.encoding.encode(&ours));
    }

    /// Writes the row's own bytes. Its result columns of earlier runs are written like ours.
    fn render_own(&mut self, raw: &[u8]) {
        let Some((own, taken)) = self.dialect.taken_cells(raw) else {
            return self.line.extend_from_slice(&self.dialect.escaped_row(raw));
        };
        let mut cells = String::new();
        for text in taken {
            cells.push(self.dialect.delimiter);
            push_cell(&mut cells, &text, &self.dialect);
        }
        self.line.extend_from_slice(&self.dialect.escaped_row(&raw[..own]));
        self.line.extend_from_slice(&self.dialect.encoding.encode(&cells));
    }

    fn render_members(&mut self, row: &RowRecord) {
        let value = |column: ResultColumn| ColumnValue::of(column, &self.run_id, row).into_json();
        let mut ours: Map =
            ResultColumn::ALL.into_iter().map(|column| (column.as_str().to_owned(), value(column))).collect();
        for column in &self.columns {
            let value = row.results.iter().find(|(name, _)| name == column).map(|(_, value)| value.clone());
            ours.insert(column.clone(), value.unwrap_or_default());
        }
        push_row(&mut self.line, &row.raw, &ours, &self.dialect);
    }
}

/// A value of a result column.
enum ColumnValue<'r> {
    Text(&'r str),
    /// A message of the vendor or of runsheet.
    Told(&'r str),
    Number(u64),
    Absent,
}

impl<'r> ColumnValue<'r> {
    fn of(column: ResultColumn, run_id: &'r RunId, row: &'r RowRecord) -> Self {
        let text = |text: &'r Option<String>| text.as_deref().map_or(Self::Absent, Self::Text);
        let told = |text: &'r Option<String>| text.as_deref().map_or(Self::Absent, Self::Told);
        match column {
            ResultColumn::Run => Self::Text(run_id.as_str()),
            ResultColumn::Outcome => Self::Text(row.outcome.as_str()),
            ResultColumn::Step => text(&row.step),
            ResultColumn::Code => told(&row.code),
            ResultColumn::Message => told(&row.message),
            ResultColumn::RequestId => told(&row.request_id),
            ResultColumn::Attempts => Self::Number(row.attempts),
        }
    }

    fn into_text(self) -> Cow<'r, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Told(text) => talk(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Absent => Cow::Borrowed(""),
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Text(text) | Self::Told(text) => text.into(),
            Self::Number(number) => number.into(),
            Self::Absent => Value::Null,
        }
    }
}

/// Our part of a line, with its line end.
fn our_cells<'c>(dialect: &Dialect, texts: impl Iterator<Item = Cow<'c, str>>) -> String {
    let mut cells = String::with_capacity(OUR_LENGTH);
    for (index, text) in texts.enumerate() {
        // A delimiter goes before every cell, except at the very start of a line.
        if index > 0 || dialect.columns > 0 {
            cells.push(dialect.delimiter);
        }
        push_cell(&mut cells, &text, dialect);
    }
    cells.push_str(dialect.line_end.as_str());
    cells
}

/// The name of a row file, such as `failed.csv`.
fn named(name: &str, dialect: &Dialect) -> String {
    format!("{name}.{}", dialect.extension())
}

/// The first line of a row file; empty for formats without a header.
fn header_line(dialect: &Dialect, result_columns: &[String]) -> Vec<u8> {
    let mut line = Vec::new();
    if dialect.bom {
        line.extend_from_slice(&dialect.encoding.encode("\u{feff}"));
    }
    if dialect.format == RowFormat::JsonLines {
        return line;
    }
    line.extend_from_slice(&dialect.escaped_header());
    let ours = ResultColumn::WORDS.into_iter().chain(result_columns.iter().map(String::as_str));
    line.extend_from_slice(&dialect.encoding.encode(&our_cells(dialect, ours.map(Cow::Borrowed))));
    line
}

/// The file for the rows with an outcome.
fn file_of(outcome: RowOutcome) -> OutcomeFile {
    match outcome {
        RowOutcome::Succeeded | RowOutcome::Unchanged => OutcomeFile::Succeeded,
        RowOutcome::Failed => OutcomeFile::Failed,
        RowOutcome::Partial => OutcomeFile::Partial,
        RowOutcome::Unknown => OutcomeFile::Unknown,
        RowOutcome::NotStarted => OutcomeFile::NotStarted,
        RowOutcome::Skipped => OutcomeFile::Skipped,
    }
}

/// The files in a folder that no run wrote and that have the name of a row file of this dialect. A run would not
/// replace them.
#[must_use]
pub fn files_in_the_way(folder: &Path, dialect: &Dialect) -> Vec<PathBuf> {
    row_files(folder, &[dialect.extension()]).filter(|path| Found::at(path) == Found::Other).collect()
}

/// The possible paths of row files in a folder.
fn row_files<'f>(folder: &'f Path, extensions: &'f [&str]) -> impl Iterator<Item = PathBuf> + 'f {
    let names = std::iter::once(RESULTS).chain(OutcomeFile::WORDS);
    names.flat_map(move |name| extensions.iter().map(move |extension| folder.join(format!("{name}.{extension}"))))
}

/// What exists at the path of a row file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A row file of any run.
    OfARun,
    /// Anything else. It is never changed.
    Other,
}

impl Found {
    fn at(path: &Path) -> Self {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::Nothing,
            // Opening something other than a regular file, such as a pipe, may block.
            Ok(about) if about.is_file() && File::open(path).and_then(is_row_file).is_ok_and(|ours| ours) => {
                Self::OfARun
            }
            Ok(_) | Err(_) => Self::Other,
        }
    }
}

/// A file under a temporary name, readable by its owner only.
struct Beside {
    file: BufWriter<File>,
    beside: PathBuf,
    path: PathBuf,
    kept: bool,
}

impl Beside {
    fn create(folder: &Path, name: &str, run_id: &RunId, header: &[u8]) -> io::Result<Self> {
        let beside = folder.join(format!(".{name}.{run_id}.part"));
        if let Err(error) = fs::remove_file(&beside)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let file = owner_only().open(&beside)?;
        let mut this =
            Self { file: BufWriter::with_capacity(BUFFER, file), beside, path: folder.join(name), kept: false };
        this.file.write_all(header)?;
        Ok(this)
    }

    fn keep(mut self) -> io::Result<PathBuf> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        if Found::at(&self.path) == Found::Other {
            let message =
                format!("`{}` was not written by runsheet and is left as it is: move it away", self.path.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        fs::rename(&self.beside, &self.path)?;
        self.kept = true;
        Ok(self.path.clone())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing can be done about a leftover here; the next run of the same name replaces it.
            let _ = fs::remove_file(&self.beside);
        }
    }
}

fn owner_only() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    restrict(folder)
}

fn restrict(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// Makes the renames durable if the system can sync a folder.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
