//! The progress of a run: a block of lines that is drawn again and again on a terminal, a line every few seconds elsewhere.
//!
//! What is shown is computed from counts and an instant, without a clock and without a terminal.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `fit` | texts cut to a number of columns |
//! | `meter` | what the display remembers: counts of the last seconds, for rates |
//! | `time_left` | how long the run will still take |
//! | `wait_words`, `phrases` | waits, outcomes and failures in words |
//! | `block`, `counter_line` | the lines of the block, and the single line |
//! | `canvas` | the block on the terminal: drawn, drawn again, taken away for a message |
//! | `display` | the thread that shows them |

mod block;
mod canvas;
mod counter_line;
mod display;
mod fit;
mod meter;
mod phrases;
mod time_left;
mod wait_words;

pub(super) use canvas::above_progress;
pub(super) use display::Display;
#[cfg(test)]
mod tests;
