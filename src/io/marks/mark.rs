//! What a run is, as its mark records it, what people decided about it after it was lost, and that it was pruned.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::mark_files::MarkFiles;
use super::pruned::PrunedRun;
use crate::model::{RunId, Time, hex};

/// The newest version of the format; a newer file is refused.
const FORMAT: u32 = 2;

/// The format of a mark without [`PrunedRun`], which older versions read too.
const FORMAT_UNPRUNED: u32 = 1;

/// What a run is. Stored as one JSON object on one line, with its checksum on a second line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The format's version.
    pub format: u32,
    /// The run.
    pub run: RunId,
    /// The environment's name; `None` if it is not known any more, so that it may be any real one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Whether the environment is the embedded sandbox, which makes no real effects.
    #[serde(default)]
    pub sandbox: bool,
    /// The playbook; `None` if it is not known any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playbook: Option<MarkedPlaybook>,
    /// The full names of the operations whose effects other runs must not make again.
    #[serde(default)]
    pub operations: Vec<String>,
    /// The number of rows.
    #[serde(default)]
    pub rows: u64,
    /// The row file's name, as people know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_name: Option<String>,
    /// The digest of the list of its rows; `None` if there is no list, as for the embedded sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// When it began.
    pub began: Time,
    /// Whether the mark was made only to hold a person's decision, so that there is no watermark.
    #[serde(default, rename = "of_a_word", skip_serializing_if = "std::ops::Not::not")]
    pub only_a_decision: bool,
    /// What people decided about the run after it was lost, oldest first. The last decision counts.
    #[serde(default, rename = "words", skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<LossDecision>,
    /// Each time that the run was resumed from a copy, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<ResumedCopy>,
    /// When and by whom the run's folder was removed on purpose; `None` if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pruned: Option<PrunedRun>,
}

/// A run's playbook, as its mark records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedPlaybook {
    /// The file's name.
    pub file: String,
    /// Its text, by which rows of a file can be recognised.
    pub text: String,
}

/// What a person decided about the lost part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossOutcome {
    /// The effects of its rows were made, or those of the rows that the decision names.
    Done,
    /// No effect of the lost part was made.
    Failed,
}

/// A person's decision about a lost run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossDecision {
    /// What was decided.
    #[serde(rename = "as")]
    pub outcome: LossOutcome,
    /// The number of rows that it names; `None` if it is about all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The digest of the list of those rows; `None` if it names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Why, in the person's words.
    pub note: String,
    /// The user who decided.
    pub who: String,
    /// When.
    pub at: Time,
}

/// The run was resumed from a copy of its folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumedCopy {
    /// The number of the copy's last entry.
    pub last: u64,
    /// The user who decided it.
    pub who: String,
    /// When.
    pub at: Time,
}

/// Why a mark cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// A file could not be read or written.
    #[error("`{path}`: {error}")]
    Io {
        /// The file.
        path: String,
        /// The system's error.
        error: io::Error,
    },
    /// It does not read back as it was written.
    #[error("`{0}` was cut or changed")]
    Spoilt(String),
    /// A file of the mark is gone while others of the same run are there.
    #[error("`{0}` is gone")]
    Gone(String),
    /// A later version of runsheet wrote it.
    #[error("`{path}` has format {found}; this runsheet reads up to {FORMAT}: use a newer runsheet")]
    TooNew {
        /// The file.
        path: String,
        /// Its format.
        found: u32,
    },
}

impl Mark {
    /// A mark that knows only the run's name and when it began.
    #[must_use]
    pub fn new(run: RunId, began: Time) -> Self {
        Self {
            format: FORMAT_UNPRUNED,
            run,
            environment: None,
            sandbox: false,
            playbook: None,
            operations: Vec::new(),
            rows: 0,
            rows_name: None,
            list: None,
            began,
            only_a_decision: false,
            decisions: Vec::new(),
            copies: Vec::new(),
            pruned: None,
        }
    }

    /// The mark of the run after its folder was removed on purpose.
    #[must_use]
    pub fn into_pruned(self, pruned: PrunedRun) -> Self {
        Self { format: FORMAT, pruned: Some(pruned), ..self }
    }

    /// The decision that counts; `None` if nobody has decided.
    #[must_use]
    pub fn decision(&self) -> Option<&LossDecision> {
        self.decisions.last()
    }

    /// Whether the run may have sent to this real environment.
    #[must_use]
    pub fn is_about(&self, environment: &str) -> bool {
        !self.sandbox && self.environment.as_deref().is_none_or(|own| own == environment)
    }

