//! Writes the row files of a run: every row's own bytes, followed by its results. Files are written beside their
//! final names and then renamed.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::row_lines::RowLines;
use super::row_record::RowRecord;
use crate::model::{RowOutcome, RunId, words};
use crate::rows::{Dialect, is_row_file};

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

/// The row files while they are being written. [`ResultFiles::finish`] gives them their final names; if dropped
/// earlier, they are deleted.
pub struct ResultFiles {
    folder: PathBuf,
    run_id: RunId,
    lines: RowLines,
    results: Beside,
    by_outcome: [Option<Beside>; OutcomeFile::ALL.len()],
}

impl ResultFiles {
    /// Creates the file of all rows under a temporary name in `folder`, which is created if it is missing.
    ///
    /// # Errors
    /// [`io::Error`] if the folder or the file cannot be created or written.
    pub fn create(folder: &Path, dialect: &Dialect, result_columns: &[String], run_id: &RunId) -> io::Result<Self> {
        create_folder(folder)?;
        let lines = RowLines::new(dialect, result_columns, run_id);
        Ok(Self {
            results: Beside::create(folder, &named(RESULTS, dialect), run_id, &lines.header())?,
            folder: folder.to_owned(),
            run_id: run_id.clone(),
            lines,
            by_outcome: Default::default(),
        })
    }

    /// Writes a row to the file of all rows and to the file of its outcome. The caller passes rows in the input's
    /// order.
    ///
    /// # Errors
    /// [`io::Error`] if a file cannot be created or written.
    pub fn write(&mut self, row: &RowRecord) -> io::Result<()> {
        let own = file_of(row.outcome);
        let slot = own as usize;
        if self.by_outcome[slot].is_none() {
            let name = named(own.as_str(), self.lines.dialect());
            let header = self.lines.header();
            self.by_outcome[slot] = Some(Beside::create(&self.folder, &name, &self.run_id, &header)?);
        }
        let line = self.lines.line(row);
        self.results.file.write_all(line)?;
        match &mut self.by_outcome[slot] {
            Some(beside) => beside.file.write_all(line),
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
}

/// The name of a row file, such as `failed.csv`.
fn named(name: &str, dialect: &Dialect) -> String {
    format!("{name}.{}", dialect.extension())
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

/// The row files of this dialect in a folder that a run wrote, the file of all rows first.
#[must_use]
pub fn row_files_of_run(folder: &Path, dialect: &Dialect) -> Vec<PathBuf> {
    row_files(folder, &[dialect.extension()]).filter(|path| Found::at(path) == Found::OfARun).collect()
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
