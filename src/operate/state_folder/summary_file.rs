//! The file `summary.json` that a run leaves in its folder, for `runs`.

use std::fs;
use std::io::{self, Write};

use crate::io::private_file;
use crate::model::Value;
use crate::plan::Plan;
use crate::report::Summary;
use crate::runner::RunFolder;

/// The file's name.
const NAME: &str = "summary.json";

/// Writes the summary of a run that ended or stopped. Unmasked texts are left out.
///
/// # Errors
/// The [`io::Error`] of a file that cannot be written.
pub(crate) fn write(folder: &RunFolder, summary: &Summary, plan: &Plan) -> io::Result<()> {
    let text = match plan.is_unmasked() {
        true => serde_json::to_string(&summary.without_words())?,
        false => serde_json::to_string(summary)?,
    };
    let path = folder.path().join(NAME);
    let beside = folder.path().join(format!("{NAME}.new"));
    let mut file = private_file(&beside)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    fs::rename(beside, path)
}

/// Removes the summary while the run is under way.
pub(crate) fn remove(folder: &RunFolder) {
    // The file may be missing. Where it cannot be removed, it is replaced when the run ends.
    let _ = fs::remove_file(folder.path().join(NAME));
}

/// Reads the summary of a run that ended or stopped; `None` where there is none.
pub(crate) fn read(folder: &RunFolder) -> Option<Summary> {
    // serde reads the numbers of a flattened member, such as a user's id, from a value and not from a text.
    let file: Value = serde_json::from_slice(&fs::read(folder.path().join(NAME)).ok()?).ok()?;
    serde_json::from_value(file).ok()
}
