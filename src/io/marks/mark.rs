//! What a run is, as its mark says it, and what people have said of it since.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::mark_files::MarkFiles;
use crate::model::{RunId, Time};

/// The version of the mark's format; readers refuse a newer one.
const FORMAT: u32 = 1;

/// What a run is. One JSON object on one line; a second line holds its checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The format's version.
    pub format: u32,
    /// The run.
    pub run: RunId,
    /// The environment's name; absent where nobody knows it any more, so that it may be any real one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Whether the environment is the embedded sandbox, whose effects are none.
    #[serde(default)]
    pub sandbox: bool,
    /// The playbook; absent where nobody knows it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playbook: Option<MarkedPlaybook>,
    /// The operations whose effects other runs must not make again, by their full names.
    #[serde(default)]
    pub operations: Vec<String>,
    /// How many rows its list has.
    #[serde(default)]
    pub rows: u64,
    /// The row file's name, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_name: Option<String>,
    /// The digest of its list; absent where no list is kept, as for the embedded sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// When it began.
    pub began: Time,
    /// Whether it was made for a person's word alone, so that nothing says how far the run had come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_a_word: bool,
    /// What people said of it after it was lost, oldest first. The last one holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<LostWord>,
    /// When it went on from a copy, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<CopyTaken>,
}

/// A run's playbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedPlaybook {
    /// The file's name.
    pub file: String,
    /// Its text, by which the rows of a file are known.
    pub text: String,
}

/// How a person settles what is lost of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostAs {
    /// The effects of its list were made, or those of the rows that are named.
    Done,
    /// Nothing of what is lost was made.
    Failed,
}

/// A person's word on a run that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostWord {
    /// What was said.
    #[serde(rename = "as")]
    pub said: LostAs,
    /// How many rows it names; absent where it speaks of the whole list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The digest of the file that holds those rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Why, in the person's words.
    pub note: String,
    /// Who said so.
    pub who: String,
    /// When.
    pub at: Time,
}

/// A run went on from a copy of its folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyTaken {
    /// The last entry of the copy.
    pub last: u64,
    /// Who decided it.
    pub who: String,
    /// When.
    pub at: Time,
}

/// Why a mark cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// The file system's trouble.
    #[error("`{path}`: {error}")]
    Io {
        /// The file.
        path: String,
        /// The system's words.
        error: io::Error,
    },
    /// It does not read back as it was written.
    #[error("`{0}` was cut or changed")]
    Spoilt(String),
    /// It is gone, and the others of the same run are there.
    #[error("`{0}` is gone")]
    Gone(String),
    /// A later runsheet made it.
    #[error("`{path}` has format {found}; this runsheet reads up to {FORMAT}: use a newer runsheet")]
    TooNew {
        /// The file.
        path: String,
        /// Its format.
        found: u32,
    },
}

impl Mark {
    /// A mark of a run of which only the name and the beginning are known.
    #[must_use]
    pub fn new(run: RunId, began: Time) -> Self {
        Self {
            format: FORMAT,
            run,
            environment: None,
            sandbox: false,
            playbook: None,
            operations: Vec::new(),
            rows: 0,
            rows_name: None,
            list: None,
            began,
            of_a_word: false,
            words: Vec::new(),
            copies: Vec::new(),
        }
    }

    /// The word that holds, where somebody has said one.
    #[must_use]
    pub fn word(&self) -> Option<&LostWord> {
        self.words.last()
    }

    /// Whether the run may have sent to this environment, a real one.
    #[must_use]
    pub fn is_about(&self, environment: &str) -> bool {
        !self.sandbox && self.environment.as_deref().is_none_or(|own| own == environment)
    }

    /// Reads the mark of a run; `None` where it has none.
    ///
    /// # Errors
    /// [`MarkError`].
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

    /// Writes the mark anew; it is on the disk when this returns.
    ///
    /// # Errors
    /// [`MarkError::Io`]; the mark is then as it was.
    pub fn write(&self, files: &MarkFiles) -> Result<(), MarkError> {
        let path = files.about();
        let written = (|| {
            files.make_folder()?;
            let line = serde_json::to_string(self)?;
            let folder = path.parent().unwrap_or(Path::new("."));
            // Such a file is readable by its owner alone.
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
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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
        mark.words.push(LostWord {
            said: LostAs::Done,
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
        assert_eq!(MarkFiles::runs(&state.path().join("runs")), ["20260101-000000-abcdef"]);
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
    fn a_newer_format_is_told() {
        let state = tempfile::tempdir().unwrap();
        let files = files(state.path());
        Mark { format: FORMAT + 1, ..mark() }.write(&files).unwrap();
        assert!(matches!(Mark::read(&files), Err(MarkError::TooNew { found: 2, .. })));
    }

    #[test]
    fn a_mark_is_about_its_own_environment_or_any_real_one() {
        let mark = mark();
        assert!(mark.is_about("near") && !mark.is_about("far"));
        assert!(Mark { environment: None, ..mark.clone() }.is_about("far"));
        assert!(!Mark { sandbox: true, ..mark }.is_about("near"));
    }
}
