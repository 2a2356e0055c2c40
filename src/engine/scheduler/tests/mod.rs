//! Tests of the scheduler: facts in, actions out, under a clock that tests move.

mod admission;
mod effect_budget;
mod leases;
mod logins;
mod lookups;
mod reachability;
mod resume;
mod row_intake;
mod run_bench;
mod send_window;
mod stages;
mod steering;
mod stop_rules;
mod stopping;
mod waits;
mod waves;
