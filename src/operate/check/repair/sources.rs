//! The row files of a playbook, in a form that can be read more than once.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::operate::files::Root;
use crate::operate::interface::{GivenRows, OrRefuse, Refusal, RowsFrom};
use crate::operate::load::{assign_row_files, open_file};
use crate::playbook::RowsDecl;
use crate::rows::{FileKind, Input};

/// The name of standard input in messages.
const STANDARD_INPUT: &str = "standard input";

/// A row file to repair.
#[derive(Debug)]
pub(super) struct Source {
    /// The list that it holds; `None` for the rows themselves.
    pub(super) list: Option<String>,
    /// Its name, for people.
    pub(super) name: String,
    path: PathBuf,
    /// The copy of standard input or of rows in memory; `None` for a file.
    spooled: Option<NamedTempFile>,
}

impl Source {
    /// Opens the files of the rows and lists of a playbook; `None` where one is missing, which the check reports.
    ///
    /// # Errors
    /// [`Refusal::Usage`] for rows that are no file or fit nothing; [`Refusal::Broken`] where a copy cannot be written.
    pub(super) fn all(
        decl: &RowsDecl,
        (folder, root): (&Path, &Root),
        given: &[GivenRows],
    ) -> Result<Option<Vec<Self>>, Refusal> {
        let chosen = assign_row_files(decl, given)?;
        let lists = decl.lists.iter().map(|list| (Some(list.name.as_str()), &list.from));
        let mut sources: Vec<Self> = Vec::new();
        for (list, written) in std::iter::once((None, &decl.from)).chain(lists) {
            let from = match (chosen.get(&list), written) {
                (Some(given), _) => (*given).clone(),
                (None, Some(written)) => match RowsFrom::of_word(&written.value) {
                    RowsFrom::File(path) => {
                        // A file outside the root is not read; the check reports it.
                        let path = folder.join(path);
                        if root.find(&path).is_err() {
                            return Ok(None);
                        }
                        RowsFrom::File(path)
                    }
                    other @ (RowsFrom::StandardInput | RowsFrom::Run(_) | RowsFrom::Memory { .. }) => other,
                },
                (None, None) => return Ok(None),
            };
            let list = list.map(str::to_owned);
            sources.push(match from {
                RowsFrom::Run(_) => {
                    let message = "the rows of another run are what that run has frozen: `--fix` repairs files";
                    return Err(Refusal::Usage(message.to_owned()));
                }
                RowsFrom::StandardInput if sources.iter().any(|source| source.is_standard()) => {
                    let message = "standard input can be read once only: two files are `-`";
                    return Err(Refusal::Usage(message.to_owned()));
                }
                RowsFrom::StandardInput => Self::spooled(list, STANDARD_INPUT, &mut io::stdin())?,
                RowsFrom::Memory { name, bytes } => Self::spooled(list, &name, &mut bytes.as_slice())?,
                RowsFrom::File(path) if open_file(&path).is_err() => return Ok(None),
                RowsFrom::File(path) => Self { list, name: path.display().to_string(), path, spooled: None },
            });
        }
        Ok(Some(sources))
    }

    /// Copies rows that can be read only once to a scratch file.
    fn spooled(list: Option<String>, name: &str, read: &mut dyn Read) -> Result<Self, Refusal> {
        let mut spool = NamedTempFile::new().or_refuse("a scratch file")?;
        io::copy(read, &mut spool).or_refuse(name)?;
        let path = spool.path().to_path_buf();
        Ok(Self { list, name: name.to_owned(), path, spooled: Some(spool) })
    }

    /// Whether it is standard input.
    pub(super) fn is_standard(&self) -> bool {
        self.spooled.is_some() && self.name == STANDARD_INPUT
    }

    /// Opens the file from its start.
    pub(super) fn input(&self) -> Result<Input, Refusal> {
        let file = fs::File::open(&self.path).or_refuse(self.name.as_str())?;
        Ok(Input::new(self.name.clone(), file))
    }

    /// Detects the format of the file.
    pub(super) fn kind(&self) -> Result<FileKind, Refusal> {
        let mut head = Vec::new();
        let file = fs::File::open(&self.path).or_refuse(self.name.as_str())?;
        file.take(64).read_to_end(&mut head).or_refuse(self.name.as_str())?;
        Ok(FileKind::of(&self.name, &head))
    }

    /// The name of its repaired file in a folder.
    pub(super) fn file_name(&self) -> Result<PathBuf, Refusal> {
        let kind = self.kind()?;
        let extension = written(kind).extension();
        if self.is_standard() {
            let name = self.list.clone().unwrap_or_else(|| "rows".to_owned());
            return Ok(PathBuf::from(name).with_extension(extension));
        }
        let path = if self.spooled.is_some() { Path::new(&self.name) } else { &self.path };
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        Ok(if kind == FileKind::Workbook { name.with_extension(extension) } else { name })
    }
}

/// The format of a repaired file: the rows of a workbook are written as CSV, other files keep their format.
pub(super) fn written(kind: FileKind) -> FileKind {
    if kind == FileKind::Workbook { FileKind::Csv } else { kind }
}
