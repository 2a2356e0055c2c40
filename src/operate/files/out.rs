//! The folder that a request names for row files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::io::{make_private_dir, private_file};
use crate::operate::refusal::Refusal;

/// Makes sure that row files can be written to `out`, before anything is sent.
///
/// # Errors
/// [`Refusal::Usage`] where they cannot.
pub(crate) fn check_out(out: Option<&Path>) -> Result<(), Refusal> {
    let Some(out) = out else { return Ok(()) };
    let trial = out.join(format!(".runsheet-{}", std::process::id()));
    let tried = make_private_dir(out).and_then(|()| private_file(&trial)).and_then(|_| fs::remove_file(&trial));
    tried.map_err(|error| {
        Refusal::Usage(format!("`--out {}`: no file can be written there: {error}; nothing was sent", out.display()))
    })
}

/// A path that stays right when the run is resumed from another folder.
pub(crate) fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}
