//! The folder that a request names for row files.

use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::io::make_private_dir;
use crate::operate::refusal::Refusal;

/// Makes sure that row files can be written to `out`, before anything is sent. The file that is tried has a random name
/// and is made anew: nothing that lies in the folder is opened, followed or removed.
///
/// # Errors
/// [`Refusal::Usage`] where they cannot.
pub(crate) fn check_out(out: Option<&Path>) -> Result<(), Refusal> {
    let Some(out) = out else { return Ok(()) };
    let trial = || tempfile::Builder::new().prefix(".runsheet-").tempfile_in(out);
    make_private_dir(out).and_then(|()| trial()).and_then(NamedTempFile::close).map_err(|error| {
        Refusal::Usage(format!("`--out {}`: no file can be written there: {error}; nothing was sent", out.display()))
    })
}

/// A path that stays right when the run is resumed from another folder.
pub(crate) fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}