    /// Reads the mark of a run; `None` if it has none.
    ///
    /// # Errors
    /// [`MarkError::Io`] if the file cannot be read; [`MarkError::Spoilt`] if it was cut or changed;
    /// [`MarkError::TooNew`] if a later version wrote it.
    pub fn read(files: &MarkFiles) -> Result<Option<Self>, MarkError> {
        let path = files.about();
        match fs::read(&path) {
            Ok(bytes) => Self::parse(&bytes, &path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(MarkError::Io { path: path.display().to_string(), error }),
        }
    }

    fn parse(bytes: &[u8], path: &Path) -> Result<Self, MarkError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let shown = || path.display().to_string();
        let spoilt = || MarkError::Spoilt(shown());
        let text = std::str::from_utf8(bytes).ok().and_then(|text| text.strip_suffix('\n')).ok_or_else(spoilt)?;
        let (line, sum) = text.split_once('\n').ok_or_else(spoilt)?;
        if digest(line.as_bytes()) != sum {
            return Err(spoilt());
        }
        let Format { format } = serde_json::from_str(line).map_err(|_| spoilt())?;
        if format > FORMAT {
            return Err(MarkError::TooNew { path: shown(), found: format });
        }
        serde_json::from_str(line).map_err(|_| spoilt())
    }

    /// Replaces the mark. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`MarkError::Io`] if it cannot be written; the old mark is unchanged then.
    pub fn write(&self, files: &MarkFiles) -> Result<(), MarkError> {
        let path = files.about();
        let written = (|| {
            files.make_folder()?;
            let line = serde_json::to_string(self)?;
            let folder = path.parent().unwrap_or(Path::new("."));
            // A named temporary file is readable by its owner alone.
            let mut beside = tempfile::NamedTempFile::new_in(folder)?;
            beside.write_all(format!("{line}\n{}\n", digest(line.as_bytes())).as_bytes())?;
            beside.as_file().sync_all()?;
            beside.persist(&path).map_err(|error| error.error)?;
            files.sync_folder()
        })();
        written.map_err(|error: io::Error| MarkError::Io { path: path.display().to_string(), error })
    }
}

/// The SHA-256 of bytes, in hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(state: &Path) -> MarkFiles {
        MarkFiles::of(state, &RunId::from_text("20260101-000000-abcdef"))
    }

    fn mark() -> Mark {
        let mut mark = Mark::new(RunId::from_text("20260101-000000-abcdef"), Time::from_secs(7));
        mark.environment = Some("near".to_owned());
        mark.rows = 3;
        mark
    }

    #[test]
    fn a_mark_is_read_back_and_only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let files = files(state.path());
        assert_eq!(Mark::read(&files).unwrap(), None);
        let mut mark = mark();
        mark.write(&files).unwrap();
        mark.decisions.push(LossDecision {
            outcome: LossOutcome::Done,
            rows: None,
            list: None,
            note: "asked them".to_owned(),
            who: "mei".to_owned(),
            at: Time::from_secs(9),
        });
        mark.write(&files).unwrap();
        assert_eq!(Mark::read(&files).unwrap(), Some(mark));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&files.about()), mode(files.about().parent().unwrap())), (0o600, 0o700));
        assert_eq!(
            files.about().file_name().unwrap().to_str().and_then(MarkFiles::run_of),
            Some("20260101-000000-abcdef")
        );
        assert_eq!(fs::read_dir(state.path().join("marks")).unwrap().count(), 1, "nothing beside it stays");
    }

    #[test]
    fn a_mark_that_was_cut_or_changed_anywhere_is_spoilt() {
        let state = tempfile::tempdir().unwrap();
        let files = files(state.path());
        mark().write(&files).unwrap();
        let bytes = fs::read(files.about()).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            for bytes in [&bytes[..place], &changed[..]] {
                fs::write(files.about(), bytes).unwrap();
                assert!(matches!(Mark::read(&files), Err(MarkError::Spoilt(_))), "byte {place}");
            }
        }
    }

    #[test]
    fn a_newer_format_is_refused_by_its_number() {
        let state = tempfile::tempdir().unwrap();
        let files = files(state.path());
        Mark { format: FORMAT + 1, ..mark() }.write(&files).unwrap();
        assert!(matches!(Mark::read(&files), Err(MarkError::TooNew { found: 3, .. })));
    }

    #[test]
    fn a_mark_is_about_its_own_environment_or_any_real_one() {
        let mark = mark();
        assert!(mark.is_about("near") && !mark.is_about("far"));
        assert!(Mark { environment: None, ..mark.clone() }.is_about("far"));
        assert!(!Mark { sandbox: true, ..mark }.is_about("near"));
    }
}
