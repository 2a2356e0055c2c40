//! The row files that a playbook reads, so that each can be read more than once.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use crate::cli::failure::Failure;
use crate::cli::options::RowsFile;
use crate::cli::row_files::{choose, open_file};
use crate::cli::run_rows::run_of;
use crate::playbook::RowsDecl;
use crate::rows::{FileKind, Input};

/// A row file that is to be repaired.
#[derive(Debug)]
pub(super) struct Source {
    /// The list that it is; none for the rows themselves.
    pub(super) list: Option<String>,
    /// Its name, for people.
    pub(super) name: String,
    path: PathBuf,
    /// What standard input held, where it is that.
    spooled: Option<NamedTempFile>,
}

impl Source {
    /// The files of a playbook's rows and lists; none where one is missing, which the check tells.
    ///
    /// # Errors
    /// What `--rows` asks for and cannot be, and what is no file.
    pub(super) fn all(decl: &RowsDecl, folder: &Path, given: &[RowsFile]) -> Result<Option<Vec<Self>>, Failure> {
        let chosen = choose(decl, given)?;
        let lists = decl.lists.iter().map(|list| (Some(list.name.as_str()), &list.from));
        let mut sources: Vec<Self> = Vec::new();
        for (list, from) in std::iter::once((None, &decl.from)).chain(lists) {
            let path = match (chosen.get(&list), from) {
                (Some(path), _) => path.to_path_buf(),
                (None, Some(from)) if from.value == "-" || run_of(&from.value).is_some() => from.value.clone().into(),
                (None, Some(from)) => folder.join(&from.value),
                (None, None) => return Ok(None),
            };
            if path.to_str().and_then(run_of).is_some() {
                let message = "the rows of another run are what that run has frozen: `--fix` repairs files".to_owned();
                return Err(Failure::Usage(message));
            }
            let standard = path == Path::new("-");
            if standard && sources.iter().any(|source| source.spooled.is_some()) {
                return Err(Failure::Usage("standard input can be read once only: two files are `-`".to_owned()));
            }
            if !standard && open_file(&path).is_err() {
                return Ok(None);
            }
            sources.push(Self::new(list.map(str::to_owned), path, standard)?);
        }
        Ok(Some(sources))
    }

    fn new(list: Option<String>, path: PathBuf, standard: bool) -> Result<Self, Failure> {
        if !standard {
            return Ok(Self { list, name: path.display().to_string(), path, spooled: None });
        }
        let mut spool = NamedTempFile::new().context("a scratch file")?;
        io::copy(&mut io::stdin(), &mut spool).context("standard input")?;
        let path = spool.path().to_path_buf();
        Ok(Self { list, name: "standard input".to_owned(), path, spooled: Some(spool) })
    }

    /// Whether it is standard input.
    pub(super) fn is_standard(&self) -> bool {
        self.spooled.is_some()
    }

    /// The file from its beginning.
    pub(super) fn input(&self) -> Result<Input, Failure> {
        let file = fs::File::open(&self.path).with_context(|| self.name.clone())?;
        Ok(Input::new(self.name.clone(), file))
    }

    /// What kind of file it is.
    pub(super) fn kind(&self) -> Result<FileKind, Failure> {
        let mut head = Vec::new();
        let file = fs::File::open(&self.path).with_context(|| self.name.clone())?;
        file.take(64).read_to_end(&mut head).with_context(|| self.name.clone())?;
        Ok(FileKind::of(&self.name, &head))
    }

    /// The name that it has in a folder of repaired files.
    pub(super) fn file_name(&self) -> Result<PathBuf, Failure> {
        let kind = self.kind()?;
        let extension = written(kind).extension();
        if self.is_standard() {
            let name = self.list.clone().unwrap_or_else(|| "rows".to_owned());
            return Ok(PathBuf::from(name).with_extension(extension));
        }
        let name = PathBuf::from(self.path.file_name().unwrap_or_default());
        Ok(if kind == FileKind::Workbook { name.with_extension(extension) } else { name })
    }
}

/// The kind of file that a repaired one is: a workbook's rows are written as CSV, as all row files of them are.
pub(super) fn written(kind: FileKind) -> FileKind {
    if kind == FileKind::Workbook { FileKind::Csv } else { kind }
}
