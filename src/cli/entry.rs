//! Where the process enters: reads the command line, runs the verb, exits with its code.

use std::process::ExitCode;

/// Runs the command line and returns the process's exit code.
pub fn main() -> ExitCode {
    ExitCode::from(2)
}
