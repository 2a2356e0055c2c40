//! The folder that a request names for result files.

use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::io::make_private_dir;
use crate::operate::interface::{Refusal, refuse_unstorable};
use crate::report::files_in_the_way;
use crate::rows::Dialect;

/// Checks that row files in that dialect can be written to `out`, before anything is sent. The check creates a file with a
/// random name; nothing that lies in the folder is opened, followed or removed. When the run ends, row files of other runs
/// are replaced, and files that no run wrote are not.
///
/// # Errors
/// [`Refusal::Usage`] where nothing can be written, or where a file that no run wrote is in the way.
pub(crate) fn check_out(out: Option<&Path>, dialect: Option<&Dialect>) -> Result<(), Refusal> {
    let Some(out) = out else { return Ok(()) };
    refuse_unstorable("`--out`", out)?;
    let trial = || tempfile::Builder::new().prefix(".runsheet-").tempfile_in(out);
    make_private_dir(out).and_then(|()| trial()).and_then(NamedTempFile::close).map_err(|error| {
        Refusal::Usage(format!("`--out {}`: no file can be written there: {error}; nothing was sent", out.display()))
    })?;
    let in_the_way = files_in_the_way(out, dialect.unwrap_or(&Dialect::default()));
    if in_the_way.is_empty() {
        return Ok(());
    }
    let names =
        in_the_way.iter().filter_map(|path| path.file_name()).map(|name| format!("`{}`", name.to_string_lossy()));
    Err(Refusal::Usage(format!(
        "`--out {}`: files that runsheet did not write are in the place of row files: {}. Move them away, or name another \
         folder; nothing was sent",
        out.display(),
        names.collect::<Vec<_>>().join(", ")
    )))
}

/// Makes a path absolute, so that it stays right when the run is resumed from another working folder.
pub(crate) fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}
