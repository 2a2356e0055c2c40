//! Finds the settings file: beside the playbook or in a folder above it.

use std::path::{Component, Path, PathBuf};
use std::{env, fs};

use super::root::Root;
use crate::diagnostic::shell_path;
use crate::operate::interface::Refusal;

/// The name of the settings file.
const NAME: &str = "runsheet.yaml";

/// Finds the settings files in `folder` and above it, the nearest first. A path below the working folder is relative.
pub(crate) fn find(folder: &Path) -> Vec<PathBuf> {
    let Ok(here) = env::current_dir() else { return Vec::new() };
    let mut start = here.join(folder);
    // The folders above `a/../b` are not those of its text.
    if start.components().any(|part| part == Component::ParentDir) {
        start = fs::canonicalize(&start).unwrap_or(start);
    }
    let found = start.ancestors().map(|folder| folder.join(NAME)).filter(|path| path.is_file());
    found.map(|path| path.strip_prefix(&here).map(Path::to_path_buf).unwrap_or(path)).collect()
}

/// Refuses a found settings file that is a link out of its folder: such a link may come with a stranger's playbook, and
/// messages quote settings. A link to a settings file further up is allowed.
///
/// # Errors
/// [`Refusal::Usage`] with the options that name the file.
pub(crate) fn refuse_links_out(found: &[PathBuf], confine: Option<&Path>) -> Result<(), Refusal> {
    let Some((path, further)) = found.split_first() else { return Ok(()) };
    let real = |path: &Path| fs::canonicalize(path).ok();
    let (leads_to, folder) = (real(path), path.parent().map(Root::at));
    let is_further = further.iter().any(|other| real(other) == leads_to);
    let is_confined = confine.is_some_and(|folder| Root::at(folder).find(path).is_ok());
    if is_further || is_confined || folder.is_some_and(|folder| folder.find(path).is_ok()) {
        return Ok(());
    }
    let (shown, named) = (path.display(), shell_path(path));
    Err(Refusal::Usage(format!(
        "the settings {shown} are a link out of their folder and are not read: name them yourself with `--settings {named}`, \
         or allow a larger folder with `--confine DIR`"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_nearest_file_wins() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        assert!(find(&deep).iter().all(|path| !path.starts_with(root.path())));
        fs::write(root.path().join(NAME), "").unwrap();
        assert_eq!(find(&deep)[0], root.path().join(NAME));
        fs::write(deep.join(NAME), "").unwrap();
        assert_eq!(find(&deep)[..2], [deep.join(NAME), root.path().join(NAME)]);
        // A path that goes up and down again adds no settings file from a folder that is not above it.
        fs::create_dir_all(root.path().join("c")).unwrap();
        fs::write(root.path().join("a").join(NAME), "").unwrap();
        let beside = find(&root.path().join("a/b/../../c"));
        assert!(!beside.iter().any(|path| path.ends_with("a/runsheet.yaml")), "{beside:?}");
    }
}
