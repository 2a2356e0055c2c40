//! The `runsheet` binary: hands the command line to the library and exits with its code.

use std::process::ExitCode;

/// A run makes and drops small texts by the million, many of them on another thread than they were made on.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    runsheet::main()
}
