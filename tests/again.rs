//! Unknown outcomes settled, missing work done, and work taken back, through the program; the sandbox's own log says
//! what really happened.

mod log;
mod narrowed;
mod resolving;
mod retrying;
mod undoing;
