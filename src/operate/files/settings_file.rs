//! Where the settings lie: beside the playbook or in a folder above it.

use std::env;
use std::path::{Path, PathBuf};

/// The settings' name.
const NAME: &str = "runsheet.yaml";

/// The nearest settings file, starting in `folder` and going up; below the working folder without its path.
pub(crate) fn find(folder: &Path) -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let start = here.join(folder);
    let found = start.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())?;
    Some(found.strip_prefix(&here).map(Path::to_path_buf).unwrap_or(found))
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
        assert!(find(&deep).is_none_or(|path| !path.starts_with(root.path())));
        fs::write(root.path().join(NAME), "").unwrap();
        assert_eq!(find(&deep), Some(root.path().join(NAME)));
        fs::write(deep.join(NAME), "").unwrap();
        assert_eq!(find(&deep), Some(deep.join(NAME)));
    }
}
