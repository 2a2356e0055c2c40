//! Which files a command line of paths means.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::operate::files_below;

/// The files of these paths in order, each once: a folder stands for the YAML files below it, hidden ones left out.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let about = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        let found = match about.is_dir() {
            true => files_below(path, is_yaml).map_err(|(path, error)| unreadable(&path, &error))?,
            false => vec![path.clone()],
        };
        if found.is_empty() {
            return Err(Failure::Usage(format!("the folder {} holds no YAML files (`.yaml`, `.yml`)", path.display())));
        }
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
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
