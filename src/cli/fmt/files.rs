//! Which files a command line of paths means.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;

/// The files of these paths in order, each once: a folder stands for the YAML files below it, hidden ones left out.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let about = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        let found = if about.is_dir() { below(path)? } else { vec![path.clone()] };
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

fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        let entries = fs::read_dir(&next).map_err(|error| unreadable(&next, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&next, &error))?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(|error| unreadable(&next, &error))?);
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            // A link to a folder may lead back here.
            if kind.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml" || end == "yml") && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(match error.kind() {
        std::io::ErrorKind::NotFound => format!("there is no file or folder {}", path.display()),
        _ => format!("cannot read {}: {error}", path.display()),
    })
}
