//! The parts that requests share: the playbook, the rows, the pace and the confirmations.

use std::path::PathBuf;

use super::refusal::Refusal;
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

    /// Creates a row file in memory from JSON objects, one per row, whose members are the columns. Messages name it
    /// `NAME.jsonl`. Its first row has the number 1, as it has no header.
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
    /// The most calls under way at once; at least 1.
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

impl Pace {
    /// Refuses what no run can keep. The command line refuses it earlier; other programs have only this check.
    ///
    /// # Errors
    /// [`Refusal::Usage`] with what is accepted.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.in_flight == Some(0) {
            return Err(Refusal::Usage("a run needs at least one call at once".to_owned()));
        }
        match self.max_fail {
            Some(MaxFail::Rows(0)) => {
                return Err(Refusal::Usage("the number of failed rows that stops a run is at least 1".to_owned()));
            }
            Some(MaxFail::Ratio(ratio)) if !(ratio > 0.0 && ratio <= 1.0) => {
                return Err(Refusal::Usage(format!("{ratio} is not a share of failed rows above 0 and up to 1")));
            }
            Some(MaxFail::Rows(_) | MaxFail::Ratio(_)) | None => {}
        }
        self.waves.iter().try_for_each(|size| WaveSize::parse(&size.to_string()).map(|_| ()).map_err(Refusal::Usage))
    }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::Share;

    #[test]
    fn a_pace_that_no_run_can_keep_is_refused() {
        let share = |text: &str| WaveSize::Share(Share::parse(text).unwrap());
        let fails = |max_fail| Pace { max_fail: Some(max_fail), ..Pace::default() };
        let waves = |size| Pace { waves: vec![WaveSize::Rows(5), size], ..Pace::default() };
        for pace in [
            Pace { in_flight: Some(0), ..Pace::default() },
            fails(MaxFail::Rows(0)),
            fails(MaxFail::Ratio(0.0)),
            fails(MaxFail::Ratio(1.01)),
            fails(MaxFail::Ratio(f64::NAN)),
            waves(WaveSize::Rows(0)),
            waves(share("0%")),
        ] {
            assert!(matches!(pace.check(), Err(Refusal::Usage(_))), "{pace:?}");
        }
        let rate = Rate::new(1, Duration::from_millis(1)).ok();
        for pace in [
            Pace { in_flight: Some(1), rate, ..Pace::default() },
            fails(MaxFail::Rows(1)),
            fails(MaxFail::Ratio(1.0)),
            waves(share("0.0001%")),
        ] {
            assert!(pace.check().is_ok(), "{pace:?}");
        }
    }
}
