//! What requests have in common: which playbook and rows, how fast, where to, and what is confirmed ahead.

use std::path::PathBuf;

use crate::diagnostic::Diagnostics;
use crate::model::{Rate, Value};
use crate::playbook::WaveSize;

/// Where a playbook is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaybookFrom {
    /// A file. Its rows and its settings are looked for from its folder on.
    File(PathBuf),
    /// A text in memory, treated as if it stood in the file `path`.
    Text {
        /// The file's path, for messages, and to find rows and settings. It need not exist.
        path: PathBuf,
        /// The playbook's YAML.
        text: String,
    },
}

impl<P: Into<PathBuf>> From<P> for PlaybookFrom {
    fn from(path: P) -> Self {
        Self::File(path.into())
    }
}

/// Where rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowsFrom {
    /// A file, relative to the working folder.
    File(PathBuf),
    /// Standard input.
    StandardInput,
    /// The rows of another run, with its results as further columns: an id, a unique prefix of one, or `latest`.
    Run(String),
    /// A row file in memory.
    Memory {
        /// Its name, for messages; the extension tells the format, such as `rows.csv` or `rows.jsonl`.
        name: String,
        /// What the file would hold.
        bytes: Vec<u8>,
    },
}

impl RowsFrom {
    /// Reads a word of a playbook or of the command line: `-` is standard input, `run:ID` another run, all else a file.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        match word.strip_prefix("run:") {
            Some(run) => Self::Run(run.to_owned()),
            None if word == "-" => Self::StandardInput,
            None => Self::File(word.into()),
        }
    }

    /// Rows made in memory, one JSON object each, its members the columns. `name` is the file's in messages.
    #[must_use]
    pub fn of_objects(name: &str, rows: impl IntoIterator<Item = Value>) -> Self {
        let bytes = rows.into_iter().flat_map(|row| format!("{row}\n").into_bytes()).collect();
        Self::Memory { name: format!("{name}.jsonl"), bytes }
    }

    /// The word that names them, as a person would write it.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::StandardInput => "-".to_owned(),
            Self::Run(run) => format!("run:{run}"),
            Self::Memory { name, .. } => name.clone(),
        }
    }
}

/// Rows to take instead of those that the playbook names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRows {
    /// The playbook's list that they are for; `None` for the rows themselves.
    pub list: Option<String>,
    /// Where they are.
    pub from: RowsFrom,
}

/// What the work is done with: environment, rows and variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The environment of the settings to talk to; `None` for the sandbox.
    pub environment: Option<String>,
    /// Rows to take instead of the playbook's.
    pub rows: Vec<GivenRows>,
    /// Variables by name, as texts; the playbook says how they are read.
    pub vars: Vec<(String, String)>,
    /// A YAML or JSON file with variables; `vars` win over it.
    pub vars_file: Option<PathBuf>,
    /// Whether a list without rows is an error.
    pub fail_empty: bool,
}

impl Input {
    /// Makes errors of the warnings about lists without rows, where that is asked for.
    pub(crate) fn judge_empty(&self, diagnostics: &mut Diagnostics) {
        if self.fail_empty {
            diagnostics.harden("no-rows");
        }
    }
}

/// How a run goes: laid over what the playbook and the settings say.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// Calls under way at once, at most.
    pub in_flight: Option<u32>,
    /// Calls in a time, at most.
    pub rate: Option<Rate>,
    /// When failed rows stop the run.
    pub max_fail: Option<MaxFail>,
    /// The sizes of the waves; empty where the playbook's hold.
    pub waves: Vec<WaveSize>,
    /// The folder for the row files; `None` for the run's own.
    pub out: Option<PathBuf>,
}

/// How many failed rows stop a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaxFail {
    /// A number of rows, at least 1.
    Rows(u64),
    /// A share of the rows that ended, above 0 and up to 1.
    Ratio(f64),
}

/// What is confirmed ahead, so that nobody has to be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// Whether the environment's question is answered with yes.
    pub environment: bool,
    /// How many rows with dangerous effects are confirmed; another number than that of the run is a conflict.
    pub rows: Option<u64>,
}
