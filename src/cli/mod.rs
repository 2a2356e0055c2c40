//! Arguments, settings, one file per verb, progress, output and exit codes.

use std::process::ExitCode;

/// Runs the command line and returns the process's exit code.
pub fn main() -> ExitCode {
    ExitCode::from(2)
}
