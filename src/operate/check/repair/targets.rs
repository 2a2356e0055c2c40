//! The paths of repaired files: one file, or a folder of several; never an existing file.

use std::path::{Path, PathBuf};

use super::sources::{Source, written};
use crate::operate::interface::Refusal;
use crate::rows::FileKind;

/// Chooses the target of every source; `alone` where this is the only playbook.
///
/// # Errors
/// [`Refusal::Usage`] for a target that exists, that two sources share, or whose name does not suit its format.
pub(super) fn places(out: &Path, sources: &[Source], alone: bool) -> Result<Vec<PathBuf>, Refusal> {
    let folder = out.is_dir() || out.as_os_str().to_string_lossy().ends_with('/');
    let places = match sources {
        [source] if alone && !folder => vec![suited(out, source)?],
        _ if out.exists() && !out.is_dir() => {
            let message = format!("`{}` is a file, and several are written: name a folder", out.display());
            return Err(Refusal::Usage(message));
        }
        _ => sources.iter().map(|source| Ok(out.join(source.file_name()?))).collect::<Result<_, Refusal>>()?,
    };
    for (at, place) in places.iter().enumerate() {
        if place.symlink_metadata().is_ok() {
            let message = "already exists, and `--fix` never overwrites a file: name a new one, or delete it";
            return Err(Refusal::Usage(format!("`{}` {message}", place.display())));
        }
        if places[..at].contains(place) {
            let message =
                format!("two row files are named `{}`: check one playbook or file at a time", place.display());
            return Err(Refusal::Usage(message));
        }
    }
    Ok(places)
}

/// Checks that the name of the file selects the format that is written.
fn suited(out: &Path, source: &Source) -> Result<PathBuf, Refusal> {
    let kind = source.kind()?;
    let wanted = written(kind);
    let end = out.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    if FileKind::named(&format!("a.{end}")) == wanted {
        return Ok(out.to_path_buf());
    }
    let why = if kind == FileKind::Workbook {
        "a workbook's rows are written as CSV"
    } else {
        "it would be read as something else"
    };
    let name = out.with_extension(wanted.extension());
    Err(Refusal::Usage(format!(
        "`{}` does not suit {}: {why}; name it `{}`",
        out.display(),
        source.name,
        name.display()
    )))
}
