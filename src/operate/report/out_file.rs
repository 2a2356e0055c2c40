//! The file of a report: written beside its place and renamed, or kept without a name. Only its owner can read it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::use_case::ReportContent;
use crate::operate::interface::{OrRefuse, Refusal};

/// The size of the write buffer, in bytes.
const BUFFER: usize = 64 * 1024;

/// A report that is being written.
pub(super) enum OutFile {
    /// Beside the file that is asked for.
    Beside(BufWriter<NamedTempFile>, PathBuf),
    /// Without a name.
    Kept(BufWriter<File>),
}

impl OutFile {
    /// Creates the file beside `path`, or without a name in the folder `scratch`.
    ///
    /// # Errors
    /// [`Refusal::Usage`] where no file can be written at `path`; [`Refusal::Broken`] where `scratch` cannot be written.
    pub(super) fn create(path: Option<&Path>, scratch: &Path) -> Result<Self, Refusal> {
        match path {
            Some(path) => {
                let beside = beside(path).map_err(|error| unwritable(path, &error))?;
                Ok(Self::Beside(BufWriter::with_capacity(BUFFER, beside), path.to_owned()))
            }
            None => {
                // The state folder may be read-only.
                let file = tempfile::tempfile_in(scratch).or_else(|_| tempfile::tempfile());
                let file = file.or_refuse("a temporary file")?;
                Ok(Self::Kept(BufWriter::with_capacity(BUFFER, file)))
            }
        }
    }

    /// Where the report is written.
    pub(super) fn file(&mut self) -> &mut dyn Write {
        match self {
            Self::Beside(file, _) => file,
            Self::Kept(file) => file,
        }
    }

    /// Gives the file its name, in place of an earlier one.
    ///
    /// # Errors
    /// [`Refusal::Usage`] where it cannot have the name; [`Refusal::Broken`] where it cannot be written.
    pub(super) fn finish(self) -> Result<ReportContent, Refusal> {
        match self {
            Self::Beside(file, path) => {
                let file = file.into_inner().map_err(|error| error.into_error()).or_refuse("the report")?;
                file.as_file().sync_all().or_refuse("the report")?;
                file.persist(&path).map_err(|error| unwritable(&path, &error.error))?;
                Ok(ReportContent::Written(path))
            }
            Self::Kept(file) => {
                let mut file = file.into_inner().map_err(|error| error.into_error()).or_refuse("the report")?;
                file.rewind().or_refuse("the report")?;
                Ok(ReportContent::Kept(file))
            }
        }
    }
}

/// Writes a whole text in place of what was at `path`, as a report is written.
///
/// # Errors
/// As [`OutFile::create`] and [`OutFile::finish`].
pub(crate) fn write_report_text(path: &Path, text: &str) -> Result<(), Refusal> {
    let mut out = OutFile::create(Some(path), Path::new("."))?;
    out.file().write_all(text.as_bytes()).or_refuse("the report")?;
    out.finish().map(drop)
}

/// A temporary file in the folder of `path`. What is there must be a regular file, or nothing: a folder, a pipe or a link
/// is not replaced.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let said = |what: &str| io::Error::new(io::ErrorKind::AlreadyExists, format!("{what}, and is left as it is"));
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => return Err(said("it is a folder")),
        Ok(found) if found.is_symlink() => return Err(said("it is a link")),
        Ok(found) if !found.is_file() => return Err(said("it is not a regular file")),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Builder::new().prefix(".runsheet-").tempfile_in(folder)
}

fn unwritable(path: &Path, error: &io::Error) -> Refusal {
    Refusal::Usage(format!("no report can be written to `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_report_takes_its_name_when_it_is_whole_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.xml");
        fs::write(&path, "old").unwrap();
        let mut out = OutFile::create(Some(&path), folder.path()).unwrap();
        out.file().write_all(b"half").unwrap();
        drop(out);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        let mut out = OutFile::create(Some(&path), folder.path()).unwrap();
        out.file().write_all(b"new").unwrap();
        out.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn folders_and_links_are_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (below, link) = (folder.path().join("below"), folder.path().join("link"));
        fs::create_dir(&below).unwrap();
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), &link).unwrap();
        for path in [below.clone(), link, folder.path().join("no/such/folder.xml"), PathBuf::from("/")] {
            assert!(
                matches!(OutFile::create(Some(&path), folder.path()), Err(Refusal::Usage(_))),
                "{}",
                path.display()
            );
        }
        assert!(below.is_dir());
    }
}
