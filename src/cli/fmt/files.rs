//! Which files a command line of paths means.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::output::Failure;
use crate::operate::{FilesBelow, files_below};

/// The files that a command line means.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// The files in order, each once.
    pub(super) files: Vec<MeantFile>,
    /// Links that stand in a named folder and lead out of it: they are left alone.
    pub(super) links_out: Vec<PathBuf>,
}

/// A file to be formatted.
#[derive(Debug)]
pub(super) struct MeantFile {
    /// The path as it is shown.
    pub(super) path: PathBuf,
    /// The file itself, every link followed: it is read and written, and links stay links.
    pub(super) real: PathBuf,
}

/// The files of these paths: a folder stands for the YAML files below it, hidden ones left out. A link that is named
/// itself is followed wherever it leads; one that is found in a folder is followed as long as it stays in the folder.
pub(super) fn files(paths: &[PathBuf]) -> Result<Meant, Failure> {
    let mut meant = Meant::default();
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
                meant.files.push(MeantFile { path, real });
            }
        }
        meant.links_out.extend(found.links_out);
    }
    // A file that is meant by another of the paths is formatted there.
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
