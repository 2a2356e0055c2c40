//! A run's folder that is cut, changed, emptied, gone, or put back from a copy: nothing is sent twice for it, and there is
//! a way on.

mod copies;
mod kills;
mod meanwhile;
mod shop;
mod ways;
mod words;
