//! The parts that requests share: the playbook, the rows, the pace and the confirmations.

use std::path::PathBuf;

use crate::diagnostic::Diagnostics;
use crate::model::{Rate, Value};
use crate::playbook::WaveSize;

/// Where a playbook is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaybookFrom {
    /// A file. Its rows are looked for in its folder, its settings there and in the folders above.
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
    /// The rows of another run, with its results as additional columns. The text is an id, a unique prefix of one, or `latest`.
    Run(String),
    /// A row file in memory.
    Memory {
        /// Its name, for messages. The extension selects the format, such as `rows.csv` or `rows.jsonl`.
        name: String,
        /// The content of the file.
        bytes: Vec<u8>,
    },
}

impl RowsFrom {
    /// Reads a word of a playbook or of the command line: `-` is standard input, `run:ID` another run, anything else a file.
    #[must_use]
    pub(crate) fn of_word(word: &str) -> Self {
        match word.strip_prefix("run:") {
            Some(run) => Self::Run(run.to_owned()),
            None if word == "-" => Self::StandardInput,
            None => Self::File(word.into()),
        }
    }

    /// Creates a row file in memory from JSON objects, one per row, whose members are the columns. Messages name it `name`.
    #[must_use]
    pub fn of_objects(name: &str, rows: impl IntoIterator<Item = Value>) -> Self {
        let bytes = rows.into_iter().flat_map(|row| format!("{row}\n").into_bytes()).collect();
        Self::Memory { name: format!("{name}.jsonl"), bytes }
    }

    /// Returns the word that a person would write for them.
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
    /// The list of the playbook that they replace; `None` for the rows themselves.
    pub list: Option<String>,
    /// Where they are.
    pub from: RowsFrom,
}

/// The environment, the rows and the variables of a playbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunInput {
    /// The environment of the settings to talk to; `None` for the sandbox.
    pub environment: Option<String>,
    /// Rows to take instead of the playbook's.
    pub rows: Vec<GivenRows>,
    /// Variables by name, as texts; the playbook declares their types.
    pub vars: Vec<(String, String)>,
    /// A YAML or JSON file with variables; `vars` take precedence.
    pub vars_file: Option<PathBuf>,
    /// Whether a list without rows is an error.
    pub fail_empty: bool,
}

impl RunInput {
    /// Turns the warnings about lists without rows into errors, where `fail_empty` is set.
    pub(crate) fn judge_empty(&self, diagnostics: &mut Diagnostics) {
        if self.fail_empty {
            diagnostics.harden("no-rows");
        }
    }
}

/// The pace and the stop rules of a run. What is set here replaces what the playbook says.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// The most calls under way at once.
    pub in_flight: Option<u32>,
    /// The most calls in a period of time.
    pub rate: Option<Rate>,
    /// The failed rows that stop the run.
    pub max_fail: Option<MaxFail>,
    /// The sizes of the waves; empty for those of the playbook.
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

/// Confirmations given with the request, so that no question is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// Whether the environment's question is answered with yes.
    pub environment: bool,
    /// The number of rows with dangerous effects; a number other than the run's is a conflict. `None` asks.
    pub rows: Option<u64>,
}
