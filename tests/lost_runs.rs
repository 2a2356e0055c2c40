//! A run's folder that is cut, changed, emptied, gone, or put back from a copy: nothing is sent twice for it, and the
//! list can be completed.

mod copies;
mod damages;
mod during_a_run;
mod kills;
mod shop;
mod statements;
