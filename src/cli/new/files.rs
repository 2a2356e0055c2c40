//! Writes files into a folder: never over a file, and all of them or none.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::borrow::Cow;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::cli::output::Failure;

/// A file to write, with its content.
pub(super) type NewFile = (PathBuf, Cow<'static, [u8]>);

/// Refuses to write where one of the files exists.
pub(super) fn refuse_existing<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Result<(), Failure> {
    let there = paths.filter(|path| path.symlink_metadata().is_ok());
    let there: Vec<String> = there.map(|path| format!("`{}`", path.display())).collect();
    if there.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} {} already, and `new` never writes over a file: nothing was written; name an empty or a new folder",
        there.join(", "),
        if there.len() == 1 { "exists" } else { "exist" }
    )))
}

/// Writes the files. Where one fails, those before it are removed again.
pub(super) fn write_all(files: &[NewFile]) -> Result<(), Failure> {
    for (number, (path, content)) in files.iter().enumerate() {
        if let Err(failure) = write(path, content) {
            // A file that cannot be removed stays.
            files.iter().take(number).for_each(|(path, _)| drop(fs::remove_file(path)));
            return Err(failure);
        }
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let unusable = |error: &std::io::Error| Failure::Usage(format!("cannot write `{}`: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| unusable(&error))?;
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(content).inspect_err(|_| drop(fs::remove_file(path))));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::Usage(format!("`{}` was created by another program just now", path.display()))
        }
        _ => unusable(&error),
    })
}
