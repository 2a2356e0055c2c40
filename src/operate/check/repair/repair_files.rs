//! Repairs the row files of a playbook into new files: all of them, or none.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::sources::Source;
use super::targets::places;
use crate::diagnostic::Diagnostics;
use crate::io::make_private_dir;
use crate::operate::interface::{
    Context, GivenRows, MachineFailure, OrRefuse, PlaybookFrom, Refusal, RowsFrom, RunInput,
};
use crate::operate::load::load;
use crate::playbook::RowsDecl;
use crate::rows::{RepairError, RepairSpec, RepairSummary, repair_file};

/// The repaired files of a playbook.
pub(crate) struct RepairedInput {
    /// The input of the check, with the repaired files as rows.
    pub(crate) input: RunInput,
    /// The repaired files.
    pub(crate) files: Vec<RepairedFile>,
}

/// A repaired row file.
#[derive(Debug, Clone)]
pub struct RepairedFile {
    /// The name of the original file in messages.
    pub from: String,
    /// The new file.
    pub file: PathBuf,
    /// What was repaired.
    pub summary: RepairSummary,
}

/// Repairs the row files of a playbook into `out`; `alone` where it is the only playbook of the check. `None` where a file
/// cannot be read; the check says why.
///
/// # Errors
/// [`Refusal::Usage`] for a file that exists already or whose name does not suit its format; [`Refusal::Invalid`] for cells of
/// a workbook that CSV cannot hold; [`Refusal::Broken`] where a file cannot be written.
pub(crate) fn repair_rows(
    path: &Path,
    out: &Path,
    given: &RunInput,
    alone: bool,
    context: &Context,
) -> Result<Option<RepairedInput>, Refusal> {
    // The check reports the mistakes of the playbook.
    let mut told = Diagnostics::new();
    let playbook = PlaybookFrom::File(path.to_owned());
    let Some(loaded) = load(&playbook, given, context, &mut told)? else { return Ok(None) };
    let Some(decl) = &loaded.playbook.rows else { return Ok(None) };
    let Some(sources) = Source::all(decl, (&loaded.folder, &loaded.root), &given.rows)? else {
        return Ok(None);
    };
    let places = places(out, &sources, alone)?;
    let mut written: Vec<(NamedTempFile, PathBuf)> = Vec::new();
    let mut files = Vec::new();
    for (source, place) in sources.iter().zip(places) {
        let Some((file, fix)) = write(decl, source, &place, context.unmask)? else { return Ok(None) };
        written.push((file, place));
        files.push(fix);
    }
    let mut rows = Vec::new();
    for ((file, place), source) in written.into_iter().zip(&sources) {
        file.persist_noclobber(&place).or_refuse(format!("cannot write {}", place.display()))?;
        rows.push(GivenRows { list: source.list.clone(), from: RowsFrom::File(place) });
    }
    Ok(Some(RepairedInput { input: RunInput { rows, ..given.clone() }, files }))
}

/// Repairs one file into a scratch file beside its target; `None` where it cannot be read.
fn write(
    decl: &RowsDecl,
    source: &Source,
    place: &Path,
    unmask: bool,
) -> Result<Option<(NamedTempFile, RepairedFile)>, Refusal> {
    let list = decl.lists.iter().find(|list| Some(&list.name) == source.list.as_ref());
    let spec = list.map_or_else(|| RepairSpec::rows(decl, unmask), |list| RepairSpec::list(decl, list, unmask));
    let unwritable = || format!("cannot write {}", place.display());
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_private_dir(folder).or_refuse(unwritable())?;
    let mut file = NamedTempFile::new_in(folder).or_refuse(unwritable())?;
    let profile = Some(source.input()?);
    let mut out = BufWriter::new(file.as_file_mut());
    let summary = match repair_file(&spec, profile, source.input()?, &mut out) {
        Ok(summary) => summary,
        // Standard input cannot be read again for the check.
        Err(RepairError::Unreadable(told)) if source.is_standard() => return Err(Refusal::Invalid(told)),
        Err(RepairError::Unreadable(_)) => return Ok(None),
        Err(RepairError::Unwritten(error)) => return Err(MachineFailure::during(unwritable(), error).into()),
        Err(RepairError::Unkept(problems)) => {
            let mut diagnostics = Diagnostics::new();
            diagnostics.extend(problems);
            return Err(Refusal::Invalid(diagnostics));
        }
    };
    out.flush().or_refuse(unwritable())?;
    drop(out);
    file.as_file().sync_all().or_refuse(unwritable())?;
    Ok(Some((file, RepairedFile { from: source.name.clone(), file: place.to_path_buf(), summary })))
}
