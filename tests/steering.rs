//! Runs that are steered while they are under way: from another terminal, by keys, by the wrong user, after a crash.

mod keys;
mod limits;
mod stopped_runs;
mod under_way;
