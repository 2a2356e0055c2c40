//! Whether a GitHub job runs this, and where its workspace lies.

use std::path::{Path, PathBuf};

/// Whether a GitHub job runs this.
pub(super) fn is_job() -> bool {
    std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true")
}

/// A file's path as annotations want it: from the workspace's root, where the file lies below it.
pub(super) fn in_workspace(file: &str) -> String {
    let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let Ok(whole) = std::path::absolute(file) else { return file.to_owned() };
    below(&whole, workspace.as_deref()).unwrap_or_else(|| file.to_owned())
}

fn below(file: &Path, workspace: Option<&Path>) -> Option<String> {
    let inside = file.strip_prefix(workspace?).ok()?;
    Some(inside.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_outside_of_the_workspace_keep_their_name() {
        let file = Path::new("/w/jobs/a.yaml");
        assert_eq!(below(file, None), None);
        assert_eq!(below(file, Some(Path::new("/elsewhere"))), None);
        assert_eq!(below(file, Some(Path::new("/w"))).as_deref(), Some("jobs/a.yaml"));
    }
}
