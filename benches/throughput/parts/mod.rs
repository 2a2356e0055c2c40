//! The parts of the harness, one file each; run one after the other.

mod bench;
mod beside;
mod check;
mod faults;
mod first_call;
mod limit;
mod pace;
mod page;
mod peers;
mod resume;
mod run_parts;
mod sample;
mod shapes;
mod slow_server;
mod start;

pub(crate) use run_parts::run;
