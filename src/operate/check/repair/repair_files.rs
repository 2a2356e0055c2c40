//! Repairs the row files of a playbook into new ones: all of them, or none.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::sources::Source;
use super::targets::places;
use crate::diagnostic::Diagnostics;
use crate::io::make_private_dir;
use crate::operate::interface::{Context, Doing, Failed, GivenRows, Input, PlaybookFrom, Refusal, RowsFrom};
use crate::operate::load::load;
use crate::playbook::RowsDecl;
use crate::rows::{RepairError, RepairSpec, RepairSummary, repair_file};

/// The repaired files of a playbook.
pub(crate) struct Fixed {
    /// What names the work, with the repaired files for the rows.
    pub(crate) input: Input,
    /// What was repaired in each.
    pub(crate) files: Vec<FixedFile>,
}

/// A repaired row file.
#[derive(Debug, Clone)]
pub struct FixedFile {
    /// The file that it was, as messages name it.
    pub from: String,
    /// The file that it is.
    pub file: PathBuf,
    /// What was repaired.
    pub mended: RepairSummary,
}

/// Repairs the row files of a playbook into `out`; `alone` where it is the only playbook that is checked. `None` where there is nothing to read; the check says why.
///
/// # Errors
/// Files that are there already, names that do not suit, cells of workbooks that CSV cannot hold, the disk's trouble.
pub(crate) fn fix(
    path: &Path,
    out: &Path,
    given: &Input,
    alone: bool,
    context: &Context,
) -> Result<Option<Fixed>, Refusal> {
    // What stands against the playbook, the check of it tells.
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
        file.persist_noclobber(&place).doing(format!("cannot write {}", place.display()))?;
        rows.push(GivenRows { list: source.list.clone(), from: RowsFrom::File(place) });
    }
    Ok(Some(Fixed { input: Input { rows, ..given.clone() }, files }))
}

/// Repairs one file into one beside its place; none where it cannot be read.
fn write(
    decl: &RowsDecl,
    source: &Source,
    place: &Path,
    unmask: bool,
) -> Result<Option<(NamedTempFile, FixedFile)>, Refusal> {
    let list = decl.lists.iter().find(|list| Some(&list.name) == source.list.as_ref());
    let spec = list.map_or_else(|| RepairSpec::rows(decl, unmask), |list| RepairSpec::list(decl, list, unmask));
    let unwritable = || format!("cannot write {}", place.display());
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_private_dir(folder).doing(unwritable())?;
    let mut file = NamedTempFile::new_in(folder).doing(unwritable())?;
    let profile = Some(source.input()?);
    let mut out = BufWriter::new(file.as_file_mut());
    let mended = match repair_file(&spec, profile, source.input()?, &mut out) {
        Ok(mended) => mended,
        // What standard input held is gone for the check.
        Err(RepairError::Unreadable(told)) if source.is_standard() => return Err(Refusal::Invalid(told)),
        Err(RepairError::Unreadable(_)) => return Ok(None),
        Err(RepairError::Unwritten(error)) => return Err(Failed::during(unwritable(), error).into()),
        Err(RepairError::Unkept(problems)) => {
            let mut diagnostics = Diagnostics::new();
            diagnostics.extend(problems);
            return Err(Refusal::Invalid(diagnostics));
        }
    };
    out.flush().doing(unwritable())?;
    drop(out);
    file.as_file().sync_all().doing(unwritable())?;
    Ok(Some((file, FixedFile { from: source.name.clone(), file: place.to_path_buf(), mended })))
}
