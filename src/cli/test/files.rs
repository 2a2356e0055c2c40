//! Which test files a path names: itself, those of a playbook, or all below a folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;

/// How the names of test files end.
const ENDS: [&str; 2] = [".test.yaml", ".test.yml"];

/// The test files that the paths name, each once, in their order.
///
/// # Errors
/// A path that is not there, or that names no test.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all: Vec<PathBuf> = Vec::new();
    for path in paths {
        let found = below(path)?;
        all.extend(found.into_iter().filter(|file| !all.contains(file)).collect::<Vec<_>>());
    }
    Ok(all)
}

fn below(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Usage(format!("`{}` is not there", path.display())),
        _ => unreadable(path, &error),
    })?;
    if is_test(path) && about.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    if about.is_dir() {
        walk(path, &mut found)?;
        if found.is_empty() {
            let shown = path.display();
            return Err(Failure::Usage(format!("there is no test file (`*.test.yaml`) in `{shown}` or below it")));
        }
        return Ok(found);
    }
    found.extend(ENDS.iter().map(|end| beside(path, end)).filter(|file| file.is_file()));
    if found.is_empty() {
        let test = beside(path, ENDS[0]);
        return Err(Failure::Usage(format!("`{}` has no test: write `{}`", path.display(), test.display())));
    }
    Ok(found)
}

/// `a.test.yaml` for `a.yaml`.
fn beside(playbook: &Path, end: &str) -> PathBuf {
    let stem = playbook.file_stem().unwrap_or_default().to_string_lossy();
    playbook.with_file_name(format!("{stem}{end}"))
}

/// Whether a path is called as test files are.
pub(in crate::cli) fn is_test(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// Every test file below a folder, by name; what is hidden stays so, and links are not followed.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let read = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = read.map_err(|error| unreadable(folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let path = path.strip_prefix(".").unwrap_or(&path).to_path_buf();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type().map_err(|error| unreadable(&entry.path(), &error))?;
        if hidden {
            continue;
        }
        if kind.is_dir() {
            walk(&path, found)?;
        } else if is_test(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("cannot read `{}`: {error}", path.display()))
}

/// The playbook that a test file's own name tells: `a.yaml` for `a.test.yaml`.
pub(super) fn playbook_of(test: &Path) -> PathBuf {
    let name = test.file_name().unwrap_or_default().to_string_lossy();
    let stem = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let named = ["yaml", "yml"].map(|extension| test.with_file_name(format!("{stem}.{extension}")));
    let there = named.iter().find(|path| path.is_file()).unwrap_or(&named[0]);
    there.clone()
}
