//! The registry of providers: those inside the binary, and those of the user's own folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::root::{NotOpened, Root};
use super::text_file::read_text_as;
use crate::diagnostic::Diagnostics;
use crate::operate::interface::Refusal;
use crate::provider::{ProviderFile, Registry};
use crate::settings::OwnProviders;

/// The most files that a providers' folder may hold.
const MOST_FILES: usize = 5_000;

/// Builds the registry of the built-in providers and of the user's own. The files of the user's folder must lie in that
/// folder or inside `root`.
///
/// # Errors
/// [`Refusal::Usage`] for a folder that cannot be read, is empty or holds too many files; [`Refusal::Invalid`] for files
/// that are wrong, lead out of the folder, or replace a built-in file.
pub(crate) fn registry(providers: &OwnProviders, root: &Root) -> Result<Arc<Registry>, Refusal> {
    let Some(folder) = &providers.folder else { return Ok(Arc::clone(Registry::builtin())) };
    let own = own_files(folder, root)?;
    let mut diagnostics = Diagnostics::new();
    match Registry::with_own(own.clone(), &providers.replaced, &mut diagnostics) {
        Some(registry) if !diagnostics.has_errors() => Ok(Arc::new(registry)),
        _ => {
            // A run keeps the files under their names below the folder; messages show the whole path.
            for (place, _) in diagnostics.from(0).iter_mut().flat_map(|found| &mut found.places) {
                if own.iter().any(|file| file.path == place.file) {
                    place.file = folder.join(&place.file).display().to_string();
                }
            }
            Err(Refusal::Invalid(diagnostics))
        }
    }
}

/// The files `<provider>/<name>.yaml` below a folder, sorted.
fn own_files(folder: &Path, root: &Root) -> Result<Vec<ProviderFile>, Refusal> {
    let mut found = Vec::new();
    let within = Root::at(folder);
    for provider in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        for path in entries(&provider)? {
            if !path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                continue;
            }
            let leads_to = within.find(&path).or_else(|_| root.find(&path)).map_err(|wrong| refused(wrong, &path))?;
            let text = read_text_as(&leads_to, &path, "provider file")?;
            let shown = path.strip_prefix(folder).unwrap_or(&path);
            found.push(ProviderFile { path: shown.to_string_lossy().replace('\\', "/"), text });
            if found.len() > MOST_FILES {
                let message = format!("{} holds more than {MOST_FILES} files", folder.display());
                return Err(Refusal::Usage(message));
            }
        }
    }
    if found.is_empty() {
        let message = format!("{} holds no provider: expected `<provider>/provider.yaml`", folder.display());
        return Err(Refusal::Usage(message));
    }
    Ok(found)
}

fn refused(wrong: NotOpened, path: &Path) -> Refusal {
    let mut diagnostics = Diagnostics::new();
    let provided = "`--providers DIR`, the folder where it really lies (rows have `--rows`)";
    diagnostics.push(wrong.diagnostic("provider file", path, "unreadable-file", provided));
    Refusal::Invalid(diagnostics)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let read = fs::read_dir(folder)
        .map_err(|error| Refusal::Usage(format!("cannot read the providers' folder {}: {error}", folder.display())))?;
    let mut paths: Vec<PathBuf> = read.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    Ok(paths)
}
