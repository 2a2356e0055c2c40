//! What the display shows of whole runs in virtual time, at several widths.

mod lines;
mod recorded_runs;
mod shown_run;
mod times;
mod waits;
