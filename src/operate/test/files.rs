//! Which test files a path names: itself, those of a playbook, or all below a folder.

#![expect(clippy::wildcard_enum_match_arm, reason = "kinds of I/O errors are the standard library's")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::operate::files::{NotOpened, Root, files_below, find_settings};
use crate::operate::interface::{Context, Refusal};

/// How the names of test files end.
const ENDS: [&str; 2] = [".test.yaml", ".test.yml"];

/// The test files that the paths name, each once, in their order. A test file that a path names itself may lie anywhere;
/// one that is found may be a stranger's link.
///
/// # Errors
/// A path that is not there, that names no test, or below which a link leads to a file elsewhere.
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

/// Refuses a test file that was found in `folder` and is a link to what lies neither there nor where it may name files.
fn stays_inside(file: &Path, folder: &Path, context: &Context) -> Result<(), Refusal> {
    if Root::at(folder).find(file).is_ok() {
        return Ok(());
    }
    let own = file.parent().unwrap_or(Path::new(""));
    match test_root(own, context)?.find(file) {
        Err(NotOpened::Outside { .. }) => {
            let (shown, folder) = (file.display(), folder.display());
            Err(Refusal::Usage(format!(
                "`{shown}` is a link out of `{folder}` and is not read: name it yourself, or take in a larger folder with \
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

/// Whether a path is called as test files are.
pub(crate) fn is_test(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// A path below the folder that a person is in, as he would write it.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::Usage(format!("cannot read `{}`: {error}", path.display()))
}

/// The playbook that a test file's own name tells: `a.yaml` for `a.test.yaml`.
pub(super) fn playbook_of(test: &Path) -> PathBuf {
    let name = test.file_name().unwrap_or_default().to_string_lossy();
    let stem = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let named = ["yaml", "yml"].map(|extension| test.with_file_name(format!("{stem}.{extension}")));
    let there = named.iter().find(|path| path.is_file()).unwrap_or(&named[0]);
    there.clone()
}

/// Where the files lie that test files in a folder may name.
pub(super) fn test_root(folder: &Path, context: &Context) -> Result<Root, Refusal> {
    let settings = context.settings.clone().or_else(|| find_settings(folder).into_iter().next());
    Root::of(context.confine.as_deref(), settings.as_deref(), folder)
}
