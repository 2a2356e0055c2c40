//! Detects a GitHub job and its workspace.

use std::path::{Path, PathBuf};

/// Whether the program runs in a GitHub job.
pub(super) fn is_job() -> bool {
    std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true")
}

/// The path of a file for annotations: relative to the workspace, where the file lies in it.
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
