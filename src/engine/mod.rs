//! The state machines: facts in, actions out. No clock, no I/O.
