//! Finds test files: a path names one itself, a playbook beside them, or a folder above them.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::operate::files::{NotOpened, Root, files_below, find_settings};
use crate::operate::interface::{Context, Refusal};

/// The endings of the names of test files.
const ENDS: [&str; 2] = [".test.yaml", ".test.yml"];

/// Finds the test files that the paths name, each once, in order. A test file that a path names itself may lie anywhere; one
/// that is found must lie inside the folder, because it may be a stranger's link.
///
/// # Errors
/// [`Refusal::Usage`] for a path that does not exist, names no test, or leads to a test file outside.
pub(crate) fn find_tests(paths: &[PathBuf], context: &Context) -> Result<Vec<PathBuf>, Refusal> {
    let mut all: Vec<PathBuf> = Vec::new();
    for path in paths {
        let found = below(path, context)?;
        all.extend(found.into_iter().filter(|file| !all.contains(file)).collect::<Vec<_>>());
    }
    Ok(all)
}

fn below(path: &Path, context: &Context) -> Result<Vec<PathBuf>, Refusal> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Refusal::Usage(format!("`{}` is not there", path.display())),
        _ => unreadable(path, &error),
    })?;
    if is_test(path) && about.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if about.is_dir() {
        let found = files_below(path, is_test).map_err(|(path, error)| unreadable(plain(&path), &error))?.all();
        if found.is_empty() {
            let shown = path.display();
            return Err(Refusal::Usage(format!("there is no test file (`*.test.yaml`) in `{shown}` or below it")));
        }
        found.iter().try_for_each(|file| stays_inside(file, path, context))?;
        return Ok(found.iter().map(|path| plain(path).to_path_buf()).collect());
    }
    let found: Vec<PathBuf> = ENDS.iter().map(|end| beside(path, end)).filter(|file| file.is_file()).collect();
    if found.is_empty() {
        let test = beside(path, ENDS[0]);
        return Err(Refusal::Usage(format!("`{}` has no test: write `{}`", path.display(), test.display())));
    }
    found.iter().try_for_each(|file| stays_inside(file, file.parent().unwrap_or(Path::new("")), context))?;
    Ok(found)
}

/// Refuses a test file found in `folder` that is a link to a file outside both the folder and its root.
fn stays_inside(file: &Path, folder: &Path, context: &Context) -> Result<(), Refusal> {
    if Root::at(folder).find(file).is_ok() {
        return Ok(());
    }
    let own = file.parent().unwrap_or(Path::new(""));
    match test_root(own, context)?.find(file) {
        Err(NotOpened::Outside { .. }) => {
            let (shown, folder) = (file.display(), folder.display());
            Err(Refusal::Usage(format!(
                "`{shown}` is a link out of `{folder}` and is not read: name it yourself, or allow a larger folder with \
                 `--confine DIR`"
            )))
        }
        Ok(_) | Err(NotOpened::Unreadable(_)) => Ok(()),
    }
}

/// `a.test.yaml` for `a.yaml`.
fn beside(playbook: &Path, end: &str) -> PathBuf {
    let stem = playbook.file_stem().unwrap_or_default().to_string_lossy();
    playbook.with_file_name(format!("{stem}{end}"))
}

/// Whether a path has the name of a test file.
pub(crate) fn is_test(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// A path without a leading `./`.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::Usage(format!("cannot read `{}`: {error}", path.display()))
}

/// The playbook of a test file, by name: `a.yaml` for `a.test.yaml`.
pub(super) fn playbook_of(test: &Path) -> PathBuf {
    let name = test.file_name().unwrap_or_default().to_string_lossy();
    let stem = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let named = ["yaml", "yml"].map(|extension| test.with_file_name(format!("{stem}.{extension}")));
    let there = named.iter().find(|path| path.is_file()).unwrap_or(&named[0]);
    there.clone()
}

/// The folder inside which test files in `folder` may name files.
pub(super) fn test_root(folder: &Path, context: &Context) -> Result<Root, Refusal> {
    let settings = context.settings.clone().or_else(|| find_settings(folder).into_iter().next());
    Root::of(context.confine.as_deref(), settings.as_deref(), folder)
}
