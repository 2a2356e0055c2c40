//! The command line of the harness and of the processes that it starts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(name = "throughput", about = "Measures runsheet beside a bare client, on this machine")]
struct CommandLine {
    #[command(subcommand)]
    role: Option<Own>,
    #[command(flatten)]
    harness: HarnessArguments,
}

#[derive(Debug, Subcommand)]
enum Own {
    /// Serves the three calls on a free port of the loopback address
    #[command(hide = true)]
    Serve,
    /// Makes the three calls for each row, and nothing else
    #[command(hide = true)]
    Bare(BareArguments),
    /// Runs one command and writes what it used
    #[command(hide = true)]
    Measure(MeasureArguments),
}

/// What the program is to be.
pub(crate) enum Role {
    Serve,
    Bare(BareArguments),
    Measure(MeasureArguments),
    Harness(HarnessArguments),
}

/// The harness's own flags.
#[derive(Debug, Clone, Args)]
pub(crate) struct HarnessArguments {
    /// Sizes of the runs, in rows
    #[arg(long, value_delimiter = ',', default_value = "10000,100000")]
    pub(crate) rows: Vec<u64>,
    /// How often each pair is run; the middle one counts
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// Few rows and one round: shows that the harness works, not how fast anything is
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these parts
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(crate) parts: Vec<Part>,
    /// Writes the figures to this file as well
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Measures this program instead of the one that cargo built
    #[arg(long, value_name = "FILE")]
    pub(crate) program: Option<PathBuf>,
    /// Runs this program as well, in turn with the other one and the bare client, and tells what a call costs each of
    /// them; may be given more than once; for the part `pace`
    #[arg(long, value_name = "FILE")]
    pub(crate) beside: Vec<PathBuf>,
    /// What cargo passes to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the harness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Rows a second, processor time, memory and journal, beside the bare client
    Pace,
    /// What an open page costs a run
    Page,
    /// The fastest tool that people use instead, side by side
    Peers,
    /// A server that takes 50 ms
    Slow,
    /// A limit of 20 calls a second
    Limit,
    /// `--version` and a small `check`
    Start,
    /// `check` of a long playbook and of many rows
    Check,
    /// From the start to the first call
    First,
    /// The rest of a run that was killed when nine tenths were done
    Resume,
    /// Throttling and lost answers: the books
    Faults,
    /// Many steps, long lists, wide and large rows
    Shapes,
}

/// The bare client's arguments.
#[derive(Debug, Args)]
pub(crate) struct BareArguments {
    pub(crate) url: String,
    pub(crate) rows: PathBuf,
    #[arg(long, default_value_t = 64)]
    pub(crate) in_flight: usize,
}

/// The wrapper's arguments.
#[derive(Debug, Args)]
pub(crate) struct MeasureArguments {
    /// Where the figures go
    pub(crate) figures: PathBuf,
    /// The command
    #[arg(last = true, required = true)]
    pub(crate) command: Vec<String>,
}

impl Role {
    pub(crate) fn from_command_line() -> Self {
        let line = CommandLine::parse();
        match line.role {
            Some(Own::Serve) => Self::Serve,
            Some(Own::Bare(arguments)) => Self::Bare(arguments),
            Some(Own::Measure(arguments)) => Self::Measure(arguments),
            None => Self::Harness(line.harness.settled()),
        }
    }
}

impl HarnessArguments {
    fn settled(mut self) -> Self {
        if self.quick {
            self.rows = vec![self.rows.iter().copied().min().unwrap_or(300).min(300)];
            self.rounds = 1;
        }
        self
    }

    /// Whether a part is wanted.
    pub(crate) fn wants(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    /// One figure for a quick look, another for a real one.
    pub(crate) fn size(&self, quick: u64, real: u64) -> u64 {
        if self.quick { quick } else { real }
    }
}
