//! The row files of a run, without a look at its rows.

use std::path::PathBuf;

use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::find_run;
use crate::report::row_files_of_run;

/// A request for the row files of a run.
#[derive(Debug, Clone)]
pub(crate) struct RowFilesRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
}

/// The row files that are there.
#[derive(Debug)]
pub(crate) struct RowFilesReport {
    /// Their paths, the file of all rows first.
    pub files: Vec<PathBuf>,
}

/// Finds the row files of a run. A run that has not ended yet may have none.
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Broken`] where its journal cannot be read.
pub(crate) fn row_files(request: &RowFilesRequest, context: &Context) -> Result<RowFilesReport, Refusal> {
    let known = find_run(context.state()?, &request.run)?;
    let out = known.frozen.out.clone().unwrap_or_else(|| known.folder.path().to_owned());
    let files = row_files_of_run(&out, &known.frozen.dialect.clone().unwrap_or_default());
    Ok(RowFilesReport { files })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::{RunRequest, run};

    #[test]
    fn the_file_of_all_rows_comes_first() {
        let state = tempfile::tempdir().unwrap();
        let context = Context::new().state_folder(state.path());
        run(&RunRequest::new("playbooks/close-appointments.yaml"), &context).unwrap();

        let report = row_files(&RowFilesRequest { run: "latest".to_owned() }, &context).unwrap();
        assert!(report.files[0].ends_with("results.csv"), "{:?}", report.files);
        assert!(report.files.iter().all(|file| file.is_file()));
    }
}
