//! The files below a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The wanted files below a folder, by name; what is hidden stays so, and links to folders are not followed: they may
/// lead back.
///
/// # Errors
/// The place that cannot be read, and the system's words.
pub(crate) fn files_below(folder: &Path, wanted: fn(&Path) -> bool) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        let unreadable = |error| (next.clone(), error);
        for entry in fs::read_dir(&next).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let kind = entry.file_type().map_err(unreadable)?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                open.push(path);
            } else if wanted(&path) && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
