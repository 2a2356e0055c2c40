//! Finds the files that the paths on the command line name.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::output::Failure;
use crate::operate::{FilesBelow, files_below};

/// The files to format.
#[derive(Debug, Default)]
pub(super) struct FilesToFormat {
    /// The files in order, each once.
    pub(super) files: Vec<FileToFormat>,
    /// Links in a named folder that lead out of it; they are left alone.
    pub(super) links_out: Vec<PathBuf>,
}

/// A file to format.
#[derive(Debug)]
pub(super) struct FileToFormat {
    /// The path as it is shown.
    pub(super) path: PathBuf,
    /// The path with every link followed. This file is read and written, so links stay links.
    pub(super) real: PathBuf,
}

/// Finds the files of these paths. A folder stands for the YAML files below it, except hidden ones. A link that is named
/// itself is followed wherever it leads; a link in a folder is followed only inside that folder.
///
/// # Errors
/// [`Failure::Usage`] for a path that cannot be read, or a folder without YAML files.
pub(super) fn find_files(paths: &[PathBuf]) -> Result<FilesToFormat, Failure> {
    let mut meant = FilesToFormat::default();
    for path in paths {
        let about = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        let found = match about.is_dir() {
            true => files_below(path, is_yaml).map_err(|(path, error)| unreadable(&path, &error))?,
            false => FilesBelow { inside: vec![path.clone()], links_out: Vec::new() },
        };
        if found.inside.is_empty() && found.links_out.is_empty() {
            return Err(Failure::Usage(format!("the folder {} holds no YAML files (`.yaml`, `.yml`)", path.display())));
        }
        for path in found.inside {
            let real = fs::canonicalize(&path).map_err(|error| unreadable(&path, &error))?;
            if meant.files.iter().all(|other| other.real != real) {
                meant.files.push(FileToFormat { path, real });
            }
        }
        meant.links_out.extend(found.links_out);
    }
    // A link may lead to a file that another path names.
    let files = &meant.files;
    let is_meant = |link: &PathBuf| fs::canonicalize(link).is_ok_and(|to| files.iter().any(|file| file.real == to));
    meant.links_out.retain(|link| !is_meant(link));
    meant.links_out.dedup();
    Ok(meant)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(match error.kind() {
        std::io::ErrorKind::NotFound => format!("there is no file or folder {}", path.display()),
        _ => format!("cannot read {}: {error}", path.display()),
    })
}
