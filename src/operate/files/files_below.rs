//! The files below a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The wanted files below a folder, each list sorted by path.
#[derive(Debug, Default)]
pub(crate) struct FilesBelow {
    /// Files that lie in the folder, and links to such files.
    pub(crate) inside: Vec<PathBuf>,
    /// Links to files that lie elsewhere.
    pub(crate) links_out: Vec<PathBuf>,
}

impl FilesBelow {
    /// Returns all of them, sorted by path.
    pub(crate) fn all(self) -> Vec<PathBuf> {
        let mut all = self.inside;
        all.extend(self.links_out);
        all.sort();
        all
    }
}

/// Finds the wanted files below a folder. Hidden files are left out. Links to folders are not followed, because they may
/// lead back.
///
/// # Errors
/// The path that cannot be read, with the error of the operating system.
pub(crate) fn files_below(folder: &Path, wanted: fn(&Path) -> bool) -> Result<FilesBelow, (PathBuf, io::Error)> {
    let real = fs::canonicalize(folder).map_err(|error| (folder.to_path_buf(), error))?;
    let (mut found, mut open) = (FilesBelow::default(), vec![folder.to_path_buf()]);
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
                let leads_out = kind.is_symlink() && !fs::canonicalize(&path).is_ok_and(|to| to.starts_with(&real));
                if leads_out { found.links_out.push(path) } else { found.inside.push(path) }
            }
        }
    }
    found.inside.sort();
    found.links_out.sort();
    Ok(found)
}
