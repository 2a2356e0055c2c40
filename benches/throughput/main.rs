//! The harness: runsheet beside a bare client over the same job, the same server and the same machine.
//!
//! `cargo bench --features internals --bench throughput -- [--rows 10000,100000] [--rounds 5] [--quick] [--parts …] [--json FILE]`; with
//! `[--program FILE] [--beside FILE]…` builds of two versions are measured side by side.
//! The program starts itself again as server, as bare client and as measuring wrapper, so that each figure of memory
//! and of processor time is that of one process alone.

#![allow(clippy::print_stdout, clippy::wildcard_enum_match_arm, missing_docs)]

mod arguments;
mod bare;
mod disk;
mod job;
mod measured;
mod median;
mod mock;
mod page_reader;
mod parts;
mod server;
mod table;
mod tool;

use arguments::Role;

fn main() -> anyhow::Result<()> {
    match Role::from_command_line() {
        Role::Serve => server::serve(),
        Role::Bare(arguments) => bare::run(&arguments),
        Role::Measure(arguments) => measured::wrap(&arguments),
        Role::Harness(arguments) => parts::run(&arguments),
    }
}
