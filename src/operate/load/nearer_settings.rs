//! Refuses an environment that two settings files define, one above the other. The nearer file may have come with a
//! stranger's playbook, so it is used only where a person says so.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Diagnostics, shell_path};
use crate::operate::files::read_text;
use crate::operate::interface::Refusal;
use crate::settings::{SANDBOX, Settings};
use crate::yaml::yaml_text;

/// Refuses the settings file `near` for an environment that a file further up also defines, unless that file lists the
/// folder of `near`. The sandbox may be defined anywhere, because it sends nothing to a vendor.
///
/// # Errors
/// [`Refusal::Invalid`] with both places, or with the mistakes of a file further up; [`Refusal::Usage`] where that file cannot
/// be read.
pub(super) fn refuse_nearer(near: (&Path, &Settings), further: &[PathBuf], environment: &str) -> Result<(), Refusal> {
    let (path, settings) = near;
    if environment == SANDBOX {
        return Ok(());
    }
    for above in further.iter().filter(|above| !same(above, path)) {
        let mut diagnostics = Diagnostics::new();
        let upper = Settings::read(above, &read_text(above, "settings further up")?, &mut diagnostics);
        if diagnostics.has_errors() {
            return Err(Refusal::Invalid(diagnostics));
        }
        let Some(there) = upper.defines(environment) else { continue };
        let folder = path.parent().unwrap_or(Path::new(""));
        if upper.nearer().iter().any(|listed| same(listed, folder)) {
            continue;
        }
        let (near, far) = (path.display(), above.display());
        let (take_near, take_far) = (shell_path(path), shell_path(above));
        let message = format!("The environment `{environment}` is in two settings files: {near}, and {far} further up");
        let listed = yaml_text(&relative(folder, above));
        let help = format!(
            "Calls would go where the nearer one says, with the credentials that it names. `--settings {take_near}` takes it this \
             time, and `--settings {take_far}` the other one. To trust it for good, list its folder in {far}: \
             `nearer: [{listed}]`."
        );
        let mut told = Diagnostics::new();
        let here = settings.defines(environment).unwrap_or_else(|| there.clone());
        let refused = Diagnostic::error("nearer-settings", message).at(here, "defined here").at(there, "and here");
        told.push(refused.help(help));
        return Err(Refusal::Invalid(told));
    }
    Ok(())
}

/// Whether two paths lead to the same place.
fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(if path.as_os_str().is_empty() { Path::new(".") } else { path });
    matches!((real(one), real(other)), (Ok(one), Ok(other)) if one == other)
}

/// A folder relative to that of the settings file above it.
fn relative(folder: &Path, above: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let root = absolute(above).parent().map(Path::to_path_buf).unwrap_or_default();
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = absolute(here);
    folder.strip_prefix(root).unwrap_or(&folder).display().to_string()
}
