//! runsheet as the harness runs it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::job::{IN_FLIGHT, Job};
use crate::measured::{Usage, measure};

/// The program under measurement.
pub(crate) struct Tool {
    pub(crate) program: PathBuf,
    folder: PathBuf,
}

/// A finished run.
pub(crate) struct Run {
    pub(crate) usage: Usage,
    pub(crate) summary: Value,
    /// The size of its journal, and of that the rows themselves, in bytes.
    pub(crate) journal: (u64, u64),
}

impl Tool {
    pub(crate) fn new(program: PathBuf, folder: &Path) -> Self {
        Self { program, folder: folder.to_owned() }
    }

    /// Where this harness lets runs keep their state; empty after each [`Self::forget`].
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// Removes all runs, so that the next one is the first on this machine.
    pub(crate) fn forget(&self) -> anyhow::Result<()> {
        if self.state().exists() {
            fs::remove_dir_all(self.state())?;
        }
        Ok(())
    }

    /// The arguments of a run of a job.
    pub(crate) fn run_arguments(&self, job: &Job) -> Vec<String> {
        let mut arguments = vec!["run".to_owned(), job.playbook().display().to_string()];
        arguments.extend(self.pace());
        arguments.extend(["--env".to_owned(), "bench".to_owned()]);
        arguments
    }

    /// What `run` and `resume` have in common.
    pub(crate) fn pace(&self) -> Vec<String> {
        let state = self.state().display().to_string();
        let in_flight = IN_FLIGHT.to_string();
        ["--state-dir", &state, "--in-flight", &in_flight, "--yes", "--format", "json", "-q"].map(str::to_owned).into()
    }

    /// Runs a job to its end.
    pub(crate) fn run(&self, job: &Job) -> anyhow::Result<Run> {
        self.forget()?;
        self.run_beside(job)
    }

    /// Runs a job to its end in a state folder that another process may have open already.
    pub(crate) fn run_beside(&self, job: &Job) -> anyhow::Result<Run> {
        let usage = self.call(&self.run_arguments(job))?;
        let summary = self.summary(&usage)?;
        Ok(Run { summary, journal: self.journal()?, usage })
    }

    /// Starts any command of the program and leaves it to the caller; what it says is dropped.
    pub(crate) fn start(&self, arguments: &[String]) -> anyhow::Result<Child> {
        let (out, errors) = (File::create(self.folder.join("output"))?, File::create(self.folder.join("errors"))?);
        Ok(Command::new(&self.program).args(arguments).stdin(Stdio::null()).stdout(out).stderr(errors).spawn()?)
    }

    /// What the last command said on standard error.
    pub(crate) fn told(&self) -> String {
        fs::read_to_string(self.folder.join("errors")).unwrap_or_default()
    }

    /// Runs any command of the program.
    pub(crate) fn call(&self, arguments: &[String]) -> anyhow::Result<Usage> {
        measure(&self.folder, &self.program, arguments)
    }

    /// The JSON summary of a run.
    pub(crate) fn summary(&self, usage: &Usage) -> anyhow::Result<Value> {
        let line = usage.output.lines().find(|line| line.starts_with('{'));
        line.and_then(|line| serde_json::from_str(line).ok())
            .with_context(|| format!("no summary; exit {}: {}", usage.exit, usage.output))
    }

    /// The only run's journal: its size, and of that the part that holds the rows themselves.
    fn journal(&self) -> anyhow::Result<(u64, u64)> {
        let run = fs::read_dir(self.state().join("runs"))?.next().context("no run")??;
        let path = run.path().join("journal.sqlite");
        let journal = rusqlite::Connection::open(&path)?;
        let rows = journal.query_row("SELECT sum(pgsize) FROM dbstat WHERE name = 'rows'", [], |row| row.get(0))?;
        Ok((fs::metadata(path)?.len(), rows))
    }
}

/// How many rows ended so.
pub(crate) fn rows(summary: &Value, outcome: &str) -> u64 {
    summary.pointer(&format!("/rows/{outcome}")).and_then(Value::as_u64).unwrap_or(0)
}

/// Makes sure that all rows of a run came through.
pub(crate) fn all_succeeded(run: &Run, expected: u64) -> anyhow::Result<()> {
    if run.usage.exit != 0 || rows(&run.summary, "succeeded") != expected {
        bail!("the run did not come through: exit {}, {}", run.usage.exit, run.summary);
    }
    Ok(())
}
